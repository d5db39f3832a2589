import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { causeCoding } from "../../src/evalset/causeCoding";
import { drawTasks } from "../../src/evalset/causeDraw";
import { importCauses } from "../../src/evalset/importCauses";
import { nextToSimilar, similarNotes } from "../../src/evalset/similarNotes";
import type { CauseDraw } from "../../src/measures/causes/causeFrame";
import { causes } from "../../src/measures/causes/causes";
import { causesBegan } from "../../src/measures/causes/causesBegan";
import { type Coded, checkTaxonomy, type Taxonomy } from "../../src/measures/causes/causesFile";
import { causesWorth } from "../../src/measures/causes/causesWorth";
import type { Store } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";
import { folder } from "../cli/command";
import { savedBy, tasksStore } from "./causeTasks";

const place = folder();
after(place.remove);
let store: Store;
let sheet: CauseDraw;
before(async () => {
  store = await tasksStore();
  sheet = (await drawTasks(store, { size: 8 })).draw;
});
after(() => store.close());

/** What a reader saved of the first tasks of the sheet. */
function answers(said: readonly { cause?: string; note?: string }[], rater = "h1", more = {}): string {
  const file = savedBy(place.path, sheet, (_kind, at) => (at < said.length ? "" : undefined), rater);
  const given = JSON.parse(readFileSync(file, "utf8"));
  const labels = given.labels.map((one: object, at: number) => ({ ...one, ...said[at] }));
  writeFileSync(file, JSON.stringify({ ...given, ...more, labels }));
  return file;
}
/** What the page of coding would save if these notes were put in a cause. */
function coded(file: string, cause: string, definition: string, places: readonly number[]): Coded {
  const { cards } = causeCoding([file], { causes: [] });
  const notes = cards
    .filter(({ task }) => places.includes(task - 1))
    .map(({ id, said }) => [id, said] as const);
  return { cause, definition, sheet: sheet.sheet, rater_id: "h1", notes: Object.fromEntries(notes) };
}
const causesOf = async (rater: string) =>
  (
    await rowsOf<{ label: string }>(
      store.connection,
      `select label from scores where name = 'cause' and rater_id = '${rater}' order by label`,
    )
  ).map(({ label }) => label);

describe("notes that were put in causes", () => {
  const lost = { name: "lost", definition: "no page was found" };
  const notes = [{ note: "no page" }, { note: "page not found" }, { note: "slow" }];

  test("count as of these, of the reader whose notes they are", async () => {
    const file = answers(notes);
    const other = answers(notes, "h2");
    const taxonomy = { causes: [lost], coded: [coded(file, "lost", lost.definition, [0, 1])] };
    assert.deepEqual((await importCauses(store, file, taxonomy)).notes, [
      "1 task has a note and no cause: put the notes in causes (fieldnotes causes code), and import again with --causes and the file that its page saves.",
    ]);
    await importCauses(store, other, taxonomy);
    assert.deepEqual(await causesOf("h1"), ["lost", "lost"]);
    assert.deepEqual(await causesOf("h2"), []);
    const { cards, causes, others } = causeCoding([file, other], taxonomy);
    assert.equal(cards.length, 6);
    assert.deepEqual(cards.map(({ rater, task, in: of }) => `${rater} ${task} ${of}`).sort(), [
      "h1 1 0",
      "h1 2 0",
      "h1 3 null",
      "h2 1 null",
      "h2 2 null",
      "h2 3 null",
    ]);
    assert.deepEqual([causes, others], [[lost], []]);
  });

  test("give no shares while one has no cause", async () => {
    await importCauses(store, answers(notes), { causes: [lost] });
    for (const measure of [causes, causesBegan, causesWorth]) {
      const { rows, notes: said } = await measure(store);
      assert.deepEqual(rows, []);
      assert.match(said.join(" "), /tasks have a note and no cause.*fieldnotes causes code/);
    }
  });

  test("are to be read again if the definition changed, by coding or by the sheet, but not for a line break", async () => {
    const picked = { cause: "lost" };
    const file = answers([...notes, picked], "h1", { causes: [{ ...lost, definition: "old" }] });
    const one = coded(file, "lost", lost.definition, [0, 2]);
    const again = async (definition: string) =>
      (await importCauses(store, file, { causes: [{ ...lost, definition }], coded: [one] })).notes.slice(1);
    assert.deepEqual(await again("no page\n was found"), [
      'Read again: the definition of "lost" changed after task 4 (h1) had been read as of it; until read again, they count as they did.',
    ]);
    assert.match(
      (await again("no page, or the wrong one"))[0],
      /after tasks 1, 3 and 4 \(h1\) had been read/,
    );
    assert.deepEqual(await causesOf("h1"), ["lost", "lost", "lost"]);
  });

  test("are to be read again if their reader says something else, which then counts", async () => {
    const taxonomy = { causes: [lost], coded: [coded(answers(notes), "lost", lost.definition, [0, 1])] };
    const file = answers([{ note: "no page, but later" }, ...notes.slice(1)]);
    const said =
      'Read again: h1 said something else of task 1 (h1) after the notes had been put in "lost"; what h1 says now counts.';
    assert.ok((await importCauses(store, file, taxonomy)).notes.includes(said));
    // The second task's, and that of the fourth, of which an earlier file told.
    assert.deepEqual(await causesOf("h1"), ["lost", "lost"]);
    const { cards, notes: told } = causeCoding([file], taxonomy);
    assert.deepEqual(told, [said]);
    assert.equal(cards.find(({ task }) => task === 1)?.in, null);
  });

  test("of other sheets stay in the file, and causes that readers added are on the page", () => {
    const file = answers([{ cause: "new one" }, { cause: "nothing went wrong", note: "fine" }]);
    const other = { ...coded(file, "lost", "", []), sheet: "elsewhere", notes: { abc: "def" } };
    const { cards, causes, others } = causeCoding([file], { causes: [lost], coded: [other] });
    assert.deepEqual(
      cards.map(({ task, in: of }) => [task, of]),
      [[1, 1]],
    );
    assert.deepEqual(causes, [lost, { name: "new one", definition: "" }]);
    assert.deepEqual(others, [other]);
  });

  test("are refused in words if the file is not that of these answers, or was changed", () => {
    const file = answers(notes);
    const own = coded(file, "lost", "", [0]);
    const from = (taxonomy: Taxonomy) => causeCoding([file], taxonomy);
    assert.throws(
      () => from({ causes: [lost], coded: [{ ...own, notes: { "0000": "x" } }] }),
      /requires tasks of sheet [0-9a-f]{16} that are on it, got 0000; was the file changed\?/,
    );
    assert.throws(
      () => causeCoding([file, file], { causes: [] }),
      /requires one file of each reader of a sheet/,
    );
    assert.throws(
      () => causeCoding([answers([{ cause: "cannot tell" }])], { causes: [] }),
      /requires notes or causes of readers, got none/,
    );
    assert.throws(
      () => causeCoding([answers([{ cause: " " }])], { causes: [] }),
      /labels\[0\] requires a cause of 1 to 80 letters, or a note/,
    );
    const given = JSON.parse(readFileSync(answers(notes), "utf8"));
    given.draw.seed = 2;
    writeFileSync(file, JSON.stringify(given));
    assert.throws(() => from({ causes: [] }), /requires the draw of its sheet as the page saved it/);
    writeFileSync(file, JSON.stringify({ causes: [lost] }));
    assert.throws(
      () => from({ causes: [] }),
      /requires fieldnotes "causes", as a page of tasks saves it, got nothing/,
    );
  });

  test("are in a file whose causes have names, parents and at most two examples of their own", () => {
    const refused = (taxonomy: object, why: RegExp) =>
      assert.throws(() => checkTaxonomy(taxonomy, "c.json"), why);
    const part = (name: string, parent: string) => ({ name, definition: "", parent });
    refused({ causes: [part("a", "b")] }, /causes\[0\]\.parent requires the name of another cause/);
    refused(
      { causes: [part("a", "b"), part("b", "a")] },
      /causes\[0\]\.parent requires a cause that is not a part of this one, got b/,
    );
    refused({ causes: [{ ...lost, examples: ["a", "b", "c"] }] }, /requires at most two examples/);
    const one: Coded = { cause: "lost", definition: "", sheet: "s", rater_id: "h1", notes: { a: "1" } };
    refused(
      { causes: [], coded: [one] },
      /coded\[0\]\.cause requires the name of a cause of the file, got lost/,
    );
    refused(
      { causes: [lost], coded: [one, one] },
      /coded\[1\]\.notes requires notes that are in one cause each/,
    );
  });
});

describe("similar notes", () => {
  test("share words, of which rare ones count for more, and follow each other", () => {
    const notes = [
      "The search timed out",
      "the policy is old",
      "search: TIMED OUT again",
      "the answer is rude",
      "old policy quoted",
      "",
    ];
    const similar = similarNotes(notes);
    assert.deepEqual(
      similar.map((one) => one.map(({ at }) => at)),
      [[2], [4, 3], [0], [1], [1], []],
    );
    assert.ok(Math.abs(similar[0][0].share - similar[2][0].share) < 1e-12);
    assert.deepEqual(nextToSimilar(similar), [0, 2, 1, 4, 3, 5]);
  });
});
