import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { agreementSideBySide } from "../../../src/measures/agreement/sideBySide";
import type { Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import { type Call, withCalls } from "../calls";

const models = ["alder", "birch", "cedar", "dogwood"];
const calls = Array.from({ length: 800 }, (_, at) => ({
  call_id: `c${at}`,
  workload: at % 8 < 4 ? "chat" : "batch",
  model: models[at % 4],
  duration: 1 + (at % 4) + ((at * 7) % 13) / 20,
  status: "ok",
  cost: 0.01 * (4 - (at % 4)) + ((at * 5) % 11) / 1e4,
}));

async function withBoards<T>(
  boards: Record<string, number[]>,
  work: (store: Store) => Promise<T>,
  log: readonly Call[] = calls,
): Promise<T> {
  return withCalls(log, async (store) => {
    for (const [benchmark, scores] of Object.entries(boards))
      for (const [at, score] of scores.entries())
        await run(
          store.connection,
          "insert into benchmarks (model, benchmark, score, standard_error) values ($model, $benchmark, $score, 1)",
          { model: models[at], benchmark, score },
        );
    return work(store);
  });
}

describe("benchmarks and production side by side", () => {
  thorough("in words: who is first there, who is best here, and whether the order holds", async () => {
    const boards = { Price: [60, 70, 80, 90], Speed: [90, 80, 70, 60], Flat: [99, 99.1, 99.2, 99.3] };
    const table = await withBoards(boards, (store) => agreementSideBySide(store));
    assert.deepEqual([table.measure, table.by], ["agreement side by side", ["workload", "question"]]);
    const rows = table.rows.filter(({ workload }) => workload === "chat");
    assert.deepEqual(
      rows.map(({ question, metric }) => [question, metric]),
      [
        ["Which model makes people wait least?", "duration_p95"],
        ["Which model costs least for the work done?", "cost_per_call"],
        ["Which model fails least?", "error_rate"],
      ],
    );
    const [wait, cost, fails] = rows;
    assert.equal(wait.benchmarks_say, "alder (1 of 2), dogwood (1 of 2)");
    assert.deepEqual([wait.production_says, wait.agree], ["alder", "some"]);
    assert.equal(wait.which, "agree: Speed; disagree: Price");
    assert.deepEqual([cost.production_says, cost.which], ["dogwood", "agree: Price; disagree: Speed"]);
    assert.ok(Math.abs(cost.benchmarks_first.value - 0.0405) < 0.001 && cost.best.unit === "USD/call");
    // A share is in per cent, since the column has several units.
    assert.deepEqual([fails.best.value, fails.best.unit, fails.best.high > 1], [0, "%", true]);
    assert.deepEqual([fails.production_says, fails.agree], ["cannot tell them apart", "cannot tell"]);
  });

  test("the best in production is sought among all models, also those on no benchmark", async () => {
    // Dogwood costs least, and alder is first of those with a score.
    const boards = { Few: [90, 80, 70] };
    const { rows } = await withBoards(boards, (store) =>
      agreementSideBySide(store, { by: "model", metric: ["cost_per_call"] }),
    );
    const [{ production_says, benchmarks_say, first_agrees, best }] = rows;
    assert.equal(production_says, "dogwood (on no benchmark)");
    assert.match(benchmarks_say, /^alder/);
    assert.equal(first_agrees, "no");
    assert.equal(best.unit, "USD/call");
  });

  test("a model whose number is not known may be the best, and is named", async () => {
    const unpriced = calls.map((call) => (call.model === "dogwood" ? { ...call, cost: null } : call));
    const { rows } = await withBoards(
      { Price: [60, 70, 80, 90] },
      (store) => agreementSideBySide(store, { by: "model", metric: ["cost_per_call"] }),
      unpriced,
    );
    const [{ production_says, claim, first_agrees }] = rows;
    assert.equal(production_says, "cedar leads; not known well enough of dogwood");
    assert.deepEqual([claim.status, claim.because], ["not to be decided", "none.known"]);
    assert.equal(first_agrees, "cannot tell", "dogwood, the first on the board, may cost least");
  });

  test("the best by outcomes is so only as long as those that are unknown could not turn it", async () => {
    const resolves = (at: number) => (at * 7) % 20 < [10, 11, 12, 19][at % 4];
    const log = calls.map((call, at) => ({ ...call, task_id: `t${at}` }));
    const rows = async (isTold: (at: number) => boolean) =>
      withBoards(
        { Work: [60, 70, 80, 90] },
        async (store) => {
          const told = log.flatMap(({ task_id }, at) =>
            isTold(at) ? [`('${task_id}', ${resolves(at)}, 1)`] : [],
          );
          await run(
            store.connection,
            `insert into tasks (task_id, resolved, ingest_id) values ${told.join(", ")}`,
          );
          return (await agreementSideBySide(store, { by: "model", metric: ["resolve_rate"] })).rows;
        },
        log,
      );
    const [all] = await rows(() => true);
    assert.deepEqual([all.production_says, all.first_agrees], ["dogwood", "yes"]);
    const [some] = await rows((at) => at % 4 !== 3 || at % 3 > 0);
    assert.equal(some.production_says, "dogwood, if outcomes are reported alike");
    assert.deepEqual([some.first_agrees, some.claim.status], ["cannot tell", "leads if"]);
  });

  test("a benchmark that cannot rank the models has no say", async () => {
    const boards = { Flat: [99, 99.1, 99.2, 99.3] };
    const { rows } = await withBoards(boards, (store) =>
      agreementSideBySide(store, { by: "model", metric: ["duration_p50"] }),
    );
    assert.equal(rows.length, 1);
    assert.equal(rows[0].question, "Which model makes people wait least?");
    assert.deepEqual([rows[0].benchmarks_say, rows[0].agree], ["none can rank these models", "cannot tell"]);
    assert.ok(Number.isNaN(rows[0].benchmarks_first.value));
  });

  test("says how many models an order needs on both sides, how many there are, and what to do", async () => {
    const { rows, notes } = await withBoards({ Price: [60, 70, 80] }, (store) =>
      agreementSideBySide(store, { by: "model", metric: ["duration_p50"] }),
    );
    assert.deepEqual([rows[0].agree, rows[0].which], ["cannot tell", "too few models on both sides: 3 of 4"]);
    assert.ok(
      notes.some((note) =>
        /needs 4 models that are on .*, and there are at most 3: ingest scores/.test(note),
      ),
      notes.join("\n"),
    );
  });

  test("there may be no benchmark, or one that is none", async () => {
    const [note] = (await withBoards({}, (store) => agreementSideBySide(store))).notes;
    assert.match(note, /The store has no benchmarks/);
    await assert.rejects(
      () => withBoards({ Speed: [1, 2, 3, 4] }, (store) => agreementSideBySide(store, { benchmark: "Sped" })),
      /agreementSideBySide requires a benchmark of the store, got "Sped"; did you mean "Speed"/,
    );
  });
});
