// Whether studies of the planned length find the planned difference as often as planned.
// node --import tsx test/calibration/plan.ts [--pilots 10 --studies 30 --traffic "even users" --looks once --write]
// --write keeps the tables in docs/simulations/plan.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { lookBound, lookReach } from "../../src/decide/plan/looks";
import { plan } from "../../src/decide/plan/plan";
import { normalQuantile } from "../../src/stats/normal";
import { studentTQuantile } from "../../src/stats/studentT";
import { withCalls } from "../measures/calls";
import { differenceIn, type Metric, serve, type Visits, visits } from "./planStudy";

const { values } = parseArgs({
  options: {
    pilots: { type: "string", default: "10" },
    studies: { type: "string", default: "30" },
    traffic: { type: "string" },
    metric: { type: "string" },
    looks: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const [pilots, studies] = [Number(values.pilots), Number(values.studies)];

const questions: { metric: Metric; factor: number }[] = [
  { metric: "duration_p95", factor: 1.15 },
  { metric: "error_rate", factor: 1.4 },
  { metric: "cost_per_task", factor: 1.12 },
];
/** Days of the log that the plan is based on. */
const pilotDays = 14;

const callsOf = (of: Visits, seed: number) =>
  serve(of, { days: pilotDays, seed }).map(({ user, at, duration, cost, failed }, i) => ({
    call_id: `c${i}`,
    task_id: `t${i}`,
    user_id: `u${user}`,
    model: "m",
    started_at: new Date(Date.UTC(2026, 2, 2) + at * 864e5).toISOString().slice(0, 23),
    duration,
    cost,
    status: failed === 1 ? "error" : "ok",
  }));

/** The planned length, from each of several logs of the same traffic. */
async function plansOf(of: Visits, metric: Metric, factor: number, anytime: boolean, some: number) {
  const found = [];
  for (let pilot = 1; pilot <= some; pilot++)
    found.push(
      await withCalls(callsOf(of, pilot), async (store) => {
        const { rows } = await plan(store, { metrics: metric, ratio: factor, anytime, cluster: "user_id" });
        return rows[0];
      }),
    );
  return found;
}

const leavesOut = ({ low, high }: { low: number; high: number }) => low > 0 || high < 0;

/** Times the planned days after which a study that has not reached its end is given up. */
const PATIENCE = 3;

/** Whether a study with a look every week shows a difference until its end, and how many days it took. */
function shownAnyWeek(
  of: Visits,
  study: { days: number; seed: number; metric: Metric; factor: number },
  difference: number,
): { shown: boolean; days: number } {
  const most = PATIENCE * study.days;
  const calls = serve(of, { ...study, days: most });
  const end = difference / (lookBound(0.95) + normalQuantile(0.8));
  for (let look = 1; look <= Math.ceil(most / 7); look++) {
    const day = Math.min(7 * look, most);
    const until = calls.filter(({ at }) => at <= day);
    const seen = differenceIn(until, study.metric);
    const clusters = new Set(until.map(({ user }) => user)).size;
    const error = (seen.high - seen.low) / (2 * studentTQuantile(0.975, Math.max(1, clusters - 2)));
    if (!Number.isFinite(error)) continue;
    if (Math.abs(seen.value) > lookReach(error, end, 0.95)) return { shown: true, days: day };
    if (error <= end) return { shown: false, days: day };
  }
  return { shown: false, days: most };
}

const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;

async function main(): Promise<void> {
  const parts: string[] = [];
  for (const anytime of [false, true]) {
    if (values.looks !== undefined && (values.looks === "once") === anytime) continue;
    // A look every week needs many intervals per study, so fewer are run: half the plans, two thirds of the studies.
    const [some, count] = anytime ? [Math.ceil(pilots / 2), Math.ceil((studies * 2) / 3)] : [pilots, studies];
    const head = anytime
      ? [
          "looked at every week",
          "With `--anytime`: the study ends at the first look that shows a difference, or whose standard error is the one that the plan is for. It may go on for three times the days planned; the table gives how long it took on average.",
        ]
      : ["looked at once, at the end", "Two equal arms, split by user, 80 % power at 95 % confidence."];
    const rows: string[] = [];
    const whole = { found: 0, alarms: 0, studies: 0 };
    for (const of of visits.filter(({ name }) => name === (values.traffic ?? name)))
      for (const { metric, factor } of questions.filter(
        (one) => one.metric === (values.metric ?? one.metric),
      )) {
        const plans = (await plansOf(of, metric, factor, anytime, some)).filter(({ days }) =>
          Number.isFinite(days),
        );
        const days = plans.map((row) => row.days).sort((a, b) => a - b);
        let [found, alarms, all, took] = [0, 0, 0, 0];
        const each: number[] = [];
        for (const [at, row] of plans.entries()) {
          let own = 0;
          for (let study = 0; study < count; study++) {
            const one = { days: row.days, metric, seed: 100_000 + at * 1_000 + study };
            const studied = (by: number) =>
              anytime
                ? shownAnyWeek(of, { ...one, factor: by }, Math.abs(row.difference))
                : {
                    shown: leavesOut(differenceIn(serve(of, { ...one, factor: by }), metric)),
                    days: row.days,
                  };
            const { shown, days: lasted } = studied(factor);
            if (shown) own++;
            took += lasted / row.days;
            if (studied(1).shown) alarms++;
            all++;
          }
          found += own;
          each.push(own / count);
        }
        whole.found += found;
        whole.alarms += alarms;
        whole.studies += all;
        each.sort((a, b) => a - b);
        rows.push(
          `| ${[
            of.name,
            metric,
            `× ${factor}`,
            `${days[0]?.toFixed(1)} to ${days.at(-1)?.toFixed(1)}`,
            percent(
              plans.reduce((sum, { power }) => sum + (power?.value ?? 0), 0),
              plans.length,
            ),
            percent(found, all),
            `${percent(each[0], 1)} to ${percent(each.at(-1) as number, 1)}`,
            percent(alarms, all),
            ...(anytime ? [`${(took / all).toFixed(2)} ×`] : []),
            `${plans.length} × ${count}`,
          ].join(" | ")} |`,
        );
        console.error(rows.at(-1));
      }
    const { found, alarms, studies: of } = whole;
    const sum = `In all, ${percent(found, of)} of ${of} studies found the difference, and ${percent(alarms, of)} one where nothing differs.`;
    parts.push([`## ${head[0]}`, "", head[1], "", ...titles(anytime), ...rows, "", sum, ""].join("\n"));
  }
  const text = [intro, ...parts].join("\n");
  console.log(text);
  if (values.write) writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "plan.md"), text);
}

function titles(anytime: boolean): string[] {
  const names = [
    ...["traffic", "metric", "to find", "days planned", "power stated", "found", "by plan"],
    ...["found where nothing differs", ...(anytime ? ["took, of the days planned"] : []), "studies"],
  ];
  return [`| ${names.join(" | ")} |`, `|${"---|".repeat(names.length)}`];
}

const intro = `# Whether planned studies find what they are planned to find

Traffic is made up, of users who differ in pace and luck:

${visits.map(({ name, what }) => `- ${name}: ${what}`).join("\n")}

From each of several logs of ${pilotDays} days \`plan\` says how many days a study takes. Studies of that length are then made up
anew, with the difference and without it, and counted where the interval of the difference leaves 0 out. "By plan" is the
lowest and the highest share over the plans: a plan knows of the traffic's spread only what its own log shows, so single
plans ask for too few or too many days, the more so the fewer users make most of the calls. "Power stated" is what the plans
say of themselves, on average. "Studies" are plans by studies each: what is found is known to 5 to 8 points. A plan of
returning users says so where no length settles it; such plans are left out here.
Made by \`node --import tsx test/calibration/plan.ts --write\`; costs of Zipf users with \`--pilots 16 --studies 16\`.
`;

main();
