import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { generateDemo } from "../../src/demo/generate";
import { ingest } from "../../src/logs/ingest";
import { open } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";
import { launched, opened, skip } from "../browser";
import { fieldnotesProcess as fieldnotes, folder, jsonProcess as json } from "./command";

const { path: here, remove } = folder();
after(remove);

const hostile = "<img src=x onerror=alert(1)>";
/** Texts of users and models, distinguished by number. */
const said = (at: number, what: string) => `the ${what} of user ${at}, which is nobody else's concern`;
const script = '"><script>alert(2)</script>';

describe("the report of a store of one's own, in which names are hostile", () => {
  let page: string;
  let ingested: number;
  /** A twentieth of the prompts and outputs in the store. */
  let kept: string[];

  before(async () => {
    const { logs } = generateDemo({ out: join(here, "logs"), calls: 2000, truthCalls: 0 });
    const calls = Array.from({ length: 200 }, (_, at) => ({
      call_id: `hostile ${at}`,
      workload: script,
      model: at % 2 ? hostile : "`alert(3)`</script><!--",
      user_id: `u${at % 40}`,
      duration: 1 + (at % 17) / 3,
      prompt: said(at % 90, "prompt"),
      output: said(at % 70, "output"),
      status: at % 20 ? "ok" : "<b>unknown</b>",
    }));
    const torn = JSON.stringify({ call_id: "torn", prompt: said(1000, "prompt") }).slice(0, -2);
    const lines = [...calls.map((call) => JSON.stringify(call)), torn];
    writeFileSync(join(here, "hostile.jsonl"), lines.join("\n"));
    const store = await open(join(here, "own.duckdb"));
    ingested = (await ingest(store, [...logs, join(here, "hostile.jsonl")], { text: "keep" })).calls;
    const texts = await rowsOf<{ text: string }>(
      store.connection,
      "select distinct unnest([prompt, output]) as text from texts order by text",
    );
    kept = texts.map(({ text }) => text).filter((text, at) => text?.length >= 24 && at % 20 === 0);
    store.close();
    const words = ["--title", "Spring", "--author", script, "--note", hostile];
    const chat = JSON.parse((await fieldnotes(["profile", "new", "chat"], here)).stdout);
    writeFileSync(join(here, "own-team.json"), JSON.stringify({ ...chat, name: "own-team" }));
    const flags = ["--profile", "own-team.json", "--out", "made/report.html", "--split"];
    const result = await json(["report", "--db", "own.duckdb", ...flags, ...words], here);
    assert.deepEqual(Object.keys(result).sort(), [
      "data",
      "html",
      "markdown",
      "notebooks",
      "tables",
      "verdict",
    ]);
    for (const one of result.notebooks) {
      assert.equal(one.status, "ok", one.reason);
      assert.ok(one.cells > 0 && one.seconds > 0 && one.path.endsWith(".ipynb"));
    }
    page = result.html;
  });

  test("is one file under 6 MB, with the verdict first and a page of each notebook beside it", () => {
    assert.equal(page, join(here, "made", "report.html"));
    assert.ok(statSync(page).size < 6e6);
    assert.ok(existsSync(join(here, "made", "01-latency.html")));
  });

  test("holds names as text alone, and no address to load from", () => {
    const html = readFileSync(page, "utf8");
    assert.doesNotMatch(html, /<img src=x/i);
    assert.doesNotMatch(html, /<script>alert/i);
    assert.doesNotMatch(html, /<(script|link|img|iframe)[^>]+(src|href)="https?:/i);
    assert.match(html, /&lt;img src=x/);
    assert.match(html, /Content-Security-Policy/);
  });

  test("holds no prompt and no output, though the store keeps them: nowhere in what is written", () => {
    assert.ok(kept.length > 100, String(kept.length));
    const files = readdirSync(join(here, "made"), { recursive: true, encoding: "utf8" })
      .map((file) => join(here, "made", file))
      .filter((file) => statSync(file).isFile());
    assert.ok(files.length > 15, files.join());
    for (const file of files) {
      const text = readFileSync(file, "utf8");
      assert.ok(!text.includes("nobody else"), file);
      // In JSON and HTML some characters are escaped.
      const plain = text.replaceAll("&#39;", "'").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
      const found = kept.filter(
        (one) => plain.includes(one) || text.includes(JSON.stringify(one).slice(1, -1)),
      );
      assert.deepEqual(found, [], file);
    }
  });

  test("runs the notebook on choosing by the profile whose file it was given", () => {
    assert.match(readFileSync(join(here, "made", "07-choosing-a-model.html"), "utf8"), /own-team/);
  });

  test("counts as many agreements with benchmarks on the page as in the notebook on them", () => {
    const said = /Of \d+ pairs (\d+) agree \(.*?\), (\d+) disagree \(.*?\), and (\d+) are open/;
    const squares = /(\d+) are sure to agree, (\d+) are sure not to, and (\d+) stay open/;
    const chapter = readFileSync(join(here, "made", "06-benchmark-against-production.html"), "utf8");
    const [, ...counts] = squares.exec(chapter) ?? [];
    const [, ...own] = said.exec(readFileSync(join(here, "made", "report.md"), "utf8")) ?? [];
    assert.equal(counts.length, 3);
    assert.deepEqual(counts, own);
  });

  test("stands beside itself as Markdown, as JSON and as tables, all from the same numbers", () => {
    const markdown = readFileSync(join(here, "made", "report.md"), "utf8");
    assert.match(markdown, /^# Spring\n/);
    assert.doesNotMatch(markdown, /<img|<script/);
    const data = JSON.parse(readFileSync(join(here, "made", "report.json"), "utf8"));
    assert.equal(data.title, "Spring");
    assert.equal(data.inputs.length, new Set(data.inputs).size);
    assert.equal(data.calls, ingested);
    const csv = readFileSync(join(here, "made", "report-tables", "cost.csv"), "utf8");
    assert.match(csv, /^workload,model,.*cost_per_resolved,cost_per_resolved_low,cost_per_resolved_high/);
    const values = data.tables.cost.rows.map(
      (row: { cost_per_call: { value: number | null } }) => row.cost_per_call.value,
    );
    assert.ok(values.some((value: number | null) => value !== null));
    for (const value of values) assert.ok(csv.includes(value === null ? "" : String(value)));
  });

  test("compared with itself nothing changed", async () => {
    const against = ["--against", "made/report.json", "--out", "again/report.html", "--no-notebooks"];
    await json(["report", "--db", "own.duckdb", ...against], here);
    const text = readFileSync(join(here, "again", "report.md"), "utf8");
    assert.match(text, /## What changed since the earlier report/);
    assert.match(text, /; 0 of them changed/);
  });

  for (const [colorScheme, width] of [
    ["light", 1300],
    ["dark", 390],
  ] as const)
    test(`has no serious finding of an accessibility check, ${colorScheme}, ${width} pixels wide`, {
      skip,
    }, async () => {
      const browser = await launched();
      try {
        const tab = await browser.newPage({
          colorScheme,
          viewport: { width, height: 900 },
          bypassCSP: true,
        });
        await tab.goto(pathToFileURL(page).href);
        await tab.evaluate(() => {
          for (const fold of document.querySelectorAll("details")) fold.open = true;
        });
        await tab.waitForSelector(".main-svg");
        await tab.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
        const found = await tab.evaluate(async () => {
          const { axe } = window as unknown as { axe: typeof import("axe-core") };
          return (await axe.run()).violations.map(({ id, impact, nodes }) => ({
            id,
            impact,
            at: nodes[0]?.html,
          }));
        });
        assert.deepEqual(
          found.filter(({ impact }) => impact === "serious" || impact === "critical"),
          [],
        );
        const [inner, outer] = await tab.evaluate(() => [
          document.documentElement.scrollWidth,
          document.documentElement.clientWidth,
        ]);
        assert.ok(inner! <= outer!, "the page scrolls to the side");
      } finally {
        await browser.close();
      }
    });

  test("opens from disk: nothing runs, nothing is loaded, no error, all figures drawn", {
    skip,
  }, async () => {
    const browser = await launched();
    try {
      const { page: tab, wrong } = await opened(browser, page);
      await tab.evaluate(() => {
        for (const one of document.querySelectorAll("details")) one.open = true;
      });
      for (let at = 0; at < (await tab.locator("figure").count()); at++)
        await tab.locator("figure").nth(at).scrollIntoViewIfNeeded();
      await tab.waitForFunction(
        () =>
          document.querySelectorAll("figure").length > 0 &&
          [...document.querySelectorAll("figure")].every((one) => one.querySelector("svg")),
        undefined,
        { timeout: 30_000 },
      );
      assert.ok((await tab.locator(".main-svg").count()) > 0, "no figure was drawn by plotly");
      assert.equal(await tab.locator("img").count(), 0);
      assert.deepEqual(wrong, []);
    } finally {
      await browser.close();
    }
  });
});

describe("run", () => {
  const cell = (source: string, tags: string[] = []) => ({
    id: `c${source.length}`,
    cell_type: "code",
    source,
    metadata: { tags },
    outputs: [],
    execution_count: null,
  });
  const notebook = (...cells: object[]) =>
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });

  test("gives a parameter to the notebook, keeps it executed and as a page, and tells of a failure", async () => {
    writeFileSync(
      join(here, "good.ipynb"),
      notebook(cell("const n = 1;", ["parameters"]), cell("console.log(n + 1)")),
    );
    writeFileSync(
      join(here, "bad.ipynb"),
      notebook(cell("throw new Error('on purpose')"), cell("1 + 1 + 1")),
    );
    const args = ["run", "good.ipynb", "bad.ipynb", "--param", "n=41", "--out", "ran", "--json"];
    const { code, stdout } = await fieldnotes(args, here);
    assert.equal(code, 1);
    const { html, notebooks } = JSON.parse(stdout);
    assert.deepEqual(
      notebooks.map(({ path, status }: Record<string, string>) => [path, status]),
      [
        ["good.ipynb", "ok"],
        ["bad.ipynb", "failed"],
      ],
    );
    assert.match(notebooks[1].reason, /on purpose/);
    assert.match(readFileSync(join(here, "ran", "good.ipynb"), "utf8"), /42/);
    assert.match(readFileSync(join(here, html), "utf8"), /42/);
  });

  test("runs a notebook over the store that --db names, wherever the notebook lies", async () => {
    (await open(join(here, "mine.duckdb"))).close();
    mkdirSync(join(here, "below"), { recursive: true });
    const path = join("below", "store.ipynb");
    writeFileSync(
      join(here, path),
      notebook(cell('const db = "demo.duckdb";', ["parameters"]), cell("console.log(db)")),
    );
    assert.equal((await fieldnotes(["run", path, "--out", "kept"], here)).code, 0);
    assert.match(readFileSync(join(here, "kept", "store.ipynb"), "utf8"), /"demo\.duckdb\\n"/);
    for (const args of [
      ["run", path, "--db", "mine.duckdb"],
      ["--db", "mine.duckdb", "run", path],
    ]) {
      assert.equal((await fieldnotes([...args, "--out", "kept"], here)).code, 0);
      const kept = JSON.parse(readFileSync(join(here, "kept", "store.ipynb"), "utf8"));
      const result = kept.cells.at(-1).outputs[0].text;
      assert.equal([result].flat().join(""), `${join(realpathSync(here), "mine.duckdb")}\n`);
    }
  });

  test("refuses a parameter that no notebook declares", async () => {
    writeFileSync(join(here, "one.ipynb"), notebook(cell("const n = 1;", ["parameters"])));
    const { code, stderr } = await fieldnotes(["run", "one.ipynb", "--param", "m=1"], here);
    assert.equal(code, 2);
    assert.match(stderr, /^fieldnotes: .*got m; known: n\n$/);
  });
});
