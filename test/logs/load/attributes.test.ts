import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Mapping } from "../../../src/logs/records/mapping";
import { cost } from "../../../src/measures/cost/cost";
import { doctor } from "../../../src/measures/doctor";
import { quality } from "../../../src/measures/quality/quality";
import { type ReliabilityRow, reliability } from "../../../src/measures/service/reliability";
import type { Row } from "../../../src/measures/table";
import { mask } from "../../../src/store/mask";
import { fc, runs, thorough } from "../../property";
import { ids, secretKinds } from "../../store/secretKinds";
import { read } from "../formats/read";
import { jsonl, workbench } from "../workbench";

const call = (more: object) => ({
  call_id: "a",
  model: "alder",
  duration: 1.5,
  started_at: "2026-03-02T10:00:00Z",
  ...more,
});
const columns = "select * from (describe calls) where column_name like 'attributes.%'";

describe("a field that no column of scores is made of", () => {
  const score = (subject_id: string, value: number, more: object) => ({
    ...{ subject: "call", subject_id, name: "correct", value, rater: "judge" },
    ...more,
  });
  const scores = [
    score("a", 1, { rubric: "v2", rater_id: "1", run: { cost: 0.5 }, rationale: "It is right." }),
    score("a", 0, { rubric: "v1", rater_id: "2", run: { cost: 0.5 } }),
    score("b", 0, { rubric: "v2", rater_id: "1", run: { cost: 2 } }),
    { ...score("t", 1, { rubric: "v3", rater_id: "1" }), subject: "task" },
  ];
  thorough("is kept with them, and each call has what its scores, or those of its task, agree on", () =>
    workbench(async ({ read, rows, store }) => {
      const calls = ["a", "b", "c"].map((call_id) =>
        call({ call_id, task_id: call_id === "c" ? "t" : call_id }),
      );
      await read("calls.jsonl", jsonl(...calls));
      const file = await read("scores.jsonl", jsonl(...scores));
      assert.deepEqual([file.status, file.scores, file.rejected], ["ingested", 4, 0]);
      const found = await rows("select * from (describe scores) where column_name like 'attributes.%'");
      assert.deepEqual(
        found.map(({ column_name, column_type }) => [column_name, column_type]),
        [
          ["attributes.rubric", "VARCHAR"],
          ["attributes.run.cost", "DOUBLE"],
        ],
      );
      const { rows: by } = await reliability(store, { by: "rubric,attributes.run.cost" });
      assert.deepEqual(
        by.map((one: ReliabilityRow & Row) => [one.rubric, one["attributes.run.cost"], one.calls]),
        [
          ["v2", 2, 1],
          ["v3", null, 1],
          [null, 0.5, 1],
        ],
      );
      const { attributes } = await doctor(store);
      assert.deepEqual(
        attributes.map(({ key, of, filled, values }) => [key, of, filled, values]),
        [
          ["attributes.rubric", "scores", 4, 3],
          ["attributes.run.cost", "scores", 3, 2],
        ],
      );
    }),
  );
  thorough("tells which judgements count for a quality", () =>
    workbench(async ({ read, store }) => {
      await read("calls.jsonl", jsonl(call({}), call({ call_id: "b" })));
      await read("scores.jsonl", jsonl(...scores.slice(0, 3)));
      const of = async (judgements?: string) =>
        (await quality(store, { score: "correct", ...(judgements ? { judgements } : {}) })).rows.map(
          ({ n, mean }) => [n, mean.value],
        );
      assert.deepEqual(await of(), [[2, 0.25]]);
      assert.deepEqual(await of("attributes.rubric = 'v2'"), [[2, 0.5]]);
      assert.deepEqual(await of("rater_id = '2'"), [[1, 0]]);
      await assert.rejects(
        of("rubrik = 'v2'"),
        /judgements requires columns of scores, got "rubrik"; did you mean "rubric"\?/,
      );
      await assert.rejects(
        of("rubric = 'v9'"),
        /requires judgements that some row of "correct".*got "rubric = 'v9'"/,
      );
    }),
  );
});

describe("a field that no column is made of", () => {
  test("is kept as what it is: a text, a number, a flag, also within others", () =>
    workbench(async ({ read, rows }) => {
      await read(
        "calls.jsonl",
        jsonl(
          call({ tenant: "acme", metadata: { arm: "b", tries: 2 }, canary: true, tags: ["x"] }),
          call({ call_id: "b", tenant: "birch", metadata: { tries: 0.5 }, canary: false }),
        ),
      );
      const types = (await rows(columns)).map(({ column_name, column_type }) => [column_name, column_type]);
      assert.deepEqual(types, [
        ["attributes.tenant", "VARCHAR"],
        ["attributes.metadata.arm", "VARCHAR"],
        ["attributes.metadata.tries", "DOUBLE"],
        ["attributes.canary", "BOOLEAN"],
        ["attributes.tags", "VARCHAR"],
      ]);
      const [{ call_id: _, ...first }] = await rows(
        "select call_id, columns('attributes.*') from calls order by call_id",
      );
      assert.deepEqual(Object.values(first), ["acme", "b", 2, true, '["x"]']);
    }));
  test("may be named by the last part of its name where there is one such", () =>
    workbench(async ({ read, store }) => {
      await read(
        "calls.jsonl",
        jsonl(
          call({ tenant: "acme", a: { arm: "x" }, b: { arm: "y" } }),
          call({ call_id: "b", tenant: "birch" }),
        ),
      );
      const { rows } = await reliability(store, { by: "tenant", where: "tenant = 'acme'" });
      assert.deepEqual(
        rows.map(({ tenant, calls }: ReliabilityRow & Row) => [tenant, calls]),
        [["acme", 1]],
      );
      await assert.rejects(
        reliability(store, { by: "arm" }),
        /got "arm"; there are attributes\.a\.arm, attributes\.b\.arm/,
      );
      await assert.rejects(reliability(store, { by: "tenent" }), /got "tenent"; did you mean "tenant"\?/);
    }));
  test("is a text in all logs where it is one in some, and no record is rejected for it", () =>
    workbench(async ({ read, rows }) => {
      const file = await read("calls.jsonl", jsonl(call({ seed: 7, tries: 1 })));
      assert.equal(file.rejected, 0);
      const more = Array.from({ length: 3000 }, (_, at) =>
        call({ call_id: `c${at}`, seed: at === 2500 ? "x" : at, tries: at % 3 }),
      );
      assert.equal((await read("more.jsonl", jsonl(...more))).rejected, 0);
      const found = await rows(
        `select "attributes.seed" as seed, "attributes.tries" as tries from calls where call_id in ('a', 'c2500') order by call_id`,
      );
      assert.deepEqual(found, [
        { seed: "7", tries: 1 },
        { seed: "x", tries: 1 },
      ]);
    }));
  test("is none where something is said in it, or it is a secret's or a person's", () =>
    workbench(async ({ read, rows }) => {
      const said = {
        question: "Why?",
        messages: [{ role: "user", content: "Why?" }],
        ...{ user_id: "u", input_tokens: 3, output_tokens: 4 },
        remark: "one two three four five six seven eight nine",
        api_key: "abc",
        customer_name: "Zelda",
        long: "x".repeat(200),
      };
      await read("calls.jsonl", jsonl(call({ ...said, tenant: "acme" })));
      assert.deepEqual(
        (await rows(columns)).map(({ column_name }) => column_name),
        ["attributes.tenant"],
      );
      await read("calls.jsonl", jsonl(call({ ...said, tenant: "acme" })), { text: "keep" });
      const [kept] = await rows(
        `select "attributes.question" as question, "attributes.remark" as remark from calls`,
      );
      assert.deepEqual(kept, { question: said.question, remark: said.remark });
    }));
  test("has one name for a setting that tells what a model is, whatever logs call it", () =>
    workbench(async ({ read, rows }) => {
      await read(
        "a.jsonl",
        jsonl(call({ request: { maxOutputTokens: 100, reasoning: { effort: "high" } } })),
      );
      const found = await rows(
        `select "attributes.max_tokens" as max, "attributes.reasoning_effort" as effort from calls`,
      );
      assert.deepEqual(found, [{ max: 100, effort: "high" }]);
    }));
  test("is kept of a mapping's log as well, where the mapping names it not", () =>
    workbench(async ({ read, rows }) => {
      await read(
        "m.jsonl",
        jsonl({ m: "alder", secs: 1, account: { in: 3, plan: "free" }, region_code: "eu" }),
        {
          mapping: { table: "calls", columns: { model: "m", duration: "secs", input_tokens: "account.in" } },
        },
      );
      const [{ n: _, ...found }] = await rows("select 1 as n, columns('attributes.*') from calls");
      assert.deepEqual(found, { "attributes.account.plan": "free", "attributes.region_code": "eu" });
    }));
  test("is kept of small files that are read together, each with its own", () =>
    workbench(async ({ write, take, rows }) => {
      await take([
        write("1.jsonl", jsonl(call({ call_id: "1", tenant: "acme" }))),
        write("2.jsonl", jsonl(call({ call_id: "2", arm: 1 }))),
        write("3.jsonl", jsonl(call({ call_id: "3", arm: "b" }))),
      ]);
      assert.deepEqual(
        await rows(
          `select "attributes.tenant" as tenant, "attributes.arm" as arm from calls order by call_id`,
        ),
        [
          { tenant: "acme", arm: null },
          { tenant: null, arm: "1" },
          { tenant: null, arm: "b" },
        ],
      );
    }));
});

const value = fc.oneof(
  fc.constantFrom(null, true, false, "", "true", "3", "0.5", "x", [], {}, [1]),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ maxLength: 20 }),
  fc.record({ inner: fc.oneof(fc.string({ maxLength: 5 }), fc.integer(), fc.constant(null)) }),
);

thorough("attributes are read the same in a clean file and in one where another line is damaged", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ tenant: value, plan: value }), { minLength: 1, maxLength: 8 }),
      async (records) => {
        const text = jsonl(...records.map((one, at) => call({ call_id: `c${at}`, ...one })));
        const came: unknown[] = [];
        for (const damage of ["", "{damaged\n"])
          await workbench(async ({ read, rows }) => {
            const file = await read("calls.jsonl", text + damage);
            assert.equal(file.calls, records.length);
            came.push(await rows("select * exclude (ingest_id) from calls order by line"));
          });
        assert.deepEqual(came[0], came[1]);
      },
    ),
    { numRuns: runs(10) },
  ),
);

const letters = "Zq7Xw9Vt3Rk5Np2Lm8Jh4Gf6Ds1Cb0";
const word = "Zq7Xw9Vt3Rk5Np2Lm8Jh4Gf6Ds1Cb0";
const secrets = [
  ...[
    "gsk_",
    "xai-",
    "pplx-",
    "r8_",
    "csk-",
    "pcsk_",
    "jina_",
    "phc_",
    "lsv2_pt_",
    "tgp_v1_",
    "fw_",
    "whsec_",
  ].map((begin) => begin + word),
  ...[
    `nvapi-${word}`,
    `ya29.${word}`,
    `SG.${word}.${word}`,
    `account_key=${word}`,
    `aws_access_key: ${word}`,
  ],
  `sk-proj-${letters}`,
  `ghp_${letters}`,
  `AKIAZQ7XW9VT3RK5NP2L`,
  `eyJhbGciOiJIUzI1NiJ9.${letters}.${letters}`,
  `Bearer ${letters}`,
  `password=${letters}`,
  "zelda.quux@example.com",
  "+44 20 7946 0958",
  "(555) 867-5309",
  "4111 1111 1111 1111",
  "DE89370400440532013000",
  "GB82 WEST 1234 5698 7654 32",
  "192.0.2.146",
  "2001:db8:85a3::8a2e:370:7334",
  "078-05-1120",
];

thorough("a secret is in no attribute, wherever in a value it stands", () =>
  workbench(async ({ read, rows }) => {
    const said = secrets.flatMap((secret) =>
      ["", "a ", "x=", "[", "日本"].flatMap((before) =>
        ["", " b", ";", "]", "語"].map((after) => ({ secret, text: before + secret + after })),
      ),
    );
    const records = [{ text: "acme" }, ...said].map(({ text }, at) =>
      call({ call_id: `c${at}`, tenant: text, metadata: { tenant: text }, tags: [text] }),
    );
    await read("calls.jsonl", jsonl(...records));
    const found = JSON.stringify(await rows("select columns('attributes.*') from calls"));
    assert.equal(found.split("acme").length, 4);
    // Anything that mask finds in text it also finds in attributes.
    const masked = said.filter(({ secret, text }) => !mask(text).text.includes(secret));
    assert.ok(masked.length > said.length / 2);
    for (const { secret, text } of masked) {
      const isElsewhere = said.some((one) => one.secret === secret && mask(one.text).text.includes(secret));
      if (!isElsewhere) assert.ok(!found.includes(secret), text);
    }
  }),
);

test("an attribute that is nothing but a secret of any kind is stored without it, and an id as it is", () =>
  workbench(async ({ read, rows }) => {
    const secrets = Object.values(secretKinds).flatMap((some) => fc.sample(some, { numRuns: 5, seed: 7 }));
    const short = secrets.filter(({ text }) => text.length <= 120);
    const known = Object.values(ids).flatMap((some) => fc.sample(some, { numRuns: 5, seed: 7 }));
    const texts = ["acme", ...short.map(({ text }) => text), ...known];
    await read("calls.jsonl", jsonl(...texts.map((tenant, at) => call({ call_id: `c${at}`, tenant }))));
    const found = await rows<{ tenant: string }>(
      `select "attributes.tenant" as tenant from calls order by line`,
    );
    const all = JSON.stringify(found.slice(0, 1 + short.length));
    for (const { text, secret } of short) assert.ok(!all.includes(secret), text);
    assert.deepEqual(
      found.slice(1 + short.length).map(({ tenant }) => tenant),
      known,
    );
  }));

describe("an attribute within others", () => {
  const valuesOf = async (extras: readonly unknown[], damage = "") => {
    const lines = extras.map((extra, at) =>
      JSON.stringify({ call_id: `c-${at}`, model: "m", started_at: "2025-01-01T00:00:00Z", extra }),
    );
    const content = `${lines.join("\n")}${damage}`;
    const { calls } = await read([{ file: "log.jsonl", content }], { format: "canonical" });
    assert.equal(calls.length, extras.length);
    return calls.map((call) =>
      Object.fromEntries(
        Object.entries(call).filter(([name, one]) => name.startsWith("attributes.") && one !== null),
      ),
    );
  };
  const value = fc.constantFrom("a", "27e51", "1e5", 1e300, 1.5e-7, 12, 0.5, true, null);
  thorough("is the same text beside a damaged line, also a number with an exponent", () =>
    fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 6 }), async (values) => {
        const extras = ["a", ...values].map((app) => ({ app, inner: { app } }));
        const clean = await valuesOf(extras);
        assert.equal(clean[0]["attributes.extra.inner.app"], "a");
        assert.deepEqual(await valuesOf(extras, "\n{damaged"), clean);
      }),
      { numRuns: runs(10) },
    ),
  );
  thorough(
    "is kept also where names differ only in their case, or a field holds others in some records",
    async () => {
      const extras = [
        { region: { tag: "eu" }, Region: { zone: "b" }, build: { tag: "x" } },
        { region: { tag: "us" }, build: "y" },
      ];
      for (const damage of ["", "\n{damaged"])
        assert.deepEqual(await valuesOf(extras, damage), [
          {
            "attributes.extra.region.tag": "eu",
            "attributes.extra.Region.zone": "b",
            "attributes.extra.build.tag": "x",
          },
          { "attributes.extra.region.tag": "us" },
        ]);
    },
  );
});

describe("a field of a file that tells of tasks alone", () => {
  thorough(
    "is kept with its task: in the measures' by and where, and in doctor's list; what is said or secret is not",
    () =>
      workbench(async ({ read, rows, store }) => {
        const calls = ["t1", "t2", "t3"].map((task_id, at) =>
          call({ call_id: `c${at}`, task_id, cost: 1 + at, user_id: `u${at}` }),
        );
        await read("calls.jsonl", jsonl(...calls));
        const task = (task_id: string, more: object) => ({ task_id, resolved: true, ...more });
        const file = await read(
          "tasks.jsonl",
          jsonl(
            task("t1", {
              difficulty: "hard",
              seats: 2,
              instruction: "Book it",
              api_key: "sk-1",
              by: "ann@example.com",
            }),
            task("t2", {
              difficulty: "easy",
              seats: 4,
              instruction: "Leave it",
              api_key: "sk-2",
              by: "bob@example.com",
            }),
          ),
        );
        assert.equal(file.rejected, 0);
        const [kept] = await rows("select columns('attributes.*') from tasks order by task_id");
        assert.deepEqual(kept, {
          "attributes.difficulty": "hard",
          "attributes.seats": 2,
          "attributes.by": "[email-1]",
        });
        const by = await cost(store, { by: "attributes.difficulty" });
        assert.deepEqual(
          by.rows.map((row) => [row["attributes.difficulty"], row.tasks, row.cost_per_task.value]),
          [
            ["easy", 1, 2],
            ["hard", 1, 1],
            [null, 1, 3],
          ],
        );
        const where = await cost(store, { by: "model", where: "seats > 3" });
        assert.deepEqual(
          where.rows.map((row) => [row.tasks, row.cost_per_task.value]),
          [[1, 2]],
        );
        const { attributes } = await doctor(store);
        assert.deepEqual(
          attributes.map(({ key, of, filled, share }) => [key, of, filled, share]),
          ["difficulty", "seats", "by"].map((name) => [`attributes.${name}`, "tasks", 2, 1]),
        );
      }),
  );
  thorough("gives way to the call's own of the same name, and is a text where a later file has texts", () =>
    workbench(async ({ read, store }) => {
      await read("calls.jsonl", jsonl(call({ task_id: "t1", arm: "b" })));
      await read("tasks.jsonl", jsonl({ task_id: "t1", resolved: true, arm: "a", level: 3 }));
      await read("more.jsonl", jsonl({ task_id: "t2", resolved: true, arm: "a", level: "high" }));
      const { rows } = await cost(store, { by: "attributes.arm,attributes.level" });
      assert.deepEqual(
        rows.map((row) => [row["attributes.arm"], row["attributes.level"]]),
        [["b", "3"]],
      );
    }),
  );
});

test("a score that a mapping reads beside a call without an id is of that call", () =>
  workbench(async ({ read, rows }) => {
    const mapping: Mapping[] = [
      { table: "calls", columns: { model: "m", duration: "1" } },
      {
        table: "scores",
        columns: { subject: "'call'", name: "'thumbs'", value: "up" },
        where: "up >= 0",
      },
    ];
    await read("x.jsonl", jsonl({ m: "a", up: 1 }, { m: "b" }, { m: "c", up: 0 }), { mapping });
    assert.deepEqual(
      await rows("select model, value from calls join scores on subject_id = call_id order by 1"),
      [
        { model: "a", value: 1 },
        { model: "c", value: 0 },
      ],
    );
  }));
