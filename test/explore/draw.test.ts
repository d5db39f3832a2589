import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { choose } from "../../src/decide/choose/choose";
import { compare } from "../../src/decide/compare/compare";
import { plan } from "../../src/decide/plan/plan";
import { draw } from "../../src/explore/draw";
import { costGrowth } from "../../src/measures/cost/billGrowth";
import { cost } from "../../src/measures/cost/cost";
import { doctor } from "../../src/measures/doctor";
import { measures } from "../../src/measures/measures";
import { reliability } from "../../src/measures/service/reliability";
import { throughput, throughputLoad } from "../../src/measures/service/throughput";
import { open, type Store } from "../../src/store/open";
import { rowsOf, run } from "../../src/store/run";
import { thorough } from "../property";

describe("draw", () => {
  const folder = mkdtempSync(join(tmpdir(), "draw-"));
  const file = (name: string) => join(folder, `${name}.duckdb`);
  let store: Store;
  before(async () => {
    store = await open(":memory:");
    // Users with one to nine calls, in tasks of two calls; every second call is by a judge and has no user.
    await run(
      store.connection,
      `insert into calls by name
         select 'c' || i as call_id, 't' || (i // 2) as task_id, case when i % 2 = 0 then 'u' || (i // 2 % 400) end as user_id,
           if(i % 2 = 0, 'answer', 'judge') as role, 'm' as model, if(i % 7 = 0, 'error', 'ok') as status,
           timestamp '2025-01-01' + to_seconds(i) as started_at, 1 as duration, 0.01 as cost from range(4000) as t(i);
       insert into tasks by name select distinct task_id, true as resolved from calls;
       insert into scores by name select 'task' as subject, task_id as subject_id, 'good' as name, 1 as value from tasks`,
    );
  });
  after(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const usersIn = async (name: string) => {
    const drawn = await open(file(name), { readOnly: true });
    const users = await rowsOf<{ user_id: string; calls: number }>(
      drawn.connection,
      "select user_id, count(*)::double as calls from calls where user_id is not null group by all order by all",
    );
    drawn.close();
    return users;
  };
  const first32 = (text: string) =>
    Number.parseInt(createHash("md5").update(text).digest("hex").slice(0, 8), 16);

  test("takes the users whose md5 lies below the share, with all their calls, judges, tasks and scores", async () => {
    const found = await draw(store, { share: 0.1, out: file("tenth") });
    const expected = Array.from({ length: 400 }, (_, at) => `u${at}`).filter(
      (one) => first32(one) < 0.1 * 2 ** 32,
    );
    assert.ok(expected.length > 25);
    assert.deepEqual((await usersIn("tenth")).map(({ user_id }) => user_id).toSorted(), expected.toSorted());
    const drawn = expected.length;
    assert.deepEqual(found, { units: drawn, calls: 10 * drawn, tasks: 5 * drawn, scores: 5 * drawn });
  });

  test("holds the users of a smaller share in a larger one", async () => {
    await draw(store, { share: 0.3, out: file("third") });
    const larger = new Set((await usersIn("third")).map(({ user_id }) => user_id));
    for (const { user_id } of await usersIn("tenth")) assert.ok(larger.has(user_id), user_id);
  });

  thorough("says its share in doctor and under every table", async () => {
    const drawn = await open(file("tenth"), { readOnly: true });
    const said = /^Drawn from :memory:: 10 % of its users, with all their calls/;
    const { drawn: share, warnings } = await doctor(drawn);
    assert.deepEqual(share, { from: ":memory:", share: 0.1, unit: "user" });
    assert.match(warnings[0].text, said);
    assert.match((await reliability(drawn)).notes[0], said);
    await assert.rejects(
      draw(drawn, { share: 0.1, out: file("again") }),
      /requires a whole log.*is itself a draw/,
    );
    drawn.close();
    assert.equal(
      (await reliability(store)).notes.some((one) => said.test(one)),
      false,
    );
  });

  thorough("stands under every table, and sums are scaled up or refused with the reason", async () => {
    const drawn = await open(file("third"), { readOnly: true });
    const options: Record<string, object> = { quality: { score: "good" } };
    const asked = measures.filter(({ of, ownCommand }) => of === undefined && !ownCommand);
    for (const { name, run: measure } of asked) {
      const { notes, rows } = await measure(drawn, { ...options[name] } as never);
      assert.ok(
        rows.length === 0 || notes.some((one) => /^Drawn from /.test(one)),
        `${name}: ${notes.join(" ")}`,
      );
    }
    const compared = await compare(drawn, { switch: "2025-01-01T00:30:00" });
    const planned = await plan(drawn, { by: "model", metrics: "error_rate" });
    const chosen = await choose(drawn, {
      profile: { name: "right", criteria: [{ metric: "error_rate", weight: 1, good: 0, bad: 1 }] },
    });
    for (const { notes } of [compared, planned, chosen])
      assert.equal(notes.filter((one) => /^Drawn from /.test(one)).length, 1, notes.join(" "));
    const refused = /requires a whole log, since it counts over all calls, .*30 % of the users/;
    await assert.rejects(throughputLoad(drawn), refused);
    await assert.rejects(costGrowth(drawn), refused);
    const [scaled] = (await throughput(drawn)).rows;
    const [all] = (await throughput(store)).rows;
    const ofUsers = (await usersIn("third")).length / 0.3;
    assert.equal(scaled.users, ofUsers);
    assert.ok(Number.isNaN(scaled.in_flight_peak) && all.in_flight_peak > 0);
    assert.ok(Math.abs(scaled.calls_per_hour / all.calls_per_hour - 1) < 0.2);
    assert.ok(Math.abs(scaled.in_flight / all.in_flight - 1) < 0.2);
    const priced = await cost(drawn, { by: "model" });
    assert.ok(
      priced.notes.some((one) => /is 3.333 times total_cost, within \d/.test(one)),
      priced.notes.join(" "),
    );
    drawn.close();
  });

  test("refuses too many rows before it fetches any, and leaves nothing behind", async () => {
    const estimates: number[] = [];
    await assert.rejects(
      draw(store, {
        share: 0.5,
        out: file("large"),
        maxRows: 100,
        onEstimate: ({ calls }) => estimates.push(calls),
      }),
      /at most 100 calls \(maxRows\), and 50 % of the users have [\d,]+; take a smaller share, such as 0.02/,
    );
    assert.equal(estimates.length, 1);
    assert.equal(existsSync(file("large")), false);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes("fieldnotes-")),
      [],
    );
  });

  test("says what is wrong with what it is given", async () => {
    await assert.rejects(
      draw(store, { share: 0, out: file("none") }),
      /share above 0 and up to 1, such as 0.01, got 0/,
    );
    await assert.rejects(
      draw(store, { share: 0.1, out: file("tenth") }),
      /requires a new store, and .*tenth.duckdb exists/,
    );
    await assert.rejects(
      draw(store, { share: 0.1, out: file("x"), unit: "team" as "user" }),
      /unit of user, .*got "team"/,
    );
  });
});
