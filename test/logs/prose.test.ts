import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { build } from "../../src/evalset/build";
import { review, reviewId } from "../../src/evalset/review";
import { shown } from "../../src/logs/load/rejectReason";
import { maskedKinds } from "../../src/store/mask";
import { some } from "../property";
import { inProse, isSeen, personal, prose } from "../store/prose";
import { jsonl, workbench } from "./workbench";

// Every fifth, or all: each value in other contexts.
const cases = some(
  maskedKinds.flatMap((kind) =>
    personal[kind].flatMap((value) => prose.map((context) => ({ value, text: inProse(context, value) }))),
  ),
);
const call = (call_id: string, more: object) => ({
  ...{ call_id, model: "alder", duration: 1.5, started_at: "2026-03-02T10:00:00Z" },
  ...more,
});
const none = (left: readonly string[]) =>
  assert.deepEqual(
    left.filter((text, at) => isSeen(text, cases[at].value)).map((text) => ({ text })),
    [],
  );

describe("personal data in sentences leaves by no exit", () => {
  test("attributes", () =>
    workbench(async ({ read, rows }) => {
      const short = (text: string) => Buffer.byteLength(text) <= 120 && text.split(/\s+/).length <= 8;
      await read(
        "a.jsonl",
        jsonl(...cases.map(({ text }, at) => call(`c${at}`, short(text) ? { tenant: text } : {}))),
      );
      const kept = new Map(
        (
          await rows<{ call_id: string; t: string }>(`select call_id, "attributes.tenant" as t from calls`)
        ).map(({ call_id, t }) => [call_id, t ?? ""]),
      );
      assert.ok([...kept.values()].filter((t) => t !== "").length > cases.length / 3);
      none(cases.map((_, at) => kept.get(`c${at}`)!));
    }));

  test("rejects: reason and excerpt", () =>
    workbench(async ({ read, rows }) => {
      // A score without a value has nothing to keep.
      const score = (id: string, value: string) => ({ subject: "call", subject_id: id, name: "good", value });
      const records = cases.map(({ text }, at) => ({ ...score(`c${at}`, text), note: text }));
      await read("r.jsonl", jsonl(score("good", "1"), ...records));
      const found = await rows<{ line: number; said: string }>(
        "select line, concat_ws(' ', reason, excerpt) as said from rejects order by line",
      );
      // A telephone number that stands alone where a number is expected is one.
      const [{ kept }] = await rows<{ kept: number }>("select count(*)::int - 1 as kept from scores");
      assert.ok(kept <= 2, `${kept} kept`);
      assert.equal(found.length, cases.length - kept);
      const saidAt = new Map(found.map(({ line, said }) => [Number(line), said]));
      none(
        cases.map((_, at) =>
          (saidAt.get(at + 2) ?? "").replace(/^.*?"call_id":"c\d+"|"started_at":"[^"]*"/g, ""),
        ),
      );
      assert.equal(shown(378282246310005), "[card-1]");
      assert.equal(shown(12.5), "12.5");
    }));

  test("eval sets and review sheets", () =>
    workbench(async ({ read, store }) => {
      // Near-duplicates would be left out: each prompt has words of its own, without digits, which would count as ids.
      const word = (number: number) =>
        number.toString().replace(/\d/g, (digit) => String.fromCharCode(97 + Number(digit)));
      const own = (at: number) => Array.from({ length: 30 }, (_, n) => `w${word(at * 31 + n)}x`).join(" ");
      const records = cases.map(({ text }, at) =>
        call(`c${at}`, { prompt: `${text}\n${own(at)}`, output: text, workload: "chat" }),
      );
      await read("e.jsonl", jsonl(...records), { text: "keep" });
      const { items } = await build(store, { size: Math.min(cases.length, 10_000), similar: 1 });
      assert.ok(items.length > cases.length / 2, `${items.length} of ${cases.length}`);
      const caseOf = ({ call_id }: { call_id: string | null }) => cases[Number(call_id!.slice(1))];
      assert.deepEqual(
        items.filter((item) => isSeen(item.prompt.split("\nw")[0], caseOf(item).value)),
        [],
      );
      // A set that somebody else made, or filled in.
      const filled = items.map((item) => {
        const { text } = caseOf(item);
        return { ...item, prompt: text, expected: text, sources: [{ text }] };
      });
      const outputs = filled.map(({ item_id, call_id, prompt }) => ({
        ...{ item_id, model: "alder", output: prompt, call_id: call_id! },
      }));
      const values = new Map(filled.map((item) => [reviewId(item.call_id!), caseOf(item).value]));
      assert.deepEqual(
        review(filled, outputs).rows.filter((row) =>
          isSeen(
            [row.prompt, row.expected, ...row.sources, row.answer].join(" \n "),
            values.get(row.review_id)!,
          ),
        ),
        [],
      );
    }));
});
