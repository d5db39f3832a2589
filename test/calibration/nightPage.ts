import { type NightWorld, nightWorlds } from "./nightWorlds";

/** How many logs there are in which a limit ever failed and ever passed. */
export interface Tally {
  /** "each" if a bound is for one look, "anytime" if for all. */
  way: string;
  /** A metric, or "any" for all limits of a log together. */
  metric: string;
  logs: number;
  fails: number;
  passes: number;
}

export interface Result {
  name: string;
  tallies: Tally[];
}

const share = (k: number, n: number) =>
  `${((100 * k) / n).toFixed(1)} ± ${((100 * Math.sqrt(Math.max((k * (n - k)) / n, 0.5))) / n).toFixed(1)}`;

const names: Record<string, string> = {
  error_rate: "error rate",
  duration_p95: "p95 duration",
  cost_per_task: "cost per task",
  any: "any of the three",
};

const againstText = (growing: readonly NightWorld[]) =>
  growing.some(({ against }) => against !== undefined)
    ? ' Against a\nbaseline (`--against`), limits are "at most 1 times the baseline", and nothing has changed since; the rows against one were counted before\n`--anytime` waited two weeks.'
    : "";

/** The page of all results. */
export function page(results: readonly Result[]): string {
  const known = nightWorlds.filter(({ name }) => results.some((one) => one.name === name));
  const of = ({ name }: NightWorld, metric: string, way = "each") =>
    results
      .find((one) => one.name === name)
      ?.tallies.find((one) => one.metric === metric && one.way === way) as Tally;
  const once = known.filter(({ kind }) => kind !== "growing");
  const saved = known.some(({ kind }) => kind === "saved")
    ? ' Against saved numbers, which are at 95 %, limits are "at most 1 times\nthe baseline", and the release has the same true values.'
    : "";
  const growing = known.filter(({ kind }) => kind === "growing");
  const each = (world: NightWorld, metrics: readonly string[], line: (metric: string) => string[]) =>
    metrics.map(
      (metric, at) => `| ${[at === 0 ? world.what : "", names[metric], ...line(metric)].join(" | ")} |`,
    );
  return `# How often a gate fails falsely

Made-up logs in which nothing changes and every value is exactly at its limit, the worst case for a gate: an error rate of 5 %, the
true p95 of the duration, the true mean cost of a task, each "at most". Users differ, hours have something in common, costs are
skewed. A limit that fails here fails falsely; at --level 0.95 that should happen in at most 5 of 100 runs, for any of the limits
of a run together. A limit that passes here is right, but by luck. Values that are further from their limits fail falsely less often.

Made by \`node --import tsx test/calibration/nights.ts --write\`, with the verdicts of \`check\` over the bounds of the measures; only that many
logs lie in one store is different. ± is one standard error of the count.

## Each run has new calls

| logs | limit | fails falsely, % | passes, % |
| --- | --- | --: | --: |
${once
  .flatMap((world) =>
    each(world, [...world.metrics, "any"], (metric) => {
      const { logs, fails, passes } = of(world, metric);
      return [share(fails, logs), share(passes, logs)];
    }),
  )
  .join("\n")}

All three limits of a log share its 5 %.${saved}

## A log that grows

Each limit is alone, and is looked at again and again. "At some night" counts logs in which a limit failed at one look or more. With
\`--anytime\` these are fewer than 5 in 100: its 5 are for a log that grows to a thousand times its first night, and these grow to 24 times.${againstText(growing)}

| logs | limit | fails falsely at some night, % | with --anytime, % |
| --- | --- | --: | --: |
${growing
  .flatMap((world) =>
    each(world, world.metrics, (metric) =>
      ["each", "anytime"].map((way) => share(of(world, metric, way).fails, of(world, metric, way).logs)),
    ),
  )
  .join("\n")}
`;
}
