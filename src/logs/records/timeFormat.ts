import { quoteText } from "../../store/quote";

/** The parts of a strptime format, and what they read. */
const parts: Record<string, string> = {
  "%d": "(?:0?[1-9]|[12]\\d|3[01])",
  "%m": "(?:0?[1-9]|1[0-2])",
  "%Y": "\\d{4}",
  "%y": "\\d{2}",
  "%b": "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
  "%B": "(?:january|february|march|april|may|june|july|august|september|october|november|december)",
  "%a": "(?:mon|tue|wed|thu|fri|sat|sun)",
  "%H": "(?:[01]?\\d|2[0-3])",
  "%I": "(?:0?[1-9]|1[0-2])",
  "%M": "[0-5]\\d",
  "%S": "[0-5]\\d",
  "%f": "\\d{1,6}",
  "%p": "[ap]m",
  "%z": "[+-]\\d{2}:?\\d{2}",
};

const days = [
  ...["/", "-", "."].flatMap((mark) =>
    ["%d#%m#%Y", "%m#%d#%Y", "%d#%m#%y", "%m#%d#%y", "%Y#%m#%d", "%d#%b#%Y"].map((day) =>
      day.replaceAll("#", mark),
    ),
  ),
  ...["%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%d. %B %Y", "%Y%m%d"],
];
const clocks = ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%H:%M:%S,%f", "%I:%M %p", "%I:%M:%S %p", "%H%M%S"];
const between = [" ", ", ", "T", ":"];
const after = ["", "Z", " UTC", " GMT", "%z", " %z"];

const patternOf = (format: string, of: Record<string, string>) =>
  new RegExp(`^${format.replace(/%\w|[.+*]/g, (part) => of[part] ?? `\\${part}`)}$`, "i");

interface Format {
  format: string;
  pattern: RegExp;
}

/** The formats by how long their numbers may be, whatever the numbers. */
let known: { format: string; shape: RegExp }[] | undefined;

function formats() {
  const digits: Record<string, string> = Object.fromEntries(
    Object.entries(parts).map(([part, pattern]) => [part, /^%[dmHI]$/.test(part) ? "0{1,2}" : pattern]),
  );
  for (const part of ["%M", "%S", "%y"]) digits[part] = "00";
  Object.assign(digits, { "%Y": "0{4}", "%f": "0{1,6}", "%z": "[+-]0{2}:?0{2}" });
  known ??= ["", "%a, "]
    .flatMap((weekday) => days.map((day) => `${weekday}${day}`))
    .flatMap((day) => [
      day,
      ...between.flatMap((mark) =>
        clocks.flatMap((clock) => after.map((zone) => `${day}${mark}${clock}${zone}`)),
      ),
    ])
    .map((format) => ({ format, shape: patternOf(format, digits) }));
  return known;
}

/** The formats for a text's shape. There are thousands, so a file of odd texts searches them only a few times. */
const shapes = new Map<string, Format[]>();
const mostShapes = 100;
const longest = 40;
const begins = /^(\d|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;

function formatsOf(text: string): Format[] {
  if (text.length > longest || !begins.test(text) || !/\d/.test(text)) return [];
  const shape = text.replace(/\d/g, "0").toLowerCase();
  const found = shapes.get(shape);
  if (found !== undefined) return found;
  if (shapes.size >= mostShapes) return [];
  const fitting = formats()
    .filter((one) => one.shape.test(shape))
    .map(({ format }) => ({ format, pattern: patternOf(format, parts) }));
  shapes.set(shape, fitting);
  return fitting;
}

// What the engine's own cast can read.
const iso = /^\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:[T ]|$)/;

/**
 * The strptime formats that read all of some texts, the most likely first; none if the engine reads them by
 * itself. For "02/03/2026 9:05" both day first and month first: read the right way, a log spans fewer days.
 */
export function timeFormats(values: readonly unknown[]): string[] {
  const texts = values.map((one) => String(one).trim()).filter(Boolean);
  if (texts.length === 0 || texts.every((one) => iso.test(one))) return [];
  const fitting = texts.reduce(
    (left, text) => left.filter(({ pattern }) => pattern.test(text)),
    formatsOf(texts[0]),
  );
  const first = (one: RegExp) => fitting.find(({ format }) => one.test(format))?.format;
  const [dayFirst, monthFirst] = [first(/%d.%m/), first(/%m.%d.%[yY]/)];
  if (dayFirst === undefined || monthFirst === undefined)
    return fitting.slice(0, 1).map(({ format }) => format);
  const numbers = texts.map((text) => (text.match(/\d+/g) ?? []).map(Number));
  const spanOf = (day: number, month: number) => {
    const times = numbers.map((one) => Date.UTC(one[2], one[month] - 1, one[day]));
    return Math.max(...times) - Math.min(...times);
  };
  return spanOf(0, 1) <= spanOf(1, 0) ? [dayFirst, monthFirst] : [monthFirst, dayFirst];
}

/** True if a format includes the zone of its times. */
export const statesZone = (format: string): boolean => /%z|Z$|UTC$|GMT$/.test(format);

/** A text as a time, by a strptime format if it needs one. */
export const timeBy = (name: string, format: string | undefined): string =>
  format === undefined ? name : `strptime(${name}, ${quoteText(format)})`;
