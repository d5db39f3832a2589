import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { calls } from "../../../src/measures/calls";
import { costGrowth, type GrowthRow } from "../../../src/measures/cost/billGrowth";
import { random } from "../../../src/stats/random";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";

describe("what the bill grew by", () => {
  const day = (date: number, model: string, count: number, cost: number): Call[] =>
    Array.from({ length: count }, (_, i) => ({
      call_id: `${date}${model}${i}`,
      model,
      cost,
      started_at: `2026-03-0${date} ${String(i).padStart(2, "0")}:00:00`,
    }));
  const some = [
    ...day(1, "a", 13, 1),
    ...day(2, "a", 13, 2),
    ...day(1, "b", 4, 1),
    ...day(2, "b", 12, 1),
    ...day(2, "c", 1, 5),
  ];

  test("rows add up, the largest first, split into more calls and dearer calls", () =>
    withCalls(some, async (store) => {
      const { rows, notes } = await costGrowth(store, { by: "model", at: "2026-03-02" });
      const days = 0.5;
      const all = rows[3];
      assert.deepEqual(
        rows.map(({ model }) => model),
        ["a", "b", "c", "all"],
      );
      // Windows of equal length: the half days on either side of midnight.
      assert.match(
        notes[0],
        /^US dollars a day in the 12 hours before and after 2026-03-02 00:00 UTC; factor is after over before/,
      );
      near(all.growth * days, 26 + 12 + 5 - 1, "growth of the half days", 1e-9);
      for (const name of ["before", "after", "growth", "from_calls", "from_cost_per_call"] as const)
        near(
          rows.slice(0, 3).reduce((sum, row) => sum + row[name], 0),
          all[name],
          name,
          1e-9,
        );
      for (const row of rows) near(row.from_calls + row.from_cost_per_call, row.growth, "split", 1e-9, 1e-12);
    }));

  /** Two weeks of 30 users; in the second, "a" is asked twice as often and costs half as much more. */
  const weeks = (): Call[] => {
    const { uniform, integer } = random(5);
    return Array.from({ length: 14 * 24 }, (_, hour) => {
      const isSecond = hour >= 7 * 24;
      return ["a", "b"].flatMap((model) =>
        Array.from(
          { length: isSecond && model === "a" ? 4 : 2 },
          (_, at): Call => ({
            call_id: `${hour}${model}${at}`,
            user_id: `u${integer(30)}`,
            model,
            status: "ok",
            cost: (1 + uniform()) * (isSecond && model === "a" ? 1.5 : 1),
            started_at: new Date(Date.UTC(2026, 2, 2, hour, 10 * at)).toISOString().slice(0, 19),
          }),
        ),
      );
    }).flat();
  };

  test("each row and all together have factors with intervals, which multiply to that of the bill", () =>
    withCalls(weeks(), async (store) => {
      const { rows } = await costGrowth(store, { by: "model", at: "2026-03-09" });
      const [a, b, all] = rows;
      assert.deepEqual([a.model, b.model, all.model], ["a", "b", "all"]);
      near(a.calls_factor.value, 2, "twice the calls", 1e-9);
      assert.ok(a.cost_per_call_factor.low < 1.5 && a.cost_per_call_factor.high > 1.5);
      assert.ok(a.factor.low > 1 && a.cost_per_call_factor.low > 1, JSON.stringify(a));
      assert.ok(b.factor.low < 1 && b.factor.high > 1, JSON.stringify(b));
      for (const row of rows) {
        near(row.factor.value, row.after / row.before, "after over before", 1e-9);
        near(row.factor.value, row.calls_factor.value * row.cost_per_call_factor.value, "product", 1e-9);
      }
      near(all.calls_factor.value, 1 + all.from_calls / all.before, "calls at their row's cost", 1e-9);
      assert.equal((await calls(store, { row: all })).n, all.factor.n);
      const { rows: paired } = await costGrowth(store, { at: "2026-03-09", cluster: "hour" });
      const { value, low, high } = (paired.at(-1) as GrowthRow).factor;
      assert.ok(low > 1.5 && high < 2.5 && value > 1.9, "an hour is compared with its partner");
    }));

  test("the row of all is told from a group of that name", () =>
    withCalls(
      weeks().map((call) => (call.model === "a" ? { ...call, model: "all" } : call)),
      async (store) => {
        const { rows } = await costGrowth(store, { by: "model", at: "2026-03-09" });
        assert.deepEqual(
          rows.map(({ model }) => model),
          ["all", "b", "all together"],
        );
        for (const row of rows) assert.equal((await calls(store, { row })).n, row.factor.n);
      },
    ));

  test("a weekend beside working days is no fall of the bill", () =>
    withCalls(
      Array.from({ length: 7 * 24 * 4 }, (_, i) => {
        const at = Date.UTC(2026, 2, 2) + i * 900_000;
        const weekend = Math.floor(i / 96) >= 5;
        return {
          call_id: `c${i}`,
          model: "a",
          cost: weekend ? 1 : 10,
          started_at: new Date(at).toISOString().slice(0, 19),
        };
      }),
      async (store) => {
        const { rows, notes } = await costGrowth(store, { by: "model" });
        near(rows[0].growth, 0, "growth", 0, 1e-6);
        assert.equal(rows.length, 1, "a row alone is all");
        assert.match(notes[1], /^Matched by working day or weekend, and hour/);
      },
    ));

  test("is not split where calls without a known cost may matter, and says how many there are", async () => {
    const log = (unpriced: Record<string, number>) =>
      Array.from({ length: 4000 }, (_, i): Call => {
        const model = ["a", "b"][i % 2];
        return {
          call_id: `c${i}`,
          model,
          status: "ok",
          input_tokens: 100,
          output_tokens: 10,
          cost: i % 1000 < (unpriced[model] ?? 0) ? null : i < 2000 ? 1 : 2,
          started_at: new Date(Date.UTC(2026, 2, 2) + i * 60_000).toISOString().slice(0, 19),
        };
      });
    const growth = (unpriced: Record<string, number>) =>
      withCalls(log(unpriced), (store) => costGrowth(store, { by: "model" }));
    const { rows, notes } = await growth({ a: 200 });
    const of = (model: string) => rows.find((row) => row.model === model);
    assert.ok(Number.isNaN(of("a")?.from_calls) && Number.isNaN(of("a")?.from_cost_per_call));
    assert.ok(Number(of("a")?.growth) > 0 && Number.isFinite(of("b")?.from_calls));
    const said =
      "400 of 4,000 calls have no known cost and are left out, at most 800 USD; growth is not split in 1 of 2 rows, where they may be over 5 % of a bill.";
    assert.ok(notes.includes(said), notes.join("\n"));
    const few = await growth({ a: 2 });
    assert.ok(few.rows.every(({ from_calls }) => Number.isFinite(from_calls)));
    assert.ok(
      few.notes.includes("4 of 4,000 calls have no known cost and are left out, at most 8 USD."),
      few.notes.join("\n"),
    );
    // Failed calls are free: they make no bill of 0 where all others are unknown.
    const failed = log({ a: 1000 }).map((call, i) =>
      i % 50 === 0 ? { ...call, status: "error", input_tokens: 0, output_tokens: 0, cost: 0 } : call,
    );
    const freed = await withCalls(failed, (store) => costGrowth(store, { by: "model" }));
    const lost = freed.rows.find(({ model }) => model === "a");
    assert.ok(Number.isNaN(lost?.before) && Number.isNaN(lost?.growth), JSON.stringify(lost));
    const dark = await growth({ a: 1000 });
    assert.deepEqual(
      dark.rows.map(({ model, growth }) => [model, Number.isNaN(growth)]),
      [
        ["b", false],
        ["a", true],
        ["all", true],
      ],
    );
  });

  test("without times, without costs or far from the log there is a reason and no row", async () => {
    const why = async (calls: Call[], at?: string) =>
      withCalls(calls, async (store) => {
        const { rows, notes } = await costGrowth(store, { by: "model", at });
        assert.deepEqual(rows, []);
        return notes.join(" ");
      });
    const timeless = some.map(({ started_at: _, ...call }) => call);
    assert.match(await why(timeless), /^No call has a start: spending before/);
    assert.match(await why(timeless, "2026-03-02"), /no calls on both sides of 2026-03-02/);
    assert.match(await why(some, "2027-01-01"), /no calls on both sides of 2027-01-01/);
    assert.equal(await why(some.map(({ cost: _, ...call }) => call)), "No call has a cost.");
  });

  test("the first or only moment of the log has nothing on its other side", async () => {
    const why = async (calls: Call[], at?: string) =>
      withCalls(calls, async (store) => {
        const { rows, notes } = await costGrowth(store, { at });
        assert.deepEqual(rows, []);
        return notes.join(" ");
      });
    assert.match(await why(some, "2026-03-01"), /no calls on both sides of 2026-03-01/);
    assert.match(await why(some, "2026-03-02T12:00"), /no calls on both sides of 2026-03-02T12:00/);
    const atOnce = some.map((call) => ({ ...call, started_at: "2026-03-01 00:00:00" }));
    assert.match(await why(atOnce), /^All calls start at the same time: spending before/);
  });

  test("what is new has no factors, what is gone no ends, and both together no cost per call", () =>
    withCalls(
      Array.from(
        { length: 48 },
        (_, hour): Call => ({
          call_id: `c${hour}`,
          model: hour < 24 ? "gone" : "new",
          cost: 1,
          started_at: new Date(Date.UTC(2026, 2, 2, hour)).toISOString().slice(0, 19),
        }),
      ),
      async (store) => {
        const { rows } = await costGrowth(store, { by: "model", at: "2026-03-03" });
        const of = (name: string) => rows.find(({ model }) => model === name) as GrowthRow;
        for (const kind of ["factor", "calls_factor", "cost_per_call_factor"] as const) {
          assert.ok(Number.isNaN(of("new")[kind].low), kind);
          assert.equal(of("new")[kind].note, "no calls before");
        }
        assert.deepEqual([of("gone").factor.value, of("gone").calls_factor.value], [0, 0]);
        for (const kind of ["factor", "calls_factor", "cost_per_call_factor"] as const) {
          assert.ok(Number.isNaN(of("gone")[kind].low), kind);
          assert.equal(of("gone")[kind].note, "no calls after");
        }
        // Each counts at its own cost: 1 would read as no dearer.
        const { cost_per_call_factor: all } = rows.at(-1) as GrowthRow;
        assert.ok(Number.isNaN(all.value));
        assert.equal(all.note, "no calls of one row on both sides");
      },
    ));

  test("no factor has an end below 0", () =>
    withCalls(
      Array.from({ length: 72 }, (_, i): Call => {
        const birch = i % 3 === 0;
        return {
          call_id: `c${i}`,
          user_id: `u${i % 7}`,
          model: birch ? "birch" : "alder",
          cost: 0.02 * (1 + (i % 3)),
          started_at: new Date(Date.UTC(2026, 5, 1, i)).toISOString().slice(0, 19),
        };
      }),
      async (store) => {
        const { rows } = await costGrowth(store, { by: "model", at: "2026-06-01T03:00" });
        assert.ok((rows.at(-1) as GrowthRow).calls_factor.low >= 0);
      },
    ));

  test("a time is one of UTC unless it names its zone, and one that is none is refused", () =>
    withCalls(some, async (store) => {
      const zone = process.env.TZ;
      process.env.TZ = "America/New_York";
      try {
        for (const at of ["2026-03-02T03:00", "2026-03-02 03:00", "2026-03-01T22:00-05:00"])
          assert.match((await costGrowth(store, { at })).notes[0], /after 2026-03-02 03:00 UTC/);
      } finally {
        if (zone === undefined) delete process.env.TZ;
        else process.env.TZ = zone;
      }
      for (const at of ["soon", "1", "2026-03", "2026-02-30"])
        await assert.rejects(costGrowth(store, { at }), /requires at to be a time/);
    }));
});
