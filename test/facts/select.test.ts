import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { SelectOptions } from "../../src/facts/request";
import { everything } from "../../src/facts/request";
import { type MeasuredSelection, select } from "../../src/facts/select";
import { open, type Store } from "../../src/store/open";
import { rowsOf, run } from "../../src/store/run";

let store: Store;
before(async () => {
  store = await open(":memory:");
  await run(
    store.connection,
    `insert into calls (call_id, model, workload, user_id, task_id, environment, role, operation, duration, started_at, region)
     select 'c' || i, 'm' || i % 3, 'w', 'u' || i % 40, 't' || i // 2, 'production', 'answer', 'chat', i, timestamp '2026-03-01' + to_minutes(i), 'it''s'
     from range(600) r(i)
     union all select 'e', 'm0', 'w', 'u1', 't', 'evaluation', 'answer', 'chat', 1, null, null
     union all select 'j', 'm0', 'w', 'u1', 't', 'production', 'judge', 'chat', 1, null, null
     union all select 'v', 'm0', 'w', 'u1', 't', 'production', 'answer', 'embeddings', 1, null, null`,
  );
});
after(() => store.close());

async function count(options: MeasuredSelection): Promise<number> {
  const selection = await select(store, everything, options);
  const [{ n }] = await rowsOf<{ n: number }>(selection.connection, "select count(*) as n from selected");
  selection.close();
  return n;
}

describe("where", () => {
  test("chooses calls by a predicate in SQL", async () => {
    assert.equal(await count({ where: "duration < 10" }), 10);
    assert.equal(await count({ where: "Model = 'm1' and region = 'it''s'" }), 200);
    assert.equal(await count({ where: "started_at < '2026-03-01 01:00'" }), 60);
    assert.equal(await count({ where: "model in ('m1', 'm2') -- the small ones" }), 400);
    assert.equal(await count({ where: "model ilike 'M1' or duration between 3 and 3" }), 201);
    assert.equal(await count({ where: "null" }).catch(() => 0), 0);
  });
  const refused: [string, RegExp][] = [
    ["", /where requires an expression/],
    ["1 = 1) or (1 = 1", /where requires one SQL expression that parses/],
    ["true; drop table calls", /where requires one SQL expression/],
    ["exists (select 1 from calls)", /found subquery/],
    ["duration > (select avg(duration) from calls)", /found subquery/],
    ["count(*) > 1", /aggregates|star/],
    ["row_number() over () = 1", /found window/],
    ["*", /found star/],
    ["duration", /requires a predicate .*\(its type is DOUBLE; "duration > 1" is a predicate\)/],
    ["model", /its type is VARCHAR/],
    ["modell = 'x'", /got "modell"; did you mean "model"\?/],
    ["workload == chat", /got "chat"; a text is written in single quotes, 'chat'$/],
    ["workload in ('a', chat)", /got "chat"; a text is written in single quotes, 'chat'$/],
    ["duraton > 1", /got "duraton"; did you mean "duration"\?$/],
    ["model = claude", /got "claude"; a text is written in single quotes, 'claude'/],
    ["model = gpt-4o", /; a text is written in single quotes, 'gpt-4o'$/],
    ["model == gpt-4.1", /; a text is written in single quotes, 'gpt-4\.1'$/],
    ["model = gpt-4o-mini and duration > 1", /; a text is written in single quotes, 'gpt-4o-mini'$/],
    ['model = "some-model"', /single quotes, 'some-model'/],
    ["duration > 'slow'", /over the columns of calls/],
    ["durations(duration) > 1", /found durations\(\)/],
    ["calls.duration > 1", /got "calls.duration"; did you mean "duration"/],
    ["read_text('x') = 'y'", /found read_text\(\)/],
    ["getenv('HOME') = 'y'", /found getenv/],
  ];
  for (const [where, reason] of refused) {
    test(`refuses ${JSON.stringify(where)} with what to do`, () =>
      assert.rejects(select(store, everything, { where }), reason));
  }
  test("leaves out load tests beside production, unless they are all there is or are asked for", async () => {
    const own = await open(":memory:");
    const counted = async (options: SelectOptions) => {
      const selection = await select(own, everything, options);
      const [{ n }] = await rowsOf<{ n: number }>(selection.connection, "select count(*) as n from selected");
      selection.close();
      return n;
    };
    try {
      await run(
        own.connection,
        "insert into calls (call_id, environment) values ('a', 'load test'), ('b', 'load test')",
      );
      assert.equal(await counted({}), 2);
      await run(own.connection, "insert into calls (call_id) values ('c')");
      assert.equal(await counted({}), 1);
      assert.equal(await counted({ where: "environment = 'load test'" }), 2);
    } finally {
      own.close();
    }
  });
  test("leaves the calls as they were", async () => {
    assert.equal((await rowsOf(store.connection, "from calls")).length, 603);
  });
});

test("answers in production are what is looked at, unless where or by names another kind", async () => {
  assert.equal(await count({}), 600);
  assert.equal(await count({ population: "all" }), 603);
  assert.equal(await count({ where: "environment = 'evaluation'" }), 1);
  assert.equal(await count({ where: "ENVIRONMENT = 'evaluation'" }), 1);
  assert.equal(await count({ where: "role = 'judge'" }), 1);
  assert.equal(await count({ where: "operation = 'embeddings'" }), 1);
  assert.equal(await count({ by: "environment" }), 601);
});

test("by and cluster and timezone are names, and others are refused", async () => {
  await assert.rejects(select(store, everything, { by: "modle" }), /did you mean "model"/);
  await assert.rejects(
    select(store, everything, { by: "model); drop table calls" }),
    /by requires columns of calls/,
  );
  await assert.rejects(
    select(store, everything, { by: "xyzzy-no-such-thing" }),
    /see fieldnotes doctor for the filled ones/,
  );
  for (const by of [3, { model: true }, ["model", null]])
    await assert.rejects(
      select(store, everything, { by: by as never }),
      /by requires columns of calls, as "workload,model"/,
    );
  await assert.rejects(
    select(store, everything, { where: 1 as never }),
    /where requires a condition on calls, .*got 1/,
  );
  await assert.rejects(select(store, everything, { cluster: "users" }), /cluster requires one of/);
  await assert.rejects(select(store, everything, { cluster: "prompt_id" }), /none has one/);
  await assert.rejects(select(store, everything, { timezone: "Mars/Base" }), /timezone requires a name/);
  const local = await select(store, everything, {
    by: "hour,day",
    timezone: "Europe/Berlin",
    where: "duration = 0",
  });
  const [{ by }] = await rowsOf<{ by: object }>(local.connection, 'select "by" from groups');
  assert.deepEqual(by, { hour: 1, day: "2026-03-01" });
  local.close();
});

describe("names", () => {
  const rows = async (options: SelectOptions) => {
    const { connection, close } = await select(store, everything, options);
    const found = await rowsOf<{ by: Record<string, unknown>; n: number }>(
      connection,
      'select "by", count(*)::double as n from selected group by "by" order by "by"',
    );
    close();
    return found.map(({ by, n }) => ({ ...by, n }));
  };
  test("by takes expressions with a name, whose commas part nothing", async () => {
    const halves = { by: "half=if(duration < 300, 'first', 'second'),model", where: "model = 'm1'" };
    assert.deepEqual(await rows(halves), [
      { half: "first", model: "m1", n: 100 },
      { half: "second", model: "m1", n: 100 },
    ]);
    assert.deepEqual(await rows({ by: ["day=date_trunc('day', started_at)"] }), [
      { day: "2026-03-01", n: 600 },
    ]);
    assert.deepEqual(await rows({ by: "Monday=week" }), [{ Monday: "2026-02-23", n: 600 }]);
  });
  test("where takes the names that by takes", async () => {
    assert.equal(await count({ where: "weekday = 'Sun' and hour >= 9" }), 60);
    assert.equal(await count({ where: "day = '2026-03-01' and hour = 1", timezone: "Europe/Berlin" }), 60);
    await assert.rejects(
      select(store, everything, { where: "weekdy = 'Sun'" }),
      /got "weekdy"; did you mean "weekday"/,
    );
  });
  test("thirds of the input lengths are those of the whole store, in their order", async () => {
    const own = await open(":memory:");
    await run(own.connection, "insert into calls (call_id, input_tokens) select i, i from range(1, 10) r(i)");
    const { connection, close } = await select(own, everything, {
      by: "input_third",
      where: "input_tokens > 3",
    });
    const found = await rowsOf(
      connection,
      'select "by".input_third as third, count(*)::double as n from selected group by all order by third',
    );
    close();
    own.close();
    assert.deepEqual(found, [
      { third: "middle", n: 3 },
      { third: "long", n: 3 },
    ]);
  });
  test("the family is that of the model's name, and empty where the name tells none", async () => {
    const own = await open(":memory:");
    const models = ["gpt-4o-2024-08-06", "gpt-4o-mini", "alder"];
    for (const [at, model] of models.entries())
      await run(own.connection, "insert into calls (call_id, model) values ($id, $model)", { id: at, model });
    await run(
      own.connection,
      "insert into families values ('gpt-4o-2024-08-06', 'gpt-4o'), ('gpt-4o-mini', 'gpt-4o')",
    );
    const { connection, close } = await select(own, everything, {
      by: "family",
      where: "family = 'gpt-4o' or family is null",
    });
    const found = await rowsOf(
      connection,
      'select "by".family as family, count(*)::double as n from selected group by all order by n',
    );
    close();
    own.close();
    assert.deepEqual(found, [
      { family: null, n: 1 },
      { family: "gpt-4o", n: 2 },
    ]);
  });
  test("refuses what is no expression, or is without a name", async () => {
    await assert.rejects(
      select(store, everything, { by: "date_trunc('day', started_at)" }),
      /give an expression a name, as in "day=/,
    );
    await assert.rejects(select(store, everything, { by: "x=modle" }), /did you mean "model"/);
    await assert.rejects(select(store, everything, { by: "x=(select 1)" }), /found subquery/);
    await assert.rejects(select(store, everything, { by: "x=hour,x=day" }), /a name of its own .* "x" twice/);
  });
  test("a candidate tells rows apart where no call names its model", async () => {
    const other = await open(":memory:");
    await run(other.connection, "insert into calls (call_id, region) values ('a', 'eu'), ('b', 'us')");
    const { by, connection, close } = await select(other, everything, { candidate: "region" });
    const found = await rowsOf<{ model: string }>(connection, "select model from selected order by model");
    close();
    other.close();
    assert.deepEqual(by, ["model"]);
    assert.deepEqual(
      found.map(({ model }) => model),
      ["eu", "us"],
    );
  });

  test("several columns make a candidate, and model stands for it", async () => {
    assert.deepEqual(await rows({ by: "model", candidate: "region,model", where: "model <> 'm2'" }), [
      { model: "it's · m0", n: 200 },
      { model: "it's · m1", n: 200 },
    ]);
    await assert.rejects(
      select(store, everything, { candidate: "modle" }),
      /candidate requires columns of calls.*did you mean "model"/,
    );
  });
});

test("auto clusters by the coarsest of user, conversation and task that is known, however few", async () => {
  const chosenFor = async (options: SelectOptions) => {
    const selection = await select(store, everything, options);
    selection.close();
    return [selection.clusterBy, selection.notes.join(" ")];
  };
  assert.equal((await chosenFor({}))[0], "user_id");
  const [six, warned] = await chosenFor({ where: "user_id in ('u1', 'u2', 'u3', 'u4', 'u5', 'u6')" });
  assert.equal(six, "user_id");
  assert.match(
    warned,
    /; the clusters amount to 6\.0 effective ones: below 30 the intervals may be too narrow\./,
  );
  const [one, open] = await chosenFor({ where: "user_id in ('u1', 'u2')" });
  assert.equal(one, "user_id");
  assert.match(
    open,
    /cluster; the clusters amount to .*5 are needed.* left open \(--cluster task_id gives intervals for these users only/,
  );
  // A predicate that leaves one user nearly alone, and no conversation id to offer.
  const [, led] = await chosenFor({
    where: "user_id = 'u1' or (user_id in ('u2', 'u3') and duration < 100)",
  });
  assert.match(led, /; one user makes \d+ % of the calls, so the clusters amount to 1\.\d effective ones/);
  const [rows, own] = await chosenFor({ by: "user_id" });
  assert.notEqual(rows, "user_id");
  assert.match(own, /the rows are split by user_id/);
});

test("a unit that nests in one that is known gives intervals that say whom they hold for", async () => {
  for (const cluster of ["task", "call_id"]) {
    const { clusterBy, notes, close } = await select(store, everything, { cluster });
    close();
    assert.equal(clusterBy, cluster === "task" ? "task_id" : cluster);
    assert.match(
      notes.join(" "),
      /Intervals hold for these users only \(\d+\.\d effective ones\): every \w+ counts/,
    );
  }
  const whole = await select(store, everything, { cluster: "user" });
  whole.close();
  assert.equal(whole.clusterBy, "user_id");
  assert.doesNotMatch(whole.notes.join(" "), /Intervals/);
});

test("days are clusters where they are asked for", async () => {
  const { connection, clusterBy, close } = await select(store, everything, { cluster: "day" });
  const [{ days, clusters }] = await rowsOf<{ days: number; clusters: number }>(
    connection,
    "select count(distinct started_at::date) as days, count(distinct cluster) as clusters from selected",
  );
  close();
  assert.deepEqual([clusterBy, clusters], ["day", days]);
});

test("measures run side by side on one store", async () => {
  const counts = await Promise.all(
    Array.from({ length: 8 }, (_, at) => count({ where: `duration < ${at * 10}` })),
  );
  assert.deepEqual(counts, [0, 10, 20, 30, 40, 50, 60, 70]);
});
