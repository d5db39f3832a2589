import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { toJson } from "../../../src/charts/text";
import { type CheckOptions, check } from "../../../src/decide/check/check";
import type { Limit } from "../../../src/decide/check/limits";
import { reportOf } from "../../../src/page/report";
import { random } from "../../../src/stats/random";
import type { Store } from "../../../src/store/open";
import { type Call, withCalls } from "../../measures/calls";
import { thorough } from "../../property";
import { near } from "../../same";

const folder = mkdtempSync(join(tmpdir(), "fieldnotes-saved-"));
after(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const save = (name: string, value: unknown) => {
  writeFileSync(at(name), toJson(value));
  return at(name);
};

function calls(seed: number, { n = 600, slower = 1, workload = "a" } = {}): Call[] {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => ({
    call_id: `c${seed}-${i}`,
    workload: i % 3 === 0 ? "b" : workload,
    model: "elm",
    started_at: new Date(Date.UTC(2026, 2, 2) + (7 * 86_400_000 * i) / n).toISOString().slice(0, 23),
    status: r.uniform() < 0.1 ? "error" : "ok",
    duration: 4 * Math.exp(0.3 * r.normal()) * slower,
  }));
}

const p50 = (at_most_times: number, more: Partial<Limit> = {}): Limit => ({
  metric: "duration_p50",
  at_most_times,
  ...more,
});
const gate = (store: Store, limits: Limit[], options: Partial<CheckOptions> = {}) =>
  check(store, { cluster: "call_id", limits: { name: "gate", limits }, ...options });

/** A check whose numbers are a later one's baseline. */
const before = withCalls(calls(1), (store) =>
  gate(store, [{ metric: "duration_p50", at_most: 9 }], { where: "model = 'elm'" }),
);

describe("a limit relative to a saved check", () => {
  test("is on the ratio of both numbers, whose bounds are wider than either side's alone", async () => {
    const saved = await before;
    const against = save("check.json", saved);
    await withCalls(calls(2, { slower: 1.5 }), async (store) => {
      const { rows, notes } = await gate(store, [p50(1.1)], { against });
      const { value, measured, verdict } = rows[0];
      const old = saved.rows[0].value;
      assert.ok(measured !== undefined);
      near(value.value, measured.value / old.value, "the ratio");
      const log = (one: { value: number; low: number }) => Math.log(one.value / one.low);
      const other = Math.log(old.high / old.value);
      near(log(value), Math.hypot(log(measured), other), "both errors");
      assert.equal(verdict, "fail");
      assert.ok(
        notes.some((note) => note.includes("check.json: model = 'elm'. Mix and hours are not held fixed")),
      );
      const chain = save("chain.json", { ...(await gate(store, [p50(1.1)], { against })) });
      const again = await gate(store, [p50(1.1)], { against: chain });
      near(again.rows[0].value.value, 1, "a check's own numbers are the next one's baseline");
    });
  });

  test("says how much more traffic would decide it, or that the baseline's own error leaves it open", async () => {
    const against = save("check.json", await before);
    await withCalls(calls(2, { n: 150 }), async (store) => {
      const ratio = (await gate(store, [p50(1.1)], { against })).rows[0].value;
      const margin = Math.log(ratio.high / ratio.value);
      const wide = await gate(store, [p50(ratio.value * Math.exp(margin * 0.9))], { against });
      assert.match(wide.rows[0].why, /about [\d.]+ times this traffic would decide it/);
      assert.ok(wide.rows[0].times_needed > 1.1, "the baseline's share of the error stays");
      const close = await gate(store, [p50(ratio.value * Math.exp(margin * 0.2))], { against });
      assert.match(close.rows[0].why, /the baseline's own error leaves it open, so take one of more calls$/);
    });
  });

  test("passes where nothing of the kind happened so far", async () => {
    const saved = await withCalls(calls(1), (store) => gate(store, [{ metric: "error_rate", at_most: 0.5 }]));
    const against = save("errors.json", saved);
    await withCalls(
      calls(2).map((call) => ({ ...call, status: "ok" })),
      async (store) => {
        const { rows } = await gate(store, [{ metric: "error_rate", at_most_times: 1.05 }], { against });
        assert.deepEqual([rows[0].value.value, rows[0].verdict], [0, "pass"]);
      },
    );
  });
});

thorough("a limit relative to a saved report is on its number for the same workload and model", async () => {
  const report = await withCalls(calls(3), (store) => reportOf(store, { profiles: [] }));
  const against = save("report.json", report);
  await withCalls([...calls(4), ...calls(5, { workload: "new", n: 90 })], async (store) => {
    const limits: Limit[] = [{ metric: "duration_p95", at_most_times: 3 }];
    const { rows } = await gate(store, limits, { against, by: "workload,model" });
    assert.deepEqual(
      rows.map(({ workload, verdict }) => [workload, verdict]),
      [
        ["a", "pass"],
        ["b", "pass"],
        ["new", "cannot tell"],
      ],
    );
    assert.match(rows[2].why, /report\.json has no number for workload new, model elm/);
    await assert.rejects(
      gate(store, limits, { against }),
      /with a number for all calls, got .*report\.json with one for each workload, model; try --by workload,model$/,
    );
  });
});

describe("a saved file is refused", () => {
  const refused = (against: string, limits: Limit[], rule: RegExp, options: Partial<CheckOptions> = {}) =>
    withCalls(calls(2), (store) => assert.rejects(gate(store, limits, { against, ...options }), rule));

  test("if it lacks the metric, the calls or the level of a limit, or was made otherwise", async () => {
    const saved = await before;
    const against = save("check.json", saved);
    await refused(
      against,
      [{ metric: "error_rate", at_most_times: 2 }],
      /with error_rate, got .* with duration_p50$/,
    );
    await refused(
      against,
      [p50(1.1, { where: "workload = 'a'" })],
      /for the calls of its limit, \(workload = 'a'\), got .* with those of all$/,
    );
    await refused(
      against,
      [p50(1.1)],
      /with intervals at 99 % or more, since it needs 99\.98 % here, got .* at 90 %; make it again with --level 0\.9998$/,
      { level: 0.9999 },
    );
    await refused(against, [p50(1.1)], /with the same --timezone, europe\/berlin, got .* made with utc$/, {
      timezone: "Europe/Berlin",
    });
    await refused(against, [p50(1.1)], /with the same --candidate, provider,model, got .* made with model$/, {
      candidate: "provider,model",
    });
  });

  test("if it is no report or check, or does not say for which calls its numbers are", async () => {
    await refused(
      save("other.json", { rows: [] }),
      [p50(1.1)],
      /the JSON that report writes beside its page/,
    );
    await refused(at("none.json"), [p50(1.1)], /no such file/);
    const { chosen, ...old } = await before;
    assert.ok(chosen.timezone === "UTC");
    await refused(save("old.json", old), [p50(1.1)], /which an earlier version wrote; make it again$/);
  });
});
