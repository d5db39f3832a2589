import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { cost } from "../../../src/measures/cost/cost";
import { costRepriced } from "../../../src/measures/cost/reprice";
import type { RepriceRow } from "../../../src/measures/cost/repriceColumns";
import type { OptionsOf } from "../../../src/measures/define";
import type { Estimate } from "../../../src/stats/estimate";
import { random } from "../../../src/stats/random";
import { disowning } from "../../../src/stats/reservation";
import { open, type Store } from "../../../src/store/open";
import { rowsOf, run } from "../../../src/store/run";
import { thorough } from "../../property";
import { near } from "../../same";
import { type Call, put, withCalls } from "../calls";

const folder = mkdtempSync(join(tmpdir(), "fieldnotes-reprice-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const list = join(folder, "prices.csv");
writeFileSync(list, "model,input,output\nelm,0.000002,0.000004\noak,0.000001,0.000010\n");

/** Calls of elm at 1 and 2 dollars a million tokens; one in ten fails before a token is read; judges and caches too. */
const calls = (): Call[] => {
  const r = random(5);
  return Array.from({ length: 300 }, (_, i) => {
    const failed = i % 10 === 9;
    const [input, output] = failed ? [null, null] : [100 + r.integer(900), 50 + r.integer(200)];
    return {
      call_id: `c${i}`,
      task_id: `t${i >> 1}`,
      user_id: `u${i % 40}`,
      model: i % 7 === 6 ? "judge" : "elm",
      role: i % 7 === 6 ? "judge" : "answer",
      started_at: new Date(Date.UTC(2026, 2, 2) + 60_000 * i).toISOString().slice(0, 19),
      status: failed ? "error" : "ok",
      input_tokens: input,
      output_tokens: output,
      cost: failed ? null : i % 11 === 10 ? 0 : ((input as number) + 2 * (output as number)) / 1e6,
      cost_source: failed ? null : i % 11 === 10 ? "price" : "log",
      cache_hit: i % 11 === 10,
    };
  });
};

const repriced = (
  options: OptionsOf<typeof costRepriced>,
  prepare?: (store: Store) => Promise<void>,
): Promise<RepriceRow[]> =>
  withCalls(calls(), async (store) => {
    await prepare?.(store);
    return (await costRepriced(store, { by: "model", where: "role = 'answer'", ...options })).rows;
  });

describe("the same calls at other prices", () => {
  thorough("cost what the tokens say, and twice the prices are twice the cost", async () => {
    const [row, ...more] = await repriced({ prices: list });
    assert.deepEqual(more, []);
    near(row.ratio.value, 2, "every price doubled");
    near(row.ratio.high, 2, "no call differs from another");
    near(row.break_even.value, 0.5, "half of these prices");
    near(row.repriced, 2 * row.logged, "sums");
    const whole = await withCalls(calls(), (store) => cost(store, { by: "model", where: "role = 'answer'" }));
    const own = calls().filter(({ role }) => role === "answer");
    near(
      row.logged,
      own.reduce((sum, one) => sum + Number(one.cost ?? 0), 0),
      "the calls' own cost",
    );
    assert.deepEqual(row.cost_per_task, whole.rows[0].cost_per_task);
    // Tasks include judges' calls, which have no price in the list.
    assert.ok(row.repriced_per_task.value > row.cost_per_task.value);
    assert.ok(row.repriced_per_task.value < 2 * row.cost_per_task.value);
  });

  thorough("as another model's, with more or fewer tokens as a stated range", async () => {
    const [row] = await repriced({ as: "oak", prices: list });
    const answers = calls().filter(
      (call) => call.role === "answer" && call.cost !== null && call.cache_hit === false,
    );
    const sum = (input: number, output: number) =>
      answers.reduce(
        (all, one) => all + input * (one.input_tokens as number) + output * (one.output_tokens as number),
        0,
      );
    near(row.ratio.value, sum(1, 10) / sum(1, 2), "the ratio of both price lists over the same tokens");
    assert.ok(
      row.ratio.low < row.ratio.value && row.ratio.value < row.ratio.high,
      "calls differ in their tokens",
    );
    const [wide] = await repriced({ as: "oak", prices: list, tokens: [0.8, 1.3] });
    near(wide.ratio.value, row.ratio.value, "the tokens as logged are within the range");
    near(wide.ratio.low, 0.8 * row.ratio.low, "the fewest");
    near(wide.ratio.high, 1.3 * row.ratio.high, "the most");
    near(wide.break_even.low, 1 / wide.ratio.high, "break even the other way round");
  });

  thorough("leave judges at their own cost, answers from a cache free, and the store as it was", async () => {
    await withCalls(calls(), async (store) => {
      const all = async () =>
        rowsOf(store.connection, "select * exclude place_in_task from calls order by call_id");
      const before = await all();
      const { rows, notes } = await costRepriced(store, { as: "oak", prices: list, by: "role" });
      assert.match(notes.join("\n"), /and retries as logged: .*\. The interval has none of that\./);
      assert.deepEqual(
        rows.map((row) => [row.role, row.ratio.value === 1]),
        [
          ["answer", false],
          ["judge", true],
        ],
      );
      assert.ok(isDeepStrictEqual(await all(), before));
      assert.deepEqual(await rowsOf(store.connection, "select * from prices"), []);
    });
  });

  thorough("say which models have no price there, and leave them at their cost", async () => {
    await withCalls(calls(), async (store) => {
      await run(store.connection, "update calls set model = 'ash' where call_id < 'c2' and role = 'answer'");
      const { rows, notes } = await costRepriced(store, { prices: list, by: "model" });
      const ash = rows.find((row) => row.model === "ash") as RepriceRow;
      assert.deepEqual([ash.ratio.value, ash.logged], [1, ash.repriced]);
      assert.ok(ash.logged > 0);
      assert.ok(
        notes.some((note) => /^No price there: (ash|judge), (ash|judge)\.$/.test(note)) &&
          notes.some((note) => /^\d+ calls without a price there, or without tokens, keep/.test(note)),
        notes.join("\n"),
      );
    });
  });
});

thorough("on another model a call without tokens is left out, not priced at what it cost", async () => {
  await withCalls(calls(), async (store) => {
    await run(store.connection, "update calls set input_tokens = null where call_id = 'c0'");
    const { rows } = await costRepriced(store, { as: "oak", prices: list, by: "role" });
    const all = (await costRepriced(store, { prices: list, by: "role" })).rows;
    assert.equal(rows[0].calls, all[0].calls - 1);
  });
});

test("as another model's, no end decides, since its own answers and tries are left out", async () => {
  const [row] = await repriced({ as: "oak", prices: list });
  for (const one of [row.ratio, row.break_even, row.repriced_per_task]) {
    assert.equal(disowning(one.reservations, "high")[0]?.id, "prices.alone");
    assert.match(one.note ?? "", /prices alone: oak may write longer or shorter answers/);
  }
  for (const options of [{ prices: list }, { as: "elm", prices: list }]) {
    const [own] = await repriced(options);
    assert.deepEqual(disowning(own.ratio.reservations, "high"), []);
  }
});

describe("repricing is refused", () => {
  test("without prices or a model, for a model without a price, for a file without prices", async () => {
    await assert.rejects(
      repriced({}),
      /requires a price list, a model \(as\) or a share \(caching\), got none of them/,
    );
    await assert.rejects(
      repriced({ as: "oka", prices: list }),
      /a model with a price, got "oka"; there are prices of oak, elm: name another/,
    );
    await assert.rejects(repriced({ as: "oak" }), /a model with a price, got "oak"; ingest a price list/);
    await assert.rejects(
      repriced({ as: "oak", prices: list, tokens: [2] }),
      /two factors such as \[0\.8, 1\.3\], got \[2\]/,
    );
    const other = join(folder, "calls.csv");
    writeFileSync(other, "call_id,model,started_at,duration,status\nc1,elm,2026-03-02T00:00:00Z,1.5,ok\n");
    await assert.rejects(
      repriced({ prices: other }),
      /requires a price list, got .*calls\.csv, which has no prices/,
    );
  });
});

describe("what caching saves", () => {
  const cached = join(folder, "cached.csv");
  writeFileSync(
    cached,
    "model,input,cache_read,cache_creation,output\nelm,0.000002,0.0000002,0.0000025,0.000004\noak,0.000002,,,0.000004\n",
  );
  const some = ["elm", "oak"].flatMap((model) =>
    Array.from(
      { length: 60 },
      (_, at): Call => ({
        call_id: `${model}${at}`,
        task_id: `${model}${at}`,
        user_id: `u${at % 20}`,
        model,
        status: "ok",
        input_tokens: 1000,
        cache_read_input_tokens: 10 * (at % 50),
        cache_creation_input_tokens: 100,
        output_tokens: 100,
        // A discount that the list does not have.
        cost: 0.0005,
        cost_source: "log",
      }),
    ),
  );
  const rowsAt = (caching: number) =>
    withCalls(
      some,
      async (store) => (await costRepriced(store, { by: "model", prices: cached, caching })).rows,
    );
  const read = some.slice(0, 60).reduce((sum, one) => sum + (one.cache_read_input_tokens as number), 0);

  thorough("is what reads cost less, less what writes cost more, at list prices", async () => {
    const [elm, oak] = await rowsAt(0);
    const saves = read * 1.8e-6 - 60 * 100 * 0.5e-6;
    near(elm.saved?.value as number, saves, "saved");
    near(elm.hit_rate?.value as number, read / 60_000, "share of the input read from a cache");
    near(elm.repriced, 60 * (1000 * 2e-6 + 100 * 4e-6), "without caching");
    near(elm.repriced - elm.logged, saves, "both at list prices, whatever the log says they cost");
    const { low, high } = elm.saved as Estimate;
    assert.ok(low < saves && saves < high && low > 0);
    near(oak.saved?.value as number, 0, "no price for cached tokens", 1e-9, 1e-12);
  });

  thorough("against all input read from a cache is what that would save on top", async () => {
    const [elm] = await rowsAt(1);
    near(elm.repriced, 60 * (1000 * 0.2e-6 + 100 * 4e-6), "all read");
    assert.ok((elm.saved?.high as number) < 0);
    const [half] = await rowsAt(0.5);
    const written = some
      .slice(0, 60)
      .reduce(
        (sum, one) => sum + Math.round((500 / (1000 - (one.cache_read_input_tokens as number))) * 100),
        0,
      );
    near(half.repriced, 60 * (500 * 2e-6 + 500 * 0.2e-6 + 100 * 4e-6) + written * 0.5e-6, "half", 1e-9);
  });

  thorough("says so where the log tells of none", async () => {
    const silent = some.map((call) => ({ ...call, cache_read_input_tokens: null }));
    const { notes } = await withCalls(silent, (store) => costRepriced(store, { prices: cached, caching: 1 }));
    assert.ok(notes.some((note) => note.startsWith("No call logs tokens read from a cache")));
  });

  test("is refused where no model has a price: what caching saves is not 0 then", async () => {
    await withCalls(some, (store) =>
      assert.rejects(
        costRepriced(store, { caching: 0 }),
        /^RangeError: costRepriced requires prices of the log's models with caching \(elm, oak\), got none of them; ingest a price list, or name one with --prices$/,
      ),
    );
  });

  test("is not known of a model without a price, whose calls are left out and counted", async () => {
    const bare = join(folder, "bare.csv");
    writeFileSync(bare, "model,input,cache_read,output\nelm,0.000002,0.0000002,0.000004\n");
    const { rows, notes } = await withCalls(some, (store) =>
      costRepriced(store, { by: "model", prices: bare, caching: 0 }),
    );
    const [elm, oak] = ["elm", "oak"].map((model) => rows.find((row) => row.model === model)!);
    assert.ok((elm.saved?.value ?? 0) > 0);
    assert.ok(Number.isNaN(oak.saved?.value) && Number.isNaN(oak.saved?.high));
    assert.ok(
      notes.includes("60 calls without a price there, or without tokens, are left out."),
      notes.join("\n"),
    );
  });

  test("is refused for a share that is none, and for another model", async () => {
    await assert.rejects(rowsAt(1.5), /costRepriced requires 0 <= caching <= 1.*got 1.5; 0 is no caching/);
    await withCalls(some, (store) =>
      assert.rejects(
        costRepriced(store, { as: "oak", prices: cached, caching: 0 }),
        /caching or as, a model, not both/,
      ),
    );
  });
});

thorough("calls without a cost have no ratio, and the reason is not that there are none", () =>
  withCalls(
    calls().map(({ cost, cost_source, ...call }) => call),
    async (store) => {
      const [row] = (await costRepriced(store, { prices: list, as: "elm", by: [] })).rows;
      assert.equal(row.ratio.note, "no call has a cost both as logged and at these prices");
      assert.ok(row.repriced_per_task.value > 0);
    },
  ),
);

test("a price below 0 is none: its record is rejected", () => {
  const below = join(folder, "below.csv");
  writeFileSync(below, "model,input,output\nelm,-1,-1\noak,0.000001,0.000010\n");
  return withCalls(calls(), (store) =>
    assert.rejects(
      costRepriced(store, { prices: below, as: "elm" }),
      /requires a model with a price, got "elm"/,
    ),
  );
});

thorough("a log without tokens is said to have none", () =>
  withCalls(
    calls().map(({ input_tokens, output_tokens, ...call }) => call),
    async (store) => {
      const { notes } = await costRepriced(store, { prices: list, as: "elm" });
      assert.ok(notes.includes("No call has its input tokens: no list can price it."));
      const { notes: some } = await costRepriced(store, { prices: list, as: "elm", where: "model = 'none'" });
      assert.ok(!some.some((note) => note.includes("input tokens")));
    },
  ),
);

test("a store that is open read-only gives the same, where only the other prices leave calls without a cost", async () => {
  const file = join(folder, "read-only.duckdb");
  const written = await open(file);
  // Each call has a cost; every fifth has no tokens that another price could be multiplied by.
  const paid = calls().map((call, at) => ({
    ...call,
    cost: call.cost ?? 0.001,
    ...(at % 5 === 0 ? { input_tokens: null, output_tokens: null } : {}),
  }));
  await put(written, paid);
  const options = { prices: list, as: "oak", by: "model" };
  const before = await costRepriced(written, options);
  written.close();
  const store = await open(file, { readOnly: true });
  assert.deepEqual((await costRepriced(store, options)).rows, before.rows);
  assert.deepEqual((await costRepriced(store, options)).notes, before.notes);
  store.close();
});
