import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { forest } from "../../src/charts/forest";
import { choose } from "../../src/decide/choose/choose";
import type { Choice } from "../../src/decide/choose/chooseTable";
import { readProfile } from "../../src/decide/profile/readProfile";
import { openDemo } from "../../src/demo/openDemo";
import { renderPage } from "../../src/page/page";
import { weighingOf } from "../../src/page/weighing";
import type { Store } from "../../src/store/open";
import { launched, opened as openedIn, skip } from "../browser";
import { latencyTable } from "../charts/sample";

describe("what a reader of a sent page can change", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-reader-"));
  const file = join(folder, "page.html");
  let browser: Browser;
  let store: Store;
  let choice: Choice;
  const models = [...new Set(latencyTable().rows.map(({ model }) => String(model)))];

  before(async () => {
    store = await openDemo();
    choice = await choose(store, { profile: "chat" });
    const few = [
      { name: "b", n: 1530 },
      { name: "c", n: 9 },
      { name: "a", n: null },
      { name: "d", n: 0.5 },
    ];
    const many = Array.from({ length: 14 }, (_, at) => ({
      name: `row ${at}`,
      kind: at % 2 ? "odd" : "even",
    }));
    const weighing = { ...weighingOf(choice, "chat")!, left: ["fir"] };
    const parts = [
      { title: "Few", tables: [{ table: few, caption: "Few" }] },
      { title: "Many", tables: [{ table: many, caption: "Many" }], weighings: [weighing] },
    ];
    const figures = [0, 1].map(() => forest(latencyTable(), { value: "mean", title: "Mean" }));
    const lead = { headline: "Take birch", points: [], figures };
    writeFileSync(file, renderPage({ title: "Report", lead, parts, notebooks: [], models }));
    browser = await launched();
  });
  after(async () => {
    store?.close();
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function opened(width = 1280) {
    const tab = await openedIn(browser, file, { viewport: { width, height: 800 } });
    await tab.page.waitForSelector("html[data-figures=drawn]");
    return tab;
  }
  const names = (page: Page) => page.locator("#few tbody tr > :first-child").allTextContents();

  test("sorts a table by key and by mouse, what is unknown last, and gives back the order written", async () => {
    const { page, wrong, close } = await opened();
    const head = page.locator("#few thead th").nth(1);
    await head.getByRole("button").focus();
    await page.keyboard.press("Enter");
    assert.deepEqual(
      [await names(page), await head.getAttribute("aria-sort")],
      [["d", "c", "b", "a"], "ascending"],
    );
    await page.keyboard.press("Space");
    assert.deepEqual(
      [await names(page), await head.getAttribute("aria-sort")],
      [["b", "c", "d", "a"], "descending"],
    );
    await head.getByRole("button").click();
    assert.deepEqual([await names(page), await head.getAttribute("aria-sort")], [["b", "c", "a", "d"], null]);
    assert.deepEqual(wrong, []);
    await close();
  });

  test("filters a long table by its words, prints all of its rows, and leaves a short one alone", async () => {
    const { page, close } = await opened(390);
    assert.equal(await page.locator("#few .filter").count(), 0);
    const rows = page.locator("#many tbody tr");
    await page.locator("#many .filter input").fill("odd 1");
    assert.equal(await rows.filter({ visible: true }).count(), 3);
    assert.equal(await page.locator("#many .filter output").textContent(), "3 of 14 rows");
    await page.emulateMedia({ media: "print" });
    assert.equal(await rows.filter({ visible: true }).count(), 14);
    await close();
  });

  test("hides a model in all figures at once by keyboard, says so, and keeps it in the address", async () => {
    const { page, wrong, close } = await opened();
    const rows = () => page.locator(".plot .ytick text", { hasText: models[0] }).count();
    assert.ok((await rows()) >= 2);
    await page.getByRole("button", { name: "Models in the figures" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.waitForFunction(
      (name) =>
        ![...document.querySelectorAll(".plot .ytick text")].some((one) => one.textContent?.includes(name)),
      models[0]!,
    );
    assert.ok(new URL(page.url()).hash.includes(encodeURIComponent(models[0]!)));
    const said = `Hidden in the figures: ${models[0]}. The text and the tables count every model.`;
    assert.equal(await page.locator("#models-hidden").textContent(), said);
    await page.evaluate(readFileSync(require.resolve("axe-core"), "utf8"));
    const violations = await page.evaluate(async () => {
      const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } };
      return (await axe.run()).violations.map(({ id }) => id);
    });
    assert.deepEqual(violations, []);
    await page.reload();
    await page.waitForSelector("html[data-figures=drawn]");
    await page.locator("#models-hidden").waitFor({ state: "visible" });
    assert.equal(await rows(), 0);
    assert.deepEqual(wrong, []);
    await close();
  });

  test("states the page's choice at the profile's weights, and at others what choose gives for them", async () => {
    const { page, wrong, close } = await opened();
    await page.locator(".weighing summary").focus();
    await page.keyboard.press("Enter");
    const said = page.locator(".weighed");
    await said.filter({ hasText: `The profile's weights: ${choice.best} is chosen` }).waitFor();
    // The chances of the page's own draws, at any weights.
    const weighing = weighingOf(choice, "chat")!;
    const chances = (weights: readonly number[]) =>
      page.evaluate(
        (given) => {
          const own = window as unknown as {
            weights: { chances(all: unknown, weights: readonly number[]): number[] };
          };
          return own.weights.chances(given.weighing, given.weights);
        },
        { weighing, weights },
      );
    const profile = readProfile("chat");
    const own = profile.criteria.map(({ weight }) => weight);
    for (const weights of [own, [0, 0.1, 0.9, 0], [1, 0, 0, 0].map((one) => 0.85 * one + 0.0375)]) {
      const sum = weights.reduce((all, one) => all + one, 0);
      const criteria = profile.criteria.map((one, at) => ({ ...one, weight: weights[at]! / sum }));
      const there = await choose(store, {
        profile: { ...profile, criteria: criteria.filter(({ weight }) => weight > 0) },
      });
      const got = await chances(weights.map((one) => one / sum));
      for (const [at, { name }] of choice.rows.entries()) {
        const expected = there.rows.find((row) => row.name === name)!.p_best;
        assert.ok(Math.abs(got[at]! - expected) < 0.08, `${weights} ${name}: ${got[at]} for ${expected}`);
      }
    }
    const note = (await page.locator(".weights .note").textContent()) ?? "";
    assert.match(note, /^Not compared, .*: fir\. The chances come from draws/);
    await page.locator(".sliders input").first().focus();
    await page.keyboard.press("Home");
    assert.match((await said.textContent()) ?? "", /^Your weights, not the profile's: /);
    await page.getByRole("button", { name: "The profile's weights" }).click();
    assert.match((await said.textContent()) ?? "", /^The profile's weights: /);
    assert.deepEqual(wrong, []);
    await close();
  });
});
