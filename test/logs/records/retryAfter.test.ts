import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { retryAfter } from "../../../src/logs/records/sql";
import { open, type Store } from "../../../src/store/open";
import { rowsOf } from "../../../src/store/run";

let store: Store;
before(async () => {
  store = await open(":memory:");
});
after(() => store.close());

async function asked(given: { header?: string; milliseconds?: string; words?: string; failed?: boolean }) {
  const { failed = true, ...texts } = given;
  const names = Object.fromEntries(Object.keys(texts).map((name) => [name, `$${name}`]));
  const end = "timestamp '2026-03-02 10:00:00'";
  const [{ seconds }] = await rowsOf<{ seconds: number | null }>(
    store.connection,
    `select ${retryAfter({ failed: String(failed), end, ...names })} as seconds`,
    texts,
  );
  return seconds;
}

describe("what a refused call was told to wait", () => {
  test("stands in Retry-After as seconds, alone, in a list, and as a list of OTLP", async () => {
    assert.equal(await asked({ header: "20" }), 20);
    assert.equal(await asked({ header: " 1.5 " }), 1.5);
    assert.equal(await asked({ header: '["20"]' }), 20);
    assert.equal(await asked({ header: '{"values":[{"stringValue":"7"}]}' }), 7);
  });
  test("stands there as a day and time, which counts from the call's end", async () => {
    assert.equal(await asked({ header: "Mon, 02 Mar 2026 10:00:30 GMT" }), 30);
    assert.equal(await asked({ header: "Mon, 02 Mar 2026 09:59:30 GMT" }), null);
  });
  test("stands in milliseconds in Retry-After-Ms, which comes first", async () => {
    assert.equal(await asked({ header: "2", milliseconds: "1500" }), 1.5);
  });
  for (const [words, seconds] of [
    ["Rate limit reached for gpt-4o. Limit 30000. Please try again in 20s.", 20],
    ["Please try again in 1m2.5s. Visit https://x.test", 62.5],
    ["Please try again in 350ms.", 0.35],
    ["Please retry after 6 seconds. Please go here: https://aka.ms", 6],
    ["please retry in 12.34s.", 12.34],
    ['"retryDelay": "40s"', 40],
    ["try again in 6m0s", 360],
    ["Please try again in 1h12m", 4320],
    ["Retry after 2 minutes", 120],
  ] as const)
    test(`stands in the words of the error: ${words}`, async () => {
      assert.equal(Number((await asked({ words }))?.toFixed(6)), seconds);
    });
  test("is not known where nothing says it, and no more than a day", async () => {
    for (const words of [
      "too many requests",
      "retry 3 of 5 failed",
      "retries: 4 shards",
      "Please try again in a few moments",
    ])
      assert.equal(await asked({ words }), null, words);
    assert.equal(await asked({ header: "100000" }), null);
    assert.equal(await asked({ header: "soon" }), null);
    assert.equal(await asked({ header: "20", failed: false }), null);
  });
});
