import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { build } from "../../src/evalset/build";
import { check } from "../../src/evalset/check";
import { compareWithTraffic } from "../../src/evalset/compareWithTraffic";
import { importLabels } from "../../src/evalset/importLabels";
import { storedOutputs } from "../../src/evalset/outputs";
import { review } from "../../src/evalset/review";
import { ingest } from "../../src/logs/ingest";
import { quality } from "../../src/measures/quality";
import { open, type Store } from "../../src/store/open";
import { folder } from "../cli/command";
import { root, skipUnless } from "../dist";

const found = [
  process.env.FIELDNOTES_CHROMIUM ?? "",
  ...(process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((one) => [join(one, "chromium"), join(one, "chromium-browser")]),
].find((path) => path !== "" && existsSync(path));
const skip = skipUnless("chromium", found !== undefined, "Chromium");

const place = folder();
let store: Store;
before(async () => {
  store = await open(":memory:");
  await ingest(store, join(root, "data", "demo"), { text: "keep" });
});
after(() => {
  store.close();
  place.remove();
});

describe("an eval set of the demo company", () => {
  test("of 300 examples is drawn, stands for its traffic, and its rules are checked on what was answered", async () => {
    const { items, manifest } = await build(store, { size: 300 });
    assert.equal(items.length, 300);
    assert.ok(manifest.near_duplicates.left_out > 0 && (manifest.masked?.email ?? 0) > 0);
    assert.ok(items.every(({ prompt }) => !prompt.includes("@example.com")));
    const { dimensions } = await compareWithTraffic(store, items);
    for (const { dimension, verdict } of dimensions.rows)
      assert.equal(verdict, "like the traffic", dimension);
    const ruled = items.map((item) => ({
      ...item,
      checks: [{ kind: "length" as const, least: 1, most: 200 }],
    }));
    const outputs = await storedOutputs(store, ruled);
    assert.ok(outputs.length > 200);
    const { table } = check(ruled, outputs);
    assert.deepEqual(
      [...new Set(table.rows.map(({ model }) => model))],
      [...new Set(outputs.map(({ model }) => model))].sort(),
    );
    for (const { passed } of table.rows) assert.ok(passed.low <= passed.value && passed.value <= passed.high);
  });

  test("ten answers are labelled by keyboard in a browser, and the table of hallucinations changes by them", {
    skip,
  }, async () => {
    const { items } = await build(store, { size: 60, where: "workload = 'document-review'" });
    const sheet = review(items, await storedOutputs(store, items), { score: "hallucination" });
    const file = join(place.path, "review.html");
    writeFileSync(file, sheet.html);
    const browser = await chromium.launch({
      executablePath: found,
      args: "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(
        " ",
      ),
    });
    const labels = join(place.path, "labels.json");
    try {
      const page = await browser.newPage({ acceptDownloads: true });
      await page.goto(pathToFileURL(file).href);
      for (const key of "1101001000") await page.keyboard.press(key);
      await page.fill("#rater", "h3");
      const [download] = await Promise.all([page.waitForEvent("download"), page.click("#json")]);
      writeFileSync(labels, readFileSync((await download.path()) as string));
    } finally {
      await browser.close();
    }
    const human = async () => {
      const { rows } = await quality(store, {
        score: "hallucination",
        rater: "human",
        by: "workload",
        where: "workload = 'document-review'",
      });
      return rows[0];
    };
    const earlier = await human();
    const came = await importLabels(store, labels);
    assert.deepEqual([came.labels, came.replaced], [10, 0]);
    const later = await human();
    assert.ok(later.n >= earlier.n && later.n <= earlier.n + 10);
    assert.notEqual(later.mean.value, earlier.mean.value);
    assert.equal((await importLabels(store, labels)).replaced, 10);
    assert.deepEqual(await human(), later);
  });
});
