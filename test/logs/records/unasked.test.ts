import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { elementOfTried, elementSql, triedElement } from "../../../src/logs/load/element";
import { isShort, isShortSql, storedSql } from "../../../src/logs/records/unasked";
import {
  columnsOf,
  type FilledTable,
  filledTables,
  type Held,
  schema,
  type TableName,
} from "../../../src/store/schema";
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

test("records and the engine count the same words", () =>
  workbench(async ({ rows }) => {
    const letters = ["a", "b", "c", "d", "e", "f", "g", "h"];
    const [eight, nine] = [letters, [...letters, "i"]];
    for (const space of [" ", "\t", "\v", "\u00a0", "\u2003", "\u3000", "\ufeff", " \u00a0 ", "-"])
      for (const words of [eight, nine])
        for (const text of [words.join(space), `${space}${words.join(space)}${space}`]) {
          const [{ short }] = await rows<{ short: boolean }>(
            `select ${isShortSql("text")} as short from (select '${text}' as text)`,
          );
          assert.equal(isShort([text], false), short, JSON.stringify(text));
        }
    assert.ok(isShort([` ${eight.join(" ")} `], false));
    assert.ok(!isShort([nine.join("\u3000")], false));
  }));

test("an id of one word stays, unless it is as long as a signed token", () =>
  workbench(async ({ rows }) => {
    const stored = async (text: string) =>
      (
        await rows<{ t: string }>(
          `select ${storedSql("id", "text", false)} as t from (select '${text}' as text)`,
        )
      )[0].t;
    assert.equal(await stored("ab/".repeat(170)), "ab/".repeat(170));
    assert.match(await stored("eyJ.".repeat(750)), /^[0-9a-f]{32}$/);
  }));

/** Columns of texts that the rule of eight words does not decide, each with the reason. */
const others: Partial<Record<Held, [why: string, columns: string[]]>> = {
  word: [
    "words of a vocabulary; any other is 'unnamed', and of a sentence of an error its first words",
    [
      ...["operation", "role", "provider", "service_tier", "status", "error_type", "finish_reason"].map(
        (name) => `calls.${name}`,
      ),
      "calls.output_form",
      "spans.status",
      "prices.service_tier",
    ],
  ],
  list: [
    "published lists, which hold nobody's prompts",
    [
      ...["model", "benchmark", "harness", "source"].map((name) => `benchmarks.${name}`),
      ...["model", "source"].map((name) => `prices.${name}`),
    ],
  ],
  asked: [
    "empty without --text keep",
    [
      "texts.prompt",
      "texts.output",
      ...["prompt", "expected", "format", "sources"].map((name) => `items.${name}`),
    ],
  ],
  made: [
    "written by fieldnotes: names of columns and files, hashes, counts, masked excerpts",
    [
      ...filledTables.map((table) => `${table}.emptied`),
      "families.model",
      "families.family",
      "outcome_order.source",
      ...["path", "sha256", "format", "mapping", "constants", "options"].map((name) => `ingests.${name}`),
      "rejects.reason",
      "rejects.excerpt",
      "fates.fate",
      "fates.kind",
    ],
  ],
};

describe("every column of texts has a decision about long ones", () => {
  const all = (Object.keys(schema) as TableName[]).flatMap((table) =>
    Object.entries(columnsOf(table)).flatMap(([name, { type, holds }]) =>
      type === "VARCHAR" ? [{ table, name, holds }] : [],
    ),
  );

  test("either the rule of eight words holds in it, or it stands here with the reason", () => {
    const gated = ["id", "name", "model"];
    for (const holds of Object.keys(others) as Held[])
      assert.deepEqual(
        all
          .filter((one) => one.holds === holds)
          .map(({ table, name }) => `${table}.${name}`)
          .sort(),
        others[holds]?.[1].sort(),
        holds,
      );
    for (const { table, name, holds } of all)
      assert.ok(
        holds !== undefined && (gated.includes(holds) || others[holds] !== undefined),
        `${table}.${name}`,
      );
  });

  const prose = (name: string) => `please tell me why my ${name} has not come yet`;
  const isFilled = (table: string) => (filledTables as readonly string[]).includes(table);
  const planted = all.filter(
    ({ table, holds }) =>
      isFilled(table) && !["texts", "prices"].includes(table) && holds !== "made" && holds !== "list",
  );
  const needed: Partial<Record<string, Record<string, string>>> = {
    scores: { value: "1" },
    sides: { value: "1" },
    preferences: { preferred: "1" },
    tasks: { resolved: "true" },
  };
  const mappingOf = (table: FilledTable, from: string) => ({
    table,
    columns: {
      ...needed[table],
      ...Object.fromEntries(
        planted.filter((one) => one.table === table).map(({ name }) => [name, `${from}f_${name}`]),
      ),
    },
  });
  const record = (table: string, id: string) =>
    Object.fromEntries(
      planted.filter((one) => one.table === table).map(({ name }) => [`f_${name}`, prose(`${name} ${id}`)]),
    );
  // Four words of a sentence at most, of an error.
  const isTold = /my \w+ \w+ has not come/;

  for (const table of filledTables.filter((one) => planted.some((column) => column.table === one)))
    test(`a sentence in any column of ${table} is not stored, by each way of reading`, () =>
      workbench(async ({ read, rows }) => {
        const odd = { f_odd: "x" };
        const mapping = mappingOf(table, "");
        await read("fast.jsonl", jsonl(record(table, "a"), record(table, "b")), { mapping });
        const numbers = Object.entries(columnsOf(table)).filter(([, { type }]) => type === "DOUBLE");
        const [spare] = numbers.map(([name]) => name).filter((name) => !(name in mapping.columns));
        const tried =
          spare === undefined ? mapping : { ...mapping, columns: { ...mapping.columns, [spare]: "f_odd" } };
        await read(
          "tried.jsonl",
          jsonl({ ...record(table, "c"), f_odd: 1 }, { ...record(table, "d"), ...odd }),
          {
            mapping: tried,
          },
        );
        const found = await rows(`from ${table}`);
        assert.ok(found.length === 4, `${found.length} rows`);
        const target = { ...mappingOf(table, "element."), each: "all" };
        const one = JSON.stringify(record(table, "e"));
        const fields = JSON.stringify(
          Object.fromEntries(Object.keys(record(table, "e")).map((name) => [name, "VARCHAR"])),
        );
        const [ofList] = await rows<{ fast: object; tried: { emptied: unknown } }>(
          `with given as (select [from_json('${one}', '${fields}')] as every)
           select unnest(list_transform(every, lambda element: ${elementSql(target)})) as fast,
             unnest(list_transform(list_transform(every, lambda element: ${triedElement(target)}), lambda one: ${elementOfTried(target)})) as tried
           from given`,
        );
        assert.ok(Object.values(ofList.fast).some((value) => value !== null));
        for (const row of [...found, ofList.fast, ofList.tried])
          for (const [name, value] of Object.entries(row))
            assert.ok(typeof value !== "string" || !isTold.test(value), `${name}: ${value}`);
      }));

  test("nor as the name of a field, nor as the kind of a record", () =>
    workbench(async ({ read, rows }) => {
      const call = { call_id: "a", model: "m", duration: 1, started_at: "2026-03-02T10:00:00Z" };
      await read("a.jsonl", jsonl({ ...call, [prose("thing")]: 3, tenant: "x" }));
      assert.doesNotMatch(JSON.stringify(await rows("describe calls")), isTold);
      assert.match(JSON.stringify(await rows("describe calls")), /attributes\.tenant/);
    }));

  test("whatever joins its words", () =>
    workbench(async ({ rows }) => {
      for (const space of ["\u00a0", "\u3000", "\u2009", "\r", "\v", "\f", "\t ", "\n"]) {
        const sentence = prose("x").replaceAll(" ", space);
        const [{ short, stored }] = await rows<{ short: boolean; stored: string }>(
          `select ${isShortSql("t")} as short, ${storedSql("name", "t", false)} as stored from (select $$${sentence}$$ as t)`,
        );
        assert.deepEqual([short, /^text [0-9a-f]{12}$/.test(stored)], [false, true], JSON.stringify(space));
        const eight = ` ${["a", "b", "c", "d", "e", "f", "g", "h"].join(space)}${space}`;
        assert.deepEqual(
          await rows(`select ${isShortSql("t")} as short from (select $$${eight.padEnd(20)}$$ as t)`),
          [{ short: true }],
        );
      }
    }));

  test("a long path or id of one word stays, and a long text in an id's place is still the same thing", () =>
    workbench(async ({ read, rows }) => {
      const path = `/models/${"checkpoint-1000/".repeat(10)}snapshot`;
      const mapping = { table: "calls" as const, columns: { call_id: "id", task_id: "t", model: "m" } };
      await read("a.jsonl", jsonl({ id: "a", t: prose("x"), m: path }, { id: "b", t: prose("x"), m: path }), {
        mapping,
      });
      assert.deepEqual(
        await rows(`select distinct task_id = md5('${prose("x")}') as same, request_model as m from calls`),
        [{ same: true, m: path }],
      );
    }));
});
