import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Item } from "../../src/evalset/item";
import { labelsOf } from "../../src/evalset/labels";
import { promptText } from "../../src/evalset/promptText";
import { review, reviewId } from "../../src/evalset/review";
import { folder } from "../cli/command";
import { skipUnless } from "../dist";

const item = (id: string, prompt: string, more: Partial<Item> = {}): Item => ({
  item_id: id,
  prompt,
  expected: "",
  format: "",
  sources: [],
  stratum: "",
  weight: 1,
  checks: [],
  call_id: null,
  ...more,
});
const hostile = [
  "</script><script>alert(1)</script>",
  '<img src=x onerror="alert(2)">',
  "nul \u0000 and bell \u0007 and escape \u001b[31m",
  "right to left \u202e evil \u2066 turned",
  "<!--<script>",
  "]]> &amp; &lt;b&gt; \u2028 line \u2029 end \ud800",
  '=HYPERLINK("http://evil.example","x")',
];
const items = [
  ...hostile.map((text, at) =>
    item(`h${at}`, text, { expected: text, sources: [{ id: text, text }, { text: "plain" }] }),
  ),
  ...Array.from({ length: 5 }, (_, at) => item(`p${at}`, `What does clause ${at} say?\nIn one line.`)),
];
const outputs = items.flatMap(({ item_id, prompt }) =>
  ["orrery/orrery-apex", "quillon-7"].map((model) => ({
    call_id: `${model}:${item_id}`,
    item_id,
    model,
    output: item_id.startsWith("h")
      ? prompt
      : `I am Orrery Apex, and ${model} says: write to me@example.com.`,
  })),
);
const sheet = review(items, outputs, { score: "hallucination" });

describe("a review sheet", () => {
  test("holds every answer once, in an order that the seed decides", () => {
    const ids = sheet.rows.map(({ review_id }) => review_id);
    assert.deepEqual([...ids].sort(), outputs.map(({ call_id }) => reviewId(call_id)).sort());
    assert.deepEqual(review(items, [...outputs].reverse(), { score: "hallucination" }), sheet);
    const other = review(items, outputs, { score: "hallucination", seed: 2 });
    assert.notDeepEqual(
      other.rows.map(({ review_id }) => review_id),
      ids,
    );
    assert.notEqual(other.sheet, sheet.sheet);
    assert.deepEqual(
      review(items, outputs, { score: "hallucination", most: 5 }).rows,
      sheet.rows.slice(0, 5),
    );
  });

  test("tells nothing of the model: not its name, not the id of its call, not the order of the file", () => {
    for (const text of [sheet.html, sheet.csv]) {
      assert.doesNotMatch(text, /orrery|quillon/i);
      assert.match(text, /I am \[model\], and \[model\] says/);
    }
  });

  test("masks personal data in answers unless told not to", () => {
    assert.doesNotMatch(sheet.html, /me@example\.com/);
    assert.match(review(items, outputs, { mask: false }).html, /me@example\.com/);
  });

  test("asks by the score's name, or what it is told to ask", () => {
    assert.equal(sheet.question, "Does the answer state something that is not so?");
    assert.equal(review([], [], { score: "polite" }).question, 'Does "polite" hold of the answer?');
    assert.equal(review([], [], { question: "Kind?" }).question, "Kind?");
    assert.throws(() => review([], [], { most: -1 }), /review requires a whole number of answers/);
  });

  test("as CSV holds no formula, and comes back as labels once it is filled in", () => {
    assert.doesNotMatch(sheet.csv, /(^|,)"[=+@-]/m);
    const filled = sheet.csv
      .split("\r\n")
      .map((line) => line.replace(/"",""$/, '"1","h1"'))
      .join("\r\n");
    const labels = labelsOf(filled, "sheet.csv");
    assert.equal(labels.length, outputs.length);
    assert.ok(
      labels.every(
        ({ name, value, rater_id }) => name === "hallucination" && value === 1 && rater_id === "h1",
      ),
    );
    assert.deepEqual(labelsOf(sheet.csv, "sheet.csv"), [], "a sheet that is not filled in has no labels");
  });

  test("as a page it is one file that may load nothing, and no text of the log is markup", () => {
    assert.match(sheet.html, /default-src 'none'; script-src 'sha256-[A-Za-z0-9+/=]+'/);
    assert.equal(sheet.html.match(/<script/g)?.length, 2);
    assert.equal(sheet.html.match(/<\/script/g)?.length, 2);
    assert.doesNotMatch(sheet.html, /<img|(src|href)="(?!data:)|url\(|@import/);
    assert.equal(/[\u202a-\u202e\u2066-\u2069]/.test(sheet.html) || sheet.html.includes("\u0000"), false);
  });
});

const found = [
  process.env.FIELDNOTES_CHROMIUM ?? "",
  ...(process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((one) => [join(one, "chromium"), join(one, "chromium-browser")]),
].find((path) => path !== "" && existsSync(path));
const skip = skipUnless("chromium", found !== undefined, "Chromium");
const place = folder();
after(place.remove);
/** Pictures are kept where they are asked for. */
const pictures = process.env.FIELDNOTES_PICTURES;

describe("a review page opened from disk in Chromium", { skip }, () => {
  let browser: Browser;
  const file = join(place.path, "review.html");
  before(async () => {
    browser = await chromium.launch({
      executablePath: found,
      args: "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(
        " ",
      ),
    });
    writeFileSync(file, sheet.html);
  });
  after(() => browser?.close());

  /** Opens the page and collects all that it should not do. */
  async function opened(colorScheme: "light" | "dark" = "light", width = 1000) {
    const context = await browser.newContext({
      colorScheme,
      viewport: { width, height: 800 },
      acceptDownloads: true,
    });
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on("console", (message) => wrong.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => {
      wrong.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (!/^(file|data|blob):/.test(request.url())) wrong.push(`request: ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href);
    return { page, wrong, close: () => context.close() };
  }
  const saved = async (page: Page, button: string) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(button)]);
    return {
      name: download.suggestedFilename(),
      text: readFileSync((await download.path()) as string, "utf8"),
    };
  };

  test("ten answers are labelled by keyboard, and saved as JSON and as CSV that say the same", async () => {
    const { page, wrong, close } = await opened();
    for (const key of "1011u00110") await page.keyboard.press(key);
    assert.equal(await page.textContent("#count"), `10 of ${outputs.length} labelled`);
    await page.click("#json");
    assert.match((await page.textContent("#said")) ?? "", /Enter your name or initials first/);
    await page.keyboard.type("h1 u0");
    assert.equal(await page.textContent("#count"), `10 of ${outputs.length} labelled`, "a name is no label");
    const json = await saved(page, "#json");
    assert.equal(json.name, "labels-h1_u0.json");
    const labels = labelsOf(json.text, json.name);
    assert.deepEqual(
      labels.map(({ review_id, value }) => [review_id, value]),
      [..."1011u00110"].map((key, at) => [sheet.rows[at].review_id, key === "u" ? null : Number(key)]),
    );
    assert.ok(labels.every(({ name, rater_id }) => name === "hallucination" && rater_id === "h1 u0"));
    const csv = await saved(page, "#csv");
    const bare = (all: typeof labels) => all.map(({ line, ...one }) => one);
    assert.deepEqual(bare(labelsOf(csv.text, csv.name)), bare(labels));
    assert.deepEqual(wrong, []);
    await close();
  });

  test("labels are there again after the page is opened again, and arrows, n and buttons move and mend", async () => {
    const { page, wrong, close } = await opened();
    await page.keyboard.press("1");
    await page.keyboard.press("0");
    assert.equal(await page.textContent("#count"), `2 of ${outputs.length} labelled`);
    // The browser writes to disk a moment later.
    await page.waitForTimeout(300);
    await page.reload();
    assert.equal(await page.textContent("#count"), `2 of ${outputs.length} labelled`);
    assert.match((await page.textContent("#place")) ?? "", /^Answer 3 of/);
    await page.keyboard.press("ArrowLeft");
    assert.match((await page.textContent("#place")) ?? "", /^Answer 2 of .*: no$/);
    assert.equal(await page.getAttribute('[data-value="0"]', "aria-pressed"), "true");
    await page.click('[data-value="u"]');
    await page.keyboard.press("ArrowLeft");
    assert.match((await page.textContent("#place")) ?? "", /: cannot tell$/);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("n");
    assert.match((await page.textContent("#place")) ?? "", /^Answer 3 of/);
    await page.uncheck("#keys");
    await page.keyboard.press("1");
    assert.equal(await page.textContent("#count"), `2 of ${outputs.length} labelled`, "single keys are off");
    assert.deepEqual(wrong, []);
    await close();
  });

  test("z takes labels back one by one, what stood before stands again, and the page says so", async () => {
    const { page, wrong, close } = await opened();
    const count = () => page.textContent("#count");
    assert.equal(await page.isDisabled("#undo"), true);
    for (const key of "10") await page.keyboard.press(key);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("u");
    await page.keyboard.press("z");
    assert.match((await page.textContent("#place")) ?? "", /^Answer 2 of .*: no$/);
    assert.equal(await page.textContent("#said"), "Answer 2: no again.");
    await page.reload();
    assert.match((await page.textContent("#said")) ?? "", /^Going on where you stopped: 2 of/);
    await page.keyboard.press("z");
    assert.equal(await count(), `1 of ${outputs.length} labelled`, "also after the page is opened again");
    await page.click("#undo");
    assert.equal(await count(), `0 of ${outputs.length} labelled`);
    assert.match((await page.textContent("#place")) ?? "", /^Answer 1 of \d+$/);
    assert.equal(await page.isDisabled("#undo"), true);
    assert.deepEqual(wrong, []);
    await close();
  });

  test("the keys are named on the page, ? hides and shows them, and s saves", async () => {
    const { page, wrong, close } = await opened();
    for (const key of ["1", "0", "u", "z", "n", "s", "?"])
      assert.ok(await page.locator("#help kbd", { hasText: new RegExp(`^[${key}]$`) }).isVisible(), key);
    await page.keyboard.press("?");
    assert.equal(await page.locator("#help dl").isVisible(), false);
    await page.keyboard.press("?");
    assert.equal(await page.locator("#help dl").isVisible(), true);
    await page.fill("#rater", "h1");
    await page.locator("#answer").focus();
    await page.keyboard.press("1");
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("s")]);
    assert.equal(download.suggestedFilename(), "labels-h1.json");
    assert.deepEqual(wrong, []);
    await close();
  });

  test("labels of a file go on in another browser, and those of another sheet do not", async () => {
    const first = await opened();
    for (const key of "10u") await first.page.keyboard.press(key);
    await first.page.fill("#rater", "h1");
    const { text } = await saved(first.page, "#json");
    await first.close();
    const { page, wrong, close } = await opened();
    await page.keyboard.press("0");
    const give = (name: string, content: string) =>
      page.setInputFiles("#file", { name, mimeType: "application/json", buffer: Buffer.from(content) });
    await give("other.json", text.replace(sheet.sheet, "0000000000000000"));
    await page.waitForFunction(() =>
      document.getElementById("said")?.textContent?.includes("no labels of this"),
    );
    await give("bad.json", "{");
    await page.waitForFunction(() =>
      document.getElementById("said")?.textContent?.includes("is no file of labels"),
    );
    await give("labels-h1.json", text);
    await page.waitForFunction(() =>
      document.getElementById("said")?.textContent?.includes("2 labels taken"),
    );
    assert.equal(await page.textContent("#count"), `3 of ${outputs.length} labelled`);
    assert.equal(await page.inputValue("#rater"), "h1");
    assert.deepEqual(
      labelsOf((await saved(page, "#json")).text, "labels.json").map(({ value }) => value),
      [0, 0, null],
      "what was labelled here stays",
    );
    assert.deepEqual(wrong, []);
    await close();
  });

  test("an answer that is JSON is indented, its strings and numbers as they came", async () => {
    const text = '{"a":[1,2.50,{"b":"x, {y}: \\"z\\""}],"empty":{ },"big":12345678901234567890}';
    const answer = [{ call_id: "j", item_id: "p0", model: "m-1", output: text }];
    writeFileSync(file, review(items, answer, { mask: false }).html);
    const { page, wrong, close } = await opened();
    const shown = (await page.textContent("#output")) ?? "";
    assert.ok(shown.split("\n").length > 5, shown);
    assert.ok(shown.includes('"b": "x, {y}: \\"z\\""') && shown.includes("2.50"), shown);
    assert.ok(shown.includes("12345678901234567890"), shown);
    assert.deepEqual(JSON.parse(shown), JSON.parse(text));
    assert.equal(await page.isVisible("#indented"), true);
    assert.deepEqual(wrong, []);
    await close();
    writeFileSync(file, sheet.html);
  });

  test("hostile texts are shown as texts on every answer, on screen and on paper", async () => {
    const { page, wrong, close } = await opened();
    for (let at = 0; at < sheet.rows.length; at++) {
      const shown = (await page.textContent("#output")) ?? "";
      for (const one of "\u0000\u0007\u001b\u202e\u2066")
        assert.ok(!shown.includes(one), JSON.stringify(shown));
      if (sheet.rows[at].answer.startsWith("<")) assert.equal(shown, sheet.rows[at].answer);
      await page.keyboard.press("ArrowRight");
    }
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    assert.equal(await page.locator("#print article").count(), outputs.length);
    assert.equal(await page.locator("img, [onerror], main script, #print script, iframe, a").count(), 0);
    assert.deepEqual(wrong, []);
    await close();
  });

  for (const [scheme, width] of [
    ["light", 1000],
    ["dark", 1000],
    ["light", 375],
  ] as const) {
    test(`in ${scheme} at ${width} pixels nothing is cut off and all controls have names`, async () => {
      const { page, wrong, close } = await opened(scheme, width);
      const plain = sheet.rows.findIndex(({ prompt }) => prompt.startsWith("What"));
      for (let at = 0; at < plain; at++) await page.keyboard.press("ArrowRight");
      assert.match((await page.textContent("#prompt")) ?? "", /^What/);
      await page.keyboard.press("1");
      await page.keyboard.press("ArrowLeft");
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
      const nameless = await page.evaluate(
        () =>
          [...document.querySelectorAll("button, input:not([hidden])")].filter(
            (one) => !(one.textContent?.trim() || (one as HTMLInputElement).labels?.[0]?.textContent?.trim()),
          ).length,
      );
      assert.equal(nameless, 0);
      await page.evaluate(readFileSync(require.resolve("axe-core"), "utf8"));
      const broken = await page.evaluate(async () => {
        const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } };
        return (await axe.run()).violations.map(({ id }) => id);
      });
      assert.deepEqual(broken, [], "rules of accessibility");
      const [ink, paper] = await page.evaluate(() => {
        const style = getComputedStyle(document.documentElement);
        return [style.color, style.backgroundColor].map((color) => Number(/\d+/.exec(color)?.[0]));
      });
      assert.equal(
        scheme === "dark" ? ink > 180 && paper < 60 : ink < 60 && paper > 180,
        true,
        `${ink} on ${paper}`,
      );
      if (pictures) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: join(pictures, `review-${scheme}-${width}.png`) });
      }
      assert.deepEqual(wrong, []);
      await close();
    });
  }
});

describe("a prompt as a person reads it", () => {
  for (const [prompt, shown] of [
    ['[{"role":"user","parts":[{"type":"text","content":"Where?"}]}]', "Where?"],
    [
      '{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"}]}',
      "system: Be kind.\n\nuser: Hi",
    ],
    [
      '[{"role":"user","content":[{"type":"text","text":"See"},{"type":"image","url":"x"}]}]',
      'See\n{"type":"image","url":"x"}',
    ],
    ['[{"role":"user","content":"a"},{"content":"b"}]', '[{"role":"user","content":"a"},{"content":"b"}]'],
    ['{"a": 1}', '{"a": 1}'],
    ["[1, 2", "[1, 2"],
    ["null", "null"],
    ["[null]", "[null]"],
    ["[]", "[]"],
  ]) {
    test(prompt, () => assert.equal(promptText(prompt), shown));
  }
});
