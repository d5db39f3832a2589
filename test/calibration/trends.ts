// How often `trend` states a change or raises an alert where nothing changed, and how soon it finds one.
// node --import tsx test/calibration/trends.ts [WORLD... --seeds 200 --write]
// --write keeps each world's results in test/calibration/trendResults.json, and all of them in
// docs/simulations/trends.md. The word "courses" counts reports of several courses instead (--seeds: how many).
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { changesOf } from "../../src/measures/trend/course";
import { quantile } from "../../src/stats/quantile";
import { recordLines } from "../recordLines";
import { COURSES, type CourseCount, countCourses } from "./coursesTally";
import { binsOfTrend, type TrendWorld, trendWorlds } from "./trendWorlds";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: "string", default: "200" }, write: { type: "boolean", default: false } },
});
const seeds = Number(values.seeds);
const level = 0.95;
const quiet = 365;
/** Days before an alert can be raised. */
const FIRST = 14;

interface Result {
  name: string;
  worlds: number;
  /** Logs with a change stated where there is none, or in addition to the real one. */
  wrong: number;
  /** Days checked before any change, alerts on them, and those of them that are settled. */
  quietDays: number;
  alerts: number;
  settled: number;
  /**
   * Of logs with a change: those in which it is stated, and of these, those whose date and size intervals hold the
   * truth.
   */
  stated: number;
  dates: number;
  sizes: number;
  /** Those in which an alert found it, and the number of days it took; and the same of settled ones. */
  found: number;
  delays: number[];
  sure: number[];
}

function resultOf(world: TrendWorld): Result {
  const result: Result = {
    ...{
      name: world.name,
      worlds: seeds,
      wrong: 0,
      quietDays: 0,
      alerts: 0,
      settled: 0,
      stated: 0,
      dates: 0,
      sizes: 0,
    },
    ...{ found: 0, delays: [], sure: [] },
  };
  const { at = world.days, ramp = 1 } = world.change ?? {};
  for (let seed = 1; seed <= seeds; seed++) {
    const { bins, truth } = binsOfTrend(world, seed);
    const found = changesOf(bins, { isDaily: true, level, quiet });
    const stated = found.changes.filter(({ isDrift }) => !isDrift);
    const own = stated.filter(({ low, high }) => low <= at + ramp && high >= at - 1);
    if (stated.length > Math.min(own.length, world.change === undefined ? 0 : 1)) result.wrong++;
    result.quietDays += Math.max(0, at - FIRST);
    result.alerts += found.alerts.filter(({ index }) => index < at).length;
    result.settled += found.alerts.filter(({ sure = at }) => sure < at).length;
    if (world.change === undefined) continue;
    const [one] = own;
    if (one !== undefined) {
      result.stated++;
      if (one.low <= at && one.high >= at) result.dates++;
      if (one.by.low <= truth && one.by.high >= truth) result.sizes++;
    }
    const [settled] = found.alerts.flatMap(({ sure = -1 }) => (sure >= at ? [sure] : []));
    if (settled !== undefined) result.sure.push(settled - at + 1);
    const alert = found.alerts.find(({ index }) => index >= at);
    if (alert === undefined) continue;
    result.found++;
    result.delays.push(alert.index - at + 1);
  }
  return result;
}

const share = (k: number, n: number) =>
  n === 0
    ? "–"
    : `${((100 * k) / n).toFixed(1)} ± ${((100 * Math.sqrt(Math.max((k * (n - k)) / n, 0.5))) / n).toFixed(1)}`;

/** What the courses of a report go through: all of them, and the last, where it changes. */
const reports = [
  { name: "courses usual", what: "none changes", of: "usual", last: undefined },
  { name: "courses carried", what: "none changes, days carry over by .6", of: "carried", last: undefined },
  { name: "courses step", what: "one goes to 1.3 times", of: "usual", last: "step" },
];

function coursesPage(counts: readonly CourseCount[]): string {
  const rows = reports.flatMap(({ name, what, last }) =>
    counts
      .filter((one) => one.name === name)
      .map((one) => {
        const found =
          last === undefined
            ? "– | –"
            : `${share(one.foundAlone, one.reports)} | ${share(one.found, one.reports)}`;
        return `| ${what} | ${one.reports} | ${share(one.alone, one.reports)} | ${share(one.together, one.reports)} | ${found} |`;
      }),
  );
  return `
## Several courses in one report

A report of ${COURSES} courses shows a change if its chance is 95 % with even odds beforehand that none of them changed (Westfall, Johnson &
Utts 1997, doi:10.1093/biomet/84.2.419), which makes them 8 to 1 against each. "By itself" is a chance of 95 % with even odds for each.

| report | reports | a false change by itself, % | held together, % | the real one by itself, % | held together, % |
| --- | --: | --: | --: | --: | --: |
${rows.join("\n")}
`;
}

function page(results: readonly Result[]): string {
  const of = (world: TrendWorld) => results.find(({ name }) => name === world.name) as Result;
  const known = trendWorlds.filter(({ name }) => results.some((one) => one.name === name));
  const still = known.filter(({ change }) => change === undefined);
  const moved = known.filter(({ change }) => change !== undefined);
  const everyText = ({ quietDays }: Result, alerts: number) =>
    alerts === 0
      ? `none in ${quietDays}`
      : `${Math.round(quietDays / alerts)} (${Math.round(quietDays / (alerts + 2 * Math.sqrt(alerts)))} at worst)`;
  const delay = (delays: readonly number[], p: number) =>
    delays.length < 5 ? "–" : String(Math.round(quantile(delays, p)));
  const days = (some: readonly number[]) => `${delay(some, 0.5)}, ${delay(some, 0.9)}`;
  return `# Whether a trend changed

Logs of ${known[0]?.days ?? 90} days, unless it says otherwise, are drawn call by call: users differ, days have something in common that
carries over to the next day, weekends have fewer calls and another level. Every day is summed up as \`trend\` sums it up, and the courses go
through what \`trend\` does with them: changes stated from a chance of 95 % on, unless a steady drift explains the days around them as
well, and alerts, of which those whose claim is settled are to be false once in ${quiet} days; the others lead if days are alike.
Each world is drawn ${Math.min(...results.map(({ worlds }) => worlds))} times. All calls have one mix: how numbers are brought to one is counted in [compare](compare.md), and
the intervals of the days themselves in [clusters](clusters.md).

Made by \`node --import tsx test/calibration/trends.ts --write\`. ± is one standard error of the count; "at worst" is with two
standard errors more alerts than were counted.

## Where nothing changed

| world | a change is stated, % | days between false alerts | that are settled |
| --- | --: | --: | --: |
${still.map((world) => `| ${world.what} | ${share(of(world).wrong, of(world).worlds)} | ${everyText(of(world), of(world).alerts)} | ${everyText(of(world), of(world).settled)} |`).join("\n")}

Days that carry over to the next by .6 or more wander so far that a look at a few weeks takes it for a change: alerts are more
frequent there than one in ${quiet} days. A settled one has also been found under a prior of such days, (.1 + what carries over) to the
power of 4, chosen among four on other logs. Changes are looked for in the whole log; of several, all are held to a drift together. An alert
tells that the level moved, not how: a drift moves it, and raises many.

## Where something changed

"Stated" is a change whose dates reach within a day of the true one; of these the dates and the size that are given should hold the
truth 95 times in 100. "Beside it" are worlds with a further change stated. Alerts are counted where someone looks every day.

| world | stated, % | its dates hold the truth, % | its size does, % | beside it, % | an alert found it, % | days until then: median, 90 % within | a settled one, % | days until then: median, 90 % within |
| --- | --: | --: | --: | --: | --: | --: | --: | --: |
${moved
  .map((world) => {
    const one = of(world);
    return `| ${world.what} | ${share(one.stated, one.worlds)} | ${world.change?.ramp === undefined ? share(one.dates, one.stated) : "–"} | ${world.change?.ramp === undefined ? share(one.sizes, one.stated) : "–"} | ${share(one.wrong, one.worlds)} | ${share(one.found, one.worlds)} | ${days(one.delays)} | ${share(one.sure.length, one.worlds)} | ${days(one.sure)} |`;
  })
  .join("\n")}
`;
}

const courseFile = join(__dirname, "courseResults.json");
const coursesKept = (): CourseCount[] =>
  existsSync(courseFile) ? JSON.parse(readFileSync(courseFile, "utf8")) : [];

function tryReports(): void {
  const world = (wanted: string) => trendWorlds.find(({ name }) => name === wanted) as TrendWorld;
  for (const { name, of, last } of reports) {
    if (!positionals.some((word) => name.includes(word))) continue;
    const count = countCourses(name, world(of), seeds, world(last ?? of));
    console.log(JSON.stringify(count));
    const all = [...coursesKept().filter((one) => one.name !== name), count];
    if (values.write) writeFileSync(courseFile, recordLines(all));
  }
}

function main(): void {
  const file = join(__dirname, "trendResults.json");
  const kept: Result[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const wanted =
    positionals.length === 0 ? trendWorlds : trendWorlds.filter(({ name }) => positionals.includes(name));
  if (positionals.length === 0 || positionals.some((word) => word.startsWith("courses"))) tryReports();
  for (const world of wanted) {
    const result = resultOf(world);
    console.log(
      JSON.stringify({
        ...result,
        delays: undefined,
        sure: undefined,
        median: quantile([0, ...result.delays], 0.5),
      }),
    );
    kept.splice(0, kept.length, ...kept.filter(({ name }) => name !== world.name), result);
    if (values.write) writeFileSync(file, `${JSON.stringify(kept)}\n`);
  }
  if (values.write)
    writeFileSync(
      join(__dirname, "..", "..", "docs", "simulations", "trends.md"),
      page(kept) + coursesPage(coursesKept()),
    );
}

main();
