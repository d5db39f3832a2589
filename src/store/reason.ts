import { mask } from "./mask";
import { valueText } from "./withoutText";

const outOfMemory = "out of memory";
const outOfMemoryAt = (limit?: string) =>
  limit === undefined
    ? outOfMemory
    : `${outOfMemory}: the engine needs more than its limit of ${limit}, also with what it can move to disk; raise it with --memory (in the library: open's memory), or select fewer calls with --where`;
const diskFull = "the disk is full";
const stopped = "it was stopped";

// The engine's message, and the part of it that is worth showing. It may contain values of a log, which are shown
// only as values may be.
const plainReasons: [RegExp, (...parts: string[]) => string][] = [
  [/no space left on device|disk (is )?full|max_temp_directory_size|ENOSPC/i, () => diskFull],
  // The engine says "(255.9 MiB/256.0 MiB used)".
  [/out of memory(?:.*?\/([\d.]+ [KMGT]iB) used)?|memory_limit/is, (limit) => outOfMemoryAt(limit)],
  [/^INTERRUPT/, () => stopped],
  [/syntax error at or near "(.*?)"/s, (at) => `a syntax error at "${at}"`],
  [/syntax error at end of input/, () => "it ends too early"],
  [
    /could not convert string ["'](.*)["'] to '?(\w+)/is,
    (value, type) => `"${valueText(value)}" is no ${type}`,
  ],
  [
    /invalid (timestamp|date|time)\b.*?: "(.*)", expected/is,
    (type, value) => `"${valueText(value)}" is no ${type}`,
  ],
  [/malformed json/i, () => "a text is not valid JSON"],
  [
    /Referenced column "(.*?)" not found|Column with name (\S+) does not exist/,
    (a, b) => `no column "${a ?? b}"`,
  ],
  [
    /^(?:\w+ )+Error: ((?:Scalar |Table |Aggregate |Macro )*Function|Table|Schema|View|Type|Setting|Collation) with name "?(.*?)"? does not exist/s,
    (kind, name) => `no ${kind.split(" ").at(-1)?.toLowerCase()} "${name}"`,
  ],
  [/No function matches the given name and argument types '(.*?)'/s, (call) => `no function ${call}`],
  [/No files found that match the pattern "(.*)"/s, (file) => `no such file: ${file}`],
  [/Cannot open file "(.*?)": (.*)/, (file, why) => `cannot open ${file}: ${why.toLowerCase()}`],
];

/** A failure of the engine in our words; its own message is the cause. */
export class EngineError extends Error {}

/** True for a failure due to lack of memory. */
export const isOutOfMemory = (error: unknown) =>
  error instanceof EngineError && error.message.startsWith(outOfMemory);

/** True for a failure that is not due to the statement or to what it reads: no memory, no disk, or stopped. */
export const isEngineStopped = ({ message }: EngineError) =>
  message.startsWith(outOfMemory) || [diskFull, stopped].includes(message);

/** An engine error in a form that may be shown; an error already in that form is returned unchanged. */
export function engineError(error: unknown): EngineError {
  return error instanceof EngineError ? error : new EngineError(reasonOf(error), { cause: error });
}

/**
 * What a failure of the engine means, for a message: without its error classes, the position in a statement that
 * nobody wrote, and any content of a log.
 */
export function reasonOf(error: unknown): string {
  if (error instanceof EngineError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  const [said] = message.split(/\n\s*(?:LINE \d+:|Candidate|Did you mean|Use ")/);
  for (const [pattern, text] of plainReasons) {
    const found = pattern.exec(said);
    if (found !== null) return oneLine(text(...found.slice(1))) + nearestOf(message);
  }
  const bare = said.replace(/^(?:\w+ )+Error: /, "").replace(/(["'])(.*?)\1/gs, quoted);
  return oneLine(mask(bare).text) + nearestOf(message);
}

// The system's error codes in words.
const codes: Record<string, string> = {
  ENOSPC: diskFull,
  EDQUOT: "the disk quota is used up",
  EROFS: "the disk is read-only",
  EACCES: "no permission for it",
  EPERM: "no permission for it",
  ENOENT: "no such file",
  ENOTDIR: "no such file",
  EISDIR: "it is a folder",
  ELOOP: "its links lead in a circle",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "its name is too long",
  EIO: "the disk cannot be read or written",
};

/** An error as a user reads it: ours unchanged, the system's in words, with the file that it names. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  const words = code === undefined ? undefined : codes[code];
  if (words === undefined) return error.message;
  return path === undefined ? words : `${path === "" ? '""' : path}: ${words}`;
}

/** True for a failure due to a full disk. */
export const isDiskFull = (error: unknown) =>
  ["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "");

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim().slice(0, 300);
const quoted = (whole: string, mark: string, text: string) =>
  text.length > 64 || /\s/.test(text) ? mark + valueText(text) + mark : whole;

function nearestOf(message: string): string {
  const [, name] = /Did you mean "([^"]+)"/.exec(message) ?? [];
  return name === undefined ? "" : `; did you mean "${name}"?`;
}
