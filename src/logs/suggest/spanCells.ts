import { quoteText } from "../../store/quote";
import type { Said } from "./fieldName";

const secondsOfUnit: [unit: RegExp, seconds: number][] = [
  [/^(us|µs|μs)$/i, 1e-6],
  [/^(ms|msecs?|milliseconds?)$/i, 1e-3],
  [/^(s|secs?|seconds?)$/i, 1],
  [/^(m|mins?|minutes?)$/i, 60],
  [/^(h|hrs?|hours?)$/i, 3600],
];
const isSpanName = /(^|_)(duration|latency|elapsed|took|time_taken|ttft)(_|$)/;
const clock = /^(\d{1,2}):([0-5]\d):([0-5]\d([.,]\d+)?)$/;

// "PT1M3.5S", as ISO 8601 has it, without years and months, whose length varies.
const iso = /^P(?=[\dT])(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * The seconds of "850ms", "1,2 s", "1m3.5s", "PT1M3.5S" and, where the name means a wait, "00:01:03.5"; undefined for
 * others.
 */
function secondsIn(cell: string, said: Said): number | undefined {
  const point = cell.trim().replace(",", ".");
  const [, hours, minutes, seconds] = (isSpanName.test(said.what) && clock.exec(point)) || [];
  if (seconds !== undefined) return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  const spelled = iso.exec(point);
  if (spelled !== null) {
    const [days, hours, minutes, seconds] = spelled.slice(1).map((one) => Number(one ?? 0));
    return days * 86_400 + hours * 3600 + minutes * 60 + seconds;
  }
  if (!/^(\d+(\.\d+)?\s*[a-zµμ]+\s*)+$/i.test(point)) return undefined;
  let sum = 0;
  for (const [, number, unit] of point.matchAll(/(\d+(?:\.\d+)?)\s*([a-zµμ]+)/gi)) {
    const one = secondsOfUnit.find(([words]) => words.test(unit))?.[1];
    if (one === undefined) return undefined;
    sum += Number(number) * one;
  }
  return sum;
}

/** Times in cells that state their unit: the expression that reads them as seconds, and the seconds. */
export function spanCells(
  name: string,
  said: Said,
  values: unknown[],
): { value: string; values: number[] } | undefined {
  const cells = values.map(String);
  const seconds = cells.map((one) => secondsIn(one, said));
  if (cells.length === 0 || seconds.includes(undefined)) return undefined;
  // What the engine does not read in an interval, and what it reads instead.
  const [from, to] = [",.", "µu", "μu", "P ", "T "].reduce(
    ([from, to], [one, other]) =>
      cells.some((cell) => cell.includes(one)) ? [from + one, to + other] : [from, to],
    ["", ""],
  );
  const plain = from === "" ? name : `translate(${name}, ${quoteText(from)}, ${quoteText(to)})`;
  return { value: `epoch(${plain}::interval)`, values: seconds as number[] };
}
