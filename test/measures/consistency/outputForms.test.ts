import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { consistencyForm } from "../../../src/measures/consistency/outputForms";
import { random } from "../../../src/stats/random";
import { run } from "../../../src/store/run";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";

/** Runs of prompts by their forms: forms[p][r], each of 12 characters, or as many as stand behind it. */
const study = (forms: (string | null)[][], model = "alder"): Call[] =>
  forms.flatMap((runs, p) =>
    runs.map((form, r): Call => {
      const [output_form, length] = (form ?? "").split("/");
      return {
        ...{ call_id: `${model}p${p}r${r}`, model, prompt_id: `p${p}`, environment: "evaluation" },
        output_form: output_form === "" ? null : output_form,
        output_length: output_form === "empty" ? 0 : Number(length ?? 12),
      };
    }),
  );

describe("forms of answers to the same prompt", () => {
  test("have the share of the commonest one, the entropy and the chance that two are alike", () =>
    withCalls(
      study([
        ["list", "list", "prose", "table"],
        ["prose", "prose", "prose", "prose"],
      ]),
      async (store) => {
        const { rows, notes, measure } = await consistencyForm(store, { by: "model" });
        const [row] = rows;
        assert.deepEqual(
          [measure, rows.length, row.prompts, row.repeats, row.runs],
          ["consistency form", 1, 2, 4, 8],
        );
        assert.equal(row.form, "prose of 10 to 99 characters");
        assert.equal(row.distinct_forms, 2);
        near(row.form_entropy.value, (0.5 * Math.log(2) + 2 * 0.25 * Math.log(4)) / 2, "entropy", 1e-12);
        near(row.modal_share.value, 0.75, "half and all");
        near(row.same_form.value, (1 / 6 + 1) / 2, "one pair of six, and all");
        for (const one of [row.form_entropy, row.modal_share, row.same_form])
          assert.deepEqual([one.n, one.clusterBy], [2, "prompt_id"]);
        assert.ok(row.form_entropy.low >= 0);
        assert.match(notes.join(" "), /modal share is too high/);
      },
    ));

  test("differ by the power of ten of their length, and an empty answer is a form of its own", () =>
    withCalls(study([["prose/99", "prose/10", "prose/100", "empty"]]), async (store) => {
      const [row] = (await consistencyForm(store)).rows;
      assert.equal(row.distinct_forms, 3);
      near(row.modal_share.value, 0.5);
    }));

  test("cover a known share of .8 and the chance of two alike that follows from it", () => {
    const next = random(7);
    const forms = Array.from({ length: 60 }, () =>
      Array.from({ length: 20 }, () => (next.uniform() < 0.8 ? "json 0123abcd/400" : "prose/400")),
    );
    return withCalls(study(forms), async (store) => {
      const [row] = (await consistencyForm(store)).rows;
      const covers = ({ low, high }: { low: number; high: number }, truth: number) =>
        low <= truth && truth <= high;
      assert.ok(covers(row.modal_share, 0.8), JSON.stringify(row.modal_share));
      assert.ok(covers(row.same_form, 0.8 ** 2 + 0.2 ** 2), JSON.stringify(row.same_form));
      assert.ok(row.modal_share.high - row.modal_share.low < 0.1);
      assert.equal(row.form, "json 0123abcd of 100 to 999 characters");
    });
  });

  test("that are not known are left out and counted, and without any it is said what is lacking", () =>
    withCalls(
      [
        ...study([
          ["list", "list", null],
          ["list", null],
        ]),
        ...study([[null, null]], "birch"),
      ],
      async (store) => {
        const { rows, notes } = await consistencyForm(store, { by: "model" });
        assert.deepEqual(
          rows.map(({ model, prompts, runs }) => [model, prompts, runs]),
          [["alder", 1, 2]],
        );
        assert.ok(
          notes.includes("5 of 7 repeated runs have no known form to compare and are left out."),
          notes.join("\n"),
        );
        await run(store.connection, "update calls set output_form = null");
        const none = await consistencyForm(store);
        assert.match(none.notes.join(" "), /read from outputs when a log is ingested/);
        await run(store.connection, "alter table calls drop column output_form");
        const before = await consistencyForm(store);
        assert.deepEqual(before.rows, []);
        assert.match(before.notes.join(" "), /read before forms of answers were kept: ingest its logs again/);
      },
    ));
});
