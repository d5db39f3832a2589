import assert from "node:assert/strict";
import { doctor } from "../../../src/measures/doctor";
import { thorough } from "../../property";
import { jsonl, type Workbench, workbench } from "../workbench";

/** One day's calls, by number. */
type Day = (day: number) => object[];

const perDay = 3;

const langfuse: Day = (day) =>
  Array.from({ length: perDay }, (_, number) => ({
    id: `gen-${day}-${number}`,
    traceId: `trace-${day}-${number}`,
    type: "GENERATION",
    startTime: `2025-03-0${day}T10:00:0${number}.250Z`,
    endTime: `2025-03-0${day}T10:00:0${number}.750Z`,
    providedModelName: "gpt-4o",
    usageDetails: { input: 10, output: 5, total: 15 },
    level: "DEFAULT",
  }));

const otlp: Day = (day) =>
  Array.from({ length: perDay }, (_, number) => {
    const start = Date.UTC(2025, 2, day, 10, 0, number);
    const span = {
      traceId: `5B8EFFF798038103D269B6338${day}${number}FC60C0`.slice(0, 32).padEnd(32, "0"),
      spanId: `EEE19B7EC3C1${day}0${number}4`,
      name: "chat gpt-4o",
      startTimeUnixNano: `${start}000000`,
      endTimeUnixNano: `${start + 500}000000`,
      attributes: [
        { key: "gen_ai.operation.name", value: { stringValue: "chat" } },
        { key: "gen_ai.request.model", value: { stringValue: "gpt-4o" } },
        { key: "gen_ai.usage.input_tokens", value: { intValue: "10" } },
      ],
    };
    return { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
  });

// Days 1 to 3 in one export, 3 to 5 in the next: the third is in both.
async function overlapping({ read, rows, store }: Workbench, day: Day, format: string): Promise<void> {
  const exported = (...days: number[]) => jsonl(...days.flatMap(day));
  const first = await read("first.jsonl", exported(1, 2, 3));
  const second = await read("second.jsonl", exported(3, 4, 5));
  assert.deepEqual([first.format, first.calls, first.replaced], [format, 3 * perDay, 0]);
  assert.deepEqual([second.calls, second.status], [3 * perDay, "ingested"]);
  const [{ calls, ids, seconds }] = await rows<{ calls: number; ids: number; seconds: number }>(
    "select count(*) as calls, count(distinct call_id) as ids, sum(duration) as seconds from calls",
  );
  assert.deepEqual([calls, ids, seconds], [5 * perDay, 5 * perDay, 0.5 * 5 * perDay]);
  assert.deepEqual(await rows("select task_id from calls group by 1 having count(*) > 1"), []);
  assert.deepEqual(await rows("select task_id, span_id from spans group by all having count(*) > 1"), []);
  assert.ok(second.replaced >= perDay);
  const { warnings } = await doctor(store);
  const message = `${second.replaced} rows took the place of earlier ones with the same id (overlapping exports)`;
  assert.ok(
    warnings.some(({ text }) => text === message),
    JSON.stringify(warnings),
  );
  assert.ok(!warnings.some(({ id }) => id === "doubles" || id === "doubled_ids"), JSON.stringify(warnings));
}

thorough(
  "two Langfuse exports that overlap by a day hold each call once, and doctor tells how many came twice",
  () => workbench((bench) => overlapping(bench, langfuse, "langfuse")),
);

thorough(
  "two OpenTelemetry exports that overlap by a day hold each call once, and doctor tells how many came twice",
  () => workbench((bench) => overlapping(bench, otlp, "otlp")),
);

thorough(
  "an outcome that each call of its task repeats replaces nothing; another outcome and a call twice do",
  () =>
    workbench(async ({ read, store }) => {
      const call = (task: number, step: number, resolved: boolean | null = task > 0) => ({
        ...{ call_id: `${task}.${step}`, task_id: `t${task}`, model: "m", duration: 1, resolved },
      });
      const steps = [0, 1, 2].flatMap((task) => [0, 1, 2, 3].map((step) => call(task, step)));
      const alike = await read("alike.jsonl", jsonl(...steps));
      assert.deepEqual([alike.calls, alike.tasks, alike.replaced], [12, 3, 0]);
      const { warnings } = await doctor(store);
      assert.ok(!warnings.some(({ id }) => id === "replaced"));
      const late = [0, 1, 2].map((step) => call(8, step, step < 2 ? null : true));
      assert.equal(
        (await read("late.jsonl", jsonl(...late))).replaced,
        0,
        "not known yet is not another outcome",
      );
      const turned = await read("turned.jsonl", jsonl(call(9, 0, false), call(9, 1, true), call(9, 1, true)));
      assert.equal(turned.replaced, 2, "one outcome, one call");
    }),
);
