import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { formatEstimate } from "../../src/charts/number";
import { check } from "../../src/decide/check/check";
import { openDemo } from "../../src/demo";
import { type Served, serveLook } from "../../src/look/serve";
import { metricTable } from "../../src/measures/metricTable";
import type { Estimate } from "../../src/stats/estimate";
import type { Store } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";
import { launched, opened as openedIn, skip } from "../browser";

const patience = { timeout: 60_000 };

describe("a log explored in Chromium", { skip }, () => {
  let browser: Browser;
  let store: Store;
  let served: Served;
  let demo: Store;
  let whole: Served;

  before(async () => {
    browser = await launched();
    store = await openDemo({ log: "cascade" });
    served = await serveLook(store);
    demo = await openDemo();
    whole = await serveLook(demo);
  });
  after(async () => {
    await served?.close();
    await whole?.close();
    demo?.close();
    store?.close();
    await browser?.close();
  });

  async function opened(options: BrowserContextOptions = {}, state = "", url = served.url) {
    const tab = await openedIn(browser, `${url}${state}`, {
      viewport: { width: 1280, height: 900 },
      ...options,
    });
    await stands(tab.page);
    return tab;
  }
  const stands = (page: Page) => page.waitForSelector("html[data-views=stand]", patience);
  const calls = async (page: Page) =>
    Number(
      /^([\d,]+) calls/.exec((await page.locator("#said").textContent()) ?? "")?.[1]?.replaceAll(",", ""),
    );
  const where = (page: Page) => page.inputValue("#where");

  /** Presses Tab until an element that meets the selector has the focus. */
  async function tabTo(page: Page, selector: string, key = "Tab") {
    for (let at = 0; at < 250; at++) {
      await page.keyboard.press(key);
      if (await page.evaluate((one) => document.activeElement?.matches(one) ?? false, selector)) return;
    }
    assert.fail(`no ${key} reaches ${selector}`);
  }

  test("by keyboard alone: brush a time, keep a value, list the calls of a mark, read a call's trace, go back", async () => {
    const { page, wrong, close } = await opened();
    const all = await calls(page);
    await tabTo(page, "#course [role=slider][data-side=from]");
    for (let at = 0; at < 5; at++) await page.keyboard.press("ArrowRight");
    assert.ok(
      (await page.locator("section.waiting").count()) > 5,
      "the numbers of the last selection are grey",
    );
    await stands(page);
    const brushed = await calls(page);
    assert.ok(brushed > 0 && brushed < all, `${brushed} of ${all}`);
    assert.match(await where(page), /^\(?started_at >= '/);
    const said = await page.evaluate(() => document.activeElement?.getAttribute("aria-valuetext"));
    assert.ok(
      (await where(page)).includes(String(said).replace(" UTC", "")),
      `the handle keeps the focus: ${said}`,
    );

    await tabTo(page, "#groups th button");
    const name = await page.evaluate(() => document.activeElement?.textContent);
    await page.keyboard.press("Enter");
    await stands(page);
    assert.ok((await where(page)).includes(`model = '${name}'`), await where(page));
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), name);
    const kept = await calls(page);
    assert.ok(kept < brushed);

    await page.locator("#where").focus();
    await tabTo(page, "#course summary");
    await page.keyboard.press("Enter");
    await tabTo(page, "#course td button");
    const of = Number(await page.evaluate(() => document.activeElement?.textContent));
    await page.keyboard.press("Enter");
    await page.waitForSelector("#more:not(.waiting) table", patience);
    assert.equal(await page.locator("#more tbody tr").count(), Math.min(50, of));
    await tabTo(page, "#more th button");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#more:not(.waiting) h3:text('Trace of')", patience);

    await page.goBack();
    await page.waitForFunction(
      (last) => document.getElementById("said")?.textContent?.startsWith(last),
      `${brushed.toLocaleString("en-US")} calls`,
      patience,
    );
    assert.deepEqual(wrong, []);
    await close();
  });

  test("by mouse: a strip dragged, a time drawn over, a mark clicked, a duration kept; what is selected falls away one by one", async () => {
    const { page, wrong, close } = await opened();
    const all = await calls(page);
    const drag = async (selector: string, from: number, to: number) => {
      await page.locator(selector).scrollIntoViewIfNeeded();
      const box = (await page.locator(selector).boundingBox())!;
      await page.mouse.move(box.x + from * box.width, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + to * box.width, box.y + box.height / 2, { steps: 8 });
      await page.mouse.up();
      await page.waitForSelector("html[data-views=stand]", patience);
    };
    await drag("#course .track", 0.2, 0.7);
    const first = await calls(page);
    assert.ok(first > 0 && first < all, `${first} of ${all}`);
    await drag("#course svg.course", 0.3, 0.8);
    const second = await calls(page);
    assert.ok(second > 0 && second < first, `${second} of ${first}`);
    await drag("#durations .track", 0.3, 0.8);
    const third = await calls(page);
    assert.ok(third > 0 && third < second, `${third} of ${second}`);
    assert.match(await where(page), /duration >= .*duration < /);
    await page.locator("#course path.mark[transform]").last().click({ force: true });
    await page.waitForSelector("#more:not(.waiting) :is(table, .soft)", patience);
    for (const left of [second, all]) {
      await page.locator(".chips button").last().click();
      await stands(page);
      assert.equal(await calls(page), left);
    }
    assert.deepEqual(wrong, []);
    await close();
  });

  test("ten selections show the library's numbers for the where in the line", async () => {
    const { page, wrong, close } = await opened();
    const clicked = (selector: string) => () => page.locator(selector).first().click();
    const typed = (text: string) => async () => {
      await page.locator("#where").fill(text);
      await page.keyboard.press("Enter");
    };
    const pressed = (selector: string, key: string) => () => page.locator(selector).press(key);
    const picks: (() => Promise<void>)[] = [
      clicked("#groups th button"),
      clicked(".chips button"),
      typed("duration > 2"),
      clicked("#groups tbody tr:nth-child(2) th button"),
      pressed("#course [data-side=from]", "ArrowRight"),
      pressed("#course [data-side=to]", "PageDown"),
      clicked("#all"),
      pressed("#durations [data-side=to]", "PageDown"),
      typed("duration < 5"),
      clicked("#groups th button"),
    ];
    for (const [step, pick] of picks.entries()) {
      await pick();
      await page.waitForSelector("html[data-views=waiting], html[data-views=stand]", patience);
      await stands(page);
      const given = await where(page);
      const metrics = await page.locator("#groups thead th").allTextContents();
      const { rows } = await metricTable(store, {
        where: given === "" ? undefined : given,
        by: ["model"],
        metrics: ["duration_p50", "duration_p95", "error_rate", "cost_per_call"],
      });
      const labels = {
        duration_p50: "p50 duration",
        duration_p95: "p95 duration",
        error_rate: "error rate",
        cost_per_call: "cost per call",
      };
      for (const row of rows)
        for (const [metric, label] of Object.entries(labels)) {
          const at = metrics.indexOf(label);
          if (at < 0) continue;
          const cell = page
            .locator("#groups tbody tr", {
              has: page.getByRole("button", { name: String(row.model), exact: true }),
            })
            .locator("> *")
            .nth(at);
          const expected = formatEstimate(row[metric] as Estimate).replace(/USD\/[\w ]*\w/, "USD");
          const plain = (one: string) => one.replace(/\s/g, " ");
          const shown = await cell.evaluate((one) => {
            const copy = one.cloneNode(true) as Element;
            for (const mark of copy.querySelectorAll("sup")) mark.remove();
            return [...copy.querySelectorAll("span")].map((part) => part.textContent).join(" ");
          });
          assert.equal(plain(shown), plain(expected), `${step}, where ${given}: ${row.model} ${metric}`);
        }
    }
    assert.deepEqual(wrong, []);
    await close();
  });

  test("an address with its state shows the same view again, and a where that cannot be read is said", async () => {
    const { page, close } = await opened();
    await page.locator("#groups th button").first().click();
    await stands(page);
    const [kept, count] = [await where(page), await calls(page)];
    const state = new URL(page.url()).hash.slice(1);
    await close();
    const again = await opened({}, `&${state}`);
    assert.deepEqual([await where(again.page), await calls(again.page)], [kept, count]);
    await again.page.locator("#where").fill("nothing_like_it > 1");
    await again.page.keyboard.press("Enter");
    await again.page.waitForSelector("#said.error", patience);
    assert.match((await again.page.locator("#said").textContent()) ?? "", /nothing_like_it/);
    await again.close();
  });

  test("two clicks lead to the hour of one model's tail, its users and its calls", async () => {
    const { page, wrong, close } = await opened({}, "", whole.url);
    await page.locator("#groups th button", { hasText: "orrery-swift" }).click();
    await stands(page);
    const marks = page.locator("#course svg.course .mark");
    const heights = await marks.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
    const top = marks.nth(heights.indexOf(Math.min(...heights)));
    const said = (await top.locator("title").textContent()) ?? "";
    await top.click();
    await page.waitForSelector("#more:not(.waiting) table", patience);
    const hour = said.slice(0, 19);
    assert.match(
      (await page.locator("#more h3").textContent()) ?? "",
      new RegExp(`^\\d+ calls of \\d+ users: ${hour}, orrery-swift$`),
    );
    // The longest waits of this model, of which most are in that hour.
    const slow = await rowsOf<{ hour: string }>(
      demo.connection,
      `select strftime(date_trunc('hour', started_at), '%Y-%m-%d %H:%M:%S') as hour from calls
       where model = 'orrery-swift' and duration is not null and environment = 'production' order by duration desc limit 5`,
    );
    assert.ok(slow.filter((one) => one.hour === hour).length >= 2, JSON.stringify([hour, slow]));
    const starts = await page.locator("#more tbody tr > :nth-child(2)").allTextContents();
    assert.ok(starts.length > 0 && starts.every((one) => one.startsWith(hour.slice(0, 13))));
    // All calls of the model are more than a list shows at once.
    await page.locator("#list").click();
    await page.waitForSelector("#more h3:text('Calls selected')", patience);
    const first = await page.locator("#more tbody th").first().textContent();
    await page.locator("#more button", { hasText: "The next 50" }).click();
    await page.waitForSelector("#more:not(.waiting) button:text('The 50 before')", patience);
    assert.notEqual(await page.locator("#more tbody th").first().textContent(), first);
    assert.deepEqual(wrong, []);
    await close();
  });

  test("limits given at the start are checked of what is selected", async () => {
    const limits = { name: "nightly", by: "model", limits: [{ metric: "error_rate", at_most: 0.5 }] };
    const held = await serveLook(store, { limits });
    const { page, wrong, close } = await opened({}, "", held.url);
    await page.waitForSelector("#verdict:not(.waiting) table", patience);
    assert.equal(await page.inputValue("#judge"), "check");
    const { verdict, rows } = await check(store, { limits });
    assert.equal(await page.locator("#verdict .line").textContent(), verdict);
    const told = await page.locator("#verdict tbody tr").allTextContents();
    assert.equal(told.length, rows.length);
    for (const [at, row] of rows.entries())
      for (const part of [row.model, row.limit, row.verdict])
        assert.ok(told[at]?.includes(String(part)), `${told[at]}: ${part}`);
    assert.deepEqual(wrong, []);
    await close();
    await held.close();
  });

  test("a profile's weights are moved by key, from draws that came with its verdict", async () => {
    const { page, wrong, close } = await opened({}, "", whole.url);
    await page.locator("#judge").selectOption("chat");
    const fold = page.locator("#verdict summary", { hasText: "Try other weights" });
    await fold.waitFor(patience);
    await fold.focus();
    await page.keyboard.press("Enter");
    const said = page.locator("#verdict .weighed");
    assert.match((await said.textContent()) ?? "", /^The profile's weights: /);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Home");
    assert.match(
      (await said.textContent()) ?? "",
      /^Your weights, not the profile's: .* is ahead, the best with a chance of /,
    );
    assert.deepEqual(wrong, []);
    await close();
  });

  for (const [width, colorScheme] of [
    [1280, "light"],
    [390, "dark"],
  ] as const)
    test(`is clean by axe with every table open at ${width} pixels, ${colorScheme}, and fits`, async () => {
      const { page, wrong, close } = await opened({
        viewport: { width, height: 900 },
        colorScheme,
        reducedMotion: "reduce",
      });
      await page.waitForSelector("#verdict:not(.waiting) p", patience);
      for (const summary of await page.locator("summary").all()) await summary.click();
      await page.locator("#code").click();
      await page.waitForSelector("#more:not(.waiting) pre", patience);
      await page.evaluate(readFileSync(require.resolve("axe-core"), "utf8"));
      const violations = await page.evaluate(async () => {
        const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } };
        return (await axe.run()).violations.map(({ id }) => id);
      });
      assert.deepEqual(violations, []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      assert.deepEqual(wrong, []);
      await close();
    });
});
