import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compare } from "../../../src/decide/compare/compare";
import { trend } from "../../../src/measures/trend/trend";
import { withCalls } from "../calls";
import { name } from "../quality/driftWorld";
import { watchedWorld as world } from "../quality/watchedWorld";
import { putScores } from "../scores";

const found = (made: ReturnType<typeof world>) =>
  withCalls(made.calls, async (store) => {
    await putScores(store, made.scores);
    const { rows, series, notes } = await trend(store, { metric: `score:${name}`, by: "" });
    const compared = await compare(store, { switch: made.switched, metrics: [`score:${name}`] });
    return {
      row: rows[0],
      changes: series[0].changes,
      alerts: series[0].alerts,
      notes: notes.join(" "),
      compared,
    };
  });

describe("a score whose judge moved", () => {
  test("is said to have changed neither in a trend nor before and after", async () => {
    const { row, changes, alerts, notes, compared } = await found(world(1, { judge: 0.15 }));
    assert.equal(changes.length, 1);
    assert.deepEqual([changes[0].claim.status, changes[0].claim.because], ["open", "judge.drifted"]);
    assert.equal(row.changed, "");
    assert.match(
      notes,
      /may have gone .* It may be the judge: the judge scores the same answers 0\.1\d+ higher from 2026-03-/,
    );
    assert.ok(alerts.length > 0);
    for (const alert of alerts) assert.equal(alert.claim.status, "open");
    const [one] = compared.rows;
    assert.deepEqual([one.verdict, one.claim.because], ["cannot tell", "judge.drifted"]);
    assert.match(compared.verdict, /^Not claimed: good is .*, but the judge scores the same answers/);
  });

  test("has changed where the judge, asked again, is the same", async () => {
    const { row, notes, compared } = await found(world(2, { answers: 0.15 }));
    assert.equal(row.claim.status, "settled");
    assert.doesNotMatch(notes, /It may be the judge/);
    assert.match(notes, /^good went from 0\.5\d* to 0\.6\d* \(by 0\.1/);
    assert.ok(["settled", "leads if"].includes(compared.rows[0].claim.status));
  });

  test("has changed as far as is known where nothing was judged again", async () => {
    const { row, notes } = await found(world(3, { judge: 0.15, set: 0 }));
    assert.equal(row.claim.status, "settled");
    assert.doesNotMatch(notes, /It may be the judge/);
  });

  test("compares two models of the same days as before", async () => {
    const made = world(4, { judge: 0.15 });
    const calls = made.calls.map((call, at) => ({ ...call, model: at % 2 === 0 ? "alder" : "birch" }));
    await withCalls(calls, async (store) => {
      await putScores(store, made.scores);
      const sides = { a: "model = 'alder'", b: "model = 'birch'" };
      const { rows } = await compare(store, { ...sides, metrics: [`score:${name}`] });
      assert.ok(!(rows[0].within.reservations ?? []).some(({ id }) => id === "judge.drifted"));
    });
  });
});
