import { oneLine } from "../charts/text";
import { type Diagnosis, mostCounted } from "../measures/diagnosis";
import { cannotBy, wouldOpen } from "../measures/measurable";
import { counted, grouped, percent } from "../stats/text";
import { tableText } from "./output";
import { recordsLine, sumOfRecords } from "./records";

function promptsText({ calls, prompts: { prompts, repeated, repeatedCalls, templates } }: Diagnosis): string {
  if (prompts === 0) return calls === 0 ? "" : "no call has a prompt id, so repeats cannot be found";
  const of = templates === 0 ? "" : `, of ${counted(templates, "template")}`;
  return `${counted(prompts, "prompt")}${of}; ${grouped(repeated)} asked more than once, in ${counted(repeatedCalls, "call")}`;
}

/** How many calls name their conversation, and what the log says of whole ones, which `quality --grain conversation` measures. */
function conversationsText({ calls, conversations }: Diagnosis): string[] {
  const { count, calls: named, scores, outcomes } = conversations;
  const share = named === calls ? "every call names" : `${percent(named / calls, 3)} of the calls name`;
  return [
    ...(calls === 0
      ? []
      : [
          named === 0
            ? "no call names its conversation"
            : `${share} a conversation: ${counted(count, "conversation")}`,
        ]),
    ...(scores + outcomes === 0
      ? []
      : [`of whole conversations: ${counted(scores, "score")}, ${counted(outcomes, "outcome")}`]),
  ];
}

/** The result of reading the records: in total, and for each file in which some gave no rows. */
function recordsText(files: Diagnosis["records"]): string[] {
  if (files.length === 0) return [];
  const partial = files.filter(({ read, rows }) => read > rows);
  const total = sumOfRecords(files);
  const own =
    files.length === 1
      ? []
      : partial.slice(0, mostFiles).map((file) => `  ${file.path}: ${recordsLine(file)}`);
  if (files.length > 1 && partial.length > mostFiles)
    own.push(`  and ${counted(partial.length - mostFiles, "more file")}`);
  return [`${counted(total.read, "record")} read: ${recordsLine(total)}`, ...own.map(oneLine)];
}

const mostFiles = 20;

const shortened = (text: string) => (text.length > 30 ? `${text.slice(0, 29)}…` : text);

function attributesText({ attributes }: Diagnosis): string[] {
  if (attributes.length === 0) return [];
  const rows = attributes.map(({ key, of, filled, share, values, examples }) => ({
    attribute: key,
    of,
    filled,
    share: `${(100 * share).toFixed(1)} %`,
    values: `${values >= mostCounted ? "about " : ""}${grouped(values)}`,
    examples: examples.map((one) => shortened(oneLine(one))).join(", "),
  }));
  return ["", "kept as attributes, for --by and --where:", tableText(rows)];
}

/** How much an engine reads for a question: if it bills by data read, this is the bill. */
function scansText({ scans = [], calls }: Diagnosis): string[] {
  if (scans.length === 0) return [];
  const rows = scans.map(({ measure, statements, scans: times, columns, names }) => ({
    measure,
    statements,
    "reads the calls": `${grouped(times)} times`,
    "values read (maximum)": grouped(columns * calls),
    columns: names.length,
  }));
  return ["", "what each measure makes the engine read, with default options:", tableText(rows)];
}

/** What `doctor` found, as text for a terminal. */
export function diagnosisText(found: Diagnosis): string {
  const filled = found.columns.filter(({ filled }) => filled > 0);
  const list = (title: string, lines: string[]) =>
    lines.length === 0 ? [] : [title, ...lines.map((one) => `  ${oneLine(one)}`)];
  const opens = wouldOpen(found);
  return [
    [counted(found.calls, "call"), counted(found.tasks, "task"), counted(found.scores, "score")].join(", "),
    ...conversationsText(found),
    found.from === null ? "no call has a time" : `from ${found.from} to ${found.to}`,
    `models: ${found.models.slice(0, 20).map(oneLine).join(", ") || "none"}${found.models.length > 20 ? `, and ${found.models.length - 20} more` : ""}`,
    ...[promptsText(found)].filter((text) => text !== ""),
    ...recordsText(found.records),
    ...(filled.length === 0
      ? []
      : [
          "",
          tableText(
            filled.map(({ column, filled, share }) => ({
              column,
              filled,
              share: `${(100 * share).toFixed(1)} %`,
            })),
          ),
        ]),
    ...attributesText(found),
    "",
    ...list(
      "warnings",
      found.warnings.map(({ text }) => text),
    ),
    ...(found.can.length > 0 ? [`can be measured: ${found.can.join(", ")}`] : []),
    ...(opens === "" ? [] : [`what would tell most: ${opens}`]),
    ...list(
      "cannot be measured",
      cannotBy(found).map(({ why, measures }) => `${measures.join(", ")}: ${why}`),
    ),
    ...scansText(found),
  ].join("\n");
}
