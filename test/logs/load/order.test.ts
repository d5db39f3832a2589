import assert from "node:assert/strict";
import { thorough } from "../../property";
import { read } from "../formats/read";

// A run of tau-bench in which a model answers `turns` times.
const trial = (task: number, turns: number) => ({
  task_id: task,
  reward: 1,
  trial: 1,
  info: {},
  traj: Array.from({ length: turns }, (_, at) => ({ role: "assistant", content: `answer ${at}` })),
});

thorough("the calls of a record that stands in the log twice keep their order in it", async () => {
  // Many tasks, because the engine returns them in hash order when it looks for the later of two.
  const tasks = Array.from({ length: 40 }, (_, at) => trial(at, 6));
  const { calls } = await read([{ file: "log.jsonl", content: [...tasks, ...tasks.slice(0, 20)] }]);
  assert.equal(calls.length, 240);
  const wrong = calls.filter(
    ({ call_id, place_in_task }) => Number(String(call_id).split(":").at(-1)) !== Number(place_in_task),
  );
  assert.deepEqual(
    wrong.map(({ call_id, place_in_task }) => `${call_id} has place ${place_in_task}`),
    [],
  );
});

thorough(
  "spans of one line without times keep their order beside a blank line and in many small files",
  async () => {
    const span = (trace: number, at: number) => ({
      traceId: `${trace}`.padStart(32, "0"),
      spanId: `${trace * 100 + at}`.padStart(16, "0"),
      name: "chat",
      attributes: [
        { key: "gen_ai.operation.name", value: { stringValue: "chat" } },
        { key: "gen_ai.request.model", value: { stringValue: "m" } },
      ],
    });
    const line = (trace: number) =>
      JSON.stringify({
        resourceSpans: [
          { scopeSpans: [{ spans: Array.from({ length: 9 }, (_, at) => span(trace, at + 1)) }] },
        ],
      });
    const lines = Array.from({ length: 300 }, (_, at) => line(at + 1));
    const some = {
      file: "blank.jsonl",
      content: `${lines.slice(0, 150).join("\n")}\n\n${lines.slice(150).join("\n")}`,
    };
    const many = lines.slice(0, 40).map((content, at) => ({ file: `small/${at}.jsonl`, content }));
    for (const files of [[some], many]) {
      const { calls } = await read(files);
      assert.equal(calls.length, files.length === 1 ? 2700 : 360);
      for (const { call_id, place_in_task } of calls)
        assert.equal(Number(place_in_task), Number(String(call_id).slice(-2)), String(call_id));
    }
  },
);
