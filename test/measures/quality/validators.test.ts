import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { qualityBeside } from "../../../src/measures/quality/qualityBeside";
import { qualityRaters } from "../../../src/measures/quality/qualityRaters";
import { qualityValidator } from "../../../src/measures/quality/validators";
import type { Row } from "../../../src/measures/table";
import { alpha } from "../../../src/stats/alpha";
import { kappa } from "../../../src/stats/kappa";
import type { Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";
import { type Judgement, putScores } from "../scores";

const calls = (count: number, more: (at: number) => Call = () => ({})): Call[] =>
  Array.from({ length: count }, (_, at) => ({
    call_id: `c${at}`,
    model: "alder",
    task_id: `t${at}`,
    ...more(at),
  }));
const withScores = <T>(
  count: number,
  scores: readonly Judgement[],
  work: (store: Store) => Promise<T>,
  more?: (at: number) => Call,
) =>
  withCalls(calls(count, more), async (store) => {
    await putScores(store, scores);
    return work(store);
  });
const each = (values: (number | null)[], more: Omit<Judgement, "call" | "value">): Judgement[] =>
  values.flatMap((value, at) => (value === null ? [] : [{ call: `c${at}`, value, ...more }]));

describe("a check of the output", () => {
  // Right or wrong, and whether the rule accepted it.
  const truth = [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, null];
  const rule = [1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 0];
  const values = {
    n: 10,
    flagged: 4 / 10,
    error_before: 4 / 10,
    caught: 3 / 4,
    false_alarms: 1 / 6,
    residual_error: 1 / 6,
  };

  test("by a rule is held against what people say", () =>
    withScores(
      11,
      [
        ...each(truth, { name: "correct" }),
        ...each(rule, { name: "format_ok", rater: "rule" }),
        ...each([0, 0], { name: "correct", rater: "judge" }),
      ],
      async (store) => {
        const [row]: Row[] = (await qualityValidator(store, { score: "correct", validator: "format_ok" }))
          .rows;
        assert.equal(row.truth, "human");
        for (const [name, value] of Object.entries(values)) {
          const cell = row[name];
          near(typeof cell === "number" ? cell : (cell as { value: number }).value, value, name);
        }
        assert.equal(
          (await qualityValidator(store, { score: "correct", validator: "format_ok", truth: "judge" }))
            .rows[0].n,
          2,
        );
      },
    ));

  test("flags by a high score where the score is named after a fault", () =>
    withScores(
      11,
      [
        ...each(
          truth.map((one) => (one === null ? null : 1 - one)),
          { name: "hallucination", rater: "judge" },
        ),
        ...each(
          rule.map((one) => 1 - one),
          { name: "hallucination", rater: "rule" },
        ),
      ],
      async (store) => {
        const [row] = (await qualityValidator(store, { score: "hallucination" })).rows;
        assert.equal(row.truth, "judge");
        near(row.caught.value, values.caught, "caught");
        near(row.residual_error.value, values.residual_error, "residual");
      },
    ));

  test("by a stage flags where its span failed", () =>
    withScores(11, each(truth, { name: "correct" }), async (store) => {
      for (const [at, ok] of rule.entries())
        await run(
          store.connection,
          `insert into spans by name select 's${at}' as span_id, 't${at}' as task_id, 'validation' as stage, '${ok ? "ok" : "error"}' as status`,
        );
      const [row] = (await qualityValidator(store, { score: "correct", validator: "stage:validation" })).rows;
      near(row.caught.value, values.caught, "caught");
      near(row.false_alarms.value, values.false_alarms, "false alarms");
      await assert.rejects(
        qualityValidator(store, { score: "correct", validator: "stage:validaton" }),
        /did you mean "stage:validation"/,
      );
      await assert.rejects(
        qualityValidator(store, { score: "correct" }),
        /one of stage:validation, got "correct"/,
      );
    }));
});

describe("raters", () => {
  const h1 = [1, 0, 1, 1, 0, 1, null, 0];
  const h2 = [1, 0, 1, 0, 0, 1, 1, null];
  const judge = [1, 1, 1, 1, 0, 1, 1, 0];
  thorough("agree by pairs and all together", () =>
    withScores(
      8,
      [...each(h1, { id: "h1" }), ...each(h2, { id: "h2" }), ...each(judge, { rater: "judge" })],
      async (store) => {
        const { rows } = await qualityRaters(store, { score: "good" });
        const by = Object.fromEntries(rows.map((row) => [row.raters, row]));
        const people = by["human h1 · human h2"];
        const both = h1.map((_, at) => at).filter((at) => h1[at] !== null && h2[at] !== null);
        const wanted = kappa(
          both.map((at) => h1[at]),
          both.map((at) => h2[at]),
        );
        assert.deepEqual([people.subjects, people.same.value], [6, 5 / 6]);
        near(people.agreement.value, wanted.value, "kappa");
        const all = by["all 3"];
        near(all.agreement.value, alpha([h1, h2, judge]).value, "alpha");
        assert.deepEqual([all.statistic, rows.length], ["alpha", 4]);
      },
    ),
  );
  test("of graded scores agree by how far they are apart", () =>
    withScores(
      4,
      [...each([1, 2, 3, 5], { id: "h1" }), ...each([1, 2, 4, 4], { id: "h2" })],
      async (store) => {
        const [row] = (await qualityRaters(store, { score: "good" })).rows;
        near(
          row.agreement.value,
          kappa([1, 2, 3, 5], [1, 2, 4, 4], { weights: "quadratic" }).value,
          "weighted kappa",
        );
      },
    ));
  test("that never judged the same are said to", () =>
    withScores(2, [...each([1], { id: "h1" })], async (store) => {
      const { rows, notes } = await qualityRaters(store, { score: "good" });
      assert.deepEqual([rows, notes], [[], ['No call or task has a score "good" by two raters.']]);
    }));
});

describe("a score beside another", () => {
  const good = [1, 1, 1, 0, 0, 1];
  test("by thirds of a position", () =>
    withScores(
      6,
      [...each(good, {}), ...each([0, 0.2, 0.5, 0.5, 0.6, 1], { name: "evidence_position", rater: "rule" })],
      async (store) => {
        const { rows, by } = await qualityBeside(store, { score: "good", beside: "evidence_position" });
        assert.deepEqual(by, ["model", "beside"]);
        assert.deepEqual(
          rows.map(({ beside, n, mean }) => [beside, n, mean.value]),
          [
            ["0 to 0.333", 2, 1],
            ["0.333 to 0.667", 3, 1 / 3],
            ["0.667 to 1", 1, 1],
          ],
        );
      },
    ));
  test("by its labels", () =>
    withScores(
      6,
      [
        ...each(good, {}),
        ...good.map(
          (_, at): Judgement => ({
            call: `c${at}`,
            name: "domain",
            value: null,
            label: at < 2 ? "law" : "tax",
            rater: "rule",
          }),
        ),
      ],
      async (store) => {
        const { rows } = await qualityBeside(store, { score: "good", beside: "domain" });
        assert.deepEqual(
          rows.map(({ beside, n }) => [beside, n]),
          [
            ["law", 2],
            ["tax", 4],
          ],
        );
        assert.equal(rows[1].mean.value, 0.5);
      },
    ));
  test("by yes and no, which are two values and no range", () =>
    withScores(
      6,
      [...each(good, {}), ...each([1, 1, 0, 0, 0, 1], { name: "messy", rater: "rule" })],
      async (store) => {
        const { rows } = await qualityBeside(store, { score: "good", beside: "messy" });
        assert.deepEqual(
          rows.map(({ beside, n, mean }) => [beside, n, mean.value]),
          [
            ["0", 3, 1 / 3],
            ["1", 3, 1],
          ],
        );
      },
    ));
  test("by bins of other numbers, each model for itself", () =>
    withScores(
      6,
      [...each(good, {}), ...each([10, 20, 30, 40, 50, 60], { name: "pages", rater: "rule" })],
      async (store) => {
        const { rows } = await qualityBeside(store, { score: "good", beside: "pages", bins: 2 });
        assert.deepEqual(
          rows.map(({ model, beside, n }) => [model, beside, n]),
          [
            ["alder", "10 to 30", 2],
            ["alder", "40 to 60", 1],
            ["birch", "10 to 30", 1],
            ["birch", "40 to 60", 2],
          ],
        );
        await assert.rejects(qualityBeside(store, { score: "good", beside: "page" }), /did you mean "pages"/);
        await assert.rejects(
          qualityBeside(store, { score: "good", beside: "pages", rater: "nobody" }),
          /qualityBeside requires a rater that gave the score, one of .*, got "nobody"/,
        );
        await assert.rejects(
          qualityBeside(store, { score: "good", beside: "pages", bins: 0 }),
          /whole number of bins/,
        );
      },
      (at) => ({ model: at % 2 ? "birch" : "alder" }),
    ));
});
