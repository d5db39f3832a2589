import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonl, workbench } from "../workbench";

const said = "Please tell me why my order has not come yet";
const kinds = ["ok", "late delivery", "eight words at most are still a name", said];
const rare = (at: number) => (at === 900 ? kinds[3] : kinds[at % 3]);

describe("a text is not stored unasked, however rare it is in its field", () => {
  test("in attributes, of which the first records show only names", () =>
    workbench(async ({ read, rows }) => {
      const log = Array.from({ length: 1_000 }, (_, id) => ({
        id: `c${id}`,
        m: "x",
        ms: 5,
        ticket: rare(id),
        lines: id === 950 ? "a\nb\nc\nd\ne\nf\ng\nh\ni" : "a",
      }));
      const mapping = { table: "calls" as const, columns: { call_id: "id", model: "m" } };
      await read("a.jsonl", jsonl(...log), { mapping });
      const found = await rows<{ t: string | null; l: string | null; n: number }>(
        'select "attributes.ticket" as t, "attributes.lines" as l, count(*)::int as n from calls group by all',
      );
      const texts = found.flatMap(({ t, l }) => [t, l]).filter((one) => one !== null);
      assert.deepEqual([...new Set(texts)].sort(), ["a", ...kinds.slice(0, 3)].sort());
      assert.equal(
        found.reduce((sum, { n }) => sum + n, 0),
        1_000,
      );
    }));

  test("in the columns for names, where the same text is still the same", () =>
    workbench(async ({ read, rows }) => {
      const scores = Array.from({ length: 12 }, (_, id) => ({
        task: `t${id}`,
        label: id % 2 === 0 ? said : kinds[id % 3],
        who: id % 3 === 0 ? `${said} now` : "ann",
      }));
      await read("s.jsonl", jsonl(...scores), {
        mapping: {
          table: "scores",
          columns: {
            subject_id: "task",
            label: "label",
            subject: "'task'",
            name: "'correct'",
            rater_id: "who",
            value: "1",
          },
        },
      });
      await read("c.jsonl", jsonl({ id: "a", m: "x", tpl: said }, { id: "b", m: "x", tpl: "v2" }), {
        mapping: {
          table: "calls",
          columns: { call_id: "id", model: "m", prompt_template: "tpl" },
        },
      });
      const all = JSON.stringify(
        [await rows("from scores"), await rows("from calls")],
        (_key, one: unknown) => (typeof one === "bigint" ? String(one) : one),
      );
      assert.doesNotMatch(all, /why my order has not come/);
      const labels = await rows<{ label: string; n: number }>(
        "select label, count(*)::int as n from scores group by label order by n desc limit 1",
      );
      assert.match(labels[0].label, /^text [0-9a-f]{12}$/);
      assert.equal(labels[0].n, 6);
      assert.deepEqual(await rows("select prompt_template as t from calls where call_id = 'b'"), [
        { t: "v2" },
      ]);
    }));

  test("and is stored in the columns for names where texts are asked for, by each way of reading", () =>
    workbench(async ({ read, rows }) => {
      const columns = {
        subject_id: "task",
        label: "label",
        subject: "'task'",
        name: "'correct'",
        rater_id: "who",
        value: "v",
      };
      const one = { task: "t", label: said, who: `${said} now`, v: 1 };
      const mapping = { table: "scores" as const, columns };
      await read("fast.jsonl", jsonl(one, { ...one, task: "t2", label: "" }), { mapping, text: "keep" });
      await read("tried.jsonl", jsonl({ ...one, task: "t3" }, { ...one, task: "t4", v: "odd" }), {
        mapping,
        text: "keep",
      });
      assert.deepEqual(
        await rows(
          "select label, rater_id as who, count(*)::int as n from scores group by all order by n desc, label",
        ),
        [
          { label: said, who: `${said} now`, n: 2 },
          { label: null, who: `${said} now`, n: 1 },
        ],
      );
      const calls = {
        table: "calls" as const,
        columns: { call_id: "id", model: "m", prompt_template: "tpl" },
      };
      await read("c.jsonl", jsonl({ id: "a", m: "x", tpl: said }), { mapping: calls, text: "keep" });
      assert.deepEqual(await rows("select prompt_template as t from calls"), [{ t: said }]);
    }));
});
