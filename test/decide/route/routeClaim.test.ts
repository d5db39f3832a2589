import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Routes } from "../../../src/decide/route/routes";
import { random } from "../../../src/stats/random";
import type { Call } from "../../measures/calls";
import { routes, tasks } from "./routeWork";

const rowOf = (found: Routes, name: string) => {
  const row = found.candidates.find(({ model }) => model === name);
  assert.ok(row !== undefined);
  return row;
};

/** The outcomes of "mid" are unknown for this share of its failures, and of its successes. */
const untold = (calls: Call[], failures: number, successes = failures): Call[] => {
  const r = random(3);
  return calls.map((call) => {
    const isUntold = r.uniform() < (call.region === "yes" ? successes : failures);
    return call.model === "mid" && isUntold ? { ...call, region: null } : call;
  });
};

describe("what unknown outcomes could turn moves no work", () => {
  test("failures that are reported less often than the flagship's leave all with it, and the reason says from where on they would not", async () => {
    const found = await routes(untold(tasks(1, "w", 900), 0.7, 0.3));
    assert.equal(found.rows[0].model, "grand");
    const { claim, fails, passes } = rowOf(found, "mid");
    assert.deepEqual([passes, claim?.status, claim?.needs], [false, "leads if", "outcomes-alike"]);
    assert.match(
      fails,
      /^resolves within 15 points of grand only if its failures are reported at least 0\.\d+ times as often as those of grand: up to \d+ % of the outcomes are unknown$/,
    );
    assert.ok((claim?.lost_below as number) > 0.1 && (claim?.lost_below as number) < 0.5);
    assert.deepEqual(found.rows[0].claim, claim, "what keeps the work where it is");
    assert.equal(found.rows[0].saves.status, "open");
    assert.match(
      found.verdict,
      /all stays with grand\. Not shown, since outcomes are unknown: w to mid, if its failures are reported at least 0\.\d+ times as often as those of grand\.$/,
    );
  });

  test("unless someone declares that they are reported alike, which is told", async () => {
    const found = await routes(untold(tasks(1, "w", 900), 0.7, 0.3), {
      assume: "outcomes-alike,random-assignment",
    });
    const [{ model, claim }] = found.rows;
    assert.deepEqual(
      [model, claim.status, claim.declared],
      ["mid", "settled", ["outcomes-alike", "random-assignment"]],
    );
    assert.ok(found.notes.includes("Declared, not shown by the log: outcomes are reported alike."));
  });

  test("those that could not turn it hold nothing back", async () => {
    const found = await routes(untold(tasks(1, "w", 900), 0.02), { assume: "random-assignment" });
    assert.deepEqual([found.rows[0].model, found.rows[0].claim.status], ["mid", "settled"]);
    assert.equal(found.rows[0].saves.status, "settled");
    assert.equal(found.claim.status, "settled");
    assert.match(found.verdict, /would have been saved.*\.$/);
  });

  test("what moved work would have saved hangs on how tasks were given to models", async () => {
    const { rows, claim, verdict } = await routes(tasks(1, "w", 900));
    assert.deepEqual(
      [rows[0].claim.needs, rows[0].saves.needs, claim.needs],
      Array(3).fill("random-assignment"),
    );
    assert.match(verdict, /It holds if tasks of one type and length were given to models at random/);
  });

  test("nor is a floor kept by what nobody reported", async () => {
    const floor = { floor: "resolve_rate>=0.75" };
    const all = await routes(tasks(1, "w", 900), floor);
    assert.equal(all.rows[0].model, "mid");
    const found = await routes(untold(tasks(1, "w", 900), 0.7, 0.3), floor);
    assert.equal(found.rows[0].model, "grand");
    assert.match(
      rowOf(found, "mid").fails,
      /^resolve rate: only if outcomes are reported alike: \d+ % are unknown$/,
    );
  });
});

test("a model that resolves less as measured takes over nothing, though it is as good at one mix", async () => {
  const r = random(8);
  // The cheap model gets the long tasks, half of which fail whichever model has them.
  const calls = tasks(7, "w", 2400, { confounded: true, only: ["mid", "grand"] }).map((call): Call => {
    const isLong = (call.input_tokens as number) >= 3000;
    const isGrand = call.model === "grand";
    return {
      ...call,
      model: isGrand ? "mid" : "grand",
      cost: (call.cost as number) * (isGrand ? 0.1 : 10),
      region: r.uniform() < (isLong ? 0.5 : 0.95) ? "yes" : "no",
    };
  });
  const found = await routes(calls, { margin: 0.1 });
  assert.equal(found.rows[0].model, "grand");
  const { claim, fails } = rowOf(found, "mid");
  assert.deepEqual([claim?.status, claim?.because], ["open", "other number"]);
  assert.match(
    fails,
    /^resolves 1\d points less than grand as measured, beyond the margin of 10 points, though not at one mix$/,
  );
});
