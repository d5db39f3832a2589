import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { allotted, drawTasks } from "../../src/evalset/causeDraw";
import { causeSheet } from "../../src/evalset/causeSheet";
import { checkCauses } from "../../src/measures/causes/causesFile";
import type { Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { tasksStore } from "./causeTasks";

let store: Store;
before(async () => {
  store = await tasksStore();
});
after(() => store.close());

describe("a sheet of tasks", () => {
  test("draws each kind with a known chance, the same tasks for the same seed", async () => {
    const { draw, ids } = await drawTasks(store, { size: 30 });
    assert.equal(ids.length, 30);
    assert.deepEqual(draw.kinds, [
      { kind: "not resolved", tasks: 30, drawn: 18 },
      { kind: "failed step", tasks: 12, drawn: 4 },
      { kind: "costly", tasks: 3, drawn: 2 },
      { kind: "other", tasks: 45, drawn: 6 },
    ]);
    for (const { kind, drawn } of draw.kinds)
      assert.equal(draw.tasks.filter((one) => one.kind === kind).length, drawn);
    assert.deepEqual((await drawTasks(store, { size: 30 })).draw, draw);
    assert.notDeepEqual((await drawTasks(store, { size: 30, seed: 2 })).draw.tasks, draw.tasks);
  });

  test("shows steps with their failures, and no user, id or model", async () => {
    const { tasks, html } = await causeSheet(store, { size: 12 });
    const twice = tasks.filter(({ steps }) => steps.length === 2);
    assert.ok(twice.length > 1);
    for (const { steps } of twice) {
      assert.deepEqual(
        steps.map(({ title, failed }) => [title, failed]),
        [
          ["Call", true],
          ["Call", false],
        ],
      );
      assert.match(steps[0].facts, /^timeout, .*took 2 s/);
      assert.match(steps[1].facts, /attempt 2/);
    }
    assert.doesNotMatch(html, /orrery|quillon|"t1"|\bu1\b/);
    assert.match(html, /default-src 'none'/);
  });

  test("shows nothing of what was said of the task before", async () => {
    await run(
      store.connection,
      "insert into scores (subject, subject_id, name, label, rater) values ('task', 't0', 'cause', 'told before', 'human')",
    );
    const { html } = await causeSheet(store, { size: 2, where: "task_id = 't0'" });
    assert.match(html, /not resolved/);
    assert.doesNotMatch(html, /told before/);
  });

  test("is only of tasks that meet the predicate, and says if there is none", async () => {
    const { draw } = await drawTasks(store, { size: 90, where: "model = 'quillon-7'" });
    assert.equal(draw.where, "model = 'quillon-7'");
    assert.equal(draw.tasks.length, 45);
    await assert.rejects(
      causeSheet(store, { where: "model = 'none'" }),
      /requires tasks with a task_id, got none/,
    );
    await assert.rejects(drawTasks(store, { size: 0 }), /requires a whole number of tasks >= 1, got 0/);
  });

  test("gives what a kind has too few of to the others, failed ones first", () => {
    const drawn = (...found: Parameters<typeof allotted>[0]) => allotted(found, 20).map(({ drawn }) => drawn);
    assert.deepEqual(drawn({ kind: "other", tasks: 500 }, { kind: "not resolved", tasks: 5 }), [5, 15]);
    assert.deepEqual(drawn({ kind: "not resolved", tasks: 9 }, { kind: "looped", tasks: 3 }), [9, 3]);
    assert.deepEqual(drawn({ kind: "not resolved", tasks: 300 }, { kind: "no answer", tasks: 100 }), [15, 5]);
  });
});

describe("a file of causes", () => {
  test("has a name of its own and a definition for each", () => {
    const cause = { name: "wrong tool", definition: "the tool cannot do it" };
    assert.deepEqual(checkCauses({ causes: [cause] }, "c.json"), [cause]);
    assert.throws(
      () => checkCauses({ causes: [cause, cause] }, "c.json"),
      /c.json: causes\[1\] requires a name of its own/,
    );
    assert.throws(
      () => checkCauses({ causes: [{ name: "x" }] }, "c.json"),
      /requires a definition: when a task has/,
    );
    assert.throws(
      () => checkCauses({ causes: [{ ...cause, name: "cannot tell" }] }, "c"),
      /a name of its own/,
    );
  });
});
