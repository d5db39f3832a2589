// Whether what a share of the users says of a log holds for the whole of it.
// node --import tsx test/calibration/sharpen.ts [WORD --draws 100 --from 1 --write]
// --write keeps the counts in test/calibration/sharpenResults.json and makes docs/simulations/sharpen.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sharpen } from "../../src/explore/sharpen";
import { metricTable } from "../../src/measures/metricTable";
import type { Estimate } from "../../src/stats/estimate";
import { wilson } from "../../src/stats/rate";
import { open, type Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { recordLines } from "../recordLines";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    draws: { type: "string", default: "100" },
    from: { type: "string", default: "1" },
    write: { type: "boolean", default: false },
  },
});
const CALLS = 20_000;
const metrics = ["duration_p50", "duration_p95", "error_rate", "resolve_rate", "cost_per_task"];
const shares = [0.05, 0.2];

/** How a log's calls are spread over users: the rank of a task's user among 400, from a number drawn between 0 and 1. */
const worlds = [
  { name: "even", what: "400 users with about as many calls each", user: "'u' || floor(400 * u)::int" },
  {
    name: "uneven",
    what: "400 users, the tenth that ask most with two thirds of the calls",
    user: "'u' || floor(400 * u ** 3)::int",
  },
  {
    name: "heavy",
    what: "400 users, one with a tenth of the calls",
    user: "'u' || floor(400 * greatest(0, u - 0.1) / 0.9)::int",
  },
  { name: "no ids", what: "no user or conversation is known, only tasks", user: "null" },
];

interface Count {
  world: string;
  share: number;
  metric: string;
  draws: number;
  held: number;
  open: number;
  width: number;
}

/** A log whose users differ in speed, success and spending, as its hours do a little. */
async function logOf(user: string, seed: number): Promise<Store> {
  const store = await open(":memory:");
  const drawn = (of: string, name: string) => `(hash(${of}, '${name}', ${seed}) % 1000003 / 1000003.0)`;
  const normal = (of: string, name: string) =>
    `(sqrt(-2 * ln(1 - ${drawn(of, name)})) * cos(2 * pi() * ${drawn(of, `${name} turned`)}))`;
  const own = `coalesce(user_id || ' of log ' || ${seed}, task_id)`;
  await run(
    store.connection,
    `create temp table made as
       select i, 't' || i // 2 as task_id, case when ${user} is not null then md5(${user} || ' ${seed}') end as user_id,
         timestamp '2026-03-02' + to_seconds((${drawn("i // 2", "when")} * 28 * 86400)::int + i % 2 * 60) as started_at
       from (select i, ${drawn("i // 2", "who")} as u from range(${CALLS}) as _(i));
     insert into calls by name select 'c' || i as call_id, task_id, user_id, 'm' as model, started_at,
         exp(0.3 * ${normal(own, "slow")} + 0.1 * ${normal("date_trunc('hour', started_at)", "hour")} + 0.7 * ${normal("i", "call")}) as duration,
         if(${drawn("i", "fails")} < 0.04 * exp(0.5 * ${normal(own, "fails")}), 'error', 'ok') as status,
         0.01 * exp(0.6 * ${normal(own, "long")} + 0.8 * ${normal("i", "cost")}) as cost
       from made;
     insert into tasks by name select task_id, ${drawn("task_id", "well")} < 1 / (1 + exp(-1 - 0.7 * ${normal(own.replace("user_id", "any_value(user_id)"), "hard")})) as resolved
       from made group by task_id`,
  );
  return store;
}

const estimatesOf = async (store: Store): Promise<Record<string, Estimate>> =>
  (await metricTable(store, { by: "model", metrics })).rows[0] as unknown as Record<string, Estimate>;

async function counted(world: (typeof worlds)[number], seed: number): Promise<Count[]> {
  const store = await logOf(world.user, seed);
  try {
    const whole = await estimatesOf(store);
    const counts: Count[] = [];
    for (const share of shares)
      for await (const { value } of sharpen(store, estimatesOf, { first: share * CALLS, within: 1e-9 }))
        for (const metric of metrics) {
          const [{ value: truth, low: lowest, high: highest }, { low, high }] = [
            whole[metric],
            value[metric],
          ];
          const isOpen = !(Number.isFinite(low) && Number.isFinite(high));
          counts.push({
            ...{ world: world.name, share, metric, draws: 1 },
            held: !(low > truth) && !(high < truth) ? 1 : 0,
            open: isOpen ? 1 : 0,
            width: isOpen ? 0 : (high - low) / (highest - lowest),
          });
        }
    return counts;
  } finally {
    store.close();
  }
}

const keyOf = ({ world, share, metric }: Count) => `${world} ${share} ${metric}`;

function page(counts: readonly Count[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const rows = counts.map(({ world, share, metric, draws, held, open: unbounded, width }) => {
    const { low, high } = wilson(held, draws);
    const wide = draws === unbounded ? "" : (width / (draws - unbounded)).toFixed(1);
    return `| ${worlds.find(({ name }) => name === world)?.what} | ${100 * share} % | ${metric} | ${draws} | ${percent(held / draws)} | ${percent(low)} to ${percent(high)} | ${percent(unbounded / draws)} | ${wide} |`;
  });
  return `# What a share of the users says of a log

\`--within\` and \`sharpen\` answer from whole users drawn by a hash of the id. Counted here: how often the 95 % interval of such an
answer holds the number of the whole log, on logs of ${CALLS.toLocaleString("en")} calls in two-call tasks over 28 days whose users differ in speed, failures, success and
spending. "Open" are intervals without an end. "Width" is the mean width of the others in widths of the whole log's own interval. The
range is Wilson's.

An interval covers more than what the rest of the log says: it is made for all traffic like this, of which the whole log is a sample too.
Each answer's intervals hold by themselves; who stops at the answer that pleases has chosen among several.

Made by \`node --import tsx test/calibration/sharpen.ts --write\`; the draws follow from their seeds.

| log | share | metric | draws | hold the whole log's number | | open | width |
|---|--:|---|--:|--:|---|--:|--:|
${rows.join("\n")}
`;
}

async function main() {
  const file = join(__dirname, "sharpenResults.json");
  const kept: Count[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const counts = new Map(kept.map((count) => [keyOf(count), count]));
  const chosen = worlds.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const save = () => {
    if (!values.write) return;
    writeFileSync(file, recordLines([...counts.values()]));
    writeFileSync(join(__dirname, "../../docs/simulations/sharpen.md"), page([...counts.values()]));
  };
  for (let seed = Number(values.from); seed < Number(values.from) + Number(values.draws); seed++) {
    for (const world of chosen)
      for (const one of await counted(world, seed)) {
        const sum = counts.get(keyOf(one)) ?? { ...one, draws: 0, held: 0, open: 0, width: 0 };
        for (const name of ["draws", "held", "open", "width"] as const) sum[name] += one[name];
        counts.set(keyOf(one), sum);
      }
    save();
  }
  save();
  console.log(page([...counts.values()]));
}

main();
