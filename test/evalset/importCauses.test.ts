import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, beforeEach, describe, test } from "node:test";
import { drawTasks } from "../../src/evalset/causeDraw";
import { importCauses } from "../../src/evalset/importCauses";
import type { CauseDraw } from "../../src/measures/causes/causeFrame";
import type { Store } from "../../src/store/open";
import { rowsOf, run } from "../../src/store/run";
import { folder } from "../cli/command";
import { savedBy, tasksStore } from "./causeTasks";

const place = folder();
after(place.remove);
let store: Store;
let sheet: CauseDraw;
beforeEach(async () => {
  store = await tasksStore();
  sheet = (await drawTasks(store, { size: 20 })).draw;
});
afterEach(() => store.close());

const scores = () =>
  rowsOf<{ name: string; label: string; n: number }>(
    store.connection,
    `select name, label, count(*)::double as n from scores where rater = 'human' and subject = 'task' and rater_id = 'h1'
     group by all order by all`,
  );
/** The file that the page would save, but for something. */
const changed = (change: (file: { draw: CauseDraw; labels: { id: string }[] }) => void) => {
  const file = JSON.parse(
    readFileSync(
      savedBy(place.path, sheet, () => "lost"),
      "utf8",
    ),
  );
  change(file);
  const path = join(place.path, "changed.json");
  writeFileSync(path, JSON.stringify(file));
  return path;
};

describe("what a reader saved", () => {
  test("becomes scores of the tasks, once however often it is imported", async () => {
    const file = savedBy(place.path, sheet, (kind) => (kind === "not resolved" ? "lost" : undefined));
    const first = await importCauses(store, file, { causes: [{ name: "other", definition: "x" }] });
    assert.deepEqual(first, { tasks: 12, replaced: 0, added: ["lost"], notes: [] });
    const expected = [
      { name: "cause", label: "lost", n: 12 },
      { name: "first wrong step", label: "Call", n: 12 },
    ];
    assert.deepEqual(await scores(), expected);
    assert.equal((await importCauses(store, file)).replaced, 24);
    assert.deepEqual(await scores(), expected);
  });

  test("replaces what the same reader said before, and leaves what others said", async () => {
    await importCauses(
      store,
      savedBy(place.path, sheet, () => "lost"),
    );
    await importCauses(
      store,
      savedBy(place.path, sheet, () => "confused", "h2"),
    );
    await importCauses(
      store,
      savedBy(place.path, sheet, () => "found"),
    );
    assert.deepEqual(
      (await scores()).map(({ name, label, n }) => [name, label, n]),
      [
        ["cause", "found", 20],
        ["first wrong step", "Call", 20],
      ],
    );
    const [{ n }] = await rowsOf<{ n: number }>(
      store.connection,
      "select count(*)::double as n from scores where rater_id = 'h2' and name = 'cause'",
    );
    assert.equal(n, 20);
  });

  test("is refused in words if its draw was changed, and nothing is then in the store", async () => {
    const refused = (path: string, why: RegExp) => assert.rejects(importCauses(store, path), why);
    const isChanged =
      /changed.json requires the draw of its sheet as the page saved it, got one that was changed/;
    await refused(
      changed(({ draw }) => (draw.kinds[0].drawn = 30)),
      isChanged,
    );
    await refused(
      changed(({ draw }) => (draw.tasks[0].kind = "other")),
      isChanged,
    );
    await refused(
      changed(({ draw }) => (draw.where = "true")),
      isChanged,
    );
    await refused(
      changed(({ draw }) => draw.tasks.pop()),
      isChanged,
    );
    await refused(
      changed(({ labels }) => (labels[1].id = labels[0].id)),
      /labels\[1\] requires a task of the sheet, each once, got [0-9a-f]{16}/,
    );
    await refused(
      changed((file) => Object.assign(file, { extra: 1 })),
      /requires keys of .*, got "extra"/,
    );
    await refused(
      changed((file) => Object.assign(file.labels[0], { cause: " " })),
      /a cause of 1 to 80 letters/,
    );
    assert.deepEqual(await scores(), []);
    assert.deepEqual(await rowsOf(store.connection, "select 1 from ingests"), []);
  });

  test("is refused by a store that lacks the tasks", async () => {
    const file = savedBy(place.path, sheet, () => "lost");
    await run(store.connection, "update calls set task_id = 'new ' || task_id");
    await assert.rejects(
      importCauses(store, file),
      /20 of 20 drawn tasks are not in this store \(first: [0-9a-f]{16}\)/,
    );
  });
});
