import { drawWay } from "../engines/refused";
import { messageOf } from "../store/reason";
import { say } from "./output";

/** Exit codes: 0 done, 1 failed, 2 wrong usage; for a gate, 3 a limit is broken, 4 a limit cannot be decided. */
export const failed = 1;
export const wrongUsage = 2;
export const brokenLimit = 3;
export const cannotTell = 4;

// Usage errors, recognised by the wording of our own errors: JavaScript's own are worded differently.
const ofUsage =
  / requires? |^unknown | has no (option "|--)| is not (JSON|a JSON Schema|a self-contained JSON Schema)\b/;

function isUsage(error: unknown): boolean {
  return (error instanceof RangeError || error instanceof TypeError) && ofUsage.test(error.message);
}

/** Prints an error in one line on stderr and returns its exit code. */
export function report(error: unknown): number {
  const message = messageOf(error);
  say(`fieldnotes: ${message.replace(/\s*\n\s*/g, " ")}`);
  if (process.env.FIELDNOTES_DEBUG && error instanceof Error) say(error.stack ?? "");
  return isUsage(error) ? wrongUsage : failed;
}

/** What a command that is not known may be: one of a group's, or another name of one. */
interface Known {
  group?: string;
  commands?: readonly string[];
  near?: (word: string) => string | undefined;
}

/** The command-line parser's message about a command, in one line like all other errors. */
export function usageLine(text: string, command: string, known: Known = {}): string {
  const said = text.replace(/^error: /, "").replace(/\.?\s*\n\s*/g, " ");
  // Most commands need rows, which stay on the engine.
  const hint = /unknown option '--(engine|map)'/.test(said)
    ? `: this cannot be asked of an engine; ${drawWay}`
    : "";
  const [, word] = /^unknown command '([^']*)'/.exec(said) ?? [];
  if (word !== undefined && known.group !== undefined) {
    const meant = known.near?.(word);
    const other = meant === undefined ? "" : `; did you mean "${meant}"?`;
    return `fieldnotes: ${known.group} has no command "${word}"; it has ${known.commands?.join(", ")}${other} (see fieldnotes help ${known.group})`;
  }
  const near = word === undefined || /did you mean/i.test(said) ? undefined : known.near?.(word);
  const meant = near === undefined ? "" : `; did you mean "${near}"?`;
  const where = word === undefined ? `${command} --help` : `fieldnotes help, or fieldnotes help ${word}`;
  return `fieldnotes: ${said.trim()}${meant}${hint} (see ${where})`;
}
