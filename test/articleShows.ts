import strict from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  changedStore,
  countedIn,
  exported,
  spellings,
  writeBare,
  writeEarlier,
  writeExport,
  writeReleases,
  writeSpellings,
} from "./articleLogs";
import type { Outcome } from "./cli/command";
import { root } from "./dist";

// Claims are also tried on what they must not hold of. For an assertion that fails without a message node makes one from
// the source of the whole file, which takes seconds.
const assert: typeof strict = Object.assign({}, strict, {
  ok: (value: unknown, message = "what the claim says is not so") => strict.ok(value, message),
}) as unknown as typeof strict;

// What the article's claims say, held by what is planted in the demo company (data/demo/truth.json and world.json).

/** A number as a command's JSON prints it; an interval's end may be the text "Infinity". */
interface Estimate {
  value: number;
  low?: number | "Infinity" | null;
  high?: number | "Infinity" | null;
  note?: string;
}
// biome-ignore lint/suspicious/noExplicitAny: each command's JSON has its own form
type Any = any;

/** What a claim's command printed as JSON, and a way to run others in the same folder. */
export interface Said {
  said: Any;
  here: string;
  run: (command: string) => Promise<Outcome>;
  json: (command: string) => Promise<Any>;
}

const read = (name: string): Any => JSON.parse(readFileSync(join(root, "data", "demo", name), "utf8"));
const truth = read("truth.json");
const world = read("world.json");
const models = Object.keys(world.models);

/** The true value of a measure for calls of some kind. */
function truthOf(by: object, measure: string): number {
  const wanted = JSON.stringify(Object.entries(by).sort());
  const row = truth.rows.find((one: Any) => JSON.stringify(Object.entries(one.by).sort()) === wanted);
  assert.ok(row?.measures[measure] !== undefined, `no truth of ${measure} for ${wanted}`);
  return row.measures[measure].value;
}

const end = (one: number | "Infinity" | null | undefined, else_: number) =>
  one == null ? else_ : Number(one);
const low = (one: Estimate) => end(one.low, Number.NEGATIVE_INFINITY);
const high = (one: Estimate) => end(one.high, Number.POSITIVE_INFINITY);
const holds = (one: Estimate, value: number) => low(one) <= value && value <= high(one);

/** Intervals of 95 % hold the truth in all but a few of many. */
function hold(pairs: [Estimate, number][], least = 0.85): void {
  const kept = pairs.filter(([one, value]) => holds(one, value)).length;
  const odd = pairs.filter(([one, value]) => !holds(one, value)).map((one) => JSON.stringify(one));
  assert.ok(
    pairs.length > 0 && kept >= least * pairs.length,
    `${kept} of ${pairs.length}: ${odd.join("\n")}`,
  );
}

const rowsOf = (said: Any, by: Record<string, unknown> = {}): Any[] =>
  said.rows.filter((row: Any) => Object.entries(by).every(([name, value]) => row[name] === value));
function rowOf(said: Any, by: Record<string, unknown>): Any {
  const found = rowsOf(said, by);
  assert.equal(found.length, 1, JSON.stringify(by));
  return found[0];
}
const byModel = (said: Any, workload?: string): [string, Any][] =>
  models.map((model) => [model, rowOf(said, workload === undefined ? { model } : { workload, model })]);
/** Names by a number, least first. */
const inOrder = <T>(some: readonly T[], numberOf: (one: T) => number): T[] =>
  [...some].sort((a, b) => numberOf(a) - numberOf(b));
const below = (a: Estimate, b: Estimate, what: string) =>
  assert.ok(high(a) < low(b), `${what}: ${JSON.stringify([a, b])}`);
const text = (said: Any) => said.notes.join("\n");
const [chat, review, coding] = ["chat-assistant", "document-review", "coding-assistant"];
const every = [chat, review, coding].flatMap((workload) => models.map((model) => ({ workload, model })));
/** A share of n answers is within three standard errors of its truth. */
const near = (share: number, n: number, value: number) =>
  assert.ok(Math.abs(share - value) < 3 * Math.sqrt((value * (1 - value)) / n), `${share} of ${n}: ${value}`);
/** All of a model's rows together. */
const pooled = (rows: Any[]) => {
  const n = rows.reduce((sum, row) => sum + row.n, 0);
  return { n, share: rows.reduce((sum, row) => sum + row.n * row.mean.value, 0) / n };
};
const study = (model: string) => truth.study.find((one: Any) => one.model === model);

export const shows: Record<string, (given: Said) => void | Promise<void>> = {
  A1: ({ said }) =>
    hold(
      byModel(said).flatMap(([model, { quantiles }]) =>
        ["0.5", "0.95", "0.99"].map((q): [Estimate, number] => [
          quantiles[q],
          truthOf({ workload: chat, model }, `duration.${q}`),
        ]),
      ),
    ),
  A2: ({ said }) => {
    for (const [model, { quantiles }] of byModel(said)) {
      assert.match(quantiles["0.999"].note, /^p99\.9 needs [\d,]+ calls, has \d+/);
      assert.ok(holds(quantiles["0.999"], truthOf({ workload: chat, model }, "duration.0.999")), model);
    }
  },
  // Rare stalls are planted in orrery-swift: its mean is far from its middle, and the share of the slowest shows it.
  A3: ({ said }) => {
    const of = new Map(byModel(said));
    for (const [model, { mean, trimmed_mean, quantiles }] of of) {
      assert.ok(trimmed_mean.value < mean.value && mean.value > quantiles["0.5"].value, model);
      assert.ok(holds(mean, truthOf({ workload: chat, model }, "duration.mean")), model);
    }
    const shares = inOrder([...of], ([, { slowest_share }]) => slowest_share.value);
    assert.equal(shares.at(-1)?.[0], "orrery-swift");
    assert.ok(of.get("orrery-swift").slowest_share.value > 0.09);
  },
  A4: ({ said }) => {
    for (const [model, { quantiles }] of byModel(said)) {
      const all: number[] = Object.values<Estimate>(quantiles).map(({ value }) => value);
      assert.deepEqual(
        all,
        [...all].sort((a, b) => a - b),
        model,
      );
      assert.ok(holds(quantiles["0.5"], truthOf({ workload: chat, model }, "duration.0.5")), model);
      // Of a normal distribution this ratio would be below 1.
      const [p10, p50, p90] = ["0.1", "0.5", "0.9"].map((q) => quantiles[q].value);
      assert.ok((p90 - p50) / (p50 - p10) > 1.3, model);
    }
    assert.match(text(said), /tamarisk-mini is lower than orrery-apex at every decile/);
    assert.match(text(said), /orrery-swift is clearly lower than tamarisk-mini at p10 to p\d0 alone/);
  },
  A5: ({ said }) => {
    const first = (numberOf: (model: string) => number) => inOrder(models, numberOf)[0];
    const row = (model: string) => rowOf(said, { workload: review, model });
    const told = (q: string) =>
      truthOf({ workload: review, model: "orrery-swift" }, q) -
      truthOf({ workload: review, model: "tamarisk-mini" }, q);
    assert.ok(told("duration.mean") < 0 && told("duration.0.99") > 0);
    assert.equal(
      first((model) => row(model).mean.value),
      "orrery-swift",
    );
    assert.equal(
      first((model) => row(model).quantiles["0.95"].value),
      "tamarisk-mini",
    );
    assert.match(text(said), /document-review: orrery-swift is best by mean but not by p95/);
  },
  A6: ({ said }) => {
    const share = (model: string) => rowOf(said, { model }).within["time to first token <= 0.4 s"].value;
    const told = (model: string) => truthOf({ workload: chat, model }, "time_to_first_token.0.5");
    const ends = (order: string[]) => [order[0], order[5], order.slice(1, 3).sort().join()];
    assert.deepEqual(ends(inOrder(models, (model) => -share(model))), ends(inOrder(models, told)));
  },
  A7: ({ said }) => {
    for (const row of said.rows) assert.equal(row.slowest, "cloudhaven");
    const slowness = (model: string) => world.models[model].providers.cloudhaven.slowness;
    hold(said.rows.map((row: Any): [Estimate, number] => [row.slowdown, slowness(row.model)]));
    assert.ok(low(rowOf(said, { workload: chat, model: "orrery-apex" }).slowdown) > 1);
    // The slower of the two there is slower in every workload.
    assert.ok(slowness("orrery-apex") > slowness("tamarisk-large"));
    for (const workload of [chat, review, coding]) {
      const times = (model: string) => rowOf(said, { workload, model }).slowdown.value;
      assert.ok(times("orrery-apex") > times("tamarisk-large"), workload);
    }
  },
  A8: ({ said }) => {
    const p99 = (row: Any) => row.quantiles["0.99"].value;
    const many = rowsOf(said).filter(({ n }) => n >= 10);
    const slowest = inOrder(many, (row) => -p99(row)).slice(0, 3);
    const [peak] = world.traffic.peaks;
    for (const { weekday, hour } of slowest)
      assert.ok(weekday === "Tue" && hour >= peak.from && hour < peak.to, JSON.stringify(slowest));
  },
  A9: ({ said }) => {
    const [light, heavy] = [rowOf(said, { tenth: "1" }), rowOf(said, { tenth: "10" })];
    below(light.met_slow, heavy.met_slow, "who meets the tail");
    // Of their calls no larger part is slow.
    assert.ok(low(heavy.of_calls) < high(light.of_calls));
    assert.ok(heavy.met_slow.value > 5 * heavy.of_calls.value);
  },
  A10: ({ said }) => {
    const bins = rowsOf(said, { workload: review });
    assert.equal(bins.length, 5);
    below(bins[4].outcome, bins[0].outcome, "slow tasks of document review");
  },
  // Release 4.3.0 takes 1.3 times as long; the day of the week moves the rest.
  A11: ({ said }) => {
    const { slowdown } = truth.planted.releases[chat][1];
    for (const metric of ["duration_p50", "time_to_first_token_p50"]) {
      const { within_ratio: moved } = rowOf(said, { metric });
      assert.ok(low(moved) > 1 && holds(moved, slowdown), JSON.stringify(moved));
    }
    // The log has too few days before it to tell how much days differ.
    const { verdict, claim } = rowOf(said, { metric: "time_to_first_token_p50" });
    assert.deepEqual(
      [verdict, claim.status, claim.needs],
      ["slower, or other days", "leads if", "same-days"],
    );
    assert.equal(rowOf(said, { metric: "resolve_rate" }).verdict, "cannot tell");
  },
  // Planted: orrery-swift has the least capacity, less than the Tuesday peak asks for. A week of 7,000 calls has too few in
  // flight to show it, by what hours share; one of 120,000 calls of the same company does.
  B1: async ({ said, here, run, json }) => {
    const capacity = (model: string) =>
      Math.min(...Object.values<Any>(world.models[model].providers).map((one) => one.capacity));
    assert.equal(inOrder(models, capacity)[0], "orrery-swift");
    const counted = await countedIn(
      here,
      "select model, count(*)::int as calls from calls where environment = 'production' and started_at is not null and status not in ('error', 'rate_limited', 'cancelled') group by all",
    );
    for (const model of models) {
      const bins = rowsOf(said, { model });
      const [most] = inOrder(bins, ({ in_flight_to }) => -in_flight_to);
      const others = most.in_flight_to === 1 ? "1 other" : `${most.in_flight_to} others`;
      const knee = `${model}: p95 shows no knee up to ${others} in flight`;
      assert.ok(text(said).includes(knee), knee);
      assert.ok(holds(bins[0].quantiles["0.5"], truthOf({ model }, "duration.0.5")), model);
      const calls = bins.reduce((sum, bin) => sum + bin.calls, 0);
      assert.equal(calls, counted.find((one) => one.model === model).calls, model);
    }
    await run("demo --calls 120000 --truth-calls 0 --out busy");
    await json("ingest busy --db busy.duckdb");
    const busy = await json("throughput --load --by model --db busy.duckdb");
    const turns = busy.notes.filter((note: string) => / has a knee /.test(note));
    assert.deepEqual(
      turns.map((note: string) => note.split(":")[0]),
      ["orrery-swift"],
    );
    const [idle, loaded] = rowsOf(busy, { model: "orrery-swift" }).map(({ quantiles }) => quantiles["0.95"]);
    below(idle, loaded, "p95 of orrery-swift with none and with others in flight");
    assert.ok(loaded.value > 2 * idle.value);
    // Tokens a second, and the calls in flight that follow from arrivals and durations.
    const { rows } = await json("throughput --by model --db busy.duckdb");
    assert.deepEqual(
      inOrder(rows as Any[], (row) => row.tokens_per_second.value).map(({ model }) => model),
      inOrder(models, (model) => world.models[model].tokens_per_second),
    );
    for (const { model, littles_law, in_flight, in_flight_peak } of rows)
      assert.ok(Math.abs(littles_law - 1) < 0.01 && in_flight_peak > 10 * in_flight, model);
  },
  B2: ({ said }) => {
    const speed = (model: string) => rowOf(said, { model }).tokens_per_second.value;
    const planted = (model: string) => world.models[model].tokens_per_second;
    assert.deepEqual(inOrder(models, speed), inOrder(models, planted));
    for (const row of said.rows) assert.ok(row.peak_to_mean > 4, row.model);
  },
  B3: ({ said }) => {
    hold(
      byModel(said).flatMap(([model, row]) =>
        ["error_rate", "timeout_rate", "rate_limited_rate", "retry_rate"].map((rate): [Estimate, number] => [
          row[rate],
          truthOf({ model }, rate),
        ]),
      ),
    );
    const timeouts = inOrder(models, (model) => -rowOf(said, { model }).timeout_rate.value);
    assert.equal(timeouts[0], "orrery-apex");
  },
  B4: async ({ said, here }) => {
    for (const workload of [chat, review, coding]) {
      const served = rowsOf(said, { workload, chain: "fallback" }).map((row) => row.served);
      const { fallback } = world.workloads[workload];
      assert.deepEqual(
        new Set(served.filter((one) => one !== "nobody")),
        new Set(fallback === null ? [] : [fallback]),
      );
    }
    // Who handed over how many tasks, counted in the log.
    const handed = await countedIn(
      here,
      "select workload, fallback_from, count(distinct task_id)::int as tasks from calls where fallback_from is not null group by all",
    );
    assert.ok(handed.length >= 5);
    for (const { workload, fallback_from: model, tasks } of handed) {
      const chains = rowsOf(said, { workload, model, chain: "fallback" });
      assert.equal(
        chains.reduce((sum, one) => sum + one.tasks, 0),
        tasks,
        `${workload} ${model}`,
      );
      const one = rowOf(said, { workload, model, chain: "one call", served: model });
      for (const { attempts, wait, served } of chains)
        if (served !== "nobody") assert.ok(attempts.value >= 2 && wait.value > one.wait.value, model);
    }
    // To be handed over costs what the fallback costs: more than one call of a small model.
    const mini = { workload: chat, model: "tamarisk-mini" };
    const cost = (by: object) => rowOf(said, { ...mini, ...by }).cost_per_task.value;
    assert.ok(
      cost({ chain: "fallback", served: "tamarisk-large" }) >
        2 * cost({ chain: "one call", served: "tamarisk-mini" }),
    );
  },
  // By the list orrery-swift is cheaper than quillon-7; a resolved task costs with it more than that.
  C1: ({ said }) => {
    const { input, output } = world.models["orrery-swift"].price_per_million;
    const other = world.models["quillon-7"].price_per_million;
    assert.ok(input <= other.input && output < other.output);
    const pair = said.rows.find(
      (row: Any) =>
        row.workload === coding && [row.model, row.against].sort().join() === "orrery-swift,quillon-7",
    );
    const dearer =
      pair.model === "orrery-swift" ? 1 / pair.cost_per_resolved.value : pair.cost_per_resolved.value;
    assert.ok(dearer > 1.5, JSON.stringify(pair));
    const ratio = ({ workload, model, against }: Any, measure: string) =>
      truthOf({ workload, model: against }, measure) / truthOf({ workload, model }, measure);
    for (const measure of ["cost_per_call", "cost_per_resolved"])
      hold(said.rows.map((row: Any): [Estimate, number] => [row[measure], ratio(row, measure)]));
  },
  C2: ({ said }) => {
    hold(byModel(said).map(([model, { mean }]) => [mean, truthOf({ model }, "cost_per_call")]));
    for (const [model, { mean, quantiles }] of byModel(said))
      assert.ok(mean.value > 1.5 * quantiles["0.5"].value, model);
  },
  C3: ({ said }) => {
    hold(every.map((by) => [rowOf(said, by).cost_per_resolved, truthOf(by, "cost_per_resolved")]));
    for (const by of every) {
      const { cost_per_call: call, cost_per_task: task, cost_per_resolved: resolved } = rowOf(said, by);
      assert.ok(call.value < task.value && task.value < resolved.value, JSON.stringify(by));
    }
  },
  C4: ({ said }) => {
    const pair = rowOf(said, { workload: chat, model: "quillon-7-lite", against: "tamarisk-mini" });
    const ratio = (measure: string) =>
      truthOf({ workload: chat, model: "tamarisk-mini" }, measure) /
      truthOf({ workload: chat, model: "quillon-7-lite" }, measure);
    assert.ok(pair.reversal > 0.99);
    assert.ok(low(pair.cost_per_call) > 1 && high(pair.cost_per_resolved) < 1);
    assert.ok(ratio("cost_per_call") > 1 && ratio("cost_per_resolved") < 1);
    hold([
      [pair.cost_per_call, ratio("cost_per_call")],
      [pair.cost_per_resolved, ratio("cost_per_resolved")],
    ]);
  },
  C5: ({ said }) =>
    hold(
      byModel(said).map(([model, { criteria }]) => [
        criteria.cost_per_conversation,
        truthOf({ workload: chat, model }, "cost_per_conversation"),
      ]),
    ),
  C6: ({ said }) => {
    for (const { workload, model, resolve_rate_at_mix } of said.rows) {
      assert.ok(truthOf({ workload, model }, "resolve_rate") >= 0.6, `${workload} to ${model}`);
      assert.ok(holds(resolve_rate_at_mix, truthOf({ workload, model }, "resolve_rate")), workload);
    }
    assert.deepEqual(
      new Set(rowsOf(said).map(({ model }) => model)),
      new Set(["tamarisk-mini", "quillon-7"]),
    );
    const { saving_share } = said.total;
    assert.ok(low(saving_share) > 0.7 && high(saving_share) < 0.9, JSON.stringify(saving_share));
  },
  C7: ({ said }) => {
    const ratio = (model: string) => rowOf(said, { workload: chat, model }).cost_ratio;
    const told = (model: string) =>
      truthOf({ workload: chat, model }, "cost_per_task") /
      truthOf({ workload: chat, model: "tamarisk-large" }, "cost_per_task");
    hold(
      [
        [ratio("orrery-apex"), told("orrery-apex")],
        [ratio("tamarisk-mini"), told("tamarisk-mini")],
      ],
      1,
    );
    assert.ok(ratio("orrery-apex").value > 5 * ratio("tamarisk-mini").value);
    assert.equal(rowOf(said, { workload: chat, model: "tamarisk-mini" }).tier, "not shown to be worse");
    assert.equal(rowOf(said, { workload: chat, model: "quillon-7-lite" }).tier, "worse");
    assert.match(text(said), /tamarisk-mini, the cheapest of these, saves 79 %/);
  },
  C8: ({ said }) => {
    hold(every.map((by) => [rowOf(said, by).monthly_bill, 30_000 * truthOf(by, "cost_per_task")]));
    const bill = (model: string) => rowOf(said, { workload: review, model }).monthly_bill;
    assert.ok(low(bill("orrery-apex")) > 2_500 && high(bill("quillon-7")) < 2_500);
  },
  // Planted in a copy of the week: from Thursday on the calls of one model cost three times as much, and another is called
  // twice as often. Both head the list, each with its cause, and no other row moves.
  C9: async ({ said, here, json }) => {
    const by = "workload, model";
    const spent = await countedIn(
      here,
      `select ${by}, sum(cost) as cost from calls where environment = 'production' and started_at < '2026-03-05' group by all`,
    );
    assert.equal(spent.length, 18);
    const days = spent.map(({ workload, model, cost }) => cost / rowOf(said, { workload, model }).before);
    for (const one of days) assert.ok(Math.abs(one - days[0]) < 1e-6 && Math.abs(one - 3) < 0.1, `${days}`);
    for (const { growth, from_calls, from_cost_per_call, before, after } of said.rows) {
      assert.ok(Math.abs(growth - from_calls - from_cost_per_call) < 1e-9);
      assert.ok(Math.abs(after - before - growth) < 1e-9);
    }
    const dearer = { workload: review, model: "tamarisk-large" };
    const busier = { workload: review, model: "quillon-7" };
    const since = ({ workload, model }: typeof dearer) =>
      `workload = '${workload}' and model = '${model}' and environment = 'production' and started_at >= '2026-03-05'`;
    await changedStore(here, "bill.duckdb", [
      `update calls set cost = 3 * cost where ${since(dearer)}`,
      `insert into calls select * replace (call_id || '-again' as call_id) from calls where ${since(busier)}`,
    ]);
    const changed = await json("cost --growth --at 2026-03-05 --db bill.duckdb");
    const pair = (one: typeof dearer) => [rowOf(said, one), rowOf(changed, one)];
    const close = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-9, `${a} ${b}`);
    const [cheap, dear] = pair(dearer);
    close(dear.after, 3 * cheap.after);
    close(dear.from_calls, cheap.from_calls);
    const [few, many] = pair(busier);
    close(many.after, 2 * few.after);
    close(many.from_calls - few.from_calls, few.before + few.from_calls);
    const first = changed.rows.slice(0, 2).map(({ workload, model }: Any) => ({ workload, model }));
    assert.deepEqual(first[0], dearer);
    assert.ok(changed.rows[0].from_cost_per_call > 0.9 * changed.rows[0].growth);
    // The last row is that of all.
    for (const row of said.rows.slice(0, -1)) {
      const { workload, model } = row;
      if (![dearer, busier].some((one) => one.workload === workload && one.model === model))
        close(rowOf(changed, { workload, model }).growth, row.growth);
    }
    const sizes = rowsOf(changed)
      .slice(0, -1)
      .map(({ growth }) => Math.abs(growth));
    assert.deepEqual(
      sizes,
      [...sizes].sort((a, b) => b - a),
    );
  },
  D1: ({ said }) => {
    hold(every.map((by) => [rowOf(said, by).mean, truthOf(by, "hallucination_judge")]));
    hold(every.map((by) => [rowOf(said, by).corrected, truthOf(by, "hallucination")]));
    // The judge overlooks one in five, so what people's labels correct is more, where there is much of it.
    const lite = rowOf(said, { workload: review, model: "quillon-7-lite" });
    assert.ok(lite.corrected.value > 1.15 * lite.mean.value);
  },
  D2: ({ here }) => {
    const items = itemsIn(here, "set.jsonl");
    assert.equal(items.length, 50);
    assert.deepEqual(new Set(items.map(({ workload }) => workload)), new Set([chat, review, coding]));
    const manifest = JSON.parse(readFileSync(join(here, "set.manifest.json"), "utf8"));
    assert.ok(JSON.stringify(manifest).includes("disliked"));
    const weights = items.reduce((sum, { weight }) => sum + weight, 0);
    assert.ok(Math.abs(weights - 5_556) < 1, `${weights}`);
  },
  // Mail addresses and telephone numbers are planted in the support requests.
  D3: ({ here }) => {
    const all = itemsIn(here, "other.jsonl")
      .map(({ prompt }) => prompt)
      .join("\n");
    assert.match(all, /\[phone-1\]|\[e?mail-1\]/);
    assert.doesNotMatch(all, /@example\.com|555-01\d\d/);
  },
  D4: async ({ here, json }) => {
    const checks = [
      { kind: "json_schema", name: "is_json", schema: { type: "object" } },
      { kind: "length", name: "short", most: 100_000 },
    ];
    const items = itemsIn(here, "set.jsonl").map((one) => ({
      ...one,
      checks: one.workload === review ? checks : [],
    }));
    writeFileSync(join(here, "checked.jsonl"), items.map((one) => `${JSON.stringify(one)}\n`).join(""));
    const { rows } = await json("evalset check checked.jsonl");
    assert.deepEqual(
      new Set(rows.map(({ check }: Any) => check)),
      new Set(["all checks", "is_json", "short"]),
    );
    for (const { check, passed } of rows) if (check === "short") assert.equal(passed.value, 1);
  },
  D5: ({ here }) => {
    const page = readFileSync(join(here, "sheet.html"), "utf8");
    const sheet = readFileSync(join(here, "sheet.csv"), "utf8").trim().split("\n");
    assert.ok(sheet.length > 40);
    // Blind: neither names a model.
    for (const model of models) assert.ok(!page.includes(model) && !sheet.join().includes(model), model);
    assert.doesNotMatch(page, /(src|href)="?https?:/);
  },
  D6: ({ said }) => {
    const lite = rowOf(said, { model: "quillon-7-lite" });
    const edition = (year: number) =>
      truth.benchmarks.find(
        (one: Any) => one.benchmark === `competition-math-${year}` && one.model === "quillon-7-lite",
      ).value;
    assert.ok(holds(lite.gap, edition(2024) - edition(2026)));
    assert.deepEqual(said.suspects, ["quillon-7-lite"]);
  },
  D7: async ({ said, here, json }) => {
    for (const { dimension, verdict } of said.dimensions)
      assert.match(verdict, /^(like the traffic|not shown to be unlike it)$/, dimension);
    const shares = rowsOf(said, { dimension: "workload" });
    hold(
      shares.map(({ in_set, value }): [Estimate, number] => [in_set, world.workloads[value].share]),
      0.6,
    );
    const all = shares.reduce((sum, { requests }) => sum + requests, 0);
    for (const { value, requests, in_traffic, in_set, items: many } of shares) {
      const [{ tasks }] = await countedIn(
        here,
        `select count(*)::int as tasks from tasks where workload = '${value}' and task_id in (select task_id from calls where environment = 'production')`,
      );
      assert.equal(requests, tasks, value);
      assert.ok(Math.abs(in_traffic - tasks / all) < 1e-9, value);
      assert.equal(many, itemsIn(here, "set.jsonl").filter(({ workload }) => workload === value).length);
      assert.ok(Math.abs(in_set.value - many / 50) < 1e-9, value);
    }
    // A set of one workload alone is not like it.
    const items = itemsIn(here, "set.jsonl").filter(({ workload }) => workload === chat);
    writeFileSync(join(here, "chat.jsonl"), items.map((one) => `${JSON.stringify(one)}\n`).join(""));
    const { dimensions } = await json("evalset compare chat.jsonl");
    assert.equal(dimensions.find(({ dimension }: Any) => dimension === "workload").verdict, "unlike it");
  },
  D8: ({ said, here }) => {
    assert.equal(said.requests, 300);
    for (const { name, requests } of said.files) {
      const lines = readFileSync(join(here, name), "utf8").trim().split("\n");
      assert.deepEqual([lines.length, requests], [150, 150]);
      const ids = lines.map((line) => JSON.parse(line).custom_id);
      assert.equal(new Set(ids).size, 150);
      const of = (id: string) => id.replace(/-[0-9a-f]{6}-\d+$/, "");
      assert.equal(new Set(ids.map(of)).size, 50);
      // Shuffled: the three repeats of a prompt do not stand together.
      assert.ok(ids.filter((id, at) => at > 0 && of(id) === of(ids[at - 1])).length < 20);
    }
  },
  D9: ({ said }) => {
    const floor = 0.05;
    for (const [model, { passes, fails }] of byModel(said)) {
      assert.equal(passes, truthOf({ workload: review, model }, "hallucination") < floor, model);
      assert.equal(fails.length > 0, !passes, model);
    }
  },
  D10: ({ said }) => {
    const { sensitivity, specificity } = world.workloads[review].pipelines.checked.validator;
    const known = byModel(said).filter(([, { error_before }]) => error_before.value > 0);
    assert.equal(known.length, 5);
    for (const [model, row] of known) assert.ok(row.residual_error.value < row.error_before.value, model);
    const told = (model: string) =>
      truthOf({ workload: review, model, prompt_version: "checked" }, "hallucination_human");
    for (const [model, { n, error_before }] of byModel(said)) near(error_before.value, n, told(model));
    const before = (model: string) => rowOf(said, { model }).error_before.value;
    for (const end of [0, -1]) assert.equal(inOrder(models, before).at(end), inOrder(models, told).at(end));
    hold(
      known.map(([, row]) => [row.caught, sensitivity]),
      0.7,
    );
    hold(
      known.map(([, row]) => [row.false_alarms, 1 - specificity]),
      0.7,
    );
  },
  D11: ({ said }) => {
    const told = (model: string) => truthOf({ workload: coding, operation: "chat", model }, "correct");
    hold(
      byModel(said).map(([model, { mean }]) => [mean, told(model)]),
      0.6,
    );
    const best = inOrder(models, (model) => -rowOf(said, { model }).mean.value)[0];
    assert.equal(best, inOrder(models, (model) => -told(model))[0]);
    assert.notEqual(best, "orrery-apex");
  },
  D12: async ({ said, here }) => {
    hold(every.map((by) => [rowOf(said, by).refused, truthOf(by, "refusal")]));
    // So rare that a week tells few models apart: each share is that of the log's own reasons.
    const counted = await countedIn(
      here,
      "select workload, model, count(finish_reason)::int as n, count(*) filter (finish_reason = 'content_filter')::int as refused from calls where environment = 'production' group by all",
    );
    assert.equal(counted.length, 18);
    for (const { workload, model, n, refused } of counted) {
      const row = rowOf(said, { workload, model });
      assert.equal(row.refused.n, n, `${workload} ${model}`);
      assert.ok(Math.abs(row.refused.value - refused / n) < 1e-12, `${workload} ${model}`);
    }
  },
  D13: ({ said }) => {
    hold(
      byModel(said, review).map(([model, { json_valid }]) => [
        json_valid,
        truthOf({ workload: review, model }, "json_valid"),
      ]),
    );
    assert.equal(inOrder(models, (model) => rowOf(said, { model }).json_valid.value)[0], "quillon-7-lite");
  },
  E1: ({ said }) => {
    const order = (numberOf: (model: string) => number) => inOrder(models, numberOf)[0];
    assert.equal(
      order((model) => rowOf(said, { model }).variance_within.value),
      "tamarisk-large",
    );
    assert.equal(
      order((model) => study(model).variance_within),
      "tamarisk-large",
    );
    hold(byModel(said).map(([model, { mean }]) => [mean, study(model).correct]));
    hold(byModel(said).map(([model, { same_output }]) => [same_output, study(model).same_output]));
  },
  E2: ({ said }) => {
    const hat = (model: string) => rowOf(said, { model }).pass_hat;
    hold(models.map((model) => [hat(model)["4"], study(model).json_valid ** 4]));
    const lite = hat("quillon-7-lite");
    below(lite["4"], lite["1"], "valid each of four times, and valid once");
  },
  E3: ({ said }) => {
    const [apex, large] = ["orrery-apex", "tamarisk-large"].map((model) => rowOf(said, { model }));
    // The higher peak: once in four. Consistent: each of four times.
    assert.ok(apex.pass_at["4"].value > large.pass_at["4"].value);
    below(apex.pass_hat["4"], large.pass_hat["4"], "each of four times");
    assert.ok(study("orrery-apex").pass_at["4"] > study("tamarisk-large").pass_at["4"]);
    hold(byModel(said).map(([model, { pass_hat }]) => [pass_hat["4"], study(model).pass_hat["4"]]));
  },
  E4: ({ said }) => {
    const wrong = rowsOf(said).map((row) => row.wrong.value);
    assert.deepEqual(
      wrong,
      [...wrong].sort((a, b) => b - a),
    );
    assert.ok(wrong[0] > 0.3 && wrong[3] < 0.1);
    const best = inOrder(models, (model) => -study(model).correct)[0];
    for (const row of said.rows) assert.equal(row.best, best);
  },
  E5: ({ said }) => {
    const rows = byModel(said, chat);
    for (const [model, { prompts, repeats }] of rows) assert.ok(prompts >= 15 && repeats > 4, model);
    hold(rows.map(([model, { mean }]) => [mean, truthOf({ workload: chat, model }, "resolve_rate")]));
  },
  // Planted: quality falls past the effective context.
  F1: ({ said }) => {
    for (const [model, { per_doubling, verdict }] of byModel(said)) {
      const isShort = world.models[model].effective_context <= 24_000;
      assert.ok(!isShort || per_doubling.value < 0, model);
      assert.match(verdict, isShort ? /^falls from/ : /not shown to fall/);
    }
  },
  F2: ({ said }) => {
    for (const model of models) {
      const { n, share } = pooled(rowsOf(said, { model }));
      near(share, n, truthOf({ workload: review, model }, "hallucination_judge"));
    }
    for (const model of models.filter((one) => one !== "tamarisk-large")) {
      const [begin, middle, last] = rowsOf(said, { model }).map(({ mean }) => mean.value / (1 - mean.value));
      assert.ok(middle > begin && middle > last, model);
    }
    const odds = rowsOf(said, { model: "orrery-apex" }).map(({ mean }) => mean.value / (1 - mean.value));
    const times = odds[1] / ((odds[0] + odds[2]) / 2);
    assert.ok(
      times > truth.planted.middle_odds[review] / 2 && times < truth.planted.middle_odds[review] * 2,
      `${times}`,
    );
  },
  F3: ({ said }) => {
    for (const [model, { fails_from }] of byModel(said)) {
      const { context, effective_context } = world.models[model];
      if (effective_context <= 24_000) assert.ok(fails_from < 0.1 * context, model);
      else assert.equal(fails_from, null, model);
    }
  },
  // Nothing is planted: no model answers messy requests worse.
  F4: ({ said }) => {
    for (const model of models) {
      const [plain, messy] = rowsOf(said, { model }).map(({ mean }) => mean);
      assert.ok(low(plain) <= high(messy) && low(messy) <= high(plain), model);
      const { n, share } = pooled(rowsOf(said, { model }));
      near(share, n, truthOf({ workload: chat, model }, "hallucination_judge"));
    }
  },
  G1: ({ said }) => {
    const told = ({ benchmark, workload, metric }: Any) =>
      truth.ranks.find(
        (one: Any) => one.benchmark === benchmark && one.workload === workload && one.metric === metric,
      )?.spearman;
    const known = rowsOf(said).filter((row) => told(row) !== undefined);
    assert.ok(known.length >= 15);
    hold(known.map((row): [Estimate, number] => [row.spearman, told(row)]));
    // Which of these models each board puts first, where the boards tell them apart.
    for (const { benchmark, first } of rowsOf(said).filter((row) => row.benchmark !== "common-sense"))
      assert.equal(first, leaderOf(benchmark), benchmark);
  },
  // One benchmark is near to the company's own work.
  G2: ({ said }) => {
    const agrees = rowsOf(said, { verdict: "agrees" }).map(
      ({ benchmark, workload }) => `${benchmark} ${workload}`,
    );
    assert.deepEqual(agrees.sort(), [`office-tasks ${coding}`, `office-tasks ${review}`]);
    assert.ok(rowsOf(said, { verdict: "disagrees", benchmark: "general-knowledge" }).length >= 2);
    // A verdict follows from the interval: sure to be 0.5 or more, or sure to be less.
    for (const { verdict, spearman, first, benchmark } of said.rows) {
      if (verdict === "agrees") assert.ok(low(spearman) >= 0.5, benchmark);
      if (verdict === "disagrees") assert.ok(high(spearman) < 0.5, benchmark);
      if (verdict !== "cannot tell") assert.equal(first, leaderOf(benchmark), benchmark);
    }
  },
  G3: ({ said }) => {
    const saturated = rowOf(said, { benchmark: "common-sense" });
    assert.deepEqual([saturated.tiers, saturated.verdict], [1, "cannot rank"]);
    const scores = truth.benchmarks
      .filter(({ benchmark }: Any) => benchmark === "common-sense")
      .map(({ value }: Any) => value);
    assert.ok(Math.max(...scores) - Math.min(...scores) < 0.003);
    assert.equal(rowsOf(said, { verdict: "ranks" }).length, 6);
  },
  G4: ({ said }) => {
    assert.ok(rowOf(said, { model: "quillon-7-lite" }).p_holm < 0.001);
    for (const row of rowsOf(said, { stands_out: false })) assert.equal(row.p_holm, 1, row.model);
    assert.equal(rowsOf(said, { stands_out: false }).length, 10);
  },
  G5: ({ said }) => {
    const kept = rowsOf(said, { keep: true }).map(({ model }) => model);
    const ranks = truth.benchmarks.filter(({ benchmark }: Any) => benchmark === "arena-rating");
    const best = inOrder(ranks as Any[], ({ rank }) => rank)
      .slice(0, 3)
      .map(({ model }) => model);
    for (const model of best) assert.ok(kept.includes(model), model);
    hold(ranks.map(({ model, value }: Any) => [rowOf(said, { model }).score, value]));
    assert.deepEqual(
      rowsOf(said).map(({ model }) => model),
      inOrder(rowsOf(said), ({ score }) => -score.value).map(({ model }) => model),
    );
    for (const { model, keep, clearly_better } of said.rows) assert.equal(keep, clearly_better < 3, model);
    // What production shows best is not on it.
    assert.ok(!kept.includes("tamarisk-mini") && !kept.includes("tamarisk-large"));
  },
  G6: ({ said }) => {
    const names = [...new Set<string>(truth.benchmarks.map(({ benchmark }: Any) => benchmark))];
    assert.deepEqual(new Set(rowsOf(said).map(({ benchmark }) => benchmark)), new Set(names));
    hold(
      names
        // The best of eleven that are as good as equal is high by chance.
        .filter((one) => one !== "common-sense")
        .map((benchmark): [Estimate, number] => {
          const of = truth.benchmarks.filter((one: Any) => one.benchmark === benchmark);
          const row = rowOf(said, { benchmark });
          assert.equal(row.models, of.length);
          return [row.best, Math.max(...of.map(({ value }: Any) => value))];
        }),
    );
  },
  G7: async ({ said, here, json }) => {
    const calls = said.models.reduce((sum: number, one: Any) => sum + one.calls, 0);
    assert.equal(calls, 8_920);
    const { rows } = await json("reliability --by model");
    const uses = (spelling: string) => said.models.find((one: Any) => one.spelling === spelling).calls;
    for (const model of models) {
      // A failed call has the name that was asked for alone; 320 of each are the study's.
      const both = uses(model) + uses(`${model}-${world.models[model].snapshot}`);
      assert.equal(both, rowOf({ rows }, { model }).calls + 320, model);
    }
    // The company's own names, from its own table.
    const own = models.map((name) => {
      const { snapshot } = world.models[name];
      const [family, ...tier] = name.split("-");
      return { name, family, tier: tier.join("-"), snapshot, spellings: [`${name}-${snapshot}`] };
    });
    writeFileSync(join(here, "names.json"), JSON.stringify({ models: own }));
    const named = await json("models --names names.json");
    for (const { name, family, tier, snapshot } of own) {
      const one = named.models.find(({ spelling }: Any) => spelling === `${name}-${snapshot}`);
      assert.deepEqual([one.name, one.family, one.tier, one.snapshot], [name, family, tier, snapshot]);
    }
    // Names of the vendors that the claim speaks of, as their tools write them.
    writeSpellings(here, "spellings.jsonl");
    const read = await json("models spellings.jsonl");
    for (const [spelling, ...meant] of spellings) {
      const one = read.models.find((other: Any) => other.spelling === spelling);
      assert.deepEqual([one.name, one.family, one.tier, one.snapshot], meant, spelling);
    }
    const families = await json("latency spellings.jsonl --by family");
    assert.deepEqual(
      families.rows.map(({ family, n, mean }: Any) => [family, n, mean.value]),
      [
        ["claude-4", 3, 2],
        ["claude-4.5", 1, 4],
        ["gemini-1.5", 1, 7],
        ["gpt-4o", 2, 5.5],
      ],
    );
  },
  G8: ({ said }) => {
    const waits = rowOf(said, { workload: chat, metric: "time_to_first_token_p95" });
    assert.match(JSON.stringify(waits.benchmarks_say), /^"orrery-apex \(5 of 6\)/);
    assert.doesNotMatch(JSON.stringify(waits.production_says), /orrery-apex/);
    const costs = rowOf(said, { workload: chat, metric: "cost_per_resolved" });
    const cheapest = inOrder(models, (model) => truthOf({ workload: chat, model }, "cost_per_resolved"))[0];
    assert.match(JSON.stringify(costs.production_says), new RegExp(`^"${cheapest}( leads)?"$`));
    // Both sides in numbers: what the benchmarks' first costs, and what the best does.
    const of = (workload: string, model: string) => truthOf({ workload, model }, "cost_per_resolved");
    hold(
      [chat, review, coding].flatMap((workload): [Estimate, number][] => {
        const row = rowOf(said, { workload, metric: "cost_per_resolved" });
        return [
          [row.best, Math.min(...models.map((model) => of(workload, model)))],
          [row.benchmarks_first, of(workload, "orrery-apex")],
        ];
      }),
    );
  },
  // The demo company has one release of each model; another log has three of one.
  G9: async ({ said, here, json }) => {
    assert.deepEqual(said.rows, []);
    const { calls, scores } = writeReleases(here);
    await json(`ingest ${calls} ${scores} --db releases.duckdb`);
    const { rows } = await json("agreement --releases --metric duration_p50 --db releases.duckdb");
    const releases = ["gpt-4o-2024-05-13", "gpt-4o-2024-08-06", "gpt-4o-2024-11-20"];
    assert.deepEqual(
      rows.map(({ from, to, verdict }: Any) => [from, to, verdict]),
      [
        [releases[0], releases[1], "shows"],
        [releases[1], releases[2], "does not show"],
      ],
    );
    for (const [at, times] of [0.5, 2].entries()) {
      assert.equal(rows[at].benchmark_gain.value, 10);
      assert.ok(Math.abs(rows[at].production_change.value / times - 1) < 0.05);
    }
  },
  G10: ({ said }) => {
    const ranked = rowsOf(said).filter(({ benchmark }) => benchmark !== "common-sense");
    assert.equal(ranked.length, 18);
    for (const row of ranked) {
      assert.equal(row.verdict, "disagrees", row.benchmark);
      assert.ok(low(row.regret) > 0 && row.p_first_is_best < 0.01, row.benchmark);
    }
    // Regret: what the board's first costs more than the best.
    const cost = (workload: string, model: string) => truthOf({ workload, model }, "cost_per_resolved");
    hold(
      ranked.map(({ workload, benchmark, first, regret }): [Estimate, number] => {
        assert.equal(first, leaderOf(benchmark), benchmark);
        const least = Math.min(...models.map((model) => cost(workload, model)));
        return [regret, cost(workload, first) - least];
      }),
    );
  },
  H1: async ({ said, json }) => {
    const others = [await json("choose --profile review"), await json("choose --profile coding")];
    const best = [said, ...others].map(({ rows }) => rows[0].model);
    assert.deepEqual(best, ["tamarisk-mini", "tamarisk-large", "quillon-7"]);
    // Of the draws that have a best, each is the best in most, and no model in all three.
    for (const { rows } of [said, ...others]) assert.ok(rows[0].p_best > 0.8);
    for (const model of models)
      assert.ok(
        [said, ...others].some((one) => rowOf(one, { model }).p_best < 0.1),
        model,
      );
  },
  H2: ({ said }) => {
    const waits = said.criteria.find(({ metric }: Any) => metric === "time_to_first_token_p95");
    assert.equal(waits.weight, Math.max(...said.criteria.map(({ weight }: Any) => weight)));
    assert.ok(said.rows[0].worth.time_to_first_token_p95 > 0.8);
    assert.ok(rowOf(said, { model: "orrery-apex" }).worth.time_to_first_token_p95 === 0);
  },
  H3: ({ said }) => {
    const cost = (model: string) => rowOf(said, { model }).criteria.cost_per_conversation;
    assert.equal(said.rows[0].model, "tamarisk-mini");
    below(
      cost("tamarisk-mini"),
      cost("orrery-swift"),
      "the cheaper of the two fast ones that get things done",
    );
    assert.ok(cost("orrery-apex").value > 8 * cost("tamarisk-mini").value);
  },
  H4: ({ said }) => {
    assert.deepEqual(
      rowsOf(said, { passes: true }).map(({ model }) => model),
      ["tamarisk-large"],
    );
    assert.ok(said.rows[0].p_best > 0.99);
  },
  H5: ({ said }) => {
    assert.equal(inOrder(said.rows as Any[], ({ p_best }) => -p_best)[0].model, "quillon-7");
    hold(
      byModel(said).map(([model, { criteria }]) => [
        criteria.cost_per_task,
        truthOf({ workload: coding, model }, "cost_per_task"),
      ]),
    );
    const agentic = said.sub_workloads.find(({ profile }: Any) => profile === "coding agentic");
    const right = (model: string) => rowOf(agentic, { model }).criteria.resolve_rate.value;
    assert.equal(inOrder(models, right).at(-1), "quillon-7");
    assert.deepEqual(said.sub_workloads.map(({ profile }: Any) => profile).sort(), [
      "coding agentic",
      "coding autocomplete",
    ]);
  },
  H6: ({ said }) => {
    const leader = inOrder(
      truth.benchmarks.filter(({ benchmark }: Any) => benchmark === "arena-rating") as Any[],
      ({ rank }) => rank,
    )[0].model;
    assert.equal(leader, "orrery-apex");
    assert.ok(rowOf(said, { model: leader }).p_best < 0.01);
    assert.ok(rowOf(said, { model: "quillon-7" }).p_best > 0.8);
  },
  H7: ({ said }) => {
    const takes = (workload: string, metric: string) => rowOf(said, { workload, metric });
    assert.equal(takes(chat, "resolve_rate").takes, "1 week");
    assert.match(takes(chat, "duration_p95").takes, /^4 weeks at \d+ times the traffic$/);
    assert.ok(Math.abs(takes(chat, "resolve_rate").power.value - 0.8) < 0.05);
  },
  H8: ({ said }) => {
    assert.deepEqual(
      rowsOf(said, { passes: true }).map(({ model }) => model),
      ["tamarisk-mini"],
    );
    assert.match(
      rowOf(said, { model: "orrery-swift" }).fails.join(),
      /region: US, not EU \(said by Legal, 2026-02-11\)/,
    );
    assert.match(rowOf(said, { model: "quillon-7" }).fails.join(), /the profile does not say/);
  },
  H9: ({ here }) => {
    const page = readFileSync(join(here, "report.md"), "utf8");
    const head = page.slice(0, page.indexOf("## "));
    assert.match(page, /tamarisk-mini[\s\S]*tamarisk-large[\s\S]*quillon-7/);
    assert.ok(head.length > 0);
    writeEarlier(here);
  },
  I1: ({ said }) => {
    const share = (workload: string, stage: string) => rowOf(said, { workload, stage }).critical_path;
    for (const workload of [chat, review, coding]) {
      const sum = rowsOf(said, { workload }).reduce((all, row) => all + row.critical_path.value, 0);
      assert.ok(Math.abs(sum - 1) < 1e-6, workload);
    }
    assert.ok(high(share(coding, "chat")) < 0.6 && low(share(coding, "tests")) > 0.35);
    below(share(review, "validation"), share(review, "chat"), "stages of document review");
  },
  I2: ({ said }) => {
    const row = rowOf(said, { workload: review });
    assert.ok(holds(row.hits, world.workloads[review].cache_hit_rate));
    below(row.hit["0.5"], row.miss["0.5"], "a hit and a miss");
    assert.equal(row.hits_in_tail.value, 0);
  },
  I3: ({ said }) => {
    for (const row of said.rows)
      assert.ok(low(row.pipeline_effect) > 0, `${row.lesser_model} ${row.better_model}`);
    const mini = rowOf(said, { lesser_model: "orrery-swift", better_model: "tamarisk-mini" });
    assert.ok(low(mini.lesser_ahead) > 0);
    const told = (model: string, prompt_version: string) =>
      truthOf({ workload: review, model, prompt_version }, "resolve_rate");
    assert.ok(told("orrery-swift", "checked") > told("tamarisk-mini", "plain"));
  },
  I4: ({ said }) => {
    const pairs = models.flatMap((model) =>
      ["plain", "checked"].map((prompt_version): [Estimate, number] => [
        rowOf(said, { model, prompt_version }).cost_per_resolved,
        truthOf({ workload: review, model, prompt_version }, "cost_per_resolved"),
      ]),
    );
    hold(pairs);
    const cost = (prompt_version: string) =>
      rowOf(said, { model: "quillon-7-lite", prompt_version }).cost_per_resolved.value;
    assert.ok(cost("checked") < cost("plain"));
  },
  J1: async ({ said, here, json }) => {
    const [counted] = await countedIn(
      here,
      `select ${said.columns.map(({ column }: Any) => `count(${column})::int as ${column}`).join(", ")} from calls`,
    );
    for (const { column, filled, share } of said.columns) {
      assert.equal(filled, counted[column], column);
      assert.ok(Math.abs(share - filled / 8_920) < 1e-12, column);
    }
    // The second was cancelled: what it had written is not known, and its input is not all that it may have cost.
    assert.deepEqual(said.unpriced, [
      { model: "tamarisk-large-2025-11-14", calls: 3 },
      { model: "quillon-7-2025-12-01", calls: 1 },
    ]);
    assert.ok(said.can.includes("latency") && said.can.includes("cost per resolved task"));
    // A log without times, tasks and costs: what cannot be measured, and why.
    writeBare(here, "bare.jsonl");
    const bare = await json("doctor bare.jsonl");
    const why = (measure: string) => bare.cannot.find((one: Any) => one.measure === measure)?.why;
    assert.equal(why("latency"), "no call has a duration");
    assert.equal(why("cost"), "calls have tokens but no price: ingest a price list");
    assert.equal(why("reliability --fallbacks"), "no call has a task id");
    assert.match(why("quality"), /^no call has a score or a known outcome/);
    assert.ok(!bare.can.some((one: string) => /^latency$|^cost per/.test(one)));
    const filled = (column: string) => bare.columns.find((one: Any) => one.column === column)?.filled ?? 0;
    assert.deepEqual(["output_tokens", "duration", "task_id", "cost"].map(filled), [40, 0, 0, 0]);
  },
  J2: async ({ here, json }) => {
    const files = readdirSync(join(here, "logs"));
    for (const file of ["assistant.otlp.jsonl.gz", "coding.jsonl.gz", "traffic.csv", "traffic.mapping.json"])
      assert.ok(files.includes(file), file);
    await json("ingest logs --db made.duckdb");
    const { rows } = await json("cost --by workload --db made.duckdb");
    assert.equal(
      rows.reduce((sum: number, { calls }: Any) => sum + calls, 0),
      7_000,
    );
  },
  J3: async ({ here, run }) => {
    const page = readFileSync(join(here, "out", "01-latency.html"), "utf8");
    assert.doesNotMatch(page, /<(script|link|img)[^>]+(src|href)="?https?:/);
    assert.doesNotMatch(page, /await latency\(/);
    // The numbers of a table are on the page as the command prints them.
    const { stdout } = await run("latency --by workload,model");
    const cells = stdout
      .split("\n")
      .filter((line) => line.startsWith(chat))
      .slice(0, 6);
    assert.equal(new Set(cells.map((line) => line.split(/ {2,}/)[1])).size, 6);
    const words = page.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
    for (const line of cells) {
      const [, model, n] = line.split(/ {2,}/);
      assert.ok(words.includes(`${model} ${n} `), `${model} ${n}`);
    }
  },
  // Against a report in which another model was picked and one number was half (writeEarlier): all else is as it was.
  J4: ({ here }) => {
    const page = readFileSync(join(here, "again.md"), "utf8");
    const start = page.indexOf("## What changed since the earlier report");
    const changes = page.slice(start, page.indexOf("\n## ", start + 1));
    assert.match(changes, /chat, for chat-assistant:\*\* orrery-swift before, now tamarisk-mini\./);
    assert.match(changes, /review, for document-review:\*\* still tamarisk-large\./);
    assert.match(changes, /No longer there:\*\* orrery-old\./);
    assert.match(changes, /\d+ numbers are in both reports; 1 of them changed significantly/);
    assert.match(changes, /10 of 14 files are in both reports/);
    const rows = changes.split("\n").filter((line) => /^\| *(chat|document|coding)-/.test(line));
    assert.equal(rows.length, 1, changes);
    const [workload, model, metric, before, now] = rows[0]
      .split("|")
      .slice(1)
      .map((cell) => cell.trim());
    assert.deepEqual([workload, model, metric], [chat, "tamarisk-mini", "cost per resolved"]);
    const [was, is] = [before, now].map((cell) => Number.parseFloat(cell));
    assert.ok(Math.abs(is / was - 2) < 0.02, rows[0]);
    const cost = JSON.parse(readFileSync(join(here, "again.json"), "utf8")).metrics.rows.find(
      (row: Any) => row.workload === chat && row.model === "tamarisk-mini",
    ).cost_per_resolved;
    assert.ok(Math.abs(cost.value / is - 1) < 0.01);
    assert.ok(holds(cost, truthOf({ workload: chat, model: "tamarisk-mini" }, "cost_per_resolved")));
  },
  // One export of each tool: its calls with their model, tokens and seconds.
  J5: async ({ said, here, json }) => {
    for (const [format, { tokens, seconds, model }] of Object.entries(exported)) {
      const one = said.formats.find(({ name }: Any) => name === format);
      assert.ok(one?.tables.includes("calls"), format);
      const file = writeExport(here, format);
      const { files } = await json(`ingest ${file} --db ${format}.duckdb`);
      assert.deepEqual(
        files.map((read: Any) => read.format),
        [format],
      );
      const query =
        "select any_value(model) as model, sum(input_tokens)::int as read, sum(output_tokens)::int as written, avg(duration) as seconds from calls";
      const [read] = await countedIn(here, query, `${format}.duckdb`);
      assert.deepEqual([read.model, read.read, read.written, read.seconds], [model, ...tokens, seconds]);
    }
  },
};

/** The best of the demo's models on a benchmark. */
function leaderOf(benchmark: string): string {
  const of = truth.benchmarks.filter((one: Any) => one.benchmark === benchmark && models.includes(one.model));
  return inOrder(of as Any[], ({ rank }) => rank)[0].model;
}

const itemsIn = (here: string, file: string): Any[] =>
  readFileSync(join(here, file), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
