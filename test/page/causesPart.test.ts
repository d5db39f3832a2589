import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { causesTruth } from "../../src/demo/causes";
import { openDemo } from "../../src/demo/openDemo";
import { causes } from "../../src/measures/causes/causes";
import { requestOf } from "../../src/measures/options";
import { causesPart } from "../../src/page/causesPart";
import { reportOf } from "../../src/page/report";
import { reportMarkdown } from "../../src/page/reportMarkdown";
import type { Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { withCalls } from "../measures/calls";

const request = requestOf("report", {});

describe("a report's chapter on why tasks fail", () => {
  let store: Store;
  before(async () => {
    store = await openDemo({ log: "causes" });
  });
  after(() => store.close());

  test("has the first three causes as the measure has them, of all models together, and says that the first is settled", async () => {
    const found = await causesPart(store, requestOf("report", { by: "model" }));
    const { rows, order } = await causes(store);
    assert.deepEqual(found?.part.tables?.[0].table, {
      ...found?.tables.causes,
      rows: rows.slice(0, 3),
      notes: [],
    });
    assert.equal(found?.tables.causes.rows.length, Object.keys(causesTruth().causes).length + 1);
    assert.equal(order[0].claim.status, "settled");
    assert.deepEqual(found?.part.points, [
      "Settled: search failed is the most frequent cause of failed tasks, before wrong policy.",
    ]);
    assert.match(found?.part.tables?.[0].figure?.description ?? "", /search failed 42 % \[34, 52\]/);
  });

  test("is in the page, folded, with what a fix is worth and the notes of its table", async () => {
    const report = await reportOf(store);
    const part = report.parts.find(({ title }) => title === "Why tasks fail");
    assert.equal(part?.fold, true);
    const text = reportMarkdown(report);
    assert.match(text, /As it is, 80\.\d % of tasks are resolved\. The share resolved at most/);
    assert.match(text, /200 of 200 drawn tasks were read, of 2,000 tasks/);
    assert.ok("causes" in report.tables);
    assert.doesNotMatch(text, /NaN|undefined/);
  });

  test("says of an order that is not settled how many more tasks to read", async () => {
    const found = await causesPart(store, requestOf("report", { level: 0.9999999 }));
    assert.match(
      found?.part.points?.[0] ?? "",
      /^Not settled: whether search failed or wrong policy is the most frequent cause of failed tasks\. About \d+ more failed tasks to read/,
    );
  });

  test("is not there where the chosen calls have no task that was read, or the readers named no cause", async () => {
    assert.equal(await causesPart(store, requestOf("report", { where: "model = 'none'" })), undefined);
    await run(store.connection, "delete from scores where name = 'cause'");
    assert.equal(await causesPart(store, request), undefined);
  });

  test("is not there on other logs", async () => {
    const calls = [{ task_id: "t", model: "alder", status: "ok" }];
    await withCalls(calls, async (other) => assert.equal(await causesPart(other, request), undefined));
  });
});
