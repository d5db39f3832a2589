import assert from "node:assert/strict";
import { test } from "node:test";
import { cost } from "../../../src/measures/cost/cost";
import { latency } from "../../../src/measures/latency/latency";
import { latencyByOutcome } from "../../../src/measures/latency/outcomeByLatency";
import { qualityByLength } from "../../../src/measures/service/contextLength";
import { reliability } from "../../../src/measures/service/reliability";
import { throughputLoad } from "../../../src/measures/service/throughput";
import type { Estimate } from "../../../src/stats/estimate";
import { assertClose } from "../../same";
import { crowd } from "../agree/crowd";
import { withLog } from "../agree/hostile";

/** Two weeks of tasks that all have users and times. */
const drawn = crowd({ seed: 5, tasks: 600, withoutTask: false, unpriced: false });
const log = {
  ...drawn,
  calls: drawn.calls.map((call) => ({ ...call, duration: Math.abs(Number(call.duration ?? 1)) })),
};

const intervalOf = ({ value, low, high, clusters, clusterBy }: Estimate) => ({
  ...{ value, low, high, clusters, clusterBy },
});

test("one bin of all calls has the interval of all calls, with what users and what hours share", () =>
  withLog(log, async (store) => {
    const options = { by: [], where: "role is null and operation is null and input_tokens is not null" };
    const [bin] = (await qualityByLength(store, { ...options, bins: 1 })).rows;
    const [failures] = (await reliability(store, options)).rows;
    const [costs] = (await cost(store, options)).rows;
    const [waits] = (await latency(store, { ...options, q: [0.5] })).rows;
    assert.equal(bin.error_rate.clusterBy, "user_id and hour");
    assertClose(intervalOf(bin.error_rate), intervalOf(failures.error_rate));
    assertClose(intervalOf(bin.cost_per_call), intervalOf(costs.cost_per_call));
    assertClose(intervalOf(bin.quantiles["0.5"]), intervalOf(waits.quantiles["0.5"]));
    const [inFlight] = (await throughputLoad(store, { ...options, bins: 1 })).rows;
    assertClose(intervalOf(inFlight.quantiles["0.5"]), intervalOf(waits.quantiles["0.5"]));
    assert.equal(inFlight.duration.clusterBy, "user_id and hour");
  }));

test("one bin of all tasks has the interval of the resolve rate", () =>
  withLog(log, async (store) => {
    const [bin] = (await latencyByOutcome(store, { by: [], bins: 1 })).rows;
    const [costs] = (await cost(store, { by: [] })).rows;
    assert.equal(bin.outcome.clusterBy, "user_id and hour");
    assertClose(intervalOf(bin.outcome), intervalOf(costs.resolve_rate));
  }));
