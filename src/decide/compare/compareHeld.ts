import type { AtMix } from "../../measures/mix/mixTables";
import type { DayValue } from "../../stats/dayMixture";
import type { Estimate } from "../../stats/estimate";
import { studentTCdf } from "../../stats/studentT";
import { movedCase } from "../../stats/worstCase";
import { scaleOf } from "./compareChange";
import type { Switched } from "./controlAt";
import { type Against, switchEffect } from "./switchEffect";

/** What a change was held against over the days of both sides, as a row states it. */
export interface HeldAgainst {
  /** "days-control": a model that ran on the same days; "days-weeks": earlier weeks; "days-ar1": the days themselves. */
  against: Against["method"] | "days-ar1";
  /** The model that ran on the same days. */
  control?: string;
  /** The earlier weeks. */
  weeks?: number;
  /** What is left of `ratio` over `within_ratio` and `mix_ratio`, as the days moved it: no estimate, and stated nowhere. */
  days_factor: number;
  /** From the days alone: the share by which a number has to change before they tell it, and the weeks a side that tell 10 %. */
  unseen?: number;
  takes?: number;
}

/** A change over days: what it was held against, its ends on the scale of the link, and its p-value. */
export interface Held {
  against: Against & { control?: string };
  value: number;
  ends: [low: number, high: number];
  p: number;
  /** The p-value of the same in another look at the days. */
  doubt: number;
  link: Link;
}

/** The scale on which days move a number: a factor, or a factor on odds. */
interface Link {
  to(x: number): number;
  slope(x: number): number;
  from(y: number): number;
}

const logs: Link = { to: Math.log, slope: (x) => 1 / x, from: Math.exp };
const odds: Link = {
  to: (x) => Math.log(x / (1 - x)),
  slope: (x) => 1 / (x * (1 - x)),
  from: (y) => 1 / (1 + Math.exp(-y)),
};

/**
 * The change from k to t held against a control that ran on the same days, or earlier weeks; undefined if the log allows
 * neither, or if there is no switch. No end is nearer than users and hours allow.
 */
export function heldOver(
  own: AtMix,
  switched: Switched | undefined,
  metric: { name: string; unit: string },
  level: number,
): Held | undefined {
  if (switched === undefined) return undefined;
  const { control } = switched;
  const link = metric.unit === "1" ? odds : logs;
  const days = daysOn(link, own);
  const beside = control?.at(metric.name);
  const noise = beside && noiseOn(link, own) + noiseOn(link, beside);
  const found = days && switchEffect(days, daysOn(link, beside), noise);
  if (found === undefined) return undefined;
  const { against, effect, doubt } = found;
  const { spread } = own;
  const error = errorOn(link, own);
  const reach = spread.t(level) * error;
  if (!Number.isFinite(reach)) return undefined;
  const [low, high] = effect.bounds(level);
  const { value } = effect;
  return {
    against: against.method === "days-control" ? { ...against, control: control?.model } : against,
    value,
    ends: [Math.min(low, value - reach), Math.max(high, value + reach)],
    doubt,
    p: Math.max(effect.p, error > 0 ? 2 * studentTCdf(-Math.abs(value) / error, spread.degrees) : 0),
    link,
  };
}

/** The standard error of the change on the scale of a link, as far as users and hours make it. */
function errorOn(link: Link, { margins, spread }: AtMix): number {
  const slope = (name: "k" | "t") => link.slope(margins[name].value) * scaleOf(margins, spread, name);
  return Math.sqrt(spread.variance({ t: slope("t"), k: -slope("k") }));
}

/** The variance of one day there, were days no more than their calls. */
function noiseOn(link: Link, at: AtMix): number {
  const [before, after] = at.spread.daysOf;
  return errorOn(link, at) ** 2 / (1 / before + 1 / after);
}

/** The days of both sides on the scale of a link, each with its side's level; undefined where that has no such scale. */
function daysOn(link: Link, at: AtMix | undefined): DayValue[] | undefined {
  if (at === undefined || !(at.standard.covered >= ENOUGH)) return undefined;
  const { margins, spread } = at;
  const { k, t } = margins;
  const apart = link.to(t.value) - link.to(k.value);
  if (!Number.isFinite(apart)) return undefined;
  const factor = (name: "k" | "t") => link.slope(margins[name].value) * scaleOf(margins, spread, name);
  const days = spread.daily({ t: factor("t"), k: -factor("k") });
  return days.map((one) => (one.second ? { ...one, value: one.value + apart } : one));
}

/** The share of a side's mix that the other must have for its days to tell. */
const ENOUGH = 0.8;

/** The difference and the ratio of a change from `first`, as it is held. */
export function heldApart(
  { value, ends: [low, high], against, link }: Held,
  first: number,
  [difference, ratio]: readonly [Estimate, Estimate],
): [difference: Estimate, ratio: Estimate] {
  const to = (effect: number) => link.from(link.to(first) + effect);
  const at = (of: (x: number) => number) => ({ value: of(to(value)), low: of(to(low)), high: of(to(high)) });
  const { method } = against;
  return [
    placed(difference, { ...at((x) => x - first), method }),
    placed(ratio, { ...at((x) => x / first), method }),
  ];
}

/** What a row says it was held against; nothing if days had no say. */
export function heldAgainst(
  held: Held | undefined,
  measured: Estimate,
  ratio: Estimate,
  { daysOf }: AtMix["spread"],
): HeldAgainst | undefined {
  if (held !== undefined) {
    const { method, ...what } = held.against;
    return { against: method, ...what, days_factor: measured.value / ratio.value };
  }
  if (ratio.method !== "days-ar1") return undefined;
  const half = Math.log(ratio.high / ratio.low) / 2;
  const takes = Math.ceil((Math.min(...daysOf) / 7) * (half / Math.log(1 + TOLD)) ** 2);
  const told = Number.isFinite(half) ? { unseen: Math.exp(half) - 1, takes } : {};
  return { against: "days-ar1", days_factor: 1, ...told };
}

/**
 * True if the control moved further than what is compared did: then it may be the control that was changed, and nobody knows of
 * it.
 */
export const isControlFurther = (
  { against, days_factor: days = 1 }: Partial<HeldAgainst>,
  { value }: Pick<Estimate, "value">,
): boolean => against === "days-control" && Math.abs(Math.log(days)) > Math.abs(Math.log(value * days));

/** The change for which the weeks are given that tell it. */
export const TOLD = 0.1;

/** An estimate at another place; what unknown outcomes may make of it moves along. */
function placed(estimate: Estimate, place: Pick<Estimate, "value" | "low" | "high" | "method">): Estimate {
  const { worst_case } = estimate;
  const by = place.value - estimate.value;
  const moved = worst_case && movedCase(worst_case, (x) => x + by);
  if (moved === undefined) return { ...estimate, ...place };
  const [below, above] = [estimate.low + by - place.low, place.high - (estimate.high + by)];
  return {
    ...estimate,
    ...place,
    worst_case: { ...moved, low: moved.low - Math.max(0, below), high: moved.high + Math.max(0, above) },
  };
}
