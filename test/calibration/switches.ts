// How often `compare --switch` states a change where nothing changed but the days, and how often it finds one.
// node --import tsx test/calibration/switches.ts [WORD... --draws 300 --write]
// Words choose worlds by their names. --write keeps each in test/calibration/switchResults.json, and all of them in
// docs/simulations/switches.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isControlFurther } from "../../src/decide/compare/compareHeld";
import { type Against, doubtOfDays, switchEffect } from "../../src/decide/compare/switchEffect";
import { type DayEffect, type DayValue, dayMixture, type Effect } from "../../src/stats/dayMixture";
import { normalCdf } from "../../src/stats/normal";
import { recordLines } from "../recordLines";
import { oracleError } from "./switchOracle";
import { daysOfSwitch, type SwitchWorld, switchWorlds } from "./switchWorlds";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { draws: { type: "string", default: "300" }, write: { type: "boolean", default: false } },
});
const draws = Number(values.draws);
const changes = [1.1, 1.2];

interface Result {
  name: string;
  draws: number;
  /** Logs without a change whose interval holds that there is none, and those in which one is settled. */
  covers: number;
  wrong: number;
  /** Of logs with each change: found, and nothing stated. */
  found: number[];
  open: number[];
  /** Of those found, the ones that lead if the control was not changed, which moved further, or if days are alike. */
  hinging: number[];
  /** The logs held against a control, or against weeks; all others speak for themselves. */
  methods: Record<Against["method"], number>;
  width: number;
}

/** What `compare` does with days. */
function held(
  days: readonly DayValue[],
  control: readonly DayValue[] | undefined,
  { section, noise }: SwitchWorld,
): { effect: Effect; doubt: number; method?: Against["method"] } {
  const found = switchEffect(days, control, 2 * noise ** 2);
  if (found !== undefined) return { ...found, method: found.against.method };
  const effect = dayMixture(days) as DayEffect;
  const daysOf = [true, false].map((side) => days.filter(({ second }) => second === side).length);
  return {
    effect,
    doubt: section === "parallel" ? effect.p : doubtOfDays(effect.p, daysOf, effect.carriesOver),
  };
}

function resultOf(world: SwitchWorld): Result {
  const none = { "days-control": 0, "days-weeks": 0 };
  const result: Result = {
    ...{
      name: world.name,
      draws,
      covers: 0,
      wrong: 0,
      found: changes.map(() => 0),
      open: changes.map(() => 0),
    },
    ...{ hinging: changes.map(() => 0), methods: none, width: 0 },
  };
  for (let seed = 1; seed <= draws; seed++) {
    const { days, control } = daysOfSwitch(world, 7000 + seed);
    const { effect, doubt, method } = held(days, control, world);
    const [low, high] = effect.bounds(0.95);
    const isHinging = (by: number, doubted: number) => {
      const days_factor = Math.exp(apart(control ?? []));
      const ratio = Math.exp(apart(days) + by) / days_factor;
      return doubted > 0.05 || isControlFurther({ against: method, days_factor }, { value: ratio });
    };
    if ((low > 0 || high < 0) && !isHinging(0, doubt)) result.wrong++;
    if (low <= 0 && high >= 0) result.covers++;
    if (method !== undefined) result.methods[method]++;
    result.width += (high - low) / draws;
    // The effect is additive on this scale, so that one interval tells of every change.
    for (const [at, times] of changes.entries()) {
      const by = Math.log(times);
      if (low + by > 0) {
        result.found[at]++;
        const moved = days.map((one) => (one.second ? { ...one, value: one.value + by } : one));
        if (isHinging(by, held(moved, control, world).doubt)) result.hinging[at]++;
      } else if (high + by >= 0) result.open[at]++;
    }
  }
  return result;
}

/** How far the days after are from those before. */
function apart(days: readonly DayValue[]): number {
  const mean = (second: boolean) => {
    const own = days.filter((one) => one.second === second);
    return own.reduce((sum, { value }) => sum + value, 0) / own.length;
  };
  return mean(true) - mean(false);
}

const rate = (k: number, n: number) => (k / n).toFixed(n < 1000 ? 2 : 3).replace(/^0/, "");
const oracle = (world: SwitchWorld, times: number) =>
  normalCdf(Math.log(times) / oracleError(world) - 1.96)
    .toFixed(2)
    .replace(/^0/, "");

const sections: Record<SwitchWorld["section"], [title: string, about: string]> = {
  alone: [
    "The days alone",
    "Nothing else is in the log: what days share and carry over is told from them. One process has to describe how they carry over.",
  ],
  control: [
    "Against a model that ran on the same days",
    "What days share is the same for both models. The control brings noise of its own: where days do not differ it is not taken.",
  ],
  partly: [
    "Against a model that shares a part of its days",
    "Besides, each of the two models has days of its own, which differ by 10 % and carry over .8.",
  ],
  weeks: [
    "Against earlier weeks",
    "The oracle knows how far such weeks are apart. One week after the switch is held against the last before it, four against four.",
  ],
  parallel: [
    "Two models on the same days",
    "No switch: both models ran on every day, so what days share cancels out. How far each model's own days carry over is estimated from the daily differences.",
  ],
};

/** Coverage below which a row is marked, with two standard errors allowed for. */
const short = ({ covers, draws: n }: Result) => covers / n + 2 * Math.sqrt((0.05 * 0.95) / n) < 0.95;

function rowOf(world: SwitchWorld, one: Result): string {
  const { covers, wrong, draws: n, found, open, methods, width, hinging } = one;
  const span =
    world.section === "weeks"
      ? `${world.before / 7} weeks before, ${world.after / 7} after`
      : world.section === "parallel"
        ? `${world.before} days`
        : `${world.before} + ${world.after} days`;
  const against = [
    methods["days-control"] > 0 ? `control ${rate(methods["days-control"], n)}` : "",
    methods["days-weeks"] > 0 ? `weeks ${rate(methods["days-weeks"], n)}` : "",
  ].filter((text) => text !== "");
  const cells = [
    ...[span, world.days.what, `${n}`, against.join(", ") || "days 1.00"],
    ...[rate(wrong, n), `${rate(covers, n)}${short(one) ? " **short**" : ""}`],
    ...changes.map((times, at) => `${rate(found[at], n)} (${oracle(world, times)})`),
    ...[rate(open[0], n), hinging.map((k) => rate(k, n)).join(", "), width.toFixed(2)],
  ];
  return `| ${cells.join(" | ")} |`;
}

function page(results: readonly Result[]): string {
  const sectionText = (section: SwitchWorld["section"]) => {
    const [title, about] = sections[section];
    const rows = switchWorlds.flatMap((world) => {
      const one = results.find(({ name }) => name === world.name);
      return world.section !== section || one === undefined ? [] : [rowOf(world, one)];
    });
    return `## ${title}

${about}

| log | days | logs | held against | false | covers | finds 10 % (oracle) | finds 20 % (oracle) | cannot tell at 10 % | of those found, lead if | width |
| --- | --- | --: | --- | --: | --: | --: | --: | --: | --: | --: |
${rows.join("\n")}`;
  };
  return `# Whether a switch changed anything, or the days did

\`compare --switch\` holds what is left at the same mix against the first of these that the log allows: a model that was not switched
and ran on the same days; eight earlier weeks or more; the days themselves. Here each is counted on daily values whose truth is known:
the logarithm of a day's number is that day's common part and noise of standard deviation ${switchWorlds[0].noise} (${switchWorlds[4].noise} with 7 days a side), as of some
70 calls. "False" is a settled change where there is none, and "covers" an interval at 95 % that holds the truth. The oracle knows every
variance, and takes the control off wherever there is one, even where days do not differ. A change is not settled, and leads if days are alike or the control was not changed, where the control moved further than the calls compared;
with less than two weeks a side, where the days without a prior for a control, or at half the level without one, leave it open; with more
and no control, at the level over 1 and the share of a day that carries over; and against
weeks where their medians show less than two thirds of it. The share of logs with such an answer stands beside those found, for 10 % and for 20 %. "Width" is that of the interval, in logarithms. "Short" marks coverage
below 95 % by more than chance.

Made by \`node --import tsx test/calibration/switches.ts --write\`; of 300 logs a rate of .05 is known to ± .025, of
2,000 (\`alone parallel --draws 2000\`) to ± .01. The prior that nothing carries over once a
control is taken off (.8) was chosen among five on other logs of the same kind.

${(["control", "partly", "weeks", "alone", "parallel"] as const).map(sectionText).join("\n\n")}

## What falls short

A control that shares a part of its days alone leaves days of its own behind. Where these differ more than calls make them (1.3 times, the
variance of calls being known here and estimated in a log), nothing is taken for granted of what carries over; a week a side does not show
it, so that there most of what is found leads if days are alike, and is not settled. With a week a side a control finds 10 % in a third of
the logs, where one who knew that nothing carries over would in .47; with four weeks in about .8 of .87. Four weeks a side of the days
alone that carry over .8 are false in 4 of 100, and in 9 where they carry over .95. Where days differ and no control is in the
log, no method finds 10 % in more than every third log, nor does the oracle in many more: that takes a control, not more care. Against
earlier weeks one week after the switch is about as good as the oracle, and four weeks after twenty lose a tenth of what it finds,
since few such spans fit before it. Two models that ran on the same
days are compared day by day, whatever the days share. Where each model's own days carry over, the models do differ in these weeks, but
need not in the next: own days of 10 % that carry over .8 pass for a difference in one of eight logs of four weeks (in four of ten if no
day carried over), and in one of five of a week, which hardly shows what carries over.
`;
}

function main(): void {
  const file = join(__dirname, "switchResults.json");
  const kept: Result[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const wanted = switchWorlds.filter(
    ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
  );
  for (const world of wanted) {
    const result = resultOf(world);
    console.log(rowOf(world, result));
    kept.splice(0, kept.length, ...kept.filter(({ name }) => name !== world.name), result);
    if (values.write) writeFileSync(file, recordLines(kept));
  }
  if (values.write)
    writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "switches.md"), page(kept));
}

main();
