import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { build } from "../../src/evalset/build";
import { nearDuplicates } from "../../src/evalset/nearDuplicates";
import type { Store } from "../../src/store/open";
import { rowsOf, run } from "../../src/store/run";
import { jsonl, workbench } from "../logs/workbench";
import { storeOf } from "../measures/calls";
import { thorough } from "../property";
import { trafficStore } from "./traffic";

let store: Store;
before(async () => {
  store = await trafficStore();
});
after(() => store.close());

describe("an eval set drawn from the logs", () => {
  test("has the size asked for, each request at most once, and weights that add up to the traffic", async () => {
    const { items, manifest } = await build(store, { size: 300 });
    assert.equal(items.length, 300);
    assert.equal(new Set(items.map(({ call_id }) => call_id)).size, 300);
    assert.equal(new Set(items.map(({ item_id }) => item_id)).size, 300);
    assert.equal(manifest.requests, 2000);
    const sum = items.reduce((total, { weight }) => total + weight, 0);
    assert.ok(Math.abs(sum - 2000) < 1e-6, String(sum));
    assert.ok(manifest.effective_items < 300 && manifest.effective_items > 150);
  });

  thorough(
    "is the same for the same seed, whatever the order of the rows and the threads, and another for another seed",
    async () => {
      const first = await build(store, { size: 100 });
      assert.deepEqual(await build(store, { size: 100 }), first);
      const turned = await trafficStore();
      await run(turned.connection, "create temp table t as select * from calls order by md5(call_id)");
      await run(turned.connection, "delete from calls");
      await run(turned.connection, "insert into calls select * from t");
      assert.deepEqual(await build(turned, { size: 100 }), first);
      for (const threads of [1, 4]) {
        await run(turned.connection, `set threads = ${threads}`);
        assert.deepEqual(await build(turned, { size: 100 }), first, `${threads} threads`);
      }
      turned.close();
      const other = await build(store, { size: 100, seed: 2 });
      const ids = new Set(first.items.map(({ call_id }) => call_id));
      assert.ok(other.items.filter(({ call_id }) => ids.has(call_id)).length < 50);
    },
  );

  test("holds the workloads in their proportion, by weight and among the ordinary by count", async () => {
    const { items } = await build(store, { size: 300 });
    const workload = new Map(
      (
        await rowsOf<{ call_id: string; workload: string }>(
          store.connection,
          "select call_id, workload from calls",
        )
      ).map((row) => [row.call_id, row.workload]),
    );
    const share = (name: string, of: (item: (typeof items)[number]) => number) =>
      items
        .filter(({ call_id }) => workload.get(call_id!) === name)
        .reduce((sum, item) => sum + of(item), 0) / items.reduce((sum, item) => sum + of(item), 0);
    for (const [name, true_share] of Object.entries({ chat: 0.6, review: 0.3, coding: 0.1 })) {
      assert.ok(Math.abs(share(name, ({ weight }) => weight) - true_share) < 0.04, name);
      const ordinary = share(name, ({ stratum }) => Number(!stratum.startsWith("edge")));
      assert.ok(Math.abs(ordinary - true_share) < 0.04, `${name} ${ordinary}`);
    }
  });

  test("gives every kind of edge case its part of the quota, or all there are", async () => {
    const { manifest, items } = await build(store, { size: 300, edge: 0.2 });
    const { disliked, errored, retried, rare, longest } = manifest.edge;
    for (const kind of [disliked, errored, retried, rare, longest])
      assert.ok(kind.items > 0 && kind.items <= kind.requests, JSON.stringify(manifest.edge));
    const edges = items.filter(({ stratum }) => stratum.startsWith("edge /")).length;
    assert.ok(Math.abs(edges - 60) <= 6, String(edges));
    assert.equal(errored.requests, 50);
    assert.equal(rare.items, Math.min(rare.requests, rare.items));
    const weights = items.filter(({ stratum }) => stratum === "edge / errored").map(({ weight }) => weight);
    assert.ok(Math.max(...weights) <= errored.requests, "an edge case stands for its kind alone");
  });

  test("without a quota edge cases are drawn as all others, with one weight", async () => {
    const { items, manifest } = await build(store, { size: 200, edge: 0, similar: 1 });
    assert.deepEqual(manifest.edge, {});
    const weights = new Set(items.map(({ weight }) => weight.toFixed(9)));
    assert.equal(weights.size, 1);
    assert.ok(items.every(({ stratum }) => !stratum.startsWith("edge")));
  });

  thorough("over many seeds, the weighted share of the late requests is the traffic's", async () => {
    let sum = 0;
    for (let seed = 1; seed <= 10; seed++) {
      const { items } = await build(store, { size: 120, seed });
      const late = items.filter(({ call_id }) => Number(call_id!.split("-")[1]) >= 1500);
      sum += late.reduce((total, { weight }) => total + weight, 0) / 2000;
    }
    assert.ok(Math.abs(sum / 10 - 0.25) < 0.025, String(sum / 10));
  });

  test("leaves near-duplicates out and gives their weight to the one they are like", async () => {
    const many = await trafficStore(600, { duplicates: 0.5 });
    const { items, manifest, notes } = await build(many, { size: 200 });
    many.close();
    assert.equal(items.length, 200);
    assert.ok(manifest.near_duplicates.left_out > 50);
    assert.ok(notes.some((note) => note.includes("near-duplicates were left out")));
    assert.ok(Math.abs(items.reduce((total, { weight }) => total + weight, 0) - 600) < 1e-6);
    const prompts = items.map(({ prompt }) => prompt);
    assert.ok(nearDuplicates(prompts, { threshold: 0.8 }).every((like) => like < 0));
  });

  thorough("is the same of a log without ids, in whatever files and order it is read", async () => {
    const words = "order parcel refund invoice screen contract clause payment login device".split(" ");
    const records = Array.from({ length: 400 }, (_, at) => ({
      model: "m",
      workload: at % 3 === 0 ? "chat" : "review",
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 3_600_000).toISOString(),
      // Numbers in base ten with a word for each digit, so all differ.
      prompt: Array.from(
        { length: 12 },
        (_, place) => words[(at * 7 ** place) % 10] + words[(at >> (place % 8)) % 10],
      ).join(" "),
      output: `${at}`,
    }));
    const sets: unknown[] = [];
    for (const order of [records, [...records].reverse()])
      await workbench(async ({ store, read }) => {
        await read("one.jsonl", jsonl(...order.slice(0, 150)), { text: "keep" });
        await read("two.jsonl", jsonl(...order.slice(150)), { text: "keep" });
        const { items, manifest } = await build(store, { size: 60 });
        sets.push({ items: items.map(({ call_id, ...item }) => item), manifest });
      });
    assert.deepEqual(sets[0], sets[1]);
  });

  test("near-duplicates are told by what is said, not by its JSON, addresses or numbers", () => {
    const said = (content: string) => JSON.stringify([{ role: "user", content }]);
    const words = "please tell me where the parcel that I sent back two weeks ago has gone";
    const similar = [
      `${words} mail ann@example.com`,
      said(`${words} mail bob.b@mail.example.co.uk`),
      `${words} mail 4711-2342-55`,
    ];
    assert.deepEqual(nearDuplicates(similar, { threshold: 0.8 }), [-1, 0, 0]);
    // In JSON a line break is a backslash and an "n", which is no part of the word after it.
    const lines = words.replaceAll(" ", "\n");
    assert.deepEqual(
      nearDuplicates([words, said(lines), `${words} and never came`], { threshold: 1 }),
      [-1, 0, -1],
    );
  });

  test("draws only from what where chooses, and records it", async () => {
    const { items, manifest } = await build(store, { size: 50, where: "workload = 'coding'" });
    assert.equal(manifest.where, "workload = 'coding'");
    assert.equal(manifest.requests, 200);
    assert.ok(items.every(({ call_id }) => Number(call_id!.split("-")[1]) % 10 === 9));
  });

  test("asked for more than there are, it takes all that differ and says so", async () => {
    const few = await trafficStore(40, { duplicates: 0 });
    const { items, notes } = await build(few, { size: 300 });
    few.close();
    assert.equal(items.length, 40);
    assert.ok(items.every(({ weight }) => Math.abs(weight - 1) < 1e-9));
    assert.ok(notes.includes("40 of 300 examples: there are 40 requests with a prompt."), notes.join());
  });

  test("masks personal data in prompts unless told not to, and counts it", async () => {
    const one = await storeOf([{ call_id: "a", model: "m" }]);
    await run(one.connection, "insert into texts (call_id, prompt) values ('a', 'write to ann@example.com')");
    const masked = await build(one, { size: 1 });
    assert.equal(masked.items[0].prompt, "write to [email-1]");
    assert.equal(masked.manifest.masked?.email, 1);
    const open = await build(one, { size: 1, mask: false });
    assert.equal(open.items[0].prompt, "write to ann@example.com");
    assert.equal(open.manifest.masked, null);
    one.close();
  });
});

describe("what cannot be built", () => {
  test("of answers without prompts, and of evaluation runs alone, it says which they are", async () => {
    const store = await trafficStore(20);
    await run(store.connection, "update texts set prompt = null");
    await assert.rejects(build(store), /logs have only answers: their format has no prompts/);
    store.close();
    const evaluated = await trafficStore(20);
    await run(evaluated.connection, "update calls set environment = 'evaluation'");
    await assert.rejects(build(evaluated), /All calls are evaluation runs.*environment = 'evaluation'"$/);
    assert.ok((await build(evaluated, { where: "environment = 'evaluation'" })).items.length > 0);
    evaluated.close();
  });

  test("without stored prompts it says how to get them", async () => {
    const bare = await trafficStore(20, { prompts: false });
    await assert.rejects(build(bare), /ingest the logs again with --text keep/);
    bare.close();
  });

  test("options that are none are refused with the rule", async () => {
    await assert.rejects(build(store, { size: 0 }), /build requires a whole size/);
    await assert.rejects(build(store, { edge: 20 }), /did you mean 0.2\?/);
    await assert.rejects(build(store, { similar: 0 }), /build requires 0 < similar <= 1/);
    await assert.rejects(build(store, { where: "nope = 1" }), /where requires columns of calls/);
  });
});
