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

/** The seconds of "850ms", "1,2 s", "1m3.5s" and, where the name means a wait, "00:01:03.5"; undefined for others. */
function secondsIn(cell: string, said: Said): number | undefined {
  const point = cell.trim().replace(",", ".");
  const [, hours, minutes, seconds] = (isSpanName.test(said.what) && clock.exec(point)) || [];
  if (seconds !== undefined) return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
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
  const [from, to] = [",", "µ", "μ"].reduce(
    ([from, to], one, at) =>
      cells.some((cell) => cell.includes(one)) ? [from + one, `${to}${".uu"[at]}`] : [from, to],
    ["", ""],
  );
  const plain = from === "" ? name : `translate(${name}, ${quoteText(from)}, ${quoteText(to)})`;
  return { value: `epoch(${plain}::interval)`, values: seconds as number[] };
}
