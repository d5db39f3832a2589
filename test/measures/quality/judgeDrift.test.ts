import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { qualityDrift } from "../../../src/measures/quality/judgeDrift";
import { quality } from "../../../src/measures/quality/quality";
import { near } from "../../same";
import { withCalls } from "../calls";
import { type Judgement, putScores } from "../scores";
import { driftWorld, firstDay, name, secondDay } from "./driftWorld";

const drifted = (world: { calls: Parameters<typeof withCalls>[0]; scores: Judgement[] }, options = {}) =>
  withCalls(world.calls, async (store) => {
    await putScores(store, world.scores);
    return qualityDrift(store, { score: name, ...options });
  });

describe("a judge that looks at the same answers again", () => {
  test("shows by how much it moved, on those answers alone", async () => {
    const world = driftWorld(3, { drift: 0.08 });
    const { rows, notes } = await drifted(world);
    const twice = world.scores.filter(({ at }) => at === secondDay);
    const first = new Map(world.scores.filter(({ at }) => at === firstDay).map((one) => [one.call, one]));
    const moved = twice.map(({ call, value }) => Number(value) - Number(first.get(call)?.value));
    assert.equal(rows.length, 1);
    const [{ rater, items, drift, from, to, verdict, risen }] = rows;
    assert.deepEqual([rater, items, from, to], ["judge j1", twice.length, "2026-03-02", "2026-04-06"]);
    near(drift.value, moved.reduce((sum, x) => sum + x, 0) / moved.length, "drift");
    assert.ok(drift.low > 0.05 && drift.high < 0.11, `${drift.low} to ${drift.high}`);
    assert.equal(verdict, "scores higher");
    assert.equal(risen, undefined);
    assert.ok(notes.some((note) => note.startsWith(`${200 - twice.length} items judged at one time alone`)));
  });

  test("shows which share of verdicts turned each way", async () => {
    const world = driftWorld(5, { drift: -0.25, passes: true, items: 400 });
    const [{ items, drift, risen, fallen, claim }] = (await drifted(world)).rows;
    near(drift.value, Number(risen?.value) - Number(fallen?.value), "drift");
    assert.ok(drift.high < -0.1 && Number(fallen?.value) > Number(risen?.value));
    assert.equal(fallen?.n, items);
    assert.equal(claim.status, "settled");
  });

  test("is held against itself before and from a time on", async () => {
    const world = driftWorld(3, { drift: 0.08 });
    const whole = (await drifted(world)).rows[0].drift;
    const split = (await drifted(world, { since: "2026-03-20" })).rows[0].drift;
    near(split.value, whole.value, "drift");
    const none = await drifted(world, { since: "2026-05-01" });
    assert.deepEqual(none.rows, []);
    assert.match(
      none.notes.join(" "),
      /before and after 2026-05-01: whether a rater has changed is not known/,
    );
    await assert.rejects(drifted(world, { since: "last week" }), /requires since to be a time such as/);
  });

  test("counts several answers to one prompt as one cluster", async () => {
    const world = driftWorld(7, { perPrompt: 10, uneven: 0.15, items: 400 });
    const [{ drift }] = (await drifted(world)).rows;
    const alone = { ...world, calls: world.calls.map((call, at) => ({ ...call, prompt_id: `q${at}` })) };
    const [{ drift: one }] = (await drifted(alone)).rows;
    assert.equal(drift.clusterBy, "prompt_id");
    assert.ok(drift.high - drift.low > 1.5 * (one.high - one.low));
  });

  test("decides nothing where answers were picked for it by what they got", async () => {
    const [row] = (await drifted(driftWorld(9, { picked: true, items: 400 }))).rows;
    assert.ok(row.drift.low > 0);
    assert.equal(row.verdict, "cannot tell");
    assert.equal(row.claim.because, "judge.picked");
    assert.match(row.drift.note ?? "", /picked by their score, they move back by themselves/);
  });

  test("is another one under another id, and the same text to the same prompt is the same answer", async () => {
    const calls = ["a", "b", "c", "d"].map((call_id, at) => ({
      ...{ call_id, prompt_id: `p${at % 2}`, output_hash: "same" },
    }));
    const said = (call: string, at: string, id: string) => ({
      ...{ call, name, rater: "judge", id, at, value: Number(at === secondDay) },
    });
    const scores = [
      ...["a", "b"].map((call) => said(call, firstDay, "j1")),
      ...["c", "d"].map((call) => said(call, secondDay, "j1")),
      ...["a", "b"].map((call) => said(call, firstDay, "j2")),
    ];
    const { rows } = await drifted({ calls, scores });
    assert.deepEqual(
      rows.map(({ rater, items, drift }) => [rater, items, drift.value]),
      [["judge j1", 2, 1]],
    );
  });

  test("counts with its newest judgement in every other measure", () =>
    withCalls([{ call_id: "a" }, { call_id: "b" }], async (store) => {
      await putScores(store, [
        { call: "a", name, rater: "judge", id: "j1", value: 0, at: secondDay },
        { call: "a", name, rater: "judge", id: "j1", value: 1, at: firstDay },
        { call: "b", name, rater: "judge", id: "j1", value: 0, at: firstDay },
      ]);
      const of = async (judgements?: string) =>
        (await quality(store, { score: name, by: "", judgements })).rows[0].mean.value;
      assert.equal(await of(), 0);
      assert.equal(await of("\"at\" < '2026-04-01'"), 0.5);
    }));
});
