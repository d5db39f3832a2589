import assert from "node:assert/strict";
import { test } from "node:test";
import { forget } from "../../../src/logs/forget";
import { ingest } from "../../../src/logs/ingest";
import { doctor } from "../../../src/measures/doctor";
import { thorough } from "../../property";
import { jsonl, type Workbench, workbench } from "../workbench";

/** A gateway's log of answered calls, each with the logged cost. */
const gateway = (...calls: { id: string; model: string; spend: number; status?: string; out?: number }[]) =>
  jsonl(
    ...calls.map(({ id, model, spend, status = "success", out = 20 }, at) => ({
      request_id: id,
      call_type: "acompletion",
      model,
      spend,
      startTime: `2026-03-02T09:00:0${at}.000Z`,
      endTime: `2026-03-02T09:00:0${at}.500Z`,
      prompt_tokens: out === 0 ? 0 : 100,
      completion_tokens: out,
      total_tokens: out === 0 ? 0 : 100 + out,
      status,
    })),
  );
const prices = jsonl({ model: "house-model", input: 1e-6, output: 2e-6 });

async function costs({ rows }: Workbench): Promise<Record<string, [number | null, string | null]>> {
  const found = await rows<{ id: string; cost: number | null; source: string | null }>(
    "select call_id as id, round(cost, 9) as cost, cost_source as source from calls order by 1",
  );
  return Object.fromEntries(found.map(({ id, cost, source }) => [id, [cost, source]]));
}

test("in a mapping 0 is 0, whether the call failed or was answered, and no price list changes it", () =>
  workbench(async (bench) => {
    const mapping = {
      table: "calls" as const,
      columns: { call_id: "id", model: "m", input_tokens: "t", output_tokens: "t", cost: "usd", status: "s" },
    };
    const log = jsonl(
      { id: "answered", m: "gpt-4o", t: 100, usd: 0, s: "ok" },
      { id: "failed", m: "gpt-4o", t: 100, usd: 0, s: "error" },
      { id: "unknown", m: "gpt-4o", t: 100, usd: null, s: "ok" },
      { id: "waited", m: "gpt-4o", t: 0, usd: 0, s: "timeout" },
    );
    await bench.read("log.jsonl", log, { mapping });
    await bench.read("prices.jsonl", jsonl({ model: "gpt-4o", input: 1e-6, output: 2e-6 }));
    assert.deepEqual(await costs(bench), {
      answered: [0, "log"],
      failed: [0, "log"],
      unknown: [0.0003, "price"],
      waited: [0, "log"],
    });
  }));

thorough(
  "in a format, 0 on an answered call of a model that is sold and never logs another cost is not known, and said",
  () =>
    workbench(async (bench) => {
      const log = gateway(
        { id: "sold", model: "gpt-4o", spend: 0 },
        { id: "listed", model: "house-model", spend: 0 },
        { id: "free", model: "our-own-llama", spend: 0 },
        { id: "charged", model: "claude-3-haiku", spend: 0.01 },
        { id: "no charge", model: "claude-3-haiku", spend: 0 },
        { id: "failed", model: "gpt-4o", spend: 0, status: "failure", out: 0 },
      );
      await bench.read("prices.jsonl", prices);
      const { notes } = await ingest(bench.store, bench.write("log.jsonl", log));
      assert.deepEqual(await costs(bench), {
        charged: [0.01, "log"],
        failed: [0, "log"],
        free: [0, "log"],
        listed: [0.00014, "price"],
        "no charge": [0, "log"],
        sold: [null, null],
      });
      const { warnings } = await doctor(bench.store);
      assert.ok(
        warnings.some(({ id, rows }) => id === "zero_for_unknown" && rows === 2),
        JSON.stringify(warnings),
      );
      assert.match(notes.join(), /^2 answered calls of gpt-4o, house-model have a logged cost of 0/);
    }),
);

thorough(
  "a cost that arrives later brings the zeros of its model back, and forgetting it takes them away again",
  () =>
    workbench(async (bench) => {
      const { read, rows } = bench;
      await read("first.jsonl", gateway({ id: "a", model: "gpt-4o", spend: 0 }));
      assert.deepEqual((await costs(bench)).a, [null, null]);
      await read("second.jsonl", gateway({ id: "b", model: "gpt-4o", spend: 0.02 }));
      assert.deepEqual((await costs(bench)).a, [0, "log"]);
      const [{ id }] = await rows<{ id: number }>("select max(ingest_id) as id from ingests");
      await forget(bench.store, id);
      assert.deepEqual(await costs(bench), { a: [null, null] });
    }),
);

thorough("a call that was given up has no known cost, whatever 0 its log has", () =>
  workbench(async (bench) => {
    const log = gateway({ id: "a", model: "gpt-4o", spend: 0, status: "failure", out: 0 });
    const timeout = log.replace(
      '"status":"failure"',
      '"status":"failure","metadata":{"error_information":{"error_class":"Timeout"}}',
    );
    await bench.read("log.jsonl", timeout);
    const [{ status }] = await bench.rows<{ status: string }>("select status from calls");
    assert.deepEqual([status, (await costs(bench)).a], ["timeout", [null, null]]);
  }),
);
