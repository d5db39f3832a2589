// How often `check` fails falsely where nothing changed: on nights of new calls, and on a log that grows.
// node --import tsx test/calibration/nights.ts [WORLD... --logs 1000 --write]
// --write keeps each world's results in test/calibration/nightResults.json, and all of them in docs/simulations/check.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { levelAmong, stepDown } from "../../src/decide/check/check";
import { type Checked, type Found, lineKey, measureLimits } from "../../src/decide/check/checkLimits";
import { checkedRow } from "../../src/decide/check/checkRow";
import type { Limit } from "../../src/decide/check/limits";
import type { SavedNumbers } from "../../src/decide/savedReport";
import { requestOf } from "../../src/measures/options";
import type { Store } from "../../src/store/open";
import { recordLines } from "../recordLines";
import { rowsOfWorld, storeOfRows, truthOfWorld } from "./logWorld";
import { page, type Result, type Tally } from "./nightPage";
import { type NightWorld, nightWorlds } from "./nightWorlds";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { logs: { type: "string" }, write: { type: "boolean", default: false } },
});
const level = 0.95;
/** Seeds of releases are those of their nights and this. */
const OTHER = 1_000_000;
/** Logs in one store, told apart as models: each has users of its own. */
const TOGETHER = 200;

/** Limits at which every number truly is. */
function limitsOf(world: NightWorld): Limit[] {
  const truth = truthOfWorld(world);
  return world.metrics.map((metric) =>
    world.kind === "saved" || world.against !== undefined
      ? { metric, at_most_times: 1 }
      : { metric, at_most: truth[metric.replace("duration_", "")] },
  );
}

/** Several logs of a world in one store. */
function storeOfLogs(world: NightWorld, seeds: readonly number[]): Promise<Store> {
  const rows = seeds.flatMap((seed) =>
    rowsOfWorld({ ...world, models: 1 }, seed).map((row) => ({
      ...row,
      ...Object.fromEntries(
        ["call_id", "task_id", "conversation_id", "user_id"].map((id) => [id, `${seed}-${row[id]}`]),
      ),
      model: `log${seed}`,
    })),
  );
  return storeOfRows(rows);
}

/** What the limits of each log say together, as `check` decides them. */
async function verdictsOf(
  store: Store,
  limits: readonly Limit[],
  baseline: SavedNumbers | undefined,
): Promise<Map<string, Checked[]>> {
  const shared = new Map<number, Found>();
  for (const [at] of limits.entries())
    shared.set(at + 1, await measured(store, limits, at + 1, { baseline }));
  const own = (rows: number, log: string, keys?: ReadonlySet<string>): Found => {
    const found = shared.get(rows) as Found;
    const wanted = (one: Checked) => one.by.model === log && (keys === undefined || keys.has(lineKey(one)));
    return { ...found, rows: found.rows.filter(wanted) };
  };
  const logs = new Set((shared.get(1) as Found).rows.map(({ by }) => String(by.model)));
  const decided = new Map<string, Checked[]>();
  for (const log of logs)
    decided.set(log, await stepDown(own(1, log), async (keys) => own(keys.size, log, keys)));
  return decided;
}

/** The numbers of all logs, with bounds as if so many limits shared the error rate. */
const measured = (
  store: Store,
  limits: readonly Limit[],
  rows: number,
  {
    where,
    baseline,
    anytime = false,
  }: { where?: string; baseline?: string | SavedNumbers; anytime?: boolean },
): Promise<Found> =>
  measureLimits(
    store,
    { name: "gate", limits },
    requestOf("check", { by: "model", where, level: levelAmong(rows, { level, anytime }) }),
    baseline,
    { anytime },
  );

/** The numbers of a release as a report saves them, at 95 %: of other calls and users than the log of the same name. */
async function savedOf(
  world: NightWorld,
  seeds: readonly number[],
  limits: readonly Limit[],
): Promise<SavedNumbers> {
  const store = await storeOfLogs(
    { ...world, calls: world.before ?? world.calls },
    seeds.map((seed) => seed + OTHER),
  );
  try {
    const ends = limits.map(({ metric }) => ({ metric, at_most: 1 }));
    const { rows } = await measured(store, ends, 2, {});
    const numbers = rows.map(({ limit: { metric }, by, estimate }) => ({
      ...{ metric, estimate, by: { model: `log${Number(String(by.model).slice(3)) - OTHER}` } },
    }));
    return {
      file: "release",
      kind: "check",
      by: ["model"],
      chosen: { timezone: "UTC" },
      inputs: [],
      numbers,
    };
  } finally {
    store.close();
  }
}

const week = 7;
const before = (night: number) => `started_at < timestamp '2026-03-02' + interval ${night} day`;

/** The night after which a growing log is first looked at. */
const firstLook = ({ against, every = 1 }: NightWorld) => (against === "week" ? week : 0) + every;

/** How often limits ever fail and ever pass; in a growing log each is alone, otherwise all of a log share a rate. */
async function resultOf(world: NightWorld, logs: number): Promise<Result> {
  const limits = limitsOf(world);
  const said = new Map<string, { way: string; metric: string; verdicts: Set<string> }>();
  const see = (way: string, rows: readonly Checked[]) => {
    for (const one of rows) {
      const { metric, verdict } = checkedRow(one);
      for (const name of [metric, "any"]) {
        const key = `${way} ${one.by.model} ${name}`;
        const seen = said.get(key) ?? { way, metric: name, verdicts: new Set() };
        said.set(key, seen);
        seen.verdicts.add(verdict);
      }
    }
  };
  for (let first = 1; first <= logs; first += TOGETHER) {
    const seeds = Array.from({ length: Math.min(TOGETHER, logs - first + 1) }, (_, at) => first + at);
    const isSaved = world.kind === "saved" || world.against === "saved";
    const baseline = isSaved ? await savedOf(world, seeds, limits) : undefined;
    const store = await storeOfLogs(world, seeds);
    try {
      if (world.kind !== "growing")
        for (const rows of (await verdictsOf(store, limits, baseline)).values()) see("each", rows);
      else
        for (let night = firstLook(world); night <= world.days; night += world.every ?? 1) {
          const where = before(night);
          const against = world.against === "week" ? before(week) : baseline;
          for (const way of ["each", "anytime"]) {
            const { rows } = await measured(store, limits, 1, {
              ...{ where, baseline: against, anytime: way === "anytime" },
            });
            see(way, rows);
          }
          console.error(`${world.name}: night ${night}`);
        }
    } finally {
      store.close();
    }
    console.error(`${world.name}: ${first + seeds.length - 1} of ${logs}`);
  }
  const tallies = new Map<string, Tally>();
  for (const { way, metric, verdicts } of said.values()) {
    const own = tallies.get(`${way} ${metric}`) ?? { way, metric, logs: 0, fails: 0, passes: 0 };
    tallies.set(`${way} ${metric}`, own);
    own.logs++;
    if (verdicts.has("fail")) own.fails++;
    if (verdicts.has("pass")) own.passes++;
  }
  return { name: world.name, tallies: [...tallies.values()] };
}

async function main(): Promise<void> {
  const file = join(__dirname, "nightResults.json");
  for (const world of nightWorlds.filter(
    ({ name }) => positionals.length === 0 || positionals.includes(name),
  )) {
    const result = await resultOf(world, Number(values.logs ?? world.logs));
    console.log(JSON.stringify(result, null, 1));
    if (!values.write) continue;
    const kept: Result[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
    const fresh = new Map([...kept, result].map((one) => [one.name, one]));
    const all = nightWorlds.flatMap(({ name }) => fresh.get(name) ?? []);
    writeFileSync(file, recordLines(all));
    writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "check.md"), page(all));
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
