import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { toJson } from "../../src/charts/text";
import { type Check, check } from "../../src/decide/check/check";
import { compare } from "../../src/decide/compare/compare";
import { openDemo } from "../../src/demo";
import { calls } from "../../src/explore";
import { answersOf } from "../../src/look/answers";
import { type Selected, whereOf } from "../../src/look/selected";
import type { ViewPart } from "../../src/look/views";
import { latency, metricTable, reliability } from "../../src/measures";
import type { Row } from "../../src/measures/table";
import { open, type Store } from "../../src/store/open";
import { run } from "../../src/store/run";

let store: Store;
const answers = answersOf({});
before(async () => {
  store = await openDemo({ log: "cascade" });
});
after(() => store.close());

async function partsOf(asked: Selected) {
  const found: Partial<Record<ViewPart["part"], ViewPart>> = {};
  for await (const part of answers.views(store, asked)) found[part.part] = part;
  return <P extends ViewPart["part"]>(part: P) => found[part] as Extract<ViewPart, { part: P }>;
}
/** Equal but for the order in which the engine adds, which differs between two runs of one statement. */
const same = (one: unknown, other: unknown) => assert.deepEqual(rounded(one), rounded(other));
const rounded = (value: unknown) =>
  JSON.parse(toJson(value), (_, one) => (typeof one === "number" ? Number(one.toPrecision(9)) : one));

/** What a person may select, one after the other. */
const selections: Selected[] = [
  {},
  { where: "attempt = 1" },
  { where: "duration > 3 or cost > 0.01" },
  { only: [{ name: "model", values: ["sorrel-mini"] }] },
  { only: [{ name: "model", values: ["sorrel-mini", "sorrel-large"] }], least: 2, most: 8 },
  { from: "2026-06-03", to: "2026-06-06" },
  { from: "2026-06-03 08:00:00", to: "2026-06-05T20:00:00Z", by: "workload" },
  { where: "attempt = 1", only: [{ name: "status", values: ["ok"] }], by: "attempt" },
  { where: "cost > 0.0015", metric: "cost_per_call" },
  { where: "model like '%mini' -- only these", least: 1.5, metric: "error_rate" },
];

describe("each number is the library's for the same where", () => {
  for (const asked of selections)
    test(whereOf(asked) ?? "all calls", async () => {
      const part = await partsOf(asked);
      const { where, by, metric } = part("selected");
      assert.equal(where, whereOf(asked));
      const request = { where, by };
      const { table } = part("groups");
      same(
        table,
        await metricTable(store, {
          ...request,
          metrics: Object.keys(table.rows[0]).filter((name) => name !== by),
        }),
      );
      const waits = await latency(store, request);
      const failures = await reliability(store, request);
      for (const row of table.rows) {
        const of = (rows: readonly Row[]) => rows.find((one) => one[by] === row[by]) as Row;
        same(row.duration_p95, (of(waits.rows).quantiles as Row)["0.95"]);
        same(row.error_rate, of(failures.rows).error_rate);
      }
      // The counts of the views add up to the same calls.
      const counted = new Map(failures.rows.map((row) => [(row as Row)[by], row.calls]));
      for (const { value, calls } of part("selected").groups) assert.equal(calls, counted.get(value));
      const inTime = part("course").rows;
      for (const [value, calls] of counted)
        assert.equal(
          inTime.reduce((sum, row) => sum + (row.value === value ? row.calls : 0), 0),
          calls,
        );
      for (const { values, others } of part("attributes").columns)
        assert.equal(
          values.reduce((sum, one) => sum + one.calls, others),
          part("selected").calls,
        );
      const bins = part("metric").table;
      same(
        bins,
        await metricTable(store, {
          where,
          by: bins.by.map((name) => (name === "time" ? timeOf(part("metric").bin) : name)),
          metrics: [metric],
        }),
      );
    });
});
const timeOf = (bin: string) => `time=date_trunc('${bin}', started_at)`;

test("the verdict is that of compare, choose and check for the same where", async () => {
  const asked = { where: "cost is not null", metric: "duration_p50" };
  const found = (await answers.verdict(store, { ...asked, compare: ["sorrel-mini", "sorrel-large"] })) as {
    verdict: string;
  };
  const own = await compare(store, {
    where: "cost is not null",
    a: "model = 'sorrel-mini'",
    b: "model = 'sorrel-large'",
    metrics: ["duration_p50"],
  });
  assert.equal(found.verdict, own.verdict);
  const criteria = [{ metric: "duration_p50", weight: 1, good: 1, bad: 20 }];
  const { best } = (await answers.verdict(store, { ...asked, choose: { criteria } })) as { best: string };
  assert.equal(best, "sorrel-mini");
  const limits = { name: "nightly", limits: [{ metric: "error_rate", at_most: 0.5 }] };
  const checking = answersOf({ limits });
  const held = (await checking.verdict(store, { ...asked, check: true })) as Check;
  const { result, rows } = await check(store, { where: asked.where, limits });
  assert.deepEqual([held.result, held.rows[0].value.high], [result, rows[0].value.high]);
  assert.equal(((await checking.log(store)) as { limits: string }).limits, "nightly");
  await assert.rejects(
    answers.verdict(store, { ...asked, check: true }),
    /no limits to check.*--limits FILE/,
  );
});

test("the calls are those of calls, and a trace has no text unless the page was started with it", async () => {
  const listed = (await answers.calls(store, { where: "attempt = 2", limit: 5 })) as { rows: Row[] };
  same(listed, await calls(store, { where: "attempt = 2", limit: 5 }));
  const next = (await answers.calls(store, { where: "attempt = 2", limit: 5, after: 5 })) as {
    rows: Row[];
    notes: string[];
  };
  const ten = await calls(store, { where: "attempt = 2", limit: 10 });
  assert.deepEqual(
    next.rows.map(({ call_id }) => call_id),
    ten.rows.slice(5).map(({ call_id }) => call_id),
  );
  assert.ok(next.notes.some((note) => note.startsWith("6 to 10 of ")));
  await assert.rejects(answers.calls(store, { after: -1 }), /after/);
  const { rows } = (await answers.trace(store, { id: listed.rows[0].call_id, withText: true })) as {
    rows: Row[];
  };
  assert.ok(rows.length > 0 && rows.every((row) => !("output" in row)));
});

test("bins of a metric are wider where marks would hide each other, and the calls listed are those selected", async () => {
  const demo = await openDemo();
  try {
    const found = new Map<string, ViewPart>();
    for await (const part of answers.views(demo, {})) found.set(part.part, part);
    const [head, metric] = ["selected", "metric"].map((name) => found.get(name)) as ViewPart[];
    assert.deepEqual(
      [head, metric].map((part) => (part as { bin: string }).bin),
      ["hour", "day"],
    );
    const listed = (await answers.calls(demo, { limit: 1 })) as { n: number };
    assert.equal(listed.n, (head as { calls: number }).calls);
  } finally {
    demo.close();
  }
});

/** A log of one call a minute, of which `columns` says the rest in SQL over i. */
async function logOf(calls: number, columns: string): Promise<Store> {
  const made = await open(":memory:");
  await run(
    made.connection,
    `insert into calls by name select 'c' || i as call_id, 't' || i as task_id, 'u' || (i % 20) as user_id,
       'm' || (i % 2) as model, timestamp '2026-03-01' + to_minutes(i::int) as started_at, 1.0 as duration,
       1 as place_in_task, ${columns} from range(${calls}) as r(i)`,
  );
  return made;
}
async function partOf<P extends ViewPart["part"]>(log: Store, name: P) {
  for await (const part of answers.views(log, {}))
    if (part.part === name) return part as Extract<ViewPart, { part: P }>;
  throw new Error(`no part ${name}`);
}

test("an error is of its own column, the most frequent first, and what is left out is counted", async () => {
  const log = await logOf(
    300,
    `case when i < 100 then 'error' when i < 150 then 'timeout' else 'ok' end as status,
     case when i < 40 then 'timeout' when i < 80 then 'e' || (i % 20) end as error_type`,
  );
  try {
    const { kinds, others } = await partOf(log, "errors");
    assert.deepEqual(
      kinds.slice(0, 3).map(({ column, value, calls }) => [column, value, calls]),
      [
        ["status", "timeout", 50],
        ["error_type", "timeout", 40],
        ["status", "error", 20],
      ],
    );
    assert.deepEqual([kinds.length, others], [10, { kinds: 13, calls: 26 }]);
  } finally {
    log.close();
  }
});

test("failed calls are not counted where the log knows no status", async () => {
  const log = await logOf(60, "null::varchar as status");
  try {
    assert.equal((await partOf(log, "selected")).ended, 0);
    assert.ok((await partOf(log, "course")).rows.every(({ failed }) => failed === null));
    const { columns } = await partOf(log, "attributes");
    assert.ok(columns.every(({ values }) => values.every(({ failed }) => failed === null)));
  } finally {
    log.close();
  }
});

test("what follows from a column that was selected by, or says the same as another, is no difference", async () => {
  const log = await logOf(
    1200,
    `case i % 2 when 0 then 'maker-a' else 'maker-b' end as provider, 'm' || (i % 2) || '-2026' as response_model,
     'r' || (i % 3) as region, 'w' || (i // 2 % 6) as workload, if(i // 2 % 6 < 3, 'p', 'q') as release`,
  );
  try {
    const told = async (where: string) => {
      const { rows, notes } = (await answers.difference(log, { where })) as { rows: Row[]; notes: string[] };
      return {
        columns: [...new Set(rows.map(({ column }) => String(column)))].sort(),
        left: notes.find((note) => note.startsWith("Left out")),
      };
    };
    const byModel = await told("model = 'm0'");
    assert.deepEqual(byModel.columns, ["region", "release", "workload"]);
    assert.match(String(byModel.left), /: response_model \(model\), provider \(model\)\.$/);
    const byWorkload = await told("workload = 'w0'");
    assert.deepEqual(byWorkload.columns, ["model", "region"]);
    assert.match(String(byWorkload.left), /release \(workload\)/);
    const byTime = await told("started_at < '2026-03-01 10:00'");
    assert.ok(byTime.columns.includes("release"));
  } finally {
    log.close();
  }
});

test("no call selected is said, and nothing is measured", async () => {
  const part = await partsOf({ where: "duration < 0" });
  assert.equal(part("selected").calls, 0);
  assert.equal(part("groups"), undefined);
});

test("the code of a view makes it again", async () => {
  const asked = { where: "model = 'it''s'", from: "2026-06-03", by: "workload" };
  const { where, cell, command } = (await answers.code(store, asked)) as Record<string, string>;
  assert.equal(where, "(model = 'it''s') and (started_at >= '2026-06-03')");
  assert.ok(cell.includes(`await look(store, { where: ${JSON.stringify(where)}, by: "workload" });`));
  assert.equal(command, `fieldnotes look --where '${where.replaceAll("'", "'\\''")}' --by workload`);
  const limits = { name: "nightly", limits: [{ metric: "error_rate", at_most: 0.5 }] };
  const held = (await answersOf({ limits }).code(store, {})) as Record<string, string>;
  assert.ok(held.cell.endsWith(`await look(store, { limits: ${JSON.stringify(limits)} });`), held.cell);
  assert.equal(held.command, "fieldnotes look");
  const file = join(mkdtempSync(join(tmpdir(), "fieldnotes-")), "limits.json");
  writeFileSync(file, JSON.stringify(limits));
  const ofFile = (await answersOf({ limits: file }).code(store, {})) as Record<string, string>;
  assert.equal(ofFile.command, `fieldnotes look --limits ${file}`);
  assert.throws(() => answersOf({ limits: { name: "none", limits: [{ metric: "latency" }] } }), /limits/);
});
