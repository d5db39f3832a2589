import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { shapeOf } from "../../../src/logs/files/shape";
import { checkMapping, type Mapping } from "../../../src/logs/records/mapping";
import { suggestedConversation } from "../../../src/logs/suggest/suggestedConversation";
import { cells, full, least, renamed, resolved, wrapped } from "./fixtures/conversation";
import { pick, read, readAsParquet } from "./read";

const suggested = (records: object[]) => suggestedConversation(shapeOf(records), records);

describe("a record with a list of messages is a conversation", () => {
  test("its answers are calls, its tools spans, and what stands beside it outcome, rating and label", async () => {
    const { calls, tasks, scores, spans, texts } = await read([full]);
    assert.equal(calls.length, 4);
    assert.deepEqual(
      pick(calls[0], "call_id", "conversation_id", "task_id", "user_id", "model", "duration", "input_tokens"),
      {
        call_id: "chat-1:7e565402:3",
        conversation_id: "chat-1",
        task_id: "chat-1",
        user_id: "u-1",
        model: "gpt-4o",
        duration: 0.9,
        input_tokens: 40,
      },
    );
    assert.deepEqual(
      calls.slice(0, 2).map(({ output_length }) => output_length),
      [null, 18],
    );
    assert.deepEqual(
      tasks.map(({ conversation_id, resolved }) => [conversation_id, resolved]),
      [
        ["chat-1", true],
        ["chat-2", false],
      ],
    );
    assert.deepEqual(
      scores.slice(0, 2).map((one) => pick(one, "subject", "subject_id", "name", "value", "label", "rater")),
      [
        { subject: "conversation", subject_id: "chat-1", name: "csat", value: 5, label: null, rater: "user" },
        {
          ...{ subject: "conversation", subject_id: "chat-1", name: "first_failure", value: null },
          ...{ label: "lookup", rater: "human" },
        },
      ],
    );
    assert.deepEqual(pick(spans[0], "stage", "tool", "status", "task_id"), {
      stage: "lookup",
      tool: "lookup",
      status: "error",
      task_id: "chat-1",
    });
    assert.deepEqual(spans[0].started_at, calls[0].started_at);
    assert.deepEqual(texts, [], "texts are stored only if asked for");
    assert.equal((await read([full], { text: "keep" })).texts[0].output, "It comes tomorrow.");
  });

  test("whatever its fields are called and wherever they are", async () => {
    const { files, calls, scores, spans } = await read([renamed]);
    assert.equal(files[0].rejected, 0);
    assert.deepEqual(
      calls.slice(0, 2).map((one) => pick(one, "conversation_id", "user_id", "output_length")),
      [
        { conversation_id: "a", user_id: "c-0", output_length: 7 },
        { conversation_id: "a", user_id: "c-0", output_length: 5 },
      ],
    );
    assert.equal((calls[1].started_at as Date).toISOString(), "2026-03-02T10:00:09.000Z");
    assert.deepEqual(
      spans.map(({ tool, status }) => [tool, status]),
      [
        ["find", "ok"],
        ["find", "ok"],
        ["find", "ok"],
      ],
    );
    assert.deepEqual(
      scores.slice(0, 2).map(({ name, label, value }) => [name, label, value]),
      [
        ["failureMode", "loop", null],
        ["isCorrect", null, 0],
      ],
    );
  });

  test("in the cells of a table, with tools as text", async () => {
    const { calls, spans, scores } = await read([cells]);
    assert.equal(calls.length, 4);
    assert.deepEqual(
      spans.slice(0, 2).map(({ tool, status }) => [tool, status]),
      [
        ["GetPlan", "error"],
        ["make", null],
      ],
    );
    assert.equal(scores[0].label, "weak");
  });

  test("in a document that wraps the records, and without an id, where its messages tell it from others", async () => {
    assert.equal((await read([wrapped])).calls[0].call_id, "chat-1:7e565402:3");
    const { calls } = await read([least]);
    assert.match(String(calls[0].conversation_id), /^[0-9a-f]{32}$/);
    assert.equal(calls[0].task_id, calls[0].conversation_id);
  });

  test("what is said in one record costs the others nothing", async () => {
    const odd = [
      { messages: "none" },
      { messages: { a: 1 } },
      { messages: [1, { role: 7 }] },
      { messages: null },
    ].map((one, at) => ({
      ...resolved,
      conversation_id: `odd-${at}`,
      ...one,
    }));
    const others = ["last", "more", "most"].map((id) => ({ ...resolved, conversation_id: id }));
    const content = [resolved, ...odd, ...others];
    const { files, calls } = await read([{ file: "chats.jsonl", content }]);
    assert.equal(files[0].format, "conversation");
    assert.deepEqual(
      calls.map(({ call_id }) => call_id),
      ["chat-1", "last", "more", "most"].flatMap((id) => [`${id}:7e565402:3`, `${id}:7e565402:5`]),
    );
  });

  test("any other field beside it is an attribute of its calls, whatever it is called", async () => {
    const beside = {
      tenant: "acme",
      place: "web",
      calls: 7,
      meta: { plan: "free" },
      detail: { text: "a secret" },
    };
    const other = { ...resolved, ...beside, conversation_id: "other", meta: { plan: "paid" } };
    for (const fixture of [
      { file: "chats.jsonl", content: [{ ...resolved, ...beside }, other] },
      { file: "chats.json", content: { data: [{ ...resolved, ...beside }, other] } },
    ]) {
      const { calls } = await read([fixture]);
      assert.deepEqual(
        calls
          .slice(1, 3)
          .map((row) => ["tenant", "place", "calls", "meta.plan"].map((name) => row[`attributes.${name}`])),
        [
          ["acme", "web", 7, "free"],
          ["acme", "web", 7, "paid"],
        ],
      );
    }
  });

  test("a longer record of the same conversation replaces the shorter one", async () => {
    const content = [{ ...resolved, messages: resolved.messages.slice(0, 3) }, resolved];
    assert.equal((await read([{ file: "chats.jsonl", content }])).calls.length, 2);
  });

  test("comments beside it are no labels, and personal data in a label is masked", async () => {
    const remarks = ["comment", "notes", "feedback_text", "critique", "remarks", "email_label"];
    const content = Array.from({ length: 4 }, (_, at) => ({
      ...resolved,
      conversation_id: `c-${at}`,
      ...Object.fromEntries(remarks.map((name) => [name, `Jane Doe has HIV ${at}`])),
      comment: `Jane Doe, mail jane${at}@acme.com`,
      verdict: `ask jane${at}@acme.com`,
    }));
    const { scores, ...others } = await read([{ file: "chats.jsonl", content }]);
    assert.deepEqual([...new Set(scores.map(({ name }) => name))], ["csat", "first_failure", "verdict"]);
    assert.ok(scores.some(({ label }) => label === "ask [email-1]"));
    const stored = JSON.stringify([scores, others], (_, value) =>
      typeof value === "bigint" ? `${value}` : value,
    );
    assert.doesNotMatch(stored, /Jane|jane\d@/);
  });

  test("words of an answer are no name of a tool", async () => {
    const toolsIn = async (...answers: string[]) => {
      const content = answers.map((said, at) => ({
        id: `c-${at}`,
        messages: [
          { role: "user", content: "Go" },
          { role: "assistant", content: said },
        ],
      }));
      return (await read([{ file: "chats.jsonl", content }])).spans.map(({ tool }) => tool);
    };
    const words = [
      "Thought: ok\nAction: Email Jane Doe about her HIV test 7\nAction Input: x",
      "Function call: In Python a function call is foo().",
      "Tool use: Jane (45) asked.",
      "Tool use (as Jane said) helps.",
      "Tool call: Jane",
    ];
    assert.deepEqual(await toolsIn(...words), []);
    const calls = [
      "Thought: ok\nAction: search\nAction Input: parcel",
      "TOOL_CALL[search] parcel",
      'tool call: search("parcel")\nThen more.',
      'Function call: search {"it":\n"parcel"}',
      "<function=search>parcel</function>",
    ];
    assert.deepEqual(await toolsIn(...calls), Array(5).fill("search"));
  });

  test("every record of a wrapped file counts as it does in one that is not", async () => {
    const content = Array.from({ length: 5 }, (_, at) => ({ ...resolved, conversation_id: `c-${at}` }));
    const rows = async (document: unknown) => {
      const found = await read([{ file: "chats.json", content: document }]);
      return (["calls", "tasks", "scores", "spans"] as const).map((table) =>
        found[table]
          .map((row) =>
            JSON.stringify(pick(row, "call_id", "task_id", "subject_id", "span_id", "name", "resolved")),
          )
          .sort(),
      );
    };
    const bare = await rows(content);
    assert.deepEqual(
      bare.map(({ length }) => length),
      [10, 5, 10, 5],
    );
    assert.deepEqual(await rows({ data: content }), bare);
  });

  const system = { role: "system", content: "Be kind" };
  const said = (question: string, answer: string) => [
    { role: "user", content: question },
    { role: "assistant", content: answer, tool_calls: [{ name: "look", arguments: question }] },
  ];
  const countsOf = async (content: object[]) => {
    const { calls, spans, tasks } = await read([{ file: "chats.jsonl", content }]);
    const sessions = new Set(calls.map(({ conversation_id }) => conversation_id)).size;
    return { calls: calls.length, spans: spans.length, sessions, tasks: tasks.length };
  };

  test("the parts of one session are calls of their own, and what repeats a part is not", async () => {
    const parts = (more: (at: number) => object) =>
      Array.from({ length: 12 }, (_, at) => ({
        session_id: `s-${at % 4}`,
        messages: [system, ...said(`q${at}`, `a${at}`)],
        ...more(at),
      }));
    const all = { calls: 12, spans: 12, sessions: 4, tasks: 0 };
    assert.deepEqual(await countsOf(parts(() => ({}))), all);
    assert.deepEqual(await countsOf(parts((at) => ({ id: `r-${at}` }))), all);
    const same = { messages: [system, ...said("hi", "Hello!")] };
    assert.deepEqual(await countsOf(parts((at) => ({ id: `r-${at}`, ...same }))), all, "by the record's id");
    const whole = [...said("q1", "a1"), ...said("q2", "a2"), ...said("q3", "a3")];
    const growing = [2, 4, 6].map((n) => ({
      id: `r-${n}`,
      session_id: "s",
      messages: [system, ...whole.slice(0, n)],
    }));
    const once = { calls: 3, spans: 3, sessions: 1, tasks: 0 };
    assert.deepEqual(await countsOf(growing), once, "each record repeats the one before it");
    assert.deepEqual(await countsOf(growing.map(({ id: _, ...record }) => record)), once);
  });

  test("without an id, the same words of two people are two conversations, and a copy is none", async () => {
    const content = Array.from({ length: 6 }, (_, at) => ({
      user_id: `u-${at}`,
      rating: 1 + (at % 5),
      messages: said("hi", "Hello! How can I help?"),
    }));
    const counts = { calls: 6, spans: 6, sessions: 6, tasks: 0 };
    assert.deepEqual(await countsOf(content), counts);
    assert.deepEqual(await countsOf([...content, content[0]]), counts);
  });

  test("a field that is called as a message's own names are costs nothing", async () => {
    const asNamed: Mapping[] = [{ table: "calls", messages: "messages", columns: { conversation_id: "id" } }];
    for (const name of ["turn", "turn_count", "Turn_Count", "all turns", "turn first"]) {
      const content = ["a", "b"].map((id) => ({ id, [name]: 4, plan: "free", messages: said("hi", id) }));
      const found = [content, { data: content }].map((document) =>
        read([{ file: "chats.json", content: document }]),
      );
      for (const { files, calls } of await Promise.all([
        ...found,
        readAsParquet(content, { mapping: asNamed }),
      ]))
        assert.deepEqual(
          [files[0].reason, ...calls.map((row) => [row["attributes.plan"], row[`attributes.${name}`]])],
          [undefined, ["free", undefined], ["free", undefined]],
          name,
        );
    }
  });

  test("whether an only answer was refused or harmful is said of the call", async () => {
    const of = (id: string, ...messages: object[]) => ({ id, harmful: false, refused: true, messages });
    const content = [of("one", ...said("q", "a")), of("two", ...said("q", "a"), ...said("q2", "a2"))];
    const { calls, scores } = await read([{ file: "chats.jsonl", content }]);
    assert.deepEqual(
      scores.map((row) => [row.subject, row.subject_id, row.name, row.value]),
      [
        ["call", calls[0].call_id, "harmful", 0],
        ["call", calls[0].call_id, "refused", 1],
        ["conversation", "two", "harmful", 0],
        ["conversation", "two", "refused", 1],
      ],
    );
  });

  test("what nobody rated has no score", async () => {
    const content = Array.from({ length: 6 }, (_, at) => ({
      ...{ id: `c-${at}`, messages: said("hi", `a${at}`) },
      ...(at % 2 === 0 ? { rating: 4, thumbs: "up" } : {}),
    }));
    const { scores } = await read([{ file: "chats.jsonl", content }]);
    assert.deepEqual(scores.map(({ value }) => value).sort(), [1, 1, 1, 4, 4, 4]);
  });

  test("totals are a call's only where it is the only one", async () => {
    const content = [
      { ...resolved, total_cost: 0.5 },
      { ...(least.content as object[])[0], conversation_id: "x", total_cost: 0.2 },
    ];
    const { calls } = await read([{ file: "chats.jsonl", content }]);
    assert.deepEqual(
      calls.map(({ cost }) => cost),
      [null, null, 0.2],
    );
  });
});

describe("a record of one request is none", () => {
  const { messages } = resolved;
  const asked = messages.slice(0, 4).map(({ role, content }) => ({ role, content }));
  test("with its answer beside its messages", () => {
    for (const name of ["response", "output", "completion", "choices", "modelResponse"])
      assert.equal(
        suggested([{ id: 1, model: "m", messages, [name]: { role: "assistant" } }]),
        undefined,
        name,
      );
  });

  test("with messages that end with what was asked, beside a call's own numbers", () => {
    assert.equal(suggested([{ model: "m", messages: asked, latency_ms: 300 }]), undefined);
    assert.equal(suggested([{ messages: asked, temperature: 0.2 }]), undefined);
    assert.ok(suggested([{ id: "a", messages: asked }]), "a person may speak last");
    const kept = messages.slice(0, 4);
    assert.ok(
      suggested([{ id: "a", model: "m", messages: kept }]),
      "messages with times were kept as they came",
    );
  });

  test("with what only a call has, even where its answer is the last of its messages", async () => {
    const said = messages.map(({ role, content }) => ({ role, content }));
    for (const own of [{ call_id: "k" }, { finish_reason: "stop" }, { ttft_ms: 80 }, { http_status: 200 }])
      assert.equal(suggested([{ model: "m", messages: said, ...own }]), undefined, JSON.stringify(own));
    const own = { call_id: "k", task_id: "t", model: "m", started_at: "2026-03-02T10:00:00Z", duration: 2 };
    const { files, calls } = await read([{ file: "own.jsonl", content: [{ ...own, messages: said }] }]);
    assert.deepEqual([files[0].format, calls.map(({ duration }) => duration)], ["canonical", [2]]);
  });

  test("nor is a comparison of two conversations, nor a list of anything else", () => {
    assert.equal(suggested([{ chosen: messages, rejected: messages }]), undefined);
    assert.equal(
      suggested([
        {
          id: 1,
          steps: [
            { type: "http", content: "x" },
            { type: "sql", content: "y" },
          ],
        },
      ]),
      undefined,
    );
  });

  test("an agent is a model unless a bot speaks in the same conversation", () => {
    const said = (...roles: string[]) => ({
      id: "a",
      messages: roles.map((role) => ({ role, content: "x y z" })),
    });
    const where = (...records: object[]) => String(suggested(records)?.[0].where);
    assert.match(where(said("user", "agent")), /'agent'/);
    assert.match(where(said("user", "agent"), said("user", "assistant")), /'assistant'.*'agent'/);
    assert.equal(where(said("user", "bot", "agent", "bot")), "undefined");
  });
});

describe("a mapping names the list of messages", () => {
  const records = ["x", "y"].map((id) => ({
    id,
    chat: {
      log: [
        { by: "caller", says: "Hello?" },
        { by: "bot", says: "Yes.", at: "2026-03-02T10:00:00Z" },
        { by: "bot", says: "What is it?", at: "2026-03-02T10:00:04Z" },
      ],
    },
    verdict: id === "x" ? "good" : "bad",
  }));
  const mapping: Mapping[] = [
    {
      table: "calls",
      messages: "chat.log",
      where: "turn->>'by' = 'bot'",
      columns: {
        call_id: "id",
        conversation_id: "id",
        model: "'gpt-4o'",
        started_at: "turn->>'at'",
        output: "turn->>'says'",
        cost: "0.5 / turn_count",
      },
    },
    { table: "scores", columns: { name: "'verdict'", label: "verdict", rater: "'human'" } },
  ];

  test("and says what a message's fields are", async () => {
    const { calls, scores } = await read([{ file: "own.jsonl", content: records }], { mapping });
    assert.deepEqual(
      calls.map((row) => [row.call_id, row.model, row.output_length, row.cost]),
      [
        ["x:2", "gpt-4o", 4, 0.25],
        ["x:3", "gpt-4o", 11, 0.25],
        ["y:2", "gpt-4o", 4, 0.25],
        ["y:3", "gpt-4o", 11, 0.25],
      ],
    );
    assert.deepEqual(
      scores.map((row) => [row.subject, row.subject_id, row.label]),
      [
        ["conversation", "x", "good"],
        ["conversation", "y", "bad"],
      ],
    );
  });

  test("in a Parquet file as well, whose lists have types", async () => {
    const { calls, files } = await readAsParquet(records, { mapping });
    assert.equal(files[0].reason, undefined);
    assert.deepEqual(
      calls.map((row) => [row.call_id, row.output_length]),
      [
        ["x:2", 4],
        ["x:3", 11],
        ["y:2", 4],
        ["y:3", 11],
      ],
    );
  });

  test("once, and of calls", () => {
    assert.throws(() => checkMapping([mapping[0], mapping[0]], "m.json"), /one list of "messages"/);
    assert.throws(
      () => checkMapping({ ...mapping[1], messages: "chat.log" }, "m.json"),
      /"messages" with the table calls/,
    );
  });
});
