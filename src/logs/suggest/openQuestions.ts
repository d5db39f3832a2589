import { quoteText } from "../../store/quote";
import type { Shape } from "../files/shape";
import type { Mapping } from "../records/mapping";
import { statesZone, timeBy, timeFormats } from "../records/timeFormat";
import { perTokens } from "./fieldName";
import { type Field, fieldsOf, isDate, isNumber } from "./fields";
import { readingsOf, secondsOf, timeUnits } from "./suggestedCalls";
import { priceUnits } from "./suggestedPrices";
import { mayBeOutcome, outcomeWords, resolvedBy, resolvedOf } from "./suggestedTasks";
import { isUsed } from "./suggestion";

/** What the fields' names leave open in a suggested mapping, and the possible answers. */
export interface OpenQuestion {
  /** The index of the mapping that it is about, among the suggested ones. */
  mapping: number;
  asks: string;
  choices: string[];
  /** The indices of the choices that the suggestion made. */
  taken: number[];
  /** True if several choices may apply at once. */
  several?: boolean;
  /** The form of an answer that is not one of the choices. */
  other?: string;
  /** The columns that an answer changes, by their expression; undefined removes one, null refuses the answer. */
  columns: (chosen: number[], other?: string) => Record<string, string | undefined> | null;
}

/** The questions that suggested mappings leave open, in the order in which to ask them. */
export function openQuestions(
  mappings: readonly Mapping[],
  shape: Shape,
  records: readonly unknown[] = [],
): OpenQuestion[] {
  const all = fieldsOf(shape, records);
  const unread = all.filter(({ name }) => !isUsed(name, mappings));
  return mappings.flatMap((one, mapping) => {
    const about = (column: string) =>
      all.find(({ name }) => one.columns[column] !== undefined && isUsed(name, [only(one, column)]));
    const questions =
      one.table === "calls"
        ? [
            ...ofTimes(one, about, unread),
            ...ofRivals(one, unread),
            ...ofMissing(one, unread),
            ...ofMissingTime(one, unread),
            ...ofStart(one, about),
            ...ofCurrency(one, ["cost"], about),
          ]
        : one.table === "tasks"
          ? [...ofFlags(about("resolved"), all), ...ofOutcomes(about("resolved"))]
          : one.table === "prices"
            ? [...ofPrices(one, about), ...ofCurrency(one, priceColumns, about)]
            : [];
    return questions.map((question) => ({ mapping, ...question }));
  });
}

type Question = Omit<OpenQuestion, "mapping">;
type About = (column: string) => Field | undefined;

const only = (mapping: Mapping, column: string): Mapping => ({
  ...mapping,
  columns: { [column]: mapping.columns[column] },
});
const plain = (column: string) => column.replaceAll("_", " ");

/** Times whose names state no unit, or that could be read from more than one field. */
function ofTimes({ columns }: Mapping, about: About, unread: readonly Field[]): Question[] {
  return ["duration", "time_to_first_token"].flatMap((column) => {
    const field = about(column);
    if (field === undefined || !isNumber(field.scalar)) return [];
    const fields = [field, ...unread.filter((one) => mayBe(one, column))];
    const isOpen = fields.length > 1 || field.said.seconds === undefined;
    if (!isOpen) return [];
    const read = fields.flatMap((one) => {
      if (one.said.seconds !== undefined) return { ...firstOf(one), label: one.name };
      return timeUnits(one.values).map(({ unit, divisor }) => ({
        expression: divisor === 1 ? one.value : `${one.value} / ${divisor}`,
        label: `${one.name}, in ${unit} (${range(one.values)})`,
      }));
    });
    return {
      asks:
        fields.length > 1
          ? `More than one field may be the ${plain(column)}. Which is it?`
          : `${field.name} names no unit. Which unit is it in?`,
      choices: read.map(({ label }) => label),
      taken: [
        Math.max(
          0,
          read.findIndex(({ expression }) => expression === columns[column]),
        ),
      ],
      columns: ([at]) => ({ [column]: read[at].expression }),
    };
  });
}

const firstOf = (field: Field) => readingsOf(field)[0];
const mayBe = (field: Field, column: string) => firstOf(field)?.column === column;

function range(values: readonly unknown[]): string {
  const numbers = values.map(Number).filter(Number.isFinite);
  return `${Math.min(...numbers)} to ${Math.max(...numbers)}`;
}

/** Other columns that could be read from more than one field. */
function ofRivals({ columns }: Mapping, unread: readonly Field[]): Question[] {
  const contested = new Set(unread.map((field) => firstOf(field)?.column ?? ""));
  for (const column of ["", "duration", "time_to_first_token"]) contested.delete(column);
  return [...contested].flatMap((column) => {
    if (columns[column] === undefined) return [];
    const others = unread.filter((field) => mayBe(field, column));
    const expressions = [columns[column], ...others.map((field) => firstOf(field).expression)];
    return {
      asks: `More than one field may be the ${plain(column)}. Which is it?`,
      choices: expressions,
      taken: [0],
      columns: ([at]) => ({ [column]: expressions[at] }),
    };
  });
}

const isLabel = ({ isText, scalar, said }: Field) =>
  isText || (scalar === "BIGINT" && said.parts.some((part) => /^(id|key|no|nr|number|ref)$/.test(part)));
const isMany = ({ values }: Field) => new Set(values.map(String)).size > 1;
const isTime = ({ isText, scalar, values }: Field) =>
  values.length > 0 &&
  (isText
    ? values.every((one) => !Number.isNaN(Date.parse(String(one)))) || timeFormats(values).length > 0
    : isNumber(scalar) && isDate(values));

/** The columns that most measures need, and which fields may fill them if no name shows it. */
const wanted: [column: string, asks: string, may: (field: Field) => boolean][] = [
  ["model", "Which field names the model?", (field) => field.isText && isMany(field)],
  ["started_at", "Which field says when a call began?", isTime],
  [
    "task_id",
    "Which field names the task that calls belong to (a ticket, a run)?",
    (field) => isLabel(field) && isMany(field),
  ],
  [
    "user_id",
    "Which field names the user, or whoever's calls resemble each other?",
    (field) => isLabel(field) && isMany(field),
  ],
];
const mostCandidates = 9;

/** Columns that no field's name suggests. */
function ofMissing({ columns }: Mapping, unread: readonly Field[]): Question[] {
  return wanted.flatMap(([column, asks, may]) => {
    if (columns[column] !== undefined) return [];
    const fields = unread
      .filter((field) => readingsOf(field).length === 0 && may(field))
      .slice(0, mostCandidates);
    if (fields.length === 0) return [];
    return {
      asks,
      choices: ["none of them", ...fields.map(({ name }) => name)],
      taken: [0],
      columns: ([at]) => ({ [column]: at === 0 ? undefined : fields[at - 1].name }),
    };
  });
}

/** Times whose day and month may be swapped, and times of day without a zone. */
function ofStart({ columns }: Mapping, about: About): Question[] {
  const field = about("started_at");
  if (field?.isText !== true) return [];
  const formats = timeFormats(field.values);
  const { name } = field;
  let format: string | undefined = formats[0];
  if (columns.started_at !== timeBy(name, format)) return [];
  const order: Question = {
    asks: `${name} may begin with the day or with the month (${field.values[0]}). How is it read?`,
    choices: formats,
    taken: [0],
    columns: ([at]) => {
      format = formats[at];
      return { started_at: timeBy(name, format) };
    },
  };
  const zones = [...new Set(["UTC", Intl.DateTimeFormat().resolvedOptions().timeZone])];
  const inZone = (zone: string) => ({
    started_at:
      zone === "UTC"
        ? timeBy(name, format)
        : `timezone(${quoteText(zone)}, ${timeBy(name, format)}::timestamp)`,
  });
  const zone: Question = {
    asks: `${name} states no time zone. Whose time is it?`,
    choices: zones,
    taken: [0],
    other: "another zone, such as Europe/Berlin",
    columns: ([at], other) =>
      other === undefined ? inZone(zones[at]) : isZone(other) ? inZone(other) : null,
  };
  return [...(formats.length > 1 ? [order] : []), ...(isZoneOpen(field, format) ? [zone] : [])];
}

function isZoneOpen({ said, values }: Field, format: string | undefined): boolean {
  const saysZone = (one: unknown) => /(z|[+-]\d\d(:?\d\d)?|utc|gmt)$/i.test(String(one).trim());
  const isSaid =
    said.parts.some((part) => /^(utc|gmt)$/.test(part)) ||
    (format === undefined ? values.some(saysZone) : statesZone(format));
  return !isSaid && values.some((one) => /\d:\d\d/.test(String(one)));
}

function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

/** How long a call took, if no name shows it and some field counts something. */
function ofMissingTime({ columns }: Mapping, unread: readonly Field[]): Question[] {
  if (columns.duration !== undefined || columns.input_tokens !== undefined) return [];
  const numbers = unread.filter(
    (field) =>
      isNumber(field.scalar) &&
      readingsOf(field).length === 0 &&
      isMany(field) &&
      field.currency === undefined,
  );
  const united = numbers.filter(({ said }) => said.seconds !== undefined);
  const read = (united.length > 0 ? united : numbers).slice(0, mostCandidates).map((field) => ({
    label: `${field.name} (${range(field.values)})`,
    expression: secondsOf(field),
  }));
  if (read.length === 0) return [];
  return [
    {
      asks: "Which field says how long a call took?",
      choices: ["none of them", ...read.map(({ label }) => label)],
      taken: [0],
      columns: ([at]) => ({ duration: at === 0 ? undefined : read[at - 1].expression }),
    },
  ];
}

/** Amounts in a currency other than the store's. */
function ofCurrency({ columns }: Mapping, names: readonly string[], about: About): Question[] {
  const fields = names.flatMap((column) => {
    const field = about(column);
    return field?.currency === undefined ? [] : [{ column, name: field.name, code: field.currency }];
  });
  if (fields.length === 0) return [];
  const [{ code }] = fields;
  const of = fields.map(({ name }) => name).join(", ");
  return [
    {
      asks: `${of} ${fields.length === 1 ? "is" : "are"} in ${code}, and amounts here are in US dollars. How many dollars is one ${code}?`,
      choices: ["1 (leave the amounts as they are)"],
      taken: [0],
      other: "a number, such as 1.08",
      columns: (_, rate) => {
        if (rate === undefined) return {};
        if (!(Number(rate) > 0)) return null;
        return Object.fromEntries(
          fields.map(({ column }) => [column, `${columns[column]} * ${Number(rate)}`]),
        );
      },
    },
  ];
}

/** Several yes/no fields, any of which may be the outcome. */
function ofFlags(field: Field | undefined, all: readonly Field[]): Question[] {
  const flags = mayBeOutcome(all);
  if (field === undefined || !flags.includes(field) || flags.length === 1) return [];
  return [
    {
      asks: "Which field says whether a task is resolved?",
      choices: flags.map(({ name }) => name),
      taken: [flags.indexOf(field)],
      columns: ([at]) => ({ resolved: resolvedOf(flags[at]) }),
    },
  ];
}

const mostWords = 20;

/** Outcome words whose meaning cannot be known. */
function ofOutcomes(field: Field | undefined): Question[] {
  if (field === undefined || !field.isText) return [];
  const { words, resolved, unsettled, unknown } = outcomeWords(field);
  if (unknown.length === 0 || words.length > mostWords) return [];
  const meanings = { resolved, unsettled };
  const ask = (meaning: keyof typeof meanings, asks: string): Question => ({
    asks,
    choices: words,
    taken: meanings[meaning].map((word) => words.indexOf(word)),
    several: true,
    columns: (chosen) => {
      meanings[meaning] = chosen.map((at) => words[at]);
      return { resolved: resolvedBy(field.name, meanings) };
    },
  });
  const which = `${field.name} has words whose meaning is unclear: ${unknown.join(", ")}.`;
  return [
    ask("unsettled", `${which} Which words say nothing about whether a task is resolved?`),
    ask("resolved", "Which mean that it is resolved? (All others: that it is not.)"),
  ];
}

const priceColumns = ["input", "output", "cache_read", "cache_creation"];

/** Prices whose names do not say how many tokens they are for. */
function ofPrices({ columns }: Mapping, about: About): Question[] {
  const fields = priceColumns.flatMap((column) => {
    const field = about(column);
    return field === undefined || perTokens(field.path.at(-1) as string) !== undefined
      ? []
      : { column, field };
  });
  if (fields.length === 0) return [];
  const units = priceUnits(fields[0].field.values);
  const one = (column: string) => columns[column].replace(/ \/ \de\d$/, "");
  return [
    {
      asks: `${fields.map(({ field }) => field.name).join(", ")} ${fields.length === 1 ? "does" : "do"} not say for how many tokens. For how many tokens are these prices, in US dollars?`,
      choices: units.map((unit) => (unit === 1 ? "one token" : unit === 1e3 ? "a thousand" : "a million")),
      taken: [0],
      columns: ([at]) =>
        at === 0
          ? {}
          : Object.fromEntries(
              fields.map(({ column }) => [
                column,
                units[at] === 1 ? one(column) : `${one(column)} / 1e${Math.log10(units[at])}`,
              ]),
            ),
    },
  ];
}
