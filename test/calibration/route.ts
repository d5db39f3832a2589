// How often `route` sends tasks to a model that is worse, and how often its interval for the saving holds the truth.
// node --import tsx test/calibration/route.ts [--draws 100 --models "five equal" --write]
// --write keeps the tables in docs/simulations/route.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { route } from "../../src/decide/route/route";
import { random } from "../../src/stats/random";
import { run } from "../../src/store/run";
import { type Call, withCalls } from "../measures/calls";

const { values } = parseArgs({
  options: {
    draws: { type: "string", default: "100" },
    models: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});
const draws = Number(values.draws);

interface Model {
  name: string;
  price: number;
  resolves: number;
}

const kinds = 4;
const users = 80;

/**
 * Tasks of several kinds, with a fixed number per kind and model; users differ in cost and in how often their tasks are
 * resolved.
 */
function world(models: readonly Model[], each: number, seed: number): { calls: Call[]; resolved: boolean[] } {
  const r = random(seed, 71);
  const pace = Array.from({ length: users }, () => Math.exp(0.3 * r.normal()));
  const luck = Array.from({ length: users }, () => 0.08 * (r.uniform() - 0.5));
  const resolved: boolean[] = [];
  const calls = Array.from({ length: kinds }, (_, kind) =>
    models.flatMap(({ name, price, resolves }) =>
      Array.from({ length: each }, (): Call => {
        const user = r.integer(users);
        const length = 1 + r.integer(3);
        resolved.push(r.uniform() < resolves + luck[user]);
        const id = `${resolved.length}`;
        return {
          call_id: `c${id}`,
          task_id: `t${id}`,
          user_id: `u${user}`,
          workload: `kind ${kind}`,
          model: name,
          started_at: new Date(Date.UTC(2026, 4, 4) + r.integer(14 * 864e5)).toISOString().slice(0, 19),
          status: "ok",
          input_tokens: 600 * length + r.integer(300),
          output_tokens: 80,
          duration: 2,
          cost: 0.002 * price * length * pace[user] * Math.exp(0.7 * r.normal()),
        };
      }),
    ),
  ).flat();
  return { calls, resolved };
}

const meanCost = 0.002 * 2 * Math.exp(0.045 + 0.245);

interface Place {
  what: string;
  models: readonly Model[];
  each: readonly number[];
  floor?: string;
}

const flagship = { name: "aspen", price: 6, resolves: 0.78 };
const equals = ["aspen", "birch", "cedar", "elm", "fir"].map((name) => ({ name, price: 1, resolves: 0.7 }));
const places: readonly Place[] = [
  {
    what: "7 points worse, a sixth of the price",
    models: [flagship, { name: "birch", price: 1, resolves: 0.71 }],
    each: [40, 120, 400, 1_200],
  },
  {
    what: "as good, a sixth of the price",
    models: [flagship, { name: "birch", price: 1, resolves: 0.78 }],
    each: [40, 120, 400, 1_200],
  },
  {
    what: "as good, among three worse by 9 points",
    models: [
      flagship,
      { name: "birch", price: 3, resolves: 0.78 },
      ...["cedar", "elm", "fir"].map((name) => ({ name, price: 1, resolves: 0.69 })),
    ],
    each: [120, 400],
  },
  {
    what: "five equal models, all above a floor",
    models: equals,
    each: [80, 300],
    floor: "resolve_rate>=0.3",
  },
  {
    what: "five models 4 % apart in price, all above a floor",
    models: equals.map((one, at) => ({ ...one, price: 1.04 ** at })),
    each: [80, 300],
    floor: "resolve_rate>=0.3",
  },
];

const percent = (part: number, whole: number) =>
  whole === 0 ? "" : `${((100 * part) / whole).toFixed(1)} %`;
const holds = ({ low, high }: { low: number; high: number }, truth: number) => low <= truth && truth <= high;

async function main(): Promise<void> {
  const rows: string[] = [];
  for (const { what, models, each, floor } of places.filter((one) => one.what.includes(values.models)))
    for (const tasks of each) {
      const seen = { moved: 0, worse: 0, saving: 0, difference: 0, total: 0, shown: 0, said: 0, wrong: 0 };
      const misses: number[] = [];
      for (let draw = 1; draw <= draws; draw++) {
        const { calls, resolved } = world(models, tasks, 31_000 + draw);
        await withCalls(calls, async (store) => {
          const kept = resolved.map((one, i) => `('t${i + 1}', ${one})`).join(", ");
          await run(
            store.connection,
            `insert into tasks (task_id, workload, resolved) select id, workload, done from (values ${kept}) as o(id, done) join calls on task_id = id`,
          );
          const found = await route(store, { cluster: "user_id", floor });
          const of = (name: string) => models.find((one) => one.name === name) as Model;
          const top = of(found.flagship as string);
          let truth = 0;
          for (const row of found.rows) {
            const own = of(row.model as string);
            const saved = row.tasks * meanCost * (top.price - own.price);
            truth += saved;
            if (own === top) continue;
            seen.moved++;
            if (own.resolves < top.resolves - 0.05) seen.worse++;
            if (holds(row.saving, saved)) seen.saving++;
            if (holds(row.resolve_difference, own.resolves - top.resolves)) seen.difference++;
          }
          if (found.rows.every(({ model }) => model === top.name)) return;
          seen.shown++;
          const { saving, cost_flagship } = found.total;
          if (holds(saving, truth)) seen.total++;
          misses.push((saving.value - truth) / cost_flagship.value);
          if (found.verdict.includes("would have been saved")) {
            seen.said++;
            if (!(truth > 0)) seen.wrong++;
          }
        });
      }
      const off = misses.reduce((sum, one) => sum + one, 0) / misses.length;
      rows.push(
        `| ${[
          what,
          tasks,
          draws,
          percent(seen.moved, kinds * draws),
          percent(seen.worse, kinds * draws),
          percent(seen.saving, seen.moved),
          percent(seen.difference, seen.moved),
          percent(seen.total, seen.shown),
          misses.length === 0 ? "" : (100 * off).toFixed(1),
          percent(seen.said, draws),
          percent(seen.wrong, draws),
        ].join(" | ")} |`,
      );
      console.error(rows.at(-1));
    }
  const text = [head, ...rows, ""].join("\n");
  console.log(text);
  if (values.write) writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "route.md"), text);
}

const head = `# Whether routes hold

${kinds} kinds of task, each with so many tasks a model, of ${users} users who differ in what their tasks cost and in how often they
are resolved. \`route\` runs with its defaults: a model takes over a kind where its resolve rate is shown to be within 5 points
of the flagship's; in the last two settings any model may, since all are far above a floor. "Logs" are the draws of a row: a
share near 95 % of 40 has a standard error of 3.4 points.

"Moved" is the share of kinds that go to another model than the flagship, "wrongly" to one that is worse by more than the
margin. Of the kinds that were moved: how often the intervals of the saving and of the difference in the resolve rate hold
the truth. Of the logs in which any was: how often the interval of the whole saving does, and by how many points of the
flagship's bill it is too high on average. "Said" is how often the verdict says that money would have been saved, "falsely"
where none would.

Where little is known, little is moved. Made by \`node --import tsx test/calibration/route.ts --write\`.

| models | tasks each | logs | moved | wrongly | saving | difference | whole saving | too high | said | falsely |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|`;

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
