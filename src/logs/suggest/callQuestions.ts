import { quoteText } from "../../store/quote";
import type { Mapping } from "../records/mapping";
import { statesZone, timeBy, timeFormats } from "../records/timeFormat";
import { type Field, isNumber, isTime, scaleOfInstants } from "./fields";
import { outcomeOf } from "./outcomeWords";
import { type About, ofCurrency, type Question } from "./question";
import { errorType, statusBySuccess, statusOfError, successWords } from "./statusWords";
import { countsFromZero, fromZero, readingsOf, secondsOf, timeUnits } from "./suggestedCalls";
import { isRating } from "./suggestedRatings";

/** What field names leave open about calls. */
export function questionsOfCalls(mapping: Mapping, about: About, unread: readonly Field[]): Question[] {
  return [
    ...ofTimes(mapping, about, unread),
    ...ofRivals(mapping, unread),
    ...ofMissing(mapping, about, unread),
    ...ofClock(mapping, unread),
    ...ofMissingTime(mapping, unread),
    ...ofStart(mapping, about),
    ...ofSuccess(mapping, about),
    ...ofCurrency(mapping, ["cost"], about),
  ];
}

const plain = (column: string) => column.replaceAll("_", " ");

/** Times whose names state no unit, or that could be read from more than one field. */
function ofTimes({ columns }: Mapping, about: About, unread: readonly Field[]): Question[] {
  return ["duration", "time_to_first_token"].flatMap((column) => {
    const field = about(column);
    if (field === undefined || !isNumber(field.scalar) || scaleOfInstants(field) !== undefined) return [];
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

const isLabel = (field: Field) => {
  const { isText, scalar, said } = field;
  return isText
    ? !isTime(field)
    : scalar === "BIGINT" && said.parts.some((part) => /^(id|key|no|nr|number|ref)$/.test(part));
};
// "yes" and "no", "up" and "down" tell no two users apart.
const isAnswer = (field: Field) =>
  isRating(field) || field.values.every((one) => outcomeOf(String(one).trim().toLowerCase()) !== undefined);
const isMany = ({ values }: Field) => new Set(values.map(String)).size > 1;

/** The columns that most measures need, and which fields may fill them if no name shows it. */
const wanted: [column: string, asks: string, may: (field: Field) => boolean][] = [
  ["model", "Which field names the model?", (field) => field.isText && isMany(field) && !isTime(field)],
  ["started_at", "Which field says when a call began?", isTime],
  [
    "task_id",
    "Which field names the task that calls belong to (a ticket, a run)?",
    (field) => isLabel(field) && isMany(field) && !isAnswer(field),
  ],
  [
    "user_id",
    "Which field names the user, or another group whose calls resemble each other?",
    (field) => isLabel(field) && isMany(field) && !isAnswer(field),
  ],
];
const mostCandidates = 9;

/** Columns that no field's name suggests. */
function ofMissing({ columns }: Mapping, about: About, unread: readonly Field[]): Question[] {
  return wanted.flatMap(([column, asks, may]) => {
    const taken = about(column);
    // Where no name is known at all, a mapping begins with some text as the model.
    const isGuess = column === "model" && taken !== undefined && readingsOf(taken).length === 0;
    if (columns[column] !== undefined && !isGuess) return [];
    const others = unread.filter((field) => readingsOf(field).length === 0 && may(field));
    const fields = [...(isGuess ? [taken] : []), ...others].slice(0, mostCandidates);
    if (others.length === 0) return [];
    return {
      asks,
      choices: ["none of them", ...fields.map(({ name }) => name)],
      taken: [isGuess ? 1 : 0],
      columns: ([at]) => ({ [column]: at === 0 ? undefined : fields[at - 1].name }),
    };
  });
}

/** A count from the beginning of the log, as traces of traffic have it, where nothing else tells when calls began. */
function ofClock({ columns }: Mapping, unread: readonly Field[]): Question[] {
  const clock = columns.started_at === undefined ? unread.find(countsFromZero) : undefined;
  if (clock === undefined) return [];
  return [
    {
      asks: `${clock.name} counts from 0 (${range(clock.values)} in the first records). Does it say when calls began?`,
      choices: ["no", "yes, in milliseconds", "yes, in seconds"],
      taken: [0],
      columns: ([at]) => ({ started_at: at === 0 ? undefined : fromZero(clock, at === 1 ? 1000 : 1) }),
    },
  ];
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

const mostWords = 20;

/** Words for whether a call succeeded whose meaning cannot be known. */
function ofSuccess({ columns }: Mapping, about: About): Question[] {
  const field = about("status");
  if (field?.isText !== true) return [];
  const { name } = field;
  const { words, good, bad, unknown } = successWords(field);
  if (unknown.length === 0 || words.length > mostWords) return [];
  const which = `${name} has words whose meaning is unclear: ${unknown.join(", ")}.`;
  const chosenOf = (chosen: number[]) => chosen.map((at) => words[at]);
  const taken = (some: string[]) => some.map((word) => words.indexOf(word));
  if (columns.status === statusOfError(field, good))
    return [
      {
        asks: `${which} Which words mean that a call did not fail? (All others: that it did.)`,
        choices: words,
        taken: taken(good),
        several: true,
        columns: (chosen) => ({
          status: statusOfError(field, chosenOf(chosen)),
          error_type: errorType(name, chosenOf(chosen)),
        }),
      },
    ];
  if (columns.status !== statusBySuccess(name, { good, bad, nothing: unknown })) return [];
  let nothing = unknown;
  const after = (failed: string[]) => ({
    status: statusBySuccess(name, {
      good: words.filter((word) => !nothing.includes(word) && !failed.includes(word)),
      bad: failed.filter((word) => !nothing.includes(word)),
      nothing,
    }),
  });
  return [
    {
      asks: `${which} Which words say nothing about whether a call failed?`,
      choices: words,
      taken: taken(unknown),
      several: true,
      columns: (chosen) => {
        nothing = chosenOf(chosen);
        return after(bad);
      },
    },
    {
      asks: "Which mean that it failed? (All others: that it did not.)",
      choices: words,
      taken: taken(bad),
      several: true,
      columns: (chosen) => after(chosenOf(chosen)),
    },
  ];
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

/** What counts or judges, and so is no time: "judge_1_score", "tokens", "seed". */
const ofNoTime =
  /(^|_)(scores?|ratings?|rated|grades?|judges?|stars?|csat|nps|thumbs|ranks?|points|counts?|chars?|characters|words?|tok(en)?s?|prices?|costs?|ids?|no|nr|index|version|year|seed|temperature|top_[pk]|port|size|length|len|status|code|attempts?|retries)(_|$)/;

/** How long a call took, if no name shows it and some field counts something. */
function ofMissingTime({ columns }: Mapping, unread: readonly Field[]): Question[] {
  if (columns.duration !== undefined || columns.input_tokens !== undefined) return [];
  const numbers = unread.filter(
    (field) =>
      isNumber(field.scalar) &&
      scaleOfInstants(field) === undefined &&
      readingsOf(field).length === 0 &&
      isMany(field) &&
      field.currency === undefined &&
      !ofNoTime.test(field.said.what),
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
