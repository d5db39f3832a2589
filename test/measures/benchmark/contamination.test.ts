import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { joinScores } from "../../../src/measures/benchmark/benchmarkTable";
import { contaminationOf } from "../../../src/measures/benchmark/contamination";
import {
  benchmarkContamination,
  contaminationOfTable,
} from "../../../src/measures/benchmark/contaminationOf";
import { random } from "../../../src/stats/random";
import { open, type Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { assertClose } from "../../same";

const models = (gaps: readonly number[], error?: number) =>
  gaps.map((gap, at) => ({
    model: `m${at}`,
    public: 60 + at + gap,
    private: 60 + at,
    ...(error === undefined ? {} : { publicError: error, privateError: error }),
  }));

describe("public against private scores", () => {
  test("a model whose gap lies above those of the others stands out, one below does not", () => {
    const result = contaminationOf(models([5, 6, 4, 5, 30, 5, 4], 0.5));
    assert.deepEqual(result.suspects, ["m4"]);
    const low = contaminationOf(models([5, 6, 4, 5, -30, 5, 5], 0.5));
    assert.deepEqual(low.suspects, []);
    const [first] = result.rows;
    assert.deepEqual([first.model, first.gap.value, first.stands_out], ["m4", 30, true]);
    assert.ok(Math.abs(first.gap.high - (30 + 1.959964 * Math.SQRT1_2)) < 1e-4);
    assert.match(result.notes[0], /m4.*It may have seen/);
    assert.match(
      result.notes[1],
      /^The scores are on a scale that is not known to end: the excess, in points/,
    );
  });

  /** Counts of solved items, as shares of as many on either side. */
  const counted = (open: readonly number[], hidden: readonly number[], items: number) =>
    open.map((solved, at) => ({
      ...{ model: `m${at}`, public: solved / items, private: hidden[at] / items },
      ...{ publicItems: items, privateItems: items },
    }));
  const logistic = (x: number) => 1 / (1 + Math.exp(-x));
  /** Nine of ten near the ceiling; each private score is one logit below the public one, give or take a little. */
  const nearCeiling = [3.4, 3.2, 3.6, 3.3, 3.5, 3.1, 3.45, 3.25, 3.35, 0.4].map((x, at) => ({
    ...{ model: `m${at}`, public: 100 * logistic(x), private: 100 * logistic(x - 1 - 0.03 * (at % 3)) },
    ...{ publicError: 1, privateError: 1 },
  }));

  test("of shares the odds decide: one accused by counts of 600 items, with the gap in points beside it", () => {
    const scores = counted([540, 500, 480, 520, 470, 510], [360, 400, 370, 420, 350, 405], 600);
    const { rows, suspects, notes } = contaminationOf(scores, { ceiling: 1 });
    const [first, ...others] = rows;
    assert.deepEqual([suspects, first.claim.status], [["m0"], "settled"]);
    assert.equal(first.p_value.toFixed(5), "0.00247");
    assert.ok(others.every(({ p_value }) => p_value > 0.5));
    assert.ok(Math.abs(first.gap.value - 0.3) < 1e-12);
    assert.match(notes[1], /^The excess decides: the odds of the public score over those of the private one/);
    const { excess } = first;
    assert.deepEqual([excess.unit, excess.method], ["×", "mixture"]);
    assert.ok(excess.low > 1 && excess.low < excess.value && excess.value < excess.high);
  });

  test("a gap that only a normal law of clean models' gaps calls far out leads if none is far out by chance", () => {
    const of = (solved: number) =>
      contaminationOf(counted([solved, 500, 480, 520, 470, 510], [360, 400, 370, 420, 350, 405], 600), {
        ceiling: 1,
      });
    const { suspects, rows, notes } = of(530);
    const [{ claim, stands_out }] = rows;
    assert.deepEqual(
      [suspects, stands_out, claim.status, claim.needs],
      [["m0"], true, "leads if", "gaps-alike"],
    );
    assert.match(
      notes[0],
      /^If no clean model's gap is far out by chance, better on .*: m0\. It may have seen/,
    );
    assert.deepEqual(of(520).suspects, []);
  });

  test("a gap that is larger in points alone, below a ceiling that the others come near, accuses no one", () => {
    const inPoints = contaminationOf(nearCeiling);
    assert.deepEqual(
      [inPoints.rows[0].model, inPoints.rows[0].claim.status, inPoints.rows[0].claim.needs],
      ["m9", "leads if", "no-ceiling"],
    );
    assert.match(
      inPoints.notes[0],
      /^If the scores have no highest possible value .*: m9\. It may have seen/,
    );
    const result = contaminationOf(nearCeiling, { ceiling: 100 });
    assert.deepEqual(
      [result.suspects, result.rows[0].model, result.rows[0].claim.status],
      [[], "m9", "open"],
    );
    assert.match(result.notes[0], /^No model stands out/);
  });

  test("shares without items or errors are not judged, and no one's measure", () => {
    const without = nearCeiling.map(({ model, public: open, private: hidden }) => ({
      ...{ model, public: open, private: hidden },
    }));
    const none = contaminationOf(without, { ceiling: 100 });
    assert.deepEqual([none.suspects, none.rows[0].claim.status], [[], "not to be decided"]);
    assert.match(none.notes[0], /^No model can be judged: shares need the items or the standard errors/);
    const part = contaminationOf([...nearCeiling, { model: "x", public: 90, private: 10 }], { ceiling: 100 });
    assert.deepEqual([part.suspects, part.rows[0].model], [[], "x"]);
    assert.match(part.rows[0].excess.note!, /^needs the items or the standard errors of both scores$/);
    assert.match(part.notes.join(" "), /Not judged, without the items .*: x\./);
    const { excess } = part.rows.find(({ model }) => model === "m9")!;
    assert.deepEqual(excess, contaminationOf(nearCeiling, { ceiling: 100 }).rows[0].excess);
    const end = contaminationOf([...nearCeiling, { ...nearCeiling[0], model: "x", public: 100 }], {
      ceiling: 100,
    });
    const perfect = end.rows.find(({ model }) => model === "x")!;
    assert.match(perfect.excess.note!, /^needs the items of a score at an end of the scale$/);
  });

  test("below 300 items a side one logit will mostly not be found, and the notes say so", () => {
    const said = (items: number) =>
      contaminationOf(
        counted(
          [0.8, 0.7, 0.75, 0.6].map((x) => x * items),
          [0.7, 0.6, 0.65, 0.5].map((x) => x * items),
          items,
        ),
        {
          ceiling: 1,
        },
      ).notes.join(" ");
    assert.match(said(200), /4 of 4 models have scores as rough as those of fewer than 300 items a side/);
    assert.doesNotMatch(said(300), /items a side/);
  });

  test("a gap that all share is no one's", () => {
    const result = contaminationOf(models([20, 21, 19, 20, 20.5], 1));
    assert.deepEqual(result.suspects, []);
    assert.ok(result.gap.low > 15 && result.gap.high < 25);
    assert.match(result.notes[0], /No model stands out/);
  });

  test("of three models gaps alone are told, and missing scores are named", () => {
    const result = contaminationOf([...models([1, 2, 30]), { model: "x", public: 3, private: Number.NaN }]);
    assert.deepEqual(result.suspects, []);
    assert.ok(Number.isNaN(result.rows[0].excess.low) && Number.isNaN(result.rows[0].p_value));
    assert.match(result.rows[0].excess.note!, /needs 4 models with both scores, has 3/);
    assert.match(result.notes.join(" "), /Left out, without both scores: x\./);
  });

  test("hardly ever accuses where no model has seen anything", () => {
    let accused = 0;
    for (let world = 0; world < 400; world++) {
      const r = random(9, world);
      const error = world % 2 === 0 ? 1 : undefined;
      const gaps = Array.from({ length: 6 }, () => 5 + r.normal() + Math.SQRT2 * r.normal());
      if (contaminationOf(models(gaps, error)).suspects.length > 0) accused++;
    }
    // 5 % for both sides together; three standard errors of 400 worlds are 3.3 %.
    assert.ok(accused <= 0.083 * 400, String(accused));
  });

  test("of a table's columns, shares against per cent, small may be good", () => {
    const rows = models([5, 6, 4, 5, 30]).map((one) => ({ ...one, private: one.private / 100, items: 900 }));
    const columns = ["model", "public", "private", "items"];
    const table = joinScores([{ name: "t", columns, rows, notes: [] }]);
    const items = { publicItems: "items", privateItems: "Items" };
    const result = contaminationOfTable(table, { public: "Public", private: "private", ...items });
    assert.ok(Math.abs(result.rows[0].gap.value - 30) < 1e-9);
    assert.deepEqual(result.suspects, ["m4"]);
    const lower = { public: "public", private: "private", lowerIsBetter: true };
    const turned = contaminationOfTable(table, { ...lower, ...items });
    assert.deepEqual([turned.suspects, turned.rows.at(-1)!.model], [[], "m4"]);
    assert.ok(turned.rows[0].public > 0);
    assert.throws(() => contaminationOfTable(table, { public: "publc", private: "private" }), /"public"/);
  });

  test("a level is a share", () => {
    assert.throws(() => contaminationOf([], { level: 95 }), /did you mean 0.95/);
  });
});

describe("in the store", () => {
  const withScores = async <T>(work: (store: Store) => Promise<T>): Promise<T> => {
    const store = await open(":memory:");
    try {
      const rows = [0, 1, 2, 3, 4].flatMap((at) => [
        `('m${at}', 'Old', ${0.6 + (at === 4 ? 0.3 : 0.05)}, 2000, '2024-05-01')`,
        `('m${at}', 'New', 0.6, 2000, '2026-05-01')`,
        `('m${at}', 'Both', ${0.6 + (at === 4 ? 0.3 : 0.05)}, 2000, '2024-05-01')`,
        `('m${at}', 'Both', 0.6, 2000, '2026-05-01')`,
      ]);
      rows.push("('elsewhere', 'New', 0.5, 2000, null)");
      await run(
        store.connection,
        `insert into benchmarks (model, benchmark, score, items, as_of) values ${rows.join(",")}`,
      );
      return await work(store);
    } finally {
      store.close();
    }
  };

  test("two benchmarks, or one before and after a date, tell the same", async () => {
    await withScores(async (store) => {
      const two = await benchmarkContamination(store, { public: "old", private: "new" });
      const one = await benchmarkContamination(store, { benchmark: "Both", date: "2026-01-01" });
      assert.deepEqual([two.suspects, two.rows[0].claim.status], [["m4"], "settled"]);
      assertClose(one.rows, two.rows);
      assert.match(two.notes.join(" "), /without both scores: elsewhere/);
      await assert.rejects(
        () => benchmarkContamination(store, { benchmark: "Both", date: "soon" }),
        /a date such as/,
      );
      await assert.rejects(
        () => benchmarkContamination(store, { public: "Ol", private: "New" }),
        /did you mean "Old"/,
      );
    });
  });
});
