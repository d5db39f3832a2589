import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { labelsOf } from "../../src/evalset/labels";
import { review } from "../../src/evalset/review";
import { launched, openedAgain, opened as openedIn, skip } from "../browser";
import { folder } from "../cli/command";
import { items, outputs, sheet } from "./reviewSheet";

const place = folder();
after(place.remove);
/** Pictures are kept if requested. */
const pictures = process.env.FIELDNOTES_PICTURES;

describe("a review page opened from disk in Chromium", { skip }, () => {
  let browser: Browser;
  const file = join(place.path, "review.html");
  before(async () => {
    browser = await launched();
    writeFileSync(file, sheet.html);
  });
  after(() => browser?.close());

  const opened = (colorScheme: "light" | "dark" = "light", width = 1000) =>
    openedIn(browser, file, { colorScheme, viewport: { width, height: 800 } });
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
    await openedAgain(page);
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
    assert.match(await openedAgain(page), /^Going on where you stopped: 2 of/);
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

  test("pairs are compared by keyboard, side by side on a desk and one below the other on a phone", async () => {
    const pairs = review(items, outputs, { pairs: true });
    const own = join(place.path, "pairs.html");
    writeFileSync(own, pairs.html);
    for (const [width, colorScheme] of [
      [1200, "light"],
      [390, "dark"],
    ] as const) {
      const { page, wrong, close } = await openedIn(browser, own, {
        colorScheme,
        viewport: { width, height: 800 },
      });
      const [a, b] = [
        await page.locator("#output").boundingBox(),
        await page.locator("#other").boundingBox(),
      ];
      if (width > 640) assert.ok(a && b && b.x > a.x + a.width / 2, "side by side");
      else assert.ok(a && b && b.y > a.y + a.height - 1, "one below the other");
      assert.ok(
        (await page.evaluate(() => document.documentElement.scrollWidth)) <= width,
        "no sideways scroll",
      );
      if (pictures) await page.screenshot({ path: join(pictures, `pairs-${width}.png`) });
      for (const key of "120u") await page.keyboard.press(key);
      assert.equal(await page.textContent("#count"), `4 of ${pairs.rows.length} labelled`);
      await page.fill("#rater", "h1");
      const { text, name } = await saved(page, "#json");
      assert.deepEqual(
        labelsOf(text, name).map(({ value, name }) => [value, name]),
        [1, 0, 0.5, null].map((value) => [value, "preference"]),
      );
      await page.keyboard.press("ArrowLeft");
      assert.match((await page.textContent("#place")) ?? "", /^Pair 4 of \d+: cannot tell$/);
      assert.deepEqual(wrong, []);
      await close();
    }
  });
});
