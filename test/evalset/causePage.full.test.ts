import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { signed } from "../../src/evalset/causeDraw";
import { causePage } from "../../src/evalset/causePage";
import { importCauses } from "../../src/evalset/importCauses";
import { reviewId } from "../../src/evalset/review";
import { stepMark } from "../../src/evalset/stepMark";
import { cannotTell, nothingWrong } from "../../src/measures/causes/causeFrame";
import { rowsOf } from "../../src/store/run";
import { launched, openedAgain, opened as openedIn, skip } from "../browser";
import { folder } from "../cli/command";
import { tasksStore } from "./causeTasks";
import { hostile } from "./reviewSheet";

const place = folder();
after(place.remove);

/** A hundred tasks of the store, in which every text is hostile. */
const ids = Array.from({ length: 100 }, (_, at) => reviewId(`t${at}`));
const text = (at: number) => hostile[at % hostile.length];
const html = causePage({
  draw: signed({
    seed: 1,
    where: "",
    until: "",
    kinds: [{ kind: "other", tasks: 100, drawn: 100 }],
    tasks: ids.map((id) => ({ id, kind: "other" })),
  }),
  causes: [
    { name: "wrong tool", definition: "the tool cannot do it" },
    { name: text(0), definition: text(1) },
  ],
  tasks: ids.map((id, at) => ({
    id,
    summary: text(at),
    steps: [0, 1, 2].map((step) => ({
      title: text(at + step),
      mark: stepMark(`t${at}`, { place: step + 1, title: text(at + step), step: "" }),
      facts: text(at + step + 1),
      depth: step,
      failed: step === 1,
      texts: [{ name: "Prompt", text: text(at + step) }],
    })),
  })),
  nothingWrong,
  cannotTell,
});

describe("a page of tasks opened from disk in Chromium", { skip }, () => {
  let browser: Browser;
  const file = join(place.path, "causes.html");
  before(async () => {
    browser = await launched();
    writeFileSync(file, html);
  });
  after(() => browser?.close());

  const opened = (width = 1280, colorScheme: "light" | "dark" = "light") =>
    openedIn(browser, file, { colorScheme, viewport: { width, height: 800 } });
  const count = (page: Page) => page.textContent("#count");

  test("a hundred tasks are read by keyboard, through a reload, saved and imported", async () => {
    const { page, wrong, close } = await opened();
    for (let at = 0; at < 60; at++) {
      await page.keyboard.press(at % 3 === 0 ? "1" : "0");
      if (at % 3 === 0) await page.keyboard.press("j");
      await page.keyboard.press("ArrowRight");
    }
    await page.keyboard.press("c");
    await page.keyboard.type("loops 1");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await page.keyboard.press("e");
    await page.keyboard.type("n 0 u: keys in a note are letters");
    await page.keyboard.press("Escape");
    assert.equal(await count(page), "61 of 100 read");
    assert.match(await openedAgain(page), /^Going on where you stopped: 61 of 100/);
    assert.equal(await page.inputValue("#note"), "n 0 u: keys in a note are letters");
    assert.equal(await page.locator("#causes button[aria-pressed=true]").textContent(), "loops 1 3");
    for (let at = 61; at < 100; at++) {
      await page.keyboard.press("n");
      await page.keyboard.press("u");
    }
    assert.equal(await count(page), "100 of 100 read");
    await page.keyboard.press("s");
    assert.match((await page.textContent("#said")) ?? "", /Enter your name or initials first/);
    await page.keyboard.type("h1");
    await page.keyboard.press("Escape");
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("s")]);
    assert.equal(download.suggestedFilename(), "causes-h1.json");
    const saved = join(place.path, "saved.json");
    await download.saveAs(saved);
    assert.deepEqual(wrong, []);
    await close();
    const store = await tasksStore(100);
    assert.deepEqual(await importCauses(store, saved), { tasks: 100, replaced: 0, added: [], notes: [] });
    const found = await rowsOf<{ label: string; n: number }>(
      store.connection,
      "select label, count(*)::double as n from scores where name = 'cause' group by label order by n desc, label",
    );
    assert.deepEqual(
      found.map(({ label, n }) => [label, n]),
      [
        [nothingWrong, 40],
        [cannotTell, 39],
        ["wrong tool", 20],
        ["loops 1", 1],
      ],
    );
    assert.deepEqual(
      await rowsOf(
        store.connection,
        "select label, count(*)::double as n from scores where name = 'first wrong step place' group by all",
      ),
      [{ label: "1", n: 20 }],
    );
    store.close();
  });

  test("on a phone all is done by touch, and a cause pressed again is taken back", async () => {
    const { page, wrong, close } = await opened(390);
    await page.locator("#steps input").nth(2).click();
    await page.locator("#causes button").nth(1).click();
    assert.equal(await page.textContent("#definition"), text(1));
    assert.equal(await count(page), "1 of 100 read");
    await page.locator("#causes button").nth(1).click();
    assert.equal(await count(page), "0 of 100 read");
    await page.fill("#new", "other");
    await page.click("#add");
    await page.click("#next");
    await page.click("#previous");
    assert.equal(await count(page), "1 of 100 read");
    assert.equal(await page.locator("#steps input").nth(2).isChecked(), true);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 390, `${wide}`);
    assert.deepEqual(wrong, []);
    await close();
  });

  test("hostile texts are shown as texts on every task", async () => {
    const { page, wrong, close } = await opened();
    for (let at = 0; at < hostile.length; at++) {
      const shown = (await page.locator("#steps .text").first().textContent()) ?? "";
      for (const one of "\u0000\u0007\u001b\u202e\u2066")
        assert.ok(!shown.includes(one), JSON.stringify(shown));
      if (text(at).startsWith("<")) assert.equal(shown, text(at));
      assert.equal(await page.locator("main img, main script").count(), 0);
      await page.keyboard.press("ArrowRight");
    }
    assert.deepEqual(wrong, []);
    await close();
  });

  for (const width of [1280, 390])
    for (const scheme of ["light", "dark"] as const)
      test(`axe finds nothing at ${width} px, ${scheme}`, async () => {
        const { page, close } = await opened(width, scheme);
        await page.keyboard.press("1");
        await page.keyboard.press("j");
        await page.evaluate(readFileSync(require.resolve("axe-core"), "utf8"));
        const violations = await page.evaluate(async () => {
          const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } };
          return (await axe.run()).violations.map(({ id }) => id);
        });
        assert.deepEqual(violations, []);
        await close();
      });
});
