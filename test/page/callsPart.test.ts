import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { everything } from "../../src/facts/request";
import { callsPart } from "../../src/page/callsPart";
import { idsIn, linked } from "../../src/page/ids";
import { renderPage } from "../../src/page/page";
import { tableHtml } from "../../src/page/table";
import type { Store } from "../../src/store/open";
import { putInto } from "../measures/agree/hostile";
import { withCalls } from "../measures/calls";
import { thorough } from "../property";

const log = Array.from({ length: 60 }, (_, at) => ({
  call_id: `c${at}`,
  task_id: `t${at % 30}`,
  user_id: `u${at % 7}`,
  workload: "chat",
  prompt_id: `p${at % 30}`,
  model: at < 30 ? "alder" : "birch",
  started_at: at < 30 ? "2026-03-02 09:00:00" : "2026-03-02 09:00:40",
  duration: 1 + at / 10,
  cost: at / 1000,
  status: "ok",
}));
const texts = log.map(({ call_id }, at) => ({
  call_id,
  prompt: `what is ${at}?`,
  output: `the secret of ${at}`,
}));
const of = <T>(work: (store: Store) => Promise<T>) =>
  withCalls(log, async (store) => {
    await putInto(store, "texts", texts);
    return work(store);
  });

/** A notebook whose only cell shows a table. */
const notebook = (html: string) => ({
  cells: [
    {
      cell_type: "code" as const,
      metadata: {},
      source: "show(flips)",
      execution_count: 1,
      outputs: [{ output_type: "display_data" as const, metadata: {}, data: { "text/html": html } }],
    },
  ],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});

describe("calls one by one", () => {
  thorough("are the slowest and dearest of each workload, each with its task step by step", () =>
    of(async (store) => {
      const { tables = [], traces = [] } = await callsPart(store, everything);
      assert.deepEqual(
        tables.map(({ caption }) => caption),
        ["chat: slowest", "chat: dearest"],
      );
      assert.equal((tables[0].table as { rows: object[] }).rows.length, 20);
      const slowest = traces.find(({ ids }) => ids.includes("c59"));
      assert.deepEqual(slowest?.ids.slice(0, 3), ["t29", "c29", "c59"]);
      assert.equal(slowest?.table.rows.length, 2);
      assert.ok(slowest?.figure);
    }),
  );

  thorough("show a task once where each of its calls is listed", () =>
    withCalls(
      log.slice(0, 2).map((one) => ({ ...one, task_id: "t" })),
      async (store) => {
        const { traces = [] } = await callsPart(store, everything);
        assert.deepEqual(
          traces.map(({ ids }) => [...ids].sort()),
          [["c0", "c1", "t"]],
        );
      },
    ),
  );

  thorough("hold a text only where it is asked for", () =>
    of(async (store) => {
      const page = async (withText: boolean) =>
        renderPage({ title: "r", notebooks: [], parts: [await callsPart(store, everything, { withText })] });
      const without = await page(false);
      assert.match(without, /c59/);
      assert.doesNotMatch(without, /the secret of \d|what is \d+\?/);
      assert.match(await page(true), /<pre class="text">the secret of 59<\/pre>/);
    }),
  );

  thorough("say that the store keeps no texts", () =>
    withCalls(log, async (store) => {
      const { paragraphs = [] } = await callsPart(store, everything, { withText: true });
      assert.match(paragraphs.join(" "), /keeps no texts of these: ingest stores them only with --text keep/);
    }),
  );

  thorough(
    "are led to by ids of the notebooks' tables, of prompts too, and by none where they are not on the page",
    () =>
      of(async (store) => {
        const html = tableHtml({
          measure: "flips",
          by: ["prompt_id"],
          rows: [{ prompt_id: "p3", better: "p3" }],
          notes: [],
        });
        const notebooks = [notebook(html)];
        const part = await callsPart(store, everything, { ids: idsIn(html) });
        const page = renderPage({ title: "r", notebooks, parts: [part] });
        const [, place] = /<th[^>]*><bdi><a href="#(trace-\d+)"[^>]*>p3<\/a>/.exec(page) ?? [];
        assert.ok(place, "the prompt's cell is a link");
        assert.match(page, new RegExp(`<details class="numbers" id="${place}"><summary>task t3:`));
        assert.equal(page.match(/>p3<\/a>/g)?.length, 1, "the other column, which is no id, is none");
        const plain = renderPage({ title: "r", notebooks, parts: [] });
        assert.doesNotMatch(plain, /trace-1|href="#trace/);
      }),
  );
});

describe("ids in tables", () => {
  const rows = [
    { call_id: "a<b>&\"'", model: "m" },
    { call_id: null, model: "m" },
  ];
  const html = tableHtml({ measure: "calls", by: ["call_id"], rows, notes: [] });

  test("are found as the log has them, and an empty cell is none", () =>
    assert.deepEqual(idsIn(html), [{ id: "a<b>&\"'", kind: "call" }]));

  test("lead to a place, and their text stays text", () =>
    assert.match(
      linked(html, new Map([["a<b>&\"'", "trace-1"]])),
      /<bdi><a href="#trace-1">a&lt;b&gt;&amp;/,
    ));
});
