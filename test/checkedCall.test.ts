import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import type * as Root from "../src/index";
import type * as Stats from "../src/stats/index";
import { built } from "./dist";

let root: typeof Root;
let stats: typeof Stats;
before(() => {
  const entries = join(built(), "entries");
  root = require(join(entries, "index.js"));
  stats = require(join(entries, "stats.js"));
});

/** Calls a function as from JavaScript, without type checks. */
const untyped = (call: unknown) => call as (...given: unknown[]) => unknown;

describe("a public function refuses what it would not have looked at", () => {
  test("a level that stands beside the options", () =>
    assert.throws(
      () => untyped(stats.newcombe)(3, 10, 5, 10, 0.9),
      /newcombe requires options as an object of level, got 0.9; did you mean \{ level: 0.9 \}/,
    ));
  test("arguments too many or too few", async () => {
    assert.throws(
      () => untyped(stats.quantile)([1, 2], 0.5, {}, 1),
      /quantile takes \(values, p, options\), got 4/,
    );
    assert.throws(() => untyped(stats.quantile)([1, 2]), /quantile takes \(values, p, options\), got 1/);
    await assert.rejects(
      async () => untyped(root.doctor)(await root.open(), {}, 1),
      /doctor takes \(store, options\), got 3/,
    );
  });
  test("an option that it does not have, with the nearest that it has", async () => {
    const store = await root.open(":memory:");
    await assert.rejects(
      async () => untyped(root.doctor)(store, { scan: false }),
      /doctor has no option "scan"; did you mean "scans"\?/,
    );
    await assert.rejects(
      async () => untyped(root.latency)(store, { levle: 0.9 }),
      /latency has no option "levle"; did you mean "level"\?/,
    );
    // Options that several functions share, plus one that belongs to another function.
    await assert.rejects(
      async () => untyped(root.cost)(store, { by: "model", k: [1, 4] }),
      /cost has no option "k"; it has .*by, .*: leave out of shared options what is another function's/,
    );
    for (const internal of ["population", "hours"])
      await assert.rejects(async () => untyped(root.latency)(store, { [internal]: "all" }), /has no option/);
    store.close();
  });
  test("an option of another type, by the name of the function that was called", async () => {
    const store = await root.open(":memory:");
    await assert.rejects(
      async () => untyped(root.latency)(store, { level: "0.9" }),
      /latency requires level as a number, got "0.9"/,
    );
    await assert.rejects(
      async () => root.cost(store, { level: 95 }),
      /cost requires 0 < level < 1, got 95; did/,
    );
    await assert.rejects(
      async () => root.cost(store, { seed: -1 }),
      /cost requires a whole seed >= 0, got -1/,
    );
    store.close();
  });
  test("what is no open store", async () => {
    await assert.rejects(async () => untyped(root.latency)("calls.duckdb"), /latency requires an open store/);
    await assert.rejects(
      async () => untyped(root.modelNames)(),
      /modelNames takes \(store, options\), got 0/,
    );
  });
});

test("a promise is rejected, a plain function throws, and both pass on what is right", async () => {
  const refused = untyped(root.latency)(undefined) as Promise<unknown>;
  await assert.rejects(refused, TypeError);
  assert.equal(stats.newcombe(3, 10, 5, 10, { level: 0.9 }).level, 0.9);
  assert.equal(stats.newcombe.name, "newcombe");
});
