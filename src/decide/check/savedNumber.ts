import { allOf } from "../../facts/allOf";
import { rowKey } from "../../measures/rowKey";
import type { Row } from "../../measures/table";
import { type Estimate, noted } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { levelText } from "../../stats/text";
import { nameList } from "../../store/nameList";
import { didYouMean } from "../../store/nearest";
import { type Chosen, numberName, type SavedNumbers } from "../savedReport";
import type { Limit } from "./limits";

/** An interval reaches this many times further into the tail at most: beyond, nobody knows its shape. */
const MOST_TAIL = 50;

/** Refuses saved numbers that are not for the calls of these limits. */
export function checkSaved(
  { file, kind, by, chosen, numbers }: SavedNumbers,
  now: { by: readonly string[]; chosen: Chosen },
  limits: readonly { limit: Limit; where?: string }[],
): void {
  const columns = (names: readonly string[]) => [...names].sort().join(",");
  const each = (names: readonly string[]) => (names.length === 0 ? "all calls" : `each ${names.join(", ")}`);
  if (columns(by) !== columns(now.by))
    throw new RangeError(
      `check requires against with a number for ${each(now.by)}, got ${file} with one for ${each(by)}${by.length === 0 ? "" : `; try --by ${by.join(",")}`}`,
    );
  const same = {
    timezone: ({ timezone }: Chosen) => timezone.toLowerCase(),
    candidate: ({ candidate }: Chosen) => (candidate === undefined ? "model" : nameList(candidate).join(",")),
  };
  for (const [name, of] of Object.entries(same))
    if (of(chosen) !== of(now.chosen))
      throw new RangeError(
        `check requires against made with the same --${name}, ${of(now.chosen)}, got ${file} made with ${of(chosen)}`,
      );
  for (const { limit, where } of limits) {
    const wanted = numberName(limit.metric);
    const own = numbers.filter(({ metric }) => metric === wanted);
    const known = [...new Set(numbers.map(({ metric }) => metric))];
    if (own.length === 0)
      throw new RangeError(
        `check requires against with ${wanted}, got ${file} with ${known.join(", ") || "no metric"}${didYouMean(wanted, known)}`,
      );
    const places = kind === "check" ? own.map((one) => one.where) : [chosen.where];
    const fits = (place: string | undefined) => place === where || allOf([place]) === where;
    // A whole report may have been made for a release, which the limits do not name.
    if (!places.some(fits) && (kind === "check" || where !== undefined))
      throw new RangeError(
        `check requires against with ${wanted} for the calls of its limit, ${where ?? "all"}, got ${file} with those of ${[...new Set(places)].map((one) => one ?? "all").join("; ")}`,
      );
  }
}

/** The saved number of a limit in a group, at another level; the error for one whose interval says too little. */
export function savedNumber(
  saved: SavedNumbers,
  { limit, where, by }: { limit: Limit; where?: string; by: Row },
  level: number,
): Estimate {
  const key = rowKey(saved.by, by);
  const wanted = numberName(limit.metric);
  const found = saved.numbers.find(
    (one) =>
      one.metric === wanted &&
      rowKey(saved.by, one.by) === key &&
      (saved.kind === "report" || one.where === where),
  )?.estimate;
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  if (found === undefined)
    return {
      ...{ ...none, level, method: "none", n: 0, clusters: 0, clusterBy: "" },
      ...noted([
        reserve("none.saved", {
          file: saved.file,
          what: saved.by.map((name) => `${name} ${by[name]}`).join(", ") || "it",
        }),
      ]),
    };
  if (!(found.level > 0 && found.level < 1 && 1 - found.level <= MOST_TAIL * (1 - level) * (1 + 1e-9)))
    throw new RangeError(
      `check requires against with intervals at ${levelText(1 - MOST_TAIL * (1 - level))} or more, since it needs ${levelText(level)} here, got ${saved.file} at ${levelText(found.level)}; make it again with --level ${Number(level.toPrecision(4))}`,
    );
  return found;
}
