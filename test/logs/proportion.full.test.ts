import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { archiveRecords } from "../../src/logs/files/archive";
import { roomFor } from "../../src/logs/files/room";
import { zip } from "./formats/zip";
import { workbench } from "./workbench";

/** Seconds of CPU time, whatever else the machine does. */
async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}

const count = (many: number) => Array.from({ length: many }, (_, at) => at);

describe("time and room grow in proportion to a file, not with its square", () => {
  test("a HELM table of 300 models and 300 scenarios takes a few seconds", () =>
    workbench(async ({ read, rows }) => {
      const header = [
        { value: "Model" },
        ...count(300).map((at) => ({ value: `B${at}`, lower_is_better: false })),
      ];
      const cells = count(300).map((at) => [
        { value: `m${at}` },
        ...count(300).map((one) => ({ value: (one % 100) / 100, description: "(5)" })),
      ]);
      const text = JSON.stringify({ title: "t", header, rows: cells });
      const seconds = await secondsOf(() => read("table.json", text, { format: "helm" }));
      assert.ok(seconds < 8, `${seconds} s`);
      assert.deepEqual(await rows("select count(*)::int as n from benchmarks"), [{ n: 90_000 }]);
    }));

  test("2,000 tool calls of one Inspect sample, told by its messages, take a few seconds", () =>
    workbench(async ({ read, rows }) => {
      const messages = count(2_000).flatMap((at) => [
        { role: "assistant", content: "y", tool_calls: [{ id: `c${at}`, function: "f", arguments: { at } }] },
        {
          role: "tool",
          tool_call_id: `c${at}`,
          content: "z",
          ...(at === 7 ? { error: { message: "no" } } : {}),
        },
      ]);
      const log = {
        version: 2,
        status: "success",
        eval: { task: "t", model: "openai/gpt-4o", run_id: "r" },
        plan: {},
        samples: [{ id: "a", epoch: 1, scores: {}, messages, events: [] }],
      };
      const seconds = await secondsOf(() => read("log.json", JSON.stringify(log)));
      assert.ok(seconds < 8, `${seconds} s`);
      const found = await rows("select status, count(*)::int as n from spans group by all order by status");
      assert.deepEqual(found, [
        { status: "error", n: 1 },
        { status: "ok", n: 1_999 },
      ]);
    }));

  test("what an Inspect log's header says of each sample is not repeated for every sample", () =>
    workbench(async ({ folder, write, take }) => {
      const ids = count(1_000).map((at) => `sample-${at}`);
      const samples = ids.map((id) => [`samples/${id}.json`, JSON.stringify({ id, epoch: 1, scores: {} })]);
      const header = {
        version: 2,
        status: "success",
        eval: { task: "t", model: "openai/gpt-4o", run_id: "r", dataset: { sample_ids: ids } },
        reductions: [{ samples: ids }],
      };
      const members = { "header.json": JSON.stringify(header), ...Object.fromEntries(samples) };
      const path = write("log.eval", zip(members));
      const lines = join(folder, "lines");
      await archiveRecords(path, lines, roomFor(path, folder));
      assert.ok(statSync(lines).size < 300_000, `${statSync(lines).size} bytes`);
      const [{ format, tasks }] = await take(path);
      assert.deepEqual([format, tasks], ["inspect", 1_000]);
    }));
});
