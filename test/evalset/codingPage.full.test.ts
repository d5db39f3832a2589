import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { causeCoding } from "../../src/evalset/causeCoding";
import { signed } from "../../src/evalset/causeDraw";
import { reviewId } from "../../src/evalset/review";
import type { Taxonomy } from "../../src/measures/causes/causesFile";
import { launched, opened, openedAgain, skip } from "../browser";
import { fieldnotes, folder, json } from "../cli/command";
import { hostile } from "./reviewSheet";

const place = folder();
after(place.remove);

const saved = async (page: Page, name: string, press: () => Promise<void>) => {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  await download.saveAs(join(place.path, name));
  return download.suggestedFilename();
};
const read = (name: string): Required<Taxonomy> => JSON.parse(readFileSync(join(place.path, name), "utf8"));
const groups = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>(".cause")].map((one) => [
      one.querySelector<HTMLInputElement>(".name")?.value ?? one.querySelector("h3")?.textContent,
      [...one.querySelectorAll(".note")].map((note) => note.textContent),
    ]),
  );
const count = (page: Page) => page.textContent("#count");
const said = (page: Page) => page.textContent("#said");

/** What two readers saved of the same six tasks, in notes. */
function notesOf(reader: string, notes: readonly string[]): string {
  const ids = Array.from({ length: 10 }, (_, at) => reviewId(`t${at}`));
  const file = join(place.path, `notes-${reader}.json`);
  const draw = signed({
    ...{ seed: 1, where: "", until: "" },
    kinds: [{ kind: "other", tasks: 10, drawn: 10 }],
    tasks: ids.map((id) => ({ id, kind: "other" })),
  });
  const labels = notes.map((note, at) => ({ id: ids[at], cause: "", note, step: "Call" }));
  writeFileSync(file, JSON.stringify({ fieldnotes: "causes", draw, rater_id: reader, labels }));
  return file;
}

describe("the page on which notes are put in causes, in Chromium", { skip }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launched();
  });
  after(() => browser?.close());

  test("by keyboard alone a sheet is read in notes, these are put in causes, and causes gives their shares", async () => {
    const cli = async (...args: string[]) => {
      const { code, stdout, stderr } = await fieldnotes(args, place.path);
      assert.equal(code, 0, stderr);
      return stdout;
    };
    await cli("demo", "--log", "causes", "--out", "logs");
    await cli("ingest", "logs", "--db", "s.duckdb");
    await cli("causes", "sheet", "--size", "30", "--db", "s.duckdb");
    const sheet = await opened(browser, join(place.path, "causes.html"));
    const notes = ["the search timed out", "old refund policy quoted", "search timed out again"];
    for (let at = 0; at < 30; at++) {
      if (at % 5 === 4) await sheet.page.keyboard.press("0");
      else {
        await sheet.page.keyboard.press("e");
        await sheet.page.keyboard.type(notes[at % 3]);
        await sheet.page.keyboard.press("Escape");
      }
      await sheet.page.keyboard.press("ArrowRight");
    }
    assert.equal(await count(sheet.page), "30 of 30 read");
    await sheet.page.fill("#rater", "h1");
    await sheet.page.keyboard.press("Escape");
    await saved(sheet.page, "h1.json", () => sheet.page.keyboard.press("s"));
    assert.deepEqual(sheet.wrong, []);
    await sheet.close();
    assert.match(
      await cli("causes", "import", "h1.json", "--db", "s.duckdb"),
      /30 tasks read.*\n24 tasks have a note and no cause: put the notes in causes \(fieldnotes causes code\)/,
    );

    assert.match(
      await cli("causes", "code", "h1.json"),
      /24 notes in coding.html: 24 without a cause, 0 causes so far/,
    );
    const { page, wrong, close } = await opened(browser, join(place.path, "coding.html"));
    const keys = async (...all: string[]) => {
      for (const one of all) await (one.length > 9 ? page.keyboard.type(one) : page.keyboard.press(one));
    };
    // Each of the first kind of note has the others of it, and those that share two words, as similar ones.
    await keys("j", "a");
    assert.equal(await page.textContent("#picked"), "16 notes selected");
    await keys("c", "search timed out", "Enter", "A search ended without a result.", "Escape");
    await keys("j", "x", "j", "x", "c", "policy of old", "Escape", "j", "2");
    assert.equal(await count(page), "19 of 24 notes in a cause");
    assert.match(await openedAgain(page), /^Going on where you stopped: 19 of 24/);
    // Put in the cause of the list, then the wrong one, undone, and the rest at once with those similar.
    await keys("j", "m", "ArrowDown", "ArrowDown", "Enter");
    assert.equal(await count(page), "20 of 24 notes in a cause");
    await keys("1", "z", "a", "2");
    assert.equal(await count(page), "24 of 24 notes in a cause");
    await keys("j", "e");
    assert.deepEqual(
      (await groups(page)).map(([name, all]) => [name, all?.length]),
      [
        ["search timed out", 16],
        ["policy of old", 8],
        ["nothing went wrong", 0],
        ["cannot tell", 0],
      ],
    );
    assert.equal(await saved(page, "coded.json", () => keys("s")), "causes-coded.json");
    assert.match((await said(page)) ?? "", /2 causes, 24 notes\. Without a definition: policy of old\./);
    const { causes, coded } = read("coded.json");
    assert.deepEqual(causes, [
      { name: "search timed out", definition: "A search ended without a result." },
      { name: "policy of old", definition: "", examples: ["old refund policy quoted"] },
    ]);
    assert.deepEqual(
      coded.map(({ rater_id, notes: all }) => [rater_id, Object.keys(all).length]),
      [
        ["h1", 16],
        ["h1", 8],
      ],
    );
    await close();

    const again = ["causes", "import", "h1.json", "--causes", "coded.json", "--db", "s.duckdb"];
    assert.doesNotMatch(await cli(...again), /no cause|Read again/);
    const { rows } = await json(["causes", "--db", "s.duckdb"], place.path);
    const shares = rows.map((one: { cause: string; tasks_read: number }) => [one.cause, one.tasks_read]);
    assert.deepEqual(Object.fromEntries(shares), {
      "search timed out": 16,
      "policy of old": 8,
      "nothing went wrong": 6,
    });

    // A definition that is changed in the file marks what was read under the old one, until it was read again.
    causes[0] = { ...causes[0], definition: "A search ended in an error; not: it found nothing." };
    writeFileSync(join(place.path, "coded.json"), JSON.stringify({ causes, coded }));
    assert.match(
      await cli(...again),
      /Read again: the definition of "search timed out" changed after tasks 1, 3, [\d, ]+ and \d+ \(h1\) had been read as of it/,
    );
    await cli("causes", "code", "h1.json", "--causes", "coded.json", "--force");
    const next = await opened(browser, join(place.path, "coding.html"));
    assert.match((await count(next.page)) ?? "", /24 of 24 notes in a cause, 16 to read again/);
    assert.match(
      (await next.page.textContent(".card .again:not([hidden])")) ?? "",
      /^Read again. The definition was \u201cA search ended without a result.\u201d/,
    );
    await next.page.keyboard.press("j");
    await next.page.keyboard.press("y");
    assert.match((await count(next.page)) ?? "", /15 to read again/);
    await next.page.locator("button:visible", { hasText: "All still fit" }).press("Enter");
    assert.equal(await count(next.page), "24 of 24 notes in a cause");
    await saved(next.page, "coded.json", () => next.page.keyboard.press("s"));
    assert.doesNotMatch(await cli(...again), /Read again/);
    assert.deepEqual([...wrong, ...next.wrong], []);
    await next.close();
  });

  test("by mouse notes are dragged, causes renamed, merged, split and put in another; two readers stay apart", async () => {
    const files = [
      notesOf("h1", ["no page found", "page not found", "too slow", "wrong tone"]),
      notesOf("h2", ["nothing found", "slow answer"]),
    ];
    const file = join(place.path, "mouse.html");
    writeFileSync(file, causeCoding(files, { causes: [] }).html);
    const { page, wrong, close } = await opened(browser, file);
    const card = (note: string) => page.locator(".card", { hasText: note });
    const cause = (name: string) => page.locator(`.cause[aria-label="${name}"]`);
    await card("no page found").dragTo(page.locator("#add"));
    await page.keyboard.type("not found");
    await card("nothing found").dragTo(cause("not found"));
    await card("page not found").locator("input").click();
    await card("too slow").locator("input").click();
    await card("too slow").dragTo(cause("not found"));
    assert.equal(await count(page), "4 of 6 notes in a cause");
    // Those that do not belong there become a cause of their own.
    await card("too slow").locator("input").click();
    await cause("not found").locator("summary").click();
    await cause("not found").getByText("Split off the selected").click();
    await page.keyboard.type("slow");
    await card("slow answer").dragTo(cause("slow"));
    await card("wrong tone").dragTo(page.locator("#add"));
    await page.keyboard.type("slow");
    await page.keyboard.press("Tab");
    assert.match((await said(page)) ?? "", /There is a slow already: merge into it\./);
    await cause("New cause").locator("summary").click();
    await cause("New cause").getByLabel("Merge into").selectOption({ label: "slow" });
    await cause("New cause").getByText("Merge", { exact: true }).click();
    await page.locator("#undo").click();
    await cause("New cause").getByLabel("Name of the cause").fill("tone");
    await page.keyboard.press("Tab");
    await cause("tone").getByLabel("Part of").selectOption({ label: "slow" });
    await card("wrong tone").locator("input").click();
    await page.locator("#to").selectOption({ label: "no cause" });
    await page.locator("#put").click();
    assert.equal(await count(page), "5 of 6 notes in a cause");
    await card("wrong tone").dragTo(cause("nothing went wrong"));
    await cause("tone").getByText("Remove").click();
    assert.deepEqual(await groups(page), [
      ["not found", ["no page found", "page not found", "nothing found"]],
      ["slow", ["too slow", "slow answer"]],
      ["nothing went wrong", ["wrong tone"]],
      ["cannot tell", []],
    ]);
    await saved(page, "mouse.json", () => page.click("#save"));
    const { coded } = read("mouse.json");
    assert.deepEqual(
      coded.map(({ cause: of, rater_id, notes }) => [of, rater_id, Object.keys(notes).length]).sort(),
      [
        ["not found", "h1", 2],
        ["not found", "h2", 1],
        ["nothing went wrong", "h1", 1],
        ["slow", "h1", 1],
        ["slow", "h2", 1],
      ],
    );
    assert.deepEqual(wrong, []);
    await close();
  });

  test("hostile texts are shown as texts, axe finds nothing, and a phone's width holds all", async () => {
    const file = join(place.path, "hostile.html");
    const [first, second] = hostile;
    const notes = hostile.map((text) => text.replaceAll("\ud800", "?"));
    const taxonomy = {
      causes: [
        { name: first, definition: second, examples: [second] },
        { name: "part", definition: "", parent: first },
      ],
    };
    writeFileSync(file, causeCoding([notesOf("<b>h1", notes)], taxonomy).html);
    const { page, wrong, close } = await opened(browser, file);
    await page.keyboard.press("j");
    for (const key of ["1", "1", "2"]) await page.keyboard.press(key);
    await page.keyboard.press("x");
    assert.equal(await page.locator(".cause .name").first().inputValue(), first);
    const shown = (await page.locator(".note").allTextContents()).join("");
    for (const text of notes.filter((one) => one.startsWith("<"))) assert.ok(shown.includes(text), text);
    for (const one of "\u0000\u0007\u001b\u202e\u2066") assert.ok(!shown.includes(one), JSON.stringify(one));
    assert.equal(await page.locator("main img, main script, main b").count(), 0);
    await page.locator("summary").first().click();
    await page.evaluate(readFileSync(require.resolve("axe-core"), "utf8"));
    for (const width of [1280, 390])
      for (const colorScheme of ["light", "dark"] as const) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        const violations = await page.evaluate(async () => {
          const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } };
          return (await axe.run()).violations.map(({ id }) => id);
        });
        assert.deepEqual(violations, [], `${width} ${colorScheme}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${wide}`);
      }
    // By touch: the last note is selected and put in a new cause.
    await page.locator("#loose .card input").last().click();
    await page.locator("#put").click();
    assert.equal(await count(page), "5 of 7 notes in a cause");
    assert.deepEqual(wrong, []);
    await close();
  });
});
