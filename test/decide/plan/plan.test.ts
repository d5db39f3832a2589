import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { daysNeeded, designOf, smallestShown } from "../../../src/decide/plan/design";
import { chancesToStay, logsOf, type Users } from "../../../src/decide/plan/likeLogs";
import { lookBound, lookReach } from "../../../src/decide/plan/looks";
import { plan } from "../../../src/decide/plan/plan";
import { shortLogNotes } from "../../../src/decide/plan/planNotes";
import { checkSplit, parseSplit } from "../../../src/decide/plan/planSplit";
import { armSize, expectedPower, simulatedPower } from "../../../src/decide/plan/simulated";
import { tailOf } from "../../../src/decide/plan/tail";
import type { ClusterSlots } from "../../../src/decide/plan/users";
import type { Estimate } from "../../../src/stats/estimate";
import { differenceOf } from "../../../src/stats/mover";
import { normalQuantile } from "../../../src/stats/normal";
import { random } from "../../../src/stats/random";
import { wilson } from "../../../src/stats/rate";
import { run } from "../../../src/store/run";
import { root } from "../../dist";
import { type Call, withCalls } from "../../measures/calls";
import { thorough } from "../../property";
import { log } from "./service";

describe("what a plan says", () => {
  test("a candidate of several columns is planned for as one", async () => {
    const calls = log(30, 4).map(
      (call, at): Call => ({ ...call, model: "alder", region: at % 2 ? "eu" : "us" }),
    );
    const options = { by: "model", candidate: "region,model", metrics: "error_rate" };
    const { rows } = await withCalls(calls, (store) => plan(store, options));
    assert.deepEqual(
      rows.map(({ model }) => model),
      ["eu · alder", "us · alder"],
    );
  });

  thorough("new users settle what the same users never do", async () => {
    const options = { metrics: "cost_per_task", ratio: 1.1 };
    const days = (calls: Call[]) => withCalls(calls, async (store) => (await plan(store, options)).rows[0]);
    const [same, fresh] = [await days(log(120, 20)), await days(log(120, 20, true))];
    assert.equal(same.days, Number.POSITIVE_INFINITY);
    assert.ok(Number.isFinite(fresh.days) && fresh.days > 14);
    assert.ok(fresh.clusters > 60);
    const { notes } = await withCalls(log(120, 20), (store) => plan(store, options));
    assert.ok(
      notes.some((note) => note.includes("waiting longer barely helps, since the same user_ids come again")),
    );
    assert.match(same.takes, /^4 weeks at [\d.]+ times the traffic$/);
    assert.match(fresh.takes, /^\d+ weeks$/);
    assert.equal(Number.parseInt(fresh.takes, 10), Math.ceil(fresh.days / 7));
  });

  thorough("as many more users as it says settle in four weeks what waiting does not", async () => {
    const options = { metrics: "cost_per_task", ratio: 1.2 };
    const row = (users: number) =>
      withCalls(log(users, 20), async (store) => (await plan(store, options)).rows[0]);
    const few = await row(60);
    assert.ok(few.days === Number.POSITIVE_INFINITY && few.times > 1.5, `${few.days} ${few.times}`);
    const more = await row(Math.ceil(60 * few.times * 1.3));
    assert.ok(more.days <= 28 && more.times < 1, `${more.days} ${more.times}`);
  });

  thorough("users of whom a few make most of the calls make a plan rough, and it says so", async () => {
    const notes = (calls: Call[]) =>
      withCalls(calls, async (store) => (await plan(store, { metrics: "cost_per_task" })).notes.join(" "));
    const rough =
      /A few clusters make most of the calls: the \d+ clusters by user_id tell as much as \d+ of equal size/;
    const light = log(400, 4, true);
    assert.doesNotMatch(await notes(light), rough);
    const heavy = log(40, 90, true).map(({ call_id, task_id, ...call }, at) => ({
      ...call,
      call_id: `h${call_id}`,
      task_id: `h${task_id}`,
      user_id: `h${at % 20}`,
    }));
    const said = await notes([...light, ...heavy]);
    assert.match(said, rough);
    // The shares are those of the page on plans, of all rows of users who are uneven.
    const page = readFileSync(join(root, "docs", "simulations", "plan.md"), "utf8");
    const [once, weekly] = page.split("## looked at every week").map((part) => {
      const rows = part.split("\n").filter((line) => /^\| (very uneven|uneven|Zipf) users \|/.test(line));
      const found = rows.map((line) => Math.round(Number.parseFloat(line.split("|")[6])));
      return `${Math.min(...found)} to ${Math.max(...found)} %`;
    });
    const shares = `studies planned for 80 % found the difference in ${once}, and in ${weekly} with looks every week`;
    assert.ok(said.includes(shares), `${shares}: ${said}`);
    const power = await withCalls(
      [...light, ...heavy],
      async (store) => (await plan(store, { metrics: "cost_per_task", ratio: 1.5 })).rows[0].power,
    );
    assert.match(power?.note ?? "", new RegExp(`${once} of studies planned for 80 % found`));
  });

  thorough("more power, a smaller difference and looking at any time all take longer", () =>
    withCalls(log(200, 10, true), async (store) => {
      const days = async (more: object) =>
        (await plan(store, { metrics: "duration_p95", ratio: 1.3, ...more })).rows[0].days;
      const base = await days({});
      assert.ok(base < (await days({ power: 0.95 })));
      assert.ok(base < (await days({ ratio: 1.15 })));
      assert.ok(base < (await days({ anytime: true })));
      assert.ok(base < (await days({ level: 0.99 })));
    }),
  );

  thorough("weeks on a log that is shorter are extrapolated, and it says so", async () => {
    const short = async (hours: number) => {
      const calls = log(60, 6).map((call, at) => ({
        ...call,
        started_at: new Date(Date.UTC(2026, 2, 2) + ((hours * at) / 359) * 3600e3).toISOString().slice(0, 23),
      }));
      const planned = await withCalls(calls, (store) => plan(store, { metrics: "cost_per_task" }));
      const [note] = shortLogNotes(planned.log_days);
      assert.equal(note === undefined || planned.notes.includes(note), true);
      return note;
    };
    assert.equal(
      await short(8 / 60),
      "The log spans 8 minutes: what a week or more shows is extrapolated from it, as if its traffic went on at that pace day and night.",
    );
    assert.match(String(await short(30)), /^The log spans 30 hours: /);
    assert.match(String(await short(80)), /^The log spans 3 days: /);
    assert.equal(await short(24 * 7 - 8), undefined);
  });

  test("unknown costs hide as much of a difference as they may be, and one that they hide is not planned", async () => {
    const planned = (lacks: (at: number) => boolean) =>
      withCalls(
        log(120, 20, true).map((call, at) => (lacks(at) ? { ...call, cost: null } : call)),
        async (store) => (await plan(store, { metrics: "cost_per_task", ratio: 1.2 })).rows[0],
      );
    const [whole, few, half] = [
      await planned(() => false),
      await planned((at) => at % 300 === 0),
      await planned((at) => at % 2 === 0),
    ];
    const hidden = (few.now.unpriced?.at_most as number) / few.now.value;
    assert.ok(hidden > 1.005 && hidden < 1.1, String(hidden));
    assert.ok(few.days > whole.days * 1.1 && Number.isFinite(few.days), `${few.days} ${whole.days}`);
    assert.ok(few.mde_week > hidden * whole.mde_week, `${few.mde_week} ${whole.mde_week}`);
    assert.deepEqual([half.takes, half.days, half.power], ["", Number.NaN, null]);
    assert.match(
      half.now.note as string,
      /^calls without a known cost may make it [\d.]+ times as much: that hides this difference/,
    );
  });

  test("of two arms, what the unknown costs of either may be is in the difference at any time", () =>
    withCalls(
      log(120, 20).map((call, at) =>
        call.model === "birch" && at % 2 === 0 ? { ...call, cost: null } : call,
      ),
      async (store) => {
        const options = { metrics: "cost_per_task", split: "model=0.5,0.5", anytime: true, by: [] };
        const { running } = await plan(store, options);
        const [{ first, second, difference, claim }] = running as NonNullable<typeof running>;
        assert.deepEqual([claim.id, claim.status], ["plan.differs", "open"]);
        assert.ok(difference.low < second.value - first.value);
        assert.ok(difference.high > (second.unpriced?.at_most as number) - first.value);
      },
    ));

  thorough("what a week shows is what a plan for it takes a week for", () =>
    withCalls(log(200, 10, true), async (store) => {
      const [{ mde_week, mde_week_share, now }] = (await plan(store, { metrics: "cost_per_task" })).rows;
      const [back] = (await plan(store, { metrics: "cost_per_task", difference: mde_week })).rows;
      // Both are found from studies with noise of their own.
      assert.ok(Math.abs(back.days / 7 - 1) < 0.12, `${back.days}`);
      assert.ok(Math.abs(mde_week_share - mde_week / now.value) < 1e-12);
    }),
  );

  thorough("by default the metrics the log has, a tenth more, workload by workload", () =>
    withCalls(log(60, 10), async (store) => {
      const { rows, by } = await plan(store);
      assert.deepEqual(by, ["workload", "metric"]);
      assert.deepEqual(
        rows.map(({ metric }) => metric),
        ["duration_p95", "cost_per_task", "error_rate"],
      );
      for (const { now, difference } of rows) assert.ok(Math.abs(difference - 0.1 * now.value) < 1e-12);
    }),
  );

  thorough("a metric that cannot be planned says why", () =>
    withCalls(log(30, 4), async (store) => {
      const [row] = (await plan(store, { metrics: "duration_p999" })).rows;
      assert.ok(Number.isNaN(row.n));
      assert.match(row.now.note as string, /^a plan needs more calls beyond the quantile/);
      const [share] = (await plan(store, { metrics: "error_rate", difference: 2 })).rows;
      assert.match(share.now.note as string, /^a share of 2\d+ % cannot be/);
    }),
  );

  thorough("a quantile is planned as well where every call counts as independent", () =>
    withCalls(
      log(200, 4).map(({ user_id: _, task_id: __, ...call }) => call),
      async (store) => {
        const { rows, notes } = await plan(store, { by: [], metrics: "duration_p95,error_rate" });
        assert.ok(rows[0].n > 100 && rows[0].design_effect === 1, String(rows[0].now.note));
        assert.match(notes.join(" "), /at this traffic it takes more than half a year/);
        assert.doesNotMatch(notes.join(" "), /same calls come again/);
      },
    ),
  );

  test("what is asked wrongly is refused", () =>
    withCalls(log(5, 2), async (store) => {
      await assert.rejects(plan(store, { power: 80 }), /plan requires 0 < power < 1, got 80/);
      await assert.rejects(plan(store, { ratio: 1 }), /ratio > 0 other than 1/);
      await assert.rejects(
        plan(store, { difference: 1 }),
        /a difference other than 0 of one metric, got 1 for 4/,
      );
      await assert.rejects(plan(store, { metrics: "p95" }), /metric requires a name/);
      // Before anything is measured, which would fail for a column that is not there.
      await assert.rejects(plan(store, { split: "model", by: "nosuch" }), /plan requires split to be like/);
      assert.throws(() => parseSplit("model"), /plan requires split to be like/);
      assert.throws(() => parseSplit("model=0.5,-1"), /plan requires split to be like/);
    }));
});

describe("a design", () => {
  const estimate = (half: number, n: number, clusters: number): Estimate => ({
    value: 1,
    low: 1 - half,
    high: 1 + half,
    level: 0.95,
    method: "t",
    n,
    clusters,
    clusterBy: "",
  });
  const slots: ClusterSlots = {
    days: 10,
    ...slotsOf(1000, (at) => [[at % 14, 1, 0]]),
    clusters: 1000,
    ratio: 1,
  };

  thorough("of independent calls is the textbook's: four times the calls for half the difference", () => {
    const alone = estimate(0.02, 1000, 1000);
    const design = designOf(alone, alone, slots, { own: false });
    const study = { level: 0.95, power: 0.8, anytime: false };
    const ratio = daysNeeded(design, 0.01, study) / daysNeeded(design, 0.02, study);
    assert.ok(Math.abs(ratio - 4) < 0.8, `${ratio}`);
    assert.ok(smallestShown(design, 7, study) > smallestShown(design, 14, study));
    // (1.96 + 0.84)^2 times twice the variance over the difference squared.
    const days = daysNeeded(design, 0.05, study);
    const textbook = (10 * 2 * 2 * 7.849 * (0.02 / 1.962) ** 2) / Math.log(1.05) ** 2;
    assert.ok(Math.abs(days / textbook - 1) < 0.2, `${days} and ${textbook}`);
  });
});

/** Running totals of clusters that bring units and deviations in some of 14 slots. */
function slotsOf(
  count: number,
  of: (cluster: number) => [slot: number, size: number, deviation: number][],
): Pick<Users, "slots" | "sizes" | "deviations"> & { totals: Float64Array } {
  const row = 15;
  const [sizes, deviations] = [new Float64Array(count * row), new Float64Array(count * row)];
  for (let k = 0; k < count; k++) {
    for (const [slot, size, deviation] of of(k)) {
      sizes[k * row + slot + 1] += size;
      deviations[k * row + slot + 1] += deviation;
    }
    for (let at = k * row + 1; at < (k + 1) * row; at++) {
      sizes[at] += sizes[at - 1];
      deviations[at] += deviations[at - 1];
    }
  }
  return { slots: 14, sizes, deviations, totals: sizes };
}

/** Users of ten calls each: on one day, or from day to day. */
function users(count: number, returning: boolean): Users {
  const { normal, integer } = random(8);
  return {
    days: 14,
    clusters: count,
    noise: 1,
    correlation: 0.4,
    skewed: false,
    ...slotsOf(count, () => {
      const own = Math.sqrt(0.4) * normal();
      const first = integer(14);
      return Array.from({ length: 10 }, () => [
        returning ? integer(14) : first,
        1,
        own + Math.sqrt(0.6) * normal(),
      ]);
    }),
  };
}

describe("the users of a longer study", () => {
  const judged = { level: 0.95, anytime: false };
  const mean = (some: Float64Array) => some.reduce((sum, one) => sum + one, 0) / some.length;

  test("are the same where those of the log's first week come again in its second, else new ones", () => {
    assert.ok(mean(chancesToStay(users(300, true))) > 0.99);
    assert.equal(mean(chancesToStay(users(300, false))), 0);
    assert.deepEqual(armSize(users(300, true), { days: 28 }), { units: 3000, clusters: 150 });
    assert.deepEqual(armSize(users(300, false), { days: 28 }), { units: 3000, clusters: 300 });
  });

  test("bring no more power by coming again than a few of them have", () => {
    const power = (of: Users, days: number) => expectedPower(of, { days }, judged)(0.25);
    const [again, fresh] = [users(120, true), users(120, false)];
    assert.ok(power(fresh, 140) > 0.95, `${power(fresh, 140)}`);
    assert.ok(power(again, 140) < power(again, 14) + 0.2 && power(again, 14_000) < 0.8);
  });

  test("find with so many as the simulation expects, within its error", () => {
    for (const of of [users(200, true), users(200, false)]) {
      const expected = expectedPower(of, { days: 14 }, judged)(0.2);
      const { value, low, high, n } = simulatedPower(of, { days: 14 }, judged, 0.2);
      assert.ok(Math.abs(value - expected) < 0.1, `${value} and ${expected}`);
      // Studies of one log are alike: so many independent ones would be known better.
      assert.equal(n, 500);
      const alone = wilson(Math.round(value * n), n);
      assert.ok(high - low > alone.high - alone.low, `${low} to ${high}`);
    }
  });

  test("who are new may vary as much more as a drawn log varies less; those who stay are known", () => {
    const uneven = (returning: boolean): Users => {
      const all = users(300, returning);
      const scaled = (some: Float64Array) => some.map((x, at) => x * (1 + Math.floor(at / 15) ** 2 / 3000));
      return { ...all, sizes: scaled(all.sizes), deviations: scaled(all.deviations) };
    };
    const fresh = uneven(false);
    const varianceOf = (some: Iterable<number>) => {
      const ends = Array.from(some, (k) => k * 15 + 14);
      const units = ends.reduce((sum, at) => sum + fresh.sizes[at], 0);
      const mean = ends.reduce((sum, at) => sum + fresh.deviations[at], 0) / units;
      return (
        ends.reduce((sum, at) => sum + (fresh.deviations[at] - mean * fresh.sizes[at]) ** 2, 0) / units ** 2
      );
    };
    const here = varianceOf(Array.from({ length: 300 }, (_, k) => k));
    for (const { all, turned } of logsOf(fresh, 20, 1))
      assert.ok(Math.abs(turned * varianceOf(all) - here) < 1e-9 * here, `${turned}`);
    for (const { turned } of logsOf(uneven(true), 20, 1)) assert.ok(Math.abs(turned - 1) < 0.02, `${turned}`);
  });

  test("have no interval below five effective clusters, and nothing is found", () => {
    assert.equal(expectedPower(users(8, true), { days: 14 }, judged)(100), 0);
  });
});

describe("the tail of cluster sizes", () => {
  test("is that of a log-normal, whose log may lack its largest: the mean is kept, the sum of squares is not", () => {
    // The largest hundredth of these is missing from the log.
    const sizes = Float64Array.from({ length: 990 }, (_, at) =>
      Math.exp(1.5 * normalQuantile((at + 0.5) / 1000)),
    );
    const { from, drawn, shrunk } = tailOf(sizes);
    const tail = Array.from({ length: 500 }, (_, at) => drawn((at + 0.5) / 500));
    const squares = (some: ArrayLike<number>) =>
      Array.from(some).reduce((sum, m) => sum + m * m, 0) / some.length;
    assert.ok(from < Math.min(...tail) && shrunk < 1);
    assert.ok(squares(tail) > 1.05 * squares(sizes.filter((m) => m > from)));
    assert.equal(tailOf(Float64Array.from({ length: 30 }, () => 1)).from, Number.POSITIVE_INFINITY);
  });

  test("is the log's own where one cluster makes most of the calls", () => {
    const sizes = Float64Array.from({ length: 200 }, (_, at) => (at === 0 ? 1e5 : 5 + (at % 7))).sort();
    assert.equal(tailOf(sizes).from, Number.POSITIVE_INFINITY);
  });
});

describe("looking at any time", () => {
  thorough("asks for the end's bound there and for more before, and seldom cries wolf", () => {
    assert.ok(Math.abs(lookBound(0.95) - 2.2414) < 1e-4);
    assert.ok(Math.abs(lookReach(0.1, 0.1, 0.95) - 0.22414) < 1e-5);
    assert.ok(Math.abs(lookReach(0.2, 0.1, 0.95) - 0.89656) < 1e-4);
    const { normal } = random(5);
    let alarms = 0;
    for (let study = 0; study < 1_000; study++) {
      let sum = 0;
      for (let look = 1; look <= 40; look++) {
        sum += normal();
        if (Math.abs(sum / look) > lookReach(1 / Math.sqrt(look), 1 / Math.sqrt(40), 0.95)) {
          alarms++;
          break;
        }
      }
    }
    assert.ok(alarms > 15 && alarms < 65, `${alarms} of 1,000`);
  });
});

describe("a running split", () => {
  const put = (calls: Call[], split: string, more: object = {}) =>
    withCalls(calls, async (store) => checkSplit(store, { split, ...more }));

  test("as planned is as planned, counted by users and not by calls", async () => {
    const found = await put(log(400, 5), "model=0.5,0.5");
    assert.deepEqual(
      [found.column, found.clusterBy, found.verdict, found.several],
      ["model", "user_id", "as planned", 0],
    );
    assert.deepEqual(
      found.arms.map(({ value, clusters }) => [value, clusters]),
      [
        ["alder", 200],
        ["birch", 200],
      ],
    );
    assert.equal(found.p, 1);
  });

  test("a split that lost users is found out", async () => {
    const calls = log(400, 5).filter(
      ({ model, user_id }) => model === "alder" || Number(String(user_id).slice(1)) % 3 !== 0,
    );
    const { verdict, p } = await put(calls, "model=alder:1,birch:1");
    assert.ok(p < 0.001);
    assert.equal(verdict, "not as planned");
    const { claim } = await put(calls, "model=alder:1,birch:1");
    assert.deepEqual([claim.id, claim.status], ["plan.not-as-planned", "settled"]);
    const ofCalls = await put(calls, "model=alder:1,birch:1", { cluster: "call_id" });
    assert.deepEqual([ofCalls.claim.status, ofCalls.claim.needs], ["leads if", "calls-independent"]);
  });

  thorough("one heavy user does not make it suspicious", async () => {
    const heavy = Array.from({ length: 3000 }, (_, i) => ({ ...log(1, 1)[0], call_id: `h${i}` }));
    assert.equal(
      (
        await put([...log(300, 5), ...heavy.map((call) => ({ ...call, user_id: "u0" }))], "model=0.5,0.5", {
          cluster: "user_id",
        })
      ).verdict,
      "as planned",
    );
  });

  test("users in both arms count where they came first, and it is said", async () => {
    const calls = log(200, 6).map((call, at) => ({ ...call, model: at % 2 === 0 ? "alder" : "birch" }));
    const found = await put(calls, "model=0.5,0.5");
    assert.equal(found.verdict, "as planned");
    assert.match(found.note as string, /have calls in several arms: each counts in its first arm/);
  });

  test("shares for another number of values are refused, and a thin one is not judged", async () => {
    await assert.rejects(
      put(log(20, 2), "model=0.3,0.3,0.4"),
      /a share to every model of the log \(alder, birch\), got 3/,
    );
    const { verdict, note } = await put(log(8, 2), "model=alder:0.9,birch:0.1", { cluster: "user_id" });
    assert.equal(verdict, "cannot tell");
    assert.match(note as string, /the smallest arm would have 0.8 clusters, and needs 5/);
  });

  thorough("with anytime the arms stand beside each other, wider than at one look", () =>
    withCalls(log(300, 6), async (store) => {
      await run(store.connection, "update calls set duration = duration * 3 where model = 'birch'");
      const { running, split } = await plan(store, {
        metrics: "duration_p50",
        split: "model=0.5,0.5",
        anytime: true,
      });
      const [{ first, second, difference, claim }] = running ?? [];
      assert.equal(claim.status, "settled");
      assert.ok(difference.low > 0 && difference.method === "obrien-fleming");
      assert.match(difference.note as string, /^\d+ % of what the study takes$/);
      const once = differenceOf(second, first);
      assert.ok(difference.high - difference.low > once.high - once.low);
      assert.deepEqual([split?.verdict, split?.claim.status], ["as planned", "open"]);
    }),
  );
});
