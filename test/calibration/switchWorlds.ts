import type { DayValue } from "../../src/stats/dayMixture";
import { type Random, random } from "../../src/stats/random";

/** What days have in common: an independent part and one that carries over, each with its standard deviation. */
export interface Days {
  name: string;
  what: string;
  rho: number;
  sd: number;
  /** A second part, independent from day to day. */
  apart?: number;
}

export const kindsOfDays: Days[] = [
  { name: "none", what: "days do not differ", rho: 0, sd: 0 },
  { name: "iid", what: "days differ by 20 %", rho: 0, sd: 0.2 },
  { name: "ar5", what: "by 15 %, carrying over .5", rho: 0.5, sd: 0.15 },
  { name: "ar8", what: "by 20 %, carrying over .8", rho: 0.8, sd: 0.2 },
];
/** A slow part that hides under independent days. */
const hidden: Days = {
  name: "hidden",
  what: "by 10 %, and by 10 % carrying over .8",
  rho: 0.8,
  sd: 0.1,
  apart: 0.1,
};

export interface SwitchWorld {
  name: string;
  section: "alone" | "control" | "partly" | "weeks" | "parallel";
  days: Days;
  before: number;
  after: number;
  /** The own noise of a day of about 70 calls. */
  noise: number;
  /** What the control has of days of its own, and the model too. */
  own?: Days;
}

const ownDays: Days = { name: "own", what: "", rho: 0.8, sd: 0.1 };
const spans = [
  { before: 28, after: 28, noise: 0.082 },
  { before: 7, after: 7, noise: 0.067 },
];
const over = (section: SwitchWorld["section"], more: Partial<SwitchWorld> = {}): SwitchWorld[] =>
  spans.flatMap((span) =>
    kindsOfDays.map((days) => ({
      ...{ name: `${section} ${span.before} ${days.name}`, section, days },
      ...span,
      ...more,
    })),
  );

export const switchWorlds: SwitchWorld[] = [
  ...over("alone"),
  ...spans.map(
    (span): SwitchWorld => ({
      ...{ name: `alone ${span.before} ar95`, section: "alone", ...span },
      days: { name: "ar95", what: "by 20 %, carrying over .95", rho: 0.95, sd: 0.2 },
    }),
  ),
  ...spans.map(
    (span): SwitchWorld => ({
      ...{ name: `alone ${span.before} own`, section: "alone", ...span, own: ownDays },
      days: { ...kindsOfDays[3], what: "by 20 %, and by 10 % of its own, both carrying over .8" },
    }),
  ),
  ...over("control"),
  ...over("partly", { own: ownDays }),
  ...over("parallel"),
  ...spans.flatMap((span) =>
    [
      { ...ownDays, name: "apart", what: "by 20 %, and by 10 % of its own", rho: 0 },
      { ...ownDays, what: "by 20 %, and by 10 % of its own, carrying over .8" },
    ].map(
      (own): SwitchWorld => ({
        ...{ name: `parallel ${span.before} ${own.name}`, section: "parallel", ...span, own },
        days: { ...kindsOfDays[1], what: own.what },
      }),
    ),
  ),
  ...[
    { weeks: 8, after: 7 },
    { weeks: 20, after: 7 },
    { weeks: 20, after: 28 },
  ].flatMap(({ weeks, after }) =>
    [...kindsOfDays, hidden].map(
      (days): SwitchWorld => ({
        ...{ name: `weeks ${weeks} ${after / 7} ${days.name}`, section: "weeks", days },
        ...{ before: 7 * weeks, after, noise: 0.082 },
      }),
    ),
  ),
];

/** The daily values of one log without an effect, and those of its control. */
export function daysOfSwitch(world: SwitchWorld, seed: number): { days: DayValue[]; control?: DayValue[] } {
  const r = random(seed, 23);
  const { before, after, section, noise, own } = world;
  const count = section === "parallel" ? before : before + after;
  const shared = seriesOf(r, count, world.days);
  const valuesOf = (sides: (day: number) => boolean): DayValue[] => {
    const mine = own === undefined ? shared.map(() => 0) : seriesOf(r, count, own);
    return shared.map((common, day) => ({
      ...{ day, second: sides(day), weight: 70 },
      value: common + mine[day] + noise * r.normal(),
    }));
  };
  const isAfter = (day: number) => day >= before;
  if (section === "parallel") return { days: [...valuesOf(() => false), ...valuesOf(() => true)] };
  const days = valuesOf(isAfter);
  return section === "control" || section === "partly" ? { days, control: valuesOf(isAfter) } : { days };
}

function seriesOf(r: Random, count: number, { rho, sd, apart = 0 }: Days): number[] {
  let slow = sd * r.normal();
  return Array.from({ length: count }, (_, day) => {
    if (day > 0) slow = rho * slow + Math.sqrt(1 - rho ** 2) * sd * r.normal();
    return slow + apart * r.normal();
  });
}
