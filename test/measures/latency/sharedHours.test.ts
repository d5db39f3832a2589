import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clusterSampleRate } from "../../../src/facts/grain";
import { everything } from "../../../src/facts/request";
import { select } from "../../../src/facts/select";
import { cost } from "../../../src/measures/cost/cost";
import { latency } from "../../../src/measures/latency/latency";
import { reliability } from "../../../src/measures/service/reliability";
import type { Estimate } from "../../../src/stats/estimate";
import { timeSquares } from "../../../src/stats/hourSeries";
import { powerSums } from "../../../src/stats/powerSums";
import { random } from "../../../src/stats/random";
import { sharedTime } from "../../../src/stats/sharedTime";
import { widened } from "../../../src/stats/widened";
import { rowsOf } from "../../../src/store/run";
import { thorough } from "../../property";
import { assertClose, near } from "../../same";
import { type Call, withCalls } from "../calls";

const start = Date.UTC(2026, 2, 2, 9);

/** Calls of many users over some hours, each hour with a slowness of its own that all users share. */
function world({ hours = 60, users = 120, calls = 3000, shared = 0.4 }): Call[] {
  const r = random(7);
  const slow = Array.from({ length: hours }, () => Math.exp(shared * r.normal()));
  return Array.from({ length: calls }, (_, i) => {
    const hour = r.integer(hours);
    const bad = r.uniform() < 0.02 * slow[hour] ** 3;
    return {
      call_id: `c${i}`,
      task_id: `t${i}`,
      user_id: `u${r.integer(users)}`,
      conversation_id: `s${i}`,
      model: "alder",
      started_at: new Date(start + 3_600_000 * (hour + r.uniform())).toISOString().slice(0, 23),
      duration: slow[hour] * Math.exp(0.5 * r.normal()),
      cost: 0.01 * slow[hour] * (1 + r.uniform()),
      attempt: 1,
      status: bad ? "error" : "ok",
    };
  });
}

/** Squared deviations of the ratio of `top` to `bottom` by label. */
function squares(calls: Call[], label: (call: Call) => string, top: (call: Call) => number): number {
  const ratio = calls.reduce((sum, call) => sum + top(call), 0) / calls.length;
  const sums = new Map<string, number>();
  for (const call of calls) sums.set(label(call), (sums.get(label(call)) ?? 0) + top(call) - ratio);
  return [...sums.values()].reduce((sum, d) => sum + d * d, 0);
}
const hourOf = (call: Call) => String(call.started_at).slice(0, 13);
const userOf = (call: Call) => String(call.user_id);

/** The same by hand. */
function added(calls: Call[], top: (call: Call) => number) {
  const mean = calls.reduce((sum, call) => sum + top(call), 0) / calls.length;
  const hours = new Map<string, { size: number; deviation: number }>();
  for (const call of calls) {
    const { size, deviation } = hours.get(hourOf(call)) ?? { size: 0, deviation: 0 };
    hours.set(hourOf(call), { size: size + 1, deviation: deviation + top(call) - mean });
  }
  const { squares: ofHours, ...spans } = timeSquares({
    hours: [...hours.keys()].map((hour) => Date.parse(`${hour}:00Z`) / 3_600_000),
    sizes: [...hours.values()].map(({ size }) => size),
    deviations: [...hours.values()].map(({ deviation }) => deviation),
  });
  return sharedTime({
    units: squares(calls, userOf, top),
    hours: ofHours,
    both: squares(calls, (call) => `${userOf(call)} ${hourOf(call)}`, top),
    ...spans,
  });
}
const width = ({ low, high }: Estimate) => high - low;

describe("where calls have users and times, intervals know of both", () => {
  const calls = world({});
  const answered = calls.filter(({ status }) => status === "ok");
  const both = (of: (cluster: string) => Promise<Estimate>) => Promise.all([of("auto"), of("user_id")]);

  thorough("a mean is as wide as its variance by user and by hour, less that by both", () =>
    withCalls(calls, async (store) => {
      const [auto, users] = await both(async (cluster) => (await latency(store, { cluster })).rows[0].mean);
      assert.equal(auto.clusterBy, "user_id and hour");
      assert.equal(users.clusterBy, "user_id");
      const more = 1 + added(answered, ({ duration }) => duration as number).added;
      assert.ok(more > 3, `hours add ${more}`);
      near(auto.designEffect as number, (users.designEffect as number) * more, "design effect");
      assert.ok(width(auto) > 1.6 * width(users));
    }),
  );
  thorough("a quantile as well", () =>
    withCalls(calls, async (store) => {
      const q = [0.1, 0.25, 0.5, 0.75, 0.9];
      const [auto, users] = await Promise.all(
        ["auto", "user_id"].map(async (cluster) => (await latency(store, { cluster, q })).rows[0].quantiles),
      );
      for (const p of q) {
        const at = users[p].value;
        const more = 1 + added(answered, ({ duration }) => ((duration as number) <= at ? 1 : 0)).added;
        const ratio = (auto[p].designEffect as number) / (users[p].designEffect as number);
        // By leaving out clusters and hours instead of linearising: nearly the same.
        near(ratio, more, `p${p}`, 0.08);
      }
    }),
  );
  thorough("a rate as well", () =>
    withCalls(calls, async (store) => {
      const [auto, users] = await both(
        async (cluster) => (await reliability(store, { cluster })).rows[0].error_rate,
      );
      const more = 1 + added(calls, ({ status }) => (status === "error" ? 1 : 0)).added;
      near((auto.designEffect as number) / (users.designEffect as number), more, "design effect");
    }),
  );
  thorough("a ratio of sums as well, at every grain", () =>
    withCalls(calls, async (store) => {
      const rows = await Promise.all(
        ["auto", "user_id"].map(async (cluster) => (await cost(store, { cluster })).rows[0]),
      );
      const shared = added(calls, ({ cost }) => cost as number);
      assert.ok(shared.added > 1);
      const labels = [...new Set(calls.map(userOf))];
      const columns: [number[], number[]] = [
        labels.map((user) =>
          calls.reduce((sum, call) => sum + (call.user_id === user ? (call.cost as number) : 0), 0),
        ),
        labels.map((user) => calls.filter((call) => call.user_id === user).length),
      ];
      for (const name of ["cost_per_call", "cost_per_task", "cost_per_conversation"] as const) {
        const [auto, users] = rows.map((row) => row[name] as Estimate);
        const wide = widened(users, powerSums(...columns), { shared });
        near(auto.low, wide.low, `${name} low`, 1e-7);
        near(auto.high, wide.high, `${name} high`, 1e-7);
        assert.equal(auto.clusterBy, "user_id and hour");
      }
      const [auto, users] = rows.map((row) => row.cost_per_user as Estimate);
      assertClose(auto, users);
    }),
  );
  test("and the note says so", () =>
    withCalls(calls, async (store) => {
      const { notes } = await latency(store);
      assert.match(notes[0], /one user_id as one cluster, and include the variation between hours/);
    }));
});

thorough("a timeout counts in its hour like any other wait", () => {
  const calls = world({ hours: 40, users: 100, calls: 2000 }).map((call) =>
    (call.duration as number) > 3 ? { ...call, duration: 3, status: "timeout" } : { ...call, status: "ok" },
  );
  assert.ok(calls.filter(({ status }) => status === "timeout").length > 50);
  return withCalls(calls, async (store) => {
    const [auto] = (await latency(store)).rows;
    const [users] = (await latency(store, { cluster: "user_id" })).rows;
    const more = 1 + added(calls, ({ duration }) => duration as number).added;
    near((auto.mean.designEffect as number) / (users.mean.designEffect as number), more, "design effect");
  });
});

test("of very many calls some of the users are enough for what users and hours have in common", () =>
  withCalls(world({ calls: 4000 }), async (store) => {
    assert.equal(clusterSampleRate(4000, 1), 1);
    assert.equal(clusterSampleRate(1_000_000, 10), 5);
    const { connection, regrouped, close } = await select(store, everything, { hours: true });
    const users = async () =>
      (
        await rowsOf<{ id: string; n: number }>(
          connection,
          "select user_id as id, count(*) as n from selected group by 1 order by 1",
        )
      ).map(({ id, n }) => `${id} ${n}`);
    const all = await users();
    const some = await regrouped("both", 4, users);
    assert.ok(some.length > 15 && some.length < 45, `${some.length} of 120`);
    for (const one of some) assert.ok(all.includes(one), "a user is there whole");
    assert.deepEqual(await regrouped("hour", 4, users), all);
    assert.deepEqual(await users(), all);
    close();
  }));

thorough("hours without an effect of their own leave intervals about as they were", () =>
  withCalls(world({ shared: 0 }), async (store) => {
    const [auto] = (await latency(store)).rows;
    const [users] = (await latency(store, { cluster: "user_id" })).rows;
    assert.ok(width(auto.mean) >= width(users.mean) && width(auto.mean) < 1.2 * width(users.mean));
  }),
);

test("a log of a few hours cannot tell what they share, and says so", () =>
  withCalls(world({ hours: 5 }), async (store) => {
    const { rows, notes } = await latency(store);
    assert.equal(rows[0].mean.clusterBy, "user_id");
    assert.match(notes[0], /not included, since the log has 5\.0 effective hours \(10 are needed\)/);
  }));

test("a log without times is clustered by user alone", () =>
  withCalls(
    world({}).map(({ started_at, ...call }) => call),
    async (store) => {
      const { rows, notes } = await latency(store);
      assert.equal(rows[0].mean.clusterBy, "user_id");
      assert.equal(notes[0], "Intervals take the calls of one user_id as one cluster.");
    },
  ));

thorough("a tail that a few hours hold says so, and one that is spread over all does not", async () => {
  const calm = world({ hours: 168, users: 100, calls: 2400, shared: 0 });
  const slow = calm.map((call) => {
    const struck = hourOf(call) === hourOf(calm[0]);
    return struck ? { ...call, duration: 8 * (call.duration as number) } : call;
  });
  const noteOf = (calls: Call[]) =>
    withCalls(calls, async (store) => (await latency(store, { q: [0.5, 0.99] })).rows[0].quantiles);
  const struck = await noteOf(slow);
  assert.match(struck["0.99"].note as string, /half of the tail lies in \d of 168 hours/);
  assert.equal(struck["0.5"].note, undefined);
  assert.doesNotMatch((await noteOf(calm))["0.99"].note ?? "", /rests on/);
});

test("rows of calls that share nothing hold each other's intervals narrow, and a row alone reckons with days", async () => {
  const r = random(11);
  const calls = Array.from({ length: 3600 }, (_, i): Call => {
    const duration = Math.exp(0.5 * r.normal());
    const started_at = new Date(start + 86_400_000 * 20 * r.uniform()).toISOString().slice(0, 23);
    return { call_id: `c${i}`, user_id: `u${i % 600}`, model: `m${i % 12}`, started_at, duration };
  });
  await withCalls(calls, async (store) => {
    const widths = (table: Awaited<ReturnType<typeof latency>>) =>
      table.rows.reduce((sum, row) => sum + width(row.mean), 0);
    const together = widths(await latency(store, { by: ["model"] }));
    let apart = 0;
    for (let model = 0; model < 12; model++)
      apart += widths(await latency(store, { by: ["model"], where: `model = 'm${model}'` }));
    assert.ok(together < 0.97 * apart, `${together} of ${apart}`);
  });
});
