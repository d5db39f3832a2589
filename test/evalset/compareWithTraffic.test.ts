import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "../../src/evalset/build";
import { compareWithTraffic } from "../../src/evalset/compareWithTraffic";
import type { Item } from "../../src/evalset/item";
import { overlap } from "../../src/evalset/overlap";
import { reweigh } from "../../src/evalset/reweigh";
import type { Store } from "../../src/store/open";
import { folder } from "../cli/command";
import { fc } from "../property";
import { trafficStore } from "./traffic";

const place = folder();
let store: Store;
let items: Item[];
before(async () => {
  store = await trafficStore();
  ({ items } = await build(store, { size: 300 }));
});
after(() => {
  store.close();
  place.remove();
});

describe("how well a set represents the traffic", () => {
  test("a drawn set is like it in every dimension by its weights, and not by count where edge cases have a quota", async () => {
    const { dimensions, shares } = await compareWithTraffic(store, items);
    assert.deepEqual(
      dimensions.rows.map(({ dimension, verdict }) => [dimension, verdict]),
      ["workload", "length", "user", "time", "script", "kind"].map((name) => [name, "like the traffic"]),
    );
    const kind = dimensions.rows.at(-1)!;
    assert.ok(kind.psi > 0.15 && kind.psi_weighted < 0.02, JSON.stringify(kind));
    assert.ok(kind.total_variation > 0.1 && kind.total_variation_weighted < 0.02);
    for (const name of ["workload", "kind"]) {
      const own = shares.rows.filter(({ dimension }) => dimension === name);
      for (const field of ["in_traffic", "weighted"] as const)
        assert.ok(Math.abs(own.reduce((sum, row) => sum + row[field], 0) - 1) < 1e-9);
      assert.equal(
        own.reduce((sum, row) => sum + row.items, 0),
        300,
      );
    }
    const chat = shares.rows.find(({ value }) => value === "chat")!;
    assert.equal(chat.in_traffic, 0.6);
  });

  test("a set of one workload is unlike it, and the numbers are those of the definition", async () => {
    const some = items.filter(({ stratum }) => /^(chat|review)/.test(stratum)).slice(0, 100);
    const { dimensions, shares } = await compareWithTraffic(
      store,
      some.map((one) => ({ ...one, weight: 1 })),
    );
    const [workload] = dimensions.rows;
    const own = shares.rows.filter(({ dimension }) => dimension === "workload");
    const chat = own.find(({ value }) => value === "chat")!.items;
    const p = { chat: chat / 100, review: 1 - chat / 100, coding: 0.5 / 100 };
    const index = (a: number, b: number) => (a - b) * Math.log(a / b);
    const expected = index(p.chat, 0.6) + index(p.review, 0.3) + index(p.coding, 0.1);
    assert.ok(Math.abs(workload.psi - expected) < 1e-12);
    assert.ok(
      Math.abs(workload.total_variation - (Math.abs(p.chat - 0.6) + Math.abs(p.review - 0.3) + 0.1) / 2) <
        1e-12,
    );
    assert.deepEqual(
      [workload.verdict, workload.claim.id, workload.claim.status],
      ["unlike it", "evalset.unlike", "settled"],
    );
  });

  test("a handful of examples, unlike by no more than chance, is not said to be like it", async () => {
    const { dimensions } = await compareWithTraffic(
      store,
      items.slice(0, 8).map((one) => ({ ...one, weight: 1 })),
    );
    const within = dimensions.rows.filter(
      ({ psi_weighted, psi_by_chance }) => psi_weighted > 0.1 && psi_weighted <= psi_by_chance,
    );
    assert.ok(within.length > 0);
    for (const { verdict, claim } of within)
      assert.deepEqual([verdict, claim.status], ["not shown to be unlike it", "open"]);
  });

  test("the gap between the lengths is that of Kolmogorov and Smirnov", async () => {
    const long = items.filter(({ stratum }) => stratum.includes("/ long /"));
    const { dimensions } = await compareWithTraffic(store, long);
    const length = dimensions.rows.find(({ dimension }) => dimension === "length")!;
    assert.ok(length.ks! > 0.6 && length.ks! < 0.72, String(length.ks));
    assert.ok(length.ks! > length.ks_by_chance!);
  });

  test("examples of no request are counted and left out", async () => {
    const { shares } = await compareWithTraffic(store, [
      ...items,
      { ...items[0], item_id: "own", call_id: null },
    ]);
    assert.deepEqual(shares.notes, [
      "1 of 301 examples were drawn from no request of this traffic and are left out.",
    ]);
    const none = await compareWithTraffic(store, []);
    assert.ok(none.dimensions.rows.every(({ verdict }) => verdict === "cannot tell"));
  });

  test("re-weighed, workloads and lengths have the traffic's shares exactly, and the weights still add up to it", async () => {
    const skewed = items.filter(({ stratum }, at) => !stratum.startsWith("chat") || at % 3 === 0);
    const before_ = await compareWithTraffic(store, skewed);
    assert.ok(before_.dimensions.rows[0].psi_weighted > 0.1);
    const after_ = await compareWithTraffic(store, before_.reweighed);
    assert.ok(after_.dimensions.rows[0].psi_weighted < 1e-12);
    assert.ok(after_.dimensions.rows[1].psi_weighted < 1e-12);
    const sum = before_.reweighed.reduce((total, { weight }) => total + weight, 0);
    assert.ok(Math.abs(sum - 2000) < 1e-6);
  });

  test("re-weighing keeps the total, whatever strata have no example", () => {
    const stratum = fc.record({
      workload: fc.constantFrom("a", "b"),
      length_bin: fc.constantFrom("short", "long"),
      requests: fc.integer({ min: 1, max: 1000 }),
      n: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(stratum, { minLength: 1, maxLength: 6 }), (given) => {
        const strata = given.map(({ n, ...one }, at) => ({
          ...one,
          call_ids: Array.from({ length: n }, (_, k) => `${at}-${k}`),
        }));
        const drawn = strata.flatMap(({ call_ids }) => call_ids.map((call_id) => ({ call_id, weight: 1 })));
        const sum = reweigh(drawn, strata).reduce((total, { weight }) => total + weight, 0);
        const requests = strata.reduce((total, one) => total + one.requests, 0);
        assert.ok(drawn.length === 0 || Math.abs(sum - requests) < 1e-6 * requests);
      }),
    );
  });
});

describe("overlap with public text", () => {
  const words = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => `word${from + at}`).join(" ");
  const item = (item_id: string, prompt: string) => ({ ...items[0], item_id, prompt, expected: "" });
  const file = (name: string, text: string | Buffer) => {
    const path = join(place.path, name);
    writeFileSync(path, text);
    return path;
  };

  test("names the examples that share a run of words, with file and line and no text", async () => {
    const set = [
      item("same", words(0, 20)),
      item("part", `${words(100, 113)} ${words(900, 930)}`),
      item("near", words(200, 212)),
      item("own", words(300, 330)),
      item("short", words(0, 5)),
    ];
    const path = file(
      "bench.txt",
      `intro\nQ: ${words(0, 20).toUpperCase().replaceAll(" ", ", ")}\n${words(100, 113)}\n${words(200, 212)}`,
    );
    const found = await overlap(set, [path]);
    assert.deepEqual(
      found.which.map(({ item_id, runs, of, line }) => [item_id, runs, of, line]),
      [
        ["same", 8, 8, 2],
        ["part", 1, 31, 3],
      ],
    );
    assert.deepEqual([found.too_short, found.share.n, found.share.value], [2, 3, 2 / 3]);
    assert.doesNotMatch(JSON.stringify(found), /word\d/);
    const eight = await overlap(set, [path], { words: 8 });
    assert.deepEqual(eight.which.map(({ item_id }) => item_id).sort(), ["near", "part", "same"]);
  });

  test("reads the texts of JSON lines, packed files, and runs that go on over a line's end", async () => {
    const set = [item("a", words(0, 14)), item("b", words(50, 64)), item("c", words(70, 84))];
    const lines = file(
      "b.jsonl",
      JSON.stringify({ q: words(0, 14).replace(" ", "\n"), answer: { text: "x" } }),
    );
    const packed = file("b.txt.gz", gzipSync(words(50, 64)));
    const broken = file("c.txt", words(70, 84).replaceAll(" ", "\n"));
    const found = await overlap(set, [lines, packed, broken]);
    assert.equal(found.which.length, 3);
    assert.deepEqual(
      found.files.map(({ words }) => words),
      [15, 14, 14],
    );
  });

  test("a file that is not there or no packed file fails, and a number of words that is none is refused", async () => {
    await assert.rejects(overlap([], [join(place.path, "none.txt")]), /ENOENT/);
    await assert.rejects(overlap([], [file("bad.gz", "no gzip")]), /incorrect header/);
    await assert.rejects(overlap([], [], { words: 1 }), /overlap requires a whole number of words/);
  });
});
