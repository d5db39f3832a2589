import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { choose } from "../../../src/decide/choose/choose";
import { random } from "../../../src/stats/random";
import { run } from "../../../src/store/run";
import { type Call, withCalls } from "../../measures/calls";

/** Calls of three models by their mean cost; that of "dark" is logged for a share of its calls, or for none. */
const calls = (means: Record<string, number>, priced: number): Call[] => {
  const r = random(5);
  const models = [...Object.keys(means), "dark"];
  return Array.from({ length: 600 }, (_, at): Call => {
    const model = models[at % models.length] as string;
    return {
      call_id: `c${at}`,
      model,
      user_id: `u${at % 40}`,
      workload: "work",
      status: "ok",
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 3e5).toISOString().slice(0, 19),
      input_tokens: 5e6,
      output_tokens: 1e6,
      cost:
        model === "dark"
          ? r.uniform() < priced
            ? 0.01
            : null
          : (means[model] as number) * Math.exp(0.5 * r.normal()),
    };
  });
};
const verdictFor = (means: Record<string, number>, priced = 0) =>
  withCalls(calls(means, priced), async (store) => {
    const criteria = [{ metric: "cost_per_call", weight: 1, good: 0.1, bad: 8 }];
    return (await choose(store, { profile: { name: "cheap", criteria }, draws: 1000 })).verdict;
  });

test("a model none of whose costs is known keeps a choice open, as one of whom some are", async () => {
  for (const priced of [0, 0.1, 0.2])
    assert.match(
      await verdictFor({ lean: 1, able: 4 }, priced),
      /^lean leads, but up to \d+ % of a model's calls have no known cost, .*: the choice is open/,
    );
});

test("a choice is settled if the model could not be the best were it free, and names it as not compared", () => {
  const slow = calls({ lean: 1, able: 4 }, 0).map((call) => ({
    ...call,
    duration: call.model === "lean" ? 1 + Number(call.cost) / 10 : 9,
  }));
  return withCalls(slow, async (store) => {
    const criteria = [
      { metric: "cost_per_call", weight: 0.2, good: 0.1, bad: 8 },
      { metric: "duration_p50", weight: 0.8, good: 0, bad: 10 },
    ];
    const { verdict, claim } = await choose(store, { profile: { name: "fast", criteria }, draws: 1000 });
    assert.match(verdict, /^lean: .+; the best with a chance of over 99 %, of those compared: not dark\.$/);
    assert.equal(claim.status, "settled");
  });
});

describe("what an open choice says to use meanwhile", () => {
  test("is ahead, with nothing that bounds what it gives up, where models have days of their own", () => {
    const apart = calls({ lean: 1, able: 4 }, 1).map(
      (call, at): Call => ({
        ...call,
        started_at: `2026-03-${String(1 + 2 * (at % 10) + Number(call.model === "able")).padStart(2, "0")} 10:00:00`,
      }),
    );
    return withCalls(
      apart.filter(({ model }) => model !== "dark"),
      async (store) => {
        const criteria = [{ metric: "cost_per_call", weight: 1, good: 0.1, bad: 8 }];
        const { verdict } = await choose(store, { profile: { name: "cheap", criteria }, draws: 1000 });
        assert.match(
          verdict,
          /only if days are alike.* lean is ahead, but this log does not bound what it may give up\.$/,
        );
      },
    );
  });

  test("is what is in use, where no two can be compared", () => {
    const two = calls({ lean: 1, able: 4 }, 1).map((call, at): Call => ({ ...call, user_id: `u${at % 3}` }));
    return withCalls(two, async (store) => {
      const criteria = [{ metric: "cost_per_call", weight: 1, good: 0.1, bad: 8 }];
      const { verdict } = await choose(store, { profile: { name: "cheap", criteria }, draws: 1000 });
      assert.match(verdict, /^Left open: .* Until more is known, keep what is in use: /);
    });
  });

  test("gives up something only among the models that are compared", async () => {
    const verdict = await verdictFor({ lean: 1, able: 1.02 });
    assert.match(verdict, /lean gives up at most [\d.]+ USD .*\(95 %, of those compared: not dark\)\.$/);
  });

  test("gives up what a model may save whose costs are not known, where these keep it open", async () => {
    for (const priced of [0, 0.2]) {
      const verdict = await verdictFor({ lean: 1, able: 4 }, priced);
      // At worst the other costs nothing: that is all of its own cost.
      const [, most] =
        /the choice is open.* lean gives up at most ([\d.]+) USD .*\(95 %\)\.$/.exec(verdict) ?? [];
      assert.ok(Number(most) > 0.8 && Number(most) < 1.5, verdict);
    }
  });
});

test("a model none of whose outcomes is known keeps a choice open, as one of which a few are", () =>
  withCalls(
    calls({ lean: 1, able: 4 }, 1).map((call, at) => ({ ...call, task_id: `t${at}` })),
    async (store) => {
      const resolved =
        "case model when 'lean' then hash(task_id) % 16 > 0 when 'able' then hash(task_id) % 4 > 0 end";
      await run(
        store.connection,
        `insert into tasks (task_id, resolved) select task_id, ${resolved} from calls`,
      );
      const criteria = [{ metric: "resolve_rate", weight: 1, good: 1, bad: 0.5 }];
      const { verdict, claim } = await choose(store, { profile: { name: "best", criteria }, draws: 1000 });
      assert.match(
        verdict,
        /^lean leads, but resolve rate of dark is not known: the choice is open\. lean: /,
      );
      assert.equal(claim.status, "open");
    },
  ));
