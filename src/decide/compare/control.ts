import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { FEWEST_DAYS } from "../../stats/dayMixture";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { ALIKE, alikeBy } from "./switchEffect";

const sql = statements<"model_days">(join(__dirname, "control.sql"));

/** The calls of a model on one day and one side, those that are compared or all others. */
export interface ModelDay {
  model: string | null;
  chosen: boolean;
  second: boolean;
  day: number;
  calls: number;
  /** The mean logarithm of their waits. */
  level: number | null;
}

/** A model that ran through the same days and was not switched. */
export interface Control {
  model: string;
  calls: number;
}

/** Calls that a control needs on every day. */
const FEWEST_CALLS = 10;
/** How far its share of the traffic may move with the switch, as a factor. */
const STABLE = 1.25;

export async function findControl(connection: DuckDBConnection): Promise<Control | undefined> {
  const rows = await rowsOf<Omit<ModelDay, "day"> & { day: bigint }>(connection, sql.model_days);
  return controlAmong(rows.map((row) => ({ ...row, day: Number(row.day) })));
}

/**
 * The model whose days before the switch were most like those of the calls compared. It is none of theirs, has calls on all of
 * their days, and kept its share of the traffic: one that took up what another lost is no control.
 *
 * What happened after the switch is not looked at, but for the calls.
 */
export function controlAmong(rows: readonly ModelDay[]): Control | undefined {
  const inside = rows.filter(({ chosen }) => chosen);
  const own = new Set(inside.map(({ model }) => model));
  const days = daysOf(inside);
  const all = daysOf(rows);
  const counts = [false, true].map(
    (second) => new Set(inside.filter((one) => one.second === second).map(({ day }) => day)).size,
  );
  if (Math.min(...counts) < FEWEST_DAYS) return undefined;
  const models = new Set(rows.flatMap(({ model }) => (model === null || own.has(model) ? [] : [model])));
  const fit = [...models].flatMap((model) => {
    const there = daysOf(rows.filter((one) => one.model === model));
    const shared = [...days].map(([key, one]) => ({ one, other: there.get(key), whole: all.get(key) }));
    if (!shared.every(({ other }) => other !== undefined && other.calls >= FEWEST_CALLS)) return [];
    const share = (second: boolean) => {
      const of = shared.filter(({ one }) => one.second === second);
      const sum = (part: "other" | "whole") => of.reduce((total, one) => total + (one[part]?.calls ?? 0), 0);
      return sum("other") / sum("whole");
    };
    const moved = share(true) / share(false);
    if (!(moved <= STABLE && moved >= 1 / STABLE)) return [];
    const before = shared.filter(({ one }) => !one.second);
    const alike = alikeBy(before.map(({ one, other }) => [one.level, other?.level ?? Number.NaN]));
    const calls = [...there.values()].reduce((total, one) => total + one.calls, 0);
    return alike > ALIKE ? [{ model, calls, alike }] : [];
  });
  const [best] = fit.sort((x, y) => y.alike - x.alike);
  return best && { model: best.model, calls: best.calls };
}

interface Day {
  second: boolean;
  calls: number;
  level: number;
}

/** The calls of each day and side, over models, with their mean level. */
function daysOf(rows: readonly ModelDay[]): Map<string, Day> {
  const found = new Map<string, Day>();
  for (const { second, day, calls, level } of rows) {
    const key = `${second} ${day}`;
    const one = found.get(key) ?? { second, calls: 0, level: 0 };
    const sum = one.calls + calls;
    found.set(key, {
      second,
      calls: sum,
      level: (one.calls * one.level + calls * (level ?? Number.NaN)) / sum,
    });
  }
  return found;
}
