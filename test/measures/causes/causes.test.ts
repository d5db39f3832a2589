import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, beforeEach, describe, test } from "node:test";
import { drawTasks } from "../../../src/evalset/causeDraw";
import { importCauses } from "../../../src/evalset/importCauses";
import { orderOf } from "../../../src/measures/causes/causeShares";
import { causes } from "../../../src/measures/causes/causes";
import { metric } from "../../../src/measures/metric";
import { metricTable } from "../../../src/measures/metricTable";
import { trend } from "../../../src/measures/trend/trend";
import type { Estimate } from "../../../src/stats/estimate";
import type { Store } from "../../../src/store/open";
import { rowsOf, run } from "../../../src/store/run";
import { folder } from "../../cli/command";
import { savedBy, tasksStore } from "../../evalset/causeTasks";
import { putInto } from "../agree/hostile";

const place = folder();
after(place.remove);
let store: Store;
beforeEach(async () => {
  store = await tasksStore();
});
afterEach(() => store.close());

describe("the causes of what went wrong", () => {
  test("weigh each drawn task by its chance, so that failed ones drawn more often do not count more", async () => {
    const { draw } = await drawTasks(store, { size: 30 });
    const file = savedBy(place.path, draw, (kind) =>
      kind === "not resolved" || kind === "costly" ? "lost" : "nothing went wrong",
    );
    await importCauses(store, file);
    const { rows, notes } = await causes(store);
    assert.deepEqual(
      rows.map(({ cause, tasks_read }) => [cause, tasks_read]),
      [
        ["lost", 20],
        ["nothing went wrong", 10],
      ],
    );
    const [lost, nothing] = rows;
    assert.equal(lost.share_of_failed.value, 1);
    assert.equal(lost.share_of_failed.n, 18);
    // 30 failed tasks and 3 dear ones, of 90.
    assert.ok(Math.abs(lost.share_of_tasks.value - 33 / 90) < 1e-12);
    assert.equal(lost.resolved_at_most.value, 1);
    assert.ok(lost.resolved_at_most.low < 1 && lost.resolved_at_most.low > 2 / 3);
    assert.ok(Number.isNaN(nothing.resolved_at_most.value));
    assert.match(
      notes.join("\n"),
      /30 of 30 drawn tasks were read, of 90 tasks that began until 2026-03-02 14:50 UTC/,
    );
  });

  test("take labels of tasks that no sheet drew for what they are: shares among those tasks, and of nothing else", async () => {
    const tasks = await rowsOf<{ task_id: string; call_id: string }>(
      store.connection,
      "select task_id, min(call_id) as call_id from calls where task_id in (select task_id from tasks where not resolved) group by all order by all limit 20",
    );
    const labels = tasks.flatMap(({ task_id, call_id }, at) => [
      { subject: "task", subject_id: task_id, label: at < 15 ? "search" : "policy", rater_id: "ada" },
      // Another tool's label of a step is one of its task.
      ...(at < 5 ? [{ subject: "call", subject_id: call_id, label: "search", rater_id: "bo" }] : []),
    ]);
    await putInto(
      store,
      "scores",
      labels.map((label) => ({ ...label, name: "failure_mode", rater: "human" })),
    );
    assert.equal((await causes(store)).rows.length, 0);
    const { rows, notes, differences } = await causes(store, { score: "failure_mode", by: "model" });
    assert.deepEqual(differences, []);
    assert.equal(
      rows.reduce((sum, row) => sum + row.tasks_read, 0),
      20,
    );
    const [search] = (await causes(store, { score: "failure_mode" })).rows;
    assert.deepEqual([search.cause, search.tasks_read, search.share_of_failed.value], ["search", 15, 0.75]);
    for (const open of [search.share_of_tasks, search.resolved_at_most])
      assert.ok(Number.isNaN(open.value) && Number.isNaN(open.high));
    assert.match(notes.join("\n"), /20 tasks that people labelled with failure_mode.*nobody drew them/);
    // Labels of tasks that the log does not have, or that were not selected, are counted.
    await putInto(store, "scores", [
      { ...labels[0], subject_id: "none", name: "failure_mode", rater: "human" },
      { ...labels[0], subject: "call", subject_id: "no call", name: "failure_mode", rater: "human" },
    ]);
    const lost = await causes(store, { score: "failure_mode" });
    assert.equal(lost.rows[0].tasks_read, 15);
    assert.match(
      lost.notes.join("\n"),
      /^2 of 27 tasks and calls that people labelled belong to no selected task/m,
    );
    await putInto(store, "scores", [{ ...labels[0], subject_id: "none", name: "elsewhere", rater: "human" }]);
    assert.match(
      (await causes(store, { score: "elsewhere" })).notes.join("\n"),
      /1 of 1 tasks and calls that people labelled belongs to no selected task/,
    );
    // A reader who labels every step of a task is one reader of it.
    const steps = await rowsOf<{ call_id: string }>(
      store.connection,
      "select call_id from calls where task_id = (select task_id from calls group by all having count(*) > 1 order by all limit 1)",
    );
    const [{ task_id }] = await rowsOf<{ task_id: string }>(
      store.connection,
      "select task_id from calls where call_id = $id",
      { id: steps[0].call_id },
    );
    const twice = [
      ...steps.map(({ call_id }) => ({
        subject: "call",
        subject_id: call_id,
        label: "search",
        rater_id: "ada",
      })),
      ...["bo", "cy"].map((rater_id) => ({
        subject: "task",
        subject_id: task_id,
        label: "policy",
        rater_id,
      })),
    ];
    assert.ok(steps.length > 1);
    await putInto(
      store,
      "scores",
      twice.map((label) => ({ ...label, name: "by_step", rater: "human" })),
    );
    assert.deepEqual(
      (await causes(store, { score: "by_step" })).rows.map(({ cause }) => cause),
      ["policy"],
    );
    await assert.rejects(
      causes(store, { score: "failur_mode" }),
      /requires score to name labels .* did you mean "failure_mode"/,
    );
  });

  test("say of how many tasks readers cannot tell it, and count the tasks of the selection alone", async () => {
    const { draw } = await drawTasks(store, { size: 30 });
    let told = 0;
    const file = savedBy(place.path, draw, (kind) =>
      kind === "not resolved" && told++ < 4 ? "cannot tell" : "lost",
    );
    await importCauses(store, file);
    const all = (await causes(store)).notes.join("\n");
    assert.match(
      all,
      /30 of 30 drawn tasks were read, of 90 tasks .*Readers cannot tell the cause of 4 of them\./,
    );
    const some = await causes(store, { where: "model = 'quillon-7'" });
    const [, there] = /^(\d+) of \1 drawn tasks were read, of 45 tasks/m.exec(some.notes.join("\n")) ?? [];
    assert.ok(Number(there) > 0 && Number(there) < 30, some.notes.join("\n"));
  });

  test("give the most that could be resolved a worst case where outcomes are not known", async () => {
    const { draw } = await drawTasks(store, { size: 30 });
    await importCauses(
      store,
      savedBy(place.path, draw, () => "lost"),
    );
    await run(store.connection, "delete from tasks where resolved and hash(task_id) % 2 = 0");
    const [{ resolved_at_most: most }] = (await causes(store)).rows;
    assert.ok(most.worst_case !== undefined && most.worst_case.low < most.low, JSON.stringify(most));
  });

  test("are told by model, of tasks that could be drawn alone", async () => {
    const { draw } = await drawTasks(store, { size: 90 });
    await importCauses(
      store,
      savedBy(place.path, draw, (kind) => (kind === "not resolved" ? "lost" : "nothing went wrong")),
    );
    await run(
      store.connection,
      "insert into calls by name select 'late' as call_id, 'late' as task_id, 'new' as model, timestamp '2027-01-01' as started_at, 'ok' as status",
    );
    const { rows } = await causes(store, { by: "model" });
    assert.deepEqual(
      rows.map(({ model, cause, tasks_read, share_of_tasks }) => [
        model,
        cause,
        tasks_read,
        share_of_tasks.value.toFixed(3),
      ]),
      [
        ["orrery-large", "lost", 15, "0.333"],
        ["orrery-large", "nothing went wrong", 30, "0.667"],
        ["quillon-7", "lost", 15, "0.333"],
        ["quillon-7", "nothing went wrong", 30, "0.667"],
      ],
    );
  });

  test("are a metric, cause:NAME, by model, and one that nobody found has an upper bound", async () => {
    const { draw } = await drawTasks(store, { size: 60 });
    await importCauses(
      store,
      savedBy(place.path, draw, (kind) => (kind === "not resolved" ? "lost" : "nothing went wrong")),
    );
    const { rows } = await metricTable(store, { metrics: ["cause:lost", "cause:fixed"], by: "model" });
    const table = (await causes(store, { by: "model" })).rows.filter(({ cause }) => cause === "lost");
    assert.deepEqual(
      rows.map((row) => row["cause:lost"]),
      table.map(({ share_of_tasks }) => share_of_tasks),
    );
    for (const row of rows as Record<string, Estimate | undefined>[]) {
      assert.equal(row["cause:fixed"]?.value, 0);
      assert.ok((row["cause:fixed"]?.high ?? 1) < 0.5);
    }
    assert.equal(metric("cause:lost").better, "lower");
    await assert.rejects(
      trend(store, { metric: "cause:lost", per: "week" }),
      /few tasks of each are read.*causes --by week/,
    );
  });

  test("differ between models where that is shown, and between the last week and the one before, with every look paid for", async () => {
    const { draw, ids } = await drawTasks(store, { size: 90 });
    const even = (id: string) => Number(id.slice(1)) % 2 === 0;
    await importCauses(
      store,
      savedBy(place.path, draw, (_kind, at) => (even(ids[at]) ? "slow" : at % 2 === 0 ? "lost" : "vague")),
    );
    const { differences, notes } = await causes(store, { by: "model" });
    assert.deepEqual(
      differences.map(({ cause, group, against, claim }) => [cause, group, against, claim.status]).sort(),
      ["lost", "slow", "vague"].map((cause) => [cause, "orrery-large", "quillon-7", "settled"]),
    );
    // Three looks.
    assert.ok(Math.abs(differences[0].difference.level - (1 - 0.05 / 3)) < 1e-12);
    assert.match(
      notes.join("\n"),
      /Settled of this log, whose numbers of failed tasks count as they are: more tasks of orrery-large failed from slow than of quillon-7, by 33\.3 points/,
    );
    const late = "update calls set started_at = started_at - interval 7 day where hash(task_id) % 3 = ";
    await run(store.connection, `${late} 0`);
    await run(
      store.connection,
      `update calls set started_at = started_at - interval 14 day where hash(task_id) % 3 = 1`,
    );
    const weeks = await causes(store, { by: "week" });
    assert.deepEqual(
      [...new Set(weeks.differences.map(({ group, against }) => `${group} ${against}`))],
      ["2026-03-02 2026-02-23"],
    );
    assert.match(
      weeks.notes.join("\n"),
      /No cause is shown to differ: 3 differences between groups were looked at/,
    );
  });

  test("are what most readers say, and who cannot tell says nothing", async () => {
    const { draw } = await drawTasks(store, { size: 12 });
    for (const [rater, cause] of Object.entries({
      h1: "lost",
      h2: "confused",
      h3: "confused",
      h4: "cannot tell",
      h5: "cannot tell",
      h6: "cannot tell",
    }))
      await importCauses(
        store,
        savedBy(place.path, draw, () => cause, rater),
      );
    const { rows } = await causes(store);
    assert.deepEqual(
      rows.map(({ cause, tasks_read }) => [cause, tasks_read]),
      [["confused", 12]],
    );
  });

  test("say how far two readers of the same tasks agree on each cause, and on all", async () => {
    const { draw } = await drawTasks(store, { size: 30 });
    const named = (at: number, rater: string) =>
      at < 10 ? "slow" : at < 20 && rater === "h2" ? "vague" : "lost";
    for (const rater of ["h1", "h2"])
      await importCauses(
        store,
        savedBy(place.path, draw, (_kind, at) => named(at, rater), rater),
      );
    const { rows, notes } = await causes(store);
    const on = (name: string) => rows.find(({ cause }) => cause === name)?.agreement;
    assert.equal(on("slow")?.value, 1);
    assert.ok((on("slow")?.low ?? 1) < 1);
    // Both say lost of 10 tasks, one of another 10: agreement .667, by chance .444.
    assert.ok(Math.abs((on("lost")?.value ?? 0) - 0.4) < 1e-12);
    assert.match(
      notes.join("\n"),
      /Of 30 tasks that at least two readers named a cause of, they agree on 20; beyond/,
    );
  });

  test("count sheets of the same tasks together, and leave out those of other tasks", async () => {
    const read = async (seed: number, where: string, cause: string, rater: string) =>
      importCauses(
        store,
        savedBy(place.path, (await drawTasks(store, { size: 20, seed, where })).draw, () => cause, rater),
      );
    await read(1, "model = 'quillon-7'", "early", "h1");
    await read(1, "", "lost", "h1");
    const before = (await causes(store)).rows[0].tasks_read;
    await read(2, "", "lost", "h2");
    const { rows, notes } = await causes(store);
    const lost = rows.find(({ cause }) => cause === "lost");
    assert.ok((lost?.tasks_read ?? 0) > before && (lost?.tasks_read ?? 0) < 40);
    assert.match(notes.join("\n"), /1 earlier sheet of other tasks is left out/);
  });

  const ruled = (rules: Record<string, string>) => {
    const file = join(place.path, "rules.json");
    const causes = Object.entries(rules).map(([name, rule]) => ({ name, definition: name, rule }));
    writeFileSync(file, JSON.stringify({ causes }));
    return file;
  };
  const timedOut = async () => {
    await run(store.connection, "update tasks set resolved = false");
    await run(store.connection, "update calls set status = 'timeout' where hash(task_id) % 3 = 0");
    const { draw, ids } = await drawTasks(store, { size: 40 });
    const rows = await rowsOf<{ task_id: string }>(
      store.connection,
      "select distinct task_id from calls where status = 'timeout'",
    );
    const slow = new Set(rows.map(({ task_id }) => task_id));
    await importCauses(
      store,
      savedBy(place.path, draw, (_kind, at) => (slow.has(ids[at]) ? "slow" : "lost")),
    );
    return { read: ids.filter((id) => slow.has(id)).length, all: slow.size };
  };

  test("are known from a rule that is right as exactly as it finds them, and from a wrong one no worse than from reading", async () => {
    const { read, all } = await timedOut();
    const without = (await causes(store)).rows.find(({ cause }) => cause === "slow");
    const { rows, notes } = await causes(store, { rules: ruled({ slow: "status = 'timeout'" }) });
    const slow = rows.find(({ cause }) => cause === "slow");
    assert.equal(without?.share_of_failed.value, read / 40);
    assert.ok(Math.abs((slow?.share_of_failed.value ?? 0) - all / 90) < 1e-12);
    const width = ({ low = 0, high = 1 } = {}) => high - low;
    assert.ok(width(slow?.share_of_failed) < width(without?.share_of_failed));
    assert.match(
      notes.join("\n"),
      new RegExp(
        `Rules find slow in ${all} tasks \\(right in ${read} of ${read} read, missed in 0 of ${40 - read}`,
      ),
    );
    const wrong = await causes(store, { rules: ruled({ slow: "not looped" }) });
    assert.equal(wrong.rows.find(({ cause }) => cause === "slow")?.share_of_failed.value, read / 40);
  });

  test("take a judge's labels where the log has them, corrected by what was read", async () => {
    const { all } = await timedOut();
    await run(
      store.connection,
      `insert into scores by name
       select 'task' as subject, task_id as subject_id, 'cause' as name, if(bool_or(status = 'timeout'), 'lost', 'slow') as label, 'judge' as rater
       from calls group by task_id`,
    );
    const { rows, notes } = await causes(store);
    // The judge has it all the wrong way round.
    const slow = rows.find(({ cause }) => cause === "slow");
    assert.ok(Math.abs((slow?.share_of_failed.value ?? 0) - all / 90) < 1e-12);
    assert.match(notes.join("\n"), /Judges name .*slow in \d+ tasks \(right in 0 of/);
  });

  test("refuse a rule that names what no task has, and say which", async () => {
    await timedOut();
    await assert.rejects(
      causes(store, { rules: ruled({ slow: "tool = 'search'" }) }),
      /the rule of "slow" requires columns of calls, got "tool"/,
    );
    const { notes } = await causes(store, {
      rules: ruled({ slow: "list_contains(failed_tools, 'search') or steps > 1 and failed_step" }),
    });
    assert.match(notes.join("\n"), /Rules find slow in \d+ tasks/);
  });

  test("are none before a sheet was read, and the table says what to do", async () => {
    const { rows, notes } = await causes(store);
    assert.deepEqual(rows, []);
    assert.match(notes.join("\n"), /No sheet was read: fieldnotes causes sheet draws tasks/);
  });
});

describe("the order of the first causes", () => {
  const read = (counts: Record<string, number>) =>
    Object.entries(counts).flatMap(([cause, n]) =>
      Array.from({ length: n }, (_, at) => ({
        kind: "not resolved" as const,
        cause,
        weight: 1,
        cluster: `${cause} ${at}`,
      })),
    );
  const settings = { level: 0.95, clusterBy: "task_id" };

  test("is settled where each is shown to be more frequent than the next, and else says how many more to read", () => {
    const steps = orderOf(read({ a: 60, b: 30, c: 27, d: 3, "nothing went wrong": 50 }), settings);
    assert.deepEqual(
      steps.map(({ cause, next, claim, more_to_read }) => [cause, next, claim.status, more_to_read]),
      [
        ["a", "b", "settled", 0],
        // 1.96^2 / (4 (30 / 57 - 1/2)^2) = 1,387 tasks with either, times 57 / 56; 170 read tasks gave 57 of them.
        ["b", "c", "open", 4040],
        ["c", "d", "settled", 0],
      ],
    );
  });

  test("cannot be settled by reading if two are equally frequent in what was read", () => {
    assert.equal(orderOf(read({ a: 5, b: 5 }), settings)[0].more_to_read, Number.POSITIVE_INFINITY);
  });
});
