import { inEnglish, withoutAccents } from "./foreignWords";

/**
 * The parts of a field's name, in English: "input_per_1m_usd" is input, per, 1m, usd; "startedAtUTC" is started, at,
 * utc; "coût" is cost.
 */
function partsOf(name: string): string[] {
  const words = withoutAccents(name)
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .replaceAll("$", " usd ")
    .replaceAll("/", " per ")
    .replaceAll("°", " number ")
    // "microUsd" and "micro_usd" are one unit.
    .replace(/(micro|nano|milli)[ _-]?(usd|dollars?|cents?)/gi, "$1$2");
  return idLast(
    inEnglish(
      words
        .toLowerCase()
        .split(/[^a-z0-9]+/)
        .filter(Boolean),
    ),
  );
}

const kinds = /^(id|date|time)$/;
const kindOf = /^(created|closed|resolved|start|end|request|response|resolution)$/;

/** "id_ticket" as "ticket_id", and "date_closed" as "closed_date". */
function idLast(parts: string[]): string[] {
  const [first, second] = parts;
  const isTurned = first === "id" ? parts.length > 1 : kinds.test(first) && kindOf.test(second);
  return isTurned ? [...parts.slice(1), first] : parts;
}

/** How many of a unit make one of ours, by the words for it: seconds, US dollars. */
const units: [words: RegExp, divisor: number][] = [
  [/^(ms|msec|msecs|millis|milli|milliseconds?)$/, 1000],
  [/^(us|usec|micros|microseconds?)$/, 1e6],
  [/^(ns|nsec|nanos|nanoseconds?)$/, 1e9],
  [/^(min|mins|minutes?)$/, 1 / 60],
  [/^(s|sec|secs|seconds?)$/, 1],
];
const cents = /^cents?$/;
const partsOfDollars: [words: RegExp, divisor: number][] = [
  [cents, 100],
  [/^milli(usd|dollars?)$/, 1e3],
  [/^millicents?$/, 1e5],
  [/^micro(usd|dollars?)$/, 1e6],
  [/^microcents?$/, 1e8],
  [/^nano(usd|dollars?)$/, 1e9],
];
const dollarsIn = (part: string) => partsOfDollars.find(([words]) => words.test(part))?.[1];
const plainWords = /^(usd|dollars?|utc|gmt|local|tz|value|number|num|count|n|of|the)$/;
const money = /^(micro|nano|milli)?(usd|dollars?|cents?|eur|euros?)$/;

/** The meaning of a name: what it stands for, and by how much to divide its numbers for seconds or dollars. */
export interface Said {
  /** The parts that are not a unit, joined by "_". */
  what: string;
  parts: string[];
  /** For seconds; undefined if no unit of time is named. */
  seconds?: number;
  /** For dollars: 100 for cents, 1e6 for millionths. */
  dollars: number;
}

/** The meaning of a field's name. */
export function saidBy(name: string): Said {
  const parts = partsOf(name);
  const unit = parts.map((part) => units.find(([words]) => words.test(part))?.[1]);
  const isLoneUnit = parts.length === 1;
  // "latency in ms" names a unit, "tokens in" does not.
  const namesUnit = (at: number) =>
    parts[at] === "in" && (unit[at + 1] !== undefined || money.test(parts[at + 1] ?? ""));
  const what = parts.filter(
    (part, at) => isLoneUnit || (unit[at] === undefined && dollarsIn(part) === undefined && !namesUnit(at)),
  );
  const core = what.filter((part) => what.length === 1 || !plainWords.test(part));
  return {
    what: (core.length > 0 ? core : what).join("_"),
    parts,
    seconds: unit.findLast((one) => one !== undefined),
    dollars: parts.map(dollarsIn).find((one) => one !== undefined) ?? 1,
  };
}

const currencies: [code: string, words: RegExp][] = [
  ["EUR", /€|\b(eur|euros?)\b/i],
  ["GBP", /£|\bgbp\b/i],
  ["JPY", /¥|\b(jpy|yen)\b/i],
  ["CHF", /\bchf\b/i],
  ["CAD", /\bcad\b/i],
];

/** The currency that a field's name or its cells state, if it is not the US dollar. */
export function currencyIn(name: string, cells: readonly unknown[]): string | undefined {
  const signs = cells.map((one) => String(one).replace(/[^€£¥]/g, "")).join("");
  const said = `${name.replaceAll("_", " ")} ${partsOf(name).join(" ")} ${signs}`;
  return currencies.find(([, words]) => words.test(said))?.[0];
}

/**
 * By how much to divide a price to get that of one token; undefined if its name does not say how many tokens it is
 * for.
 */
export function perTokens(name: string): number | undefined {
  const parts = partsOf(name);
  const has = (words: RegExp) => parts.some((part) => words.test(part));
  if (has(/^(mtoks?|mtokens?|1m|m|million|millions|mm|1000000|1e6|mio)$/)) return 1e6;
  if (has(/^(ktoks?|ktokens?|1k|k|thousand|1000|1e3)$/)) return 1e3;
  return parts.includes("per") && has(/^tok(en)?s?$/) ? 1 : undefined;
}
