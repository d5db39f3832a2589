import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { attach } from "../../src/facts/attach";
import { type LatencyRow, latency } from "../../src/measures/latency/latency";
import type { Row } from "../../src/measures/table";
import { open, type Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { thorough } from "../property";

let folder: string;
let store: Store;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "fieldnotes-test-"));
});
beforeEach(async () => {
  store?.close();
  store = await open(":memory:");
  await run(
    store.connection,
    "insert into calls (call_id, model, user_id, duration) select i, 'alder', 'u' || i % 4, i % 4 from range(40) r(i)",
  );
});
after(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

thorough(
  "the columns of a table of one's own are names for by and where; a call without a row has no value",
  async () => {
    const columns = await attach(
      store,
      file("users.csv", "user_id,plan,seats\nu0,free,1\nu1,pro,8\nu2,pro,2\n"),
      {
        on: "user_id",
      },
    );
    assert.deepEqual(columns, ["plan", "seats"]);
    const { rows } = await latency(store, { by: "plan", metric: "duration", cluster: "call_id" });
    assert.deepEqual(
      rows.map(({ plan, n, mean }: LatencyRow & Row) => [plan, n, mean.value]),
      [
        ["free", 10, 0],
        ["pro", 20, 1.5],
        [null, 10, 3],
      ],
    );
    const few = await latency(store, { by: "large=seats > 4", where: "plan = 'pro'", metric: "duration" });
    assert.deepEqual(
      few.rows.map(({ large, n }: LatencyRow & Row) => [large, n]),
      [
        [false, 10],
        [true, 10],
      ],
    );
  },
);

test("the key may be called otherwise in the table", async () => {
  const json = file("people.jsonl", '{"id":"u3","team":"x"}\n');
  assert.deepEqual(await attach(store, json, { on: "user_id=id" }), ["team"]);
  const { rows } = await latency(store, { where: "team = 'x'", metric: "duration" });
  assert.equal(rows[0].n, 10);
});

test("an attribute's key has the attribute's name in the table, or the one that is given", async () => {
  await run(store.connection, 'alter table calls add column "attributes.tenant" varchar');
  await run(store.connection, `update calls set "attributes.tenant" = 't' || (call_id::int % 2)`);
  const same = file("tenants.csv", "tenant,segment\nt0,big\nt1,small\n");
  assert.deepEqual(await attach(store, same, { on: "attributes.tenant" }), ["segment"]);
  const { rows } = await latency(store, { by: "segment", metric: "duration", cluster: "call_id" });
  assert.deepEqual(
    rows.map(({ segment, n }: LatencyRow & Row) => [segment, n]),
    [
      ["big", 20],
      ["small", 20],
    ],
  );
  await assert.rejects(
    attach(store, file("other.csv", "code,place\nt0,Ulm\n"), { on: "attributes.tenant" }),
    /to have the column "tenant", got code, place; if it has another name there, on "attributes.tenant=ITS NAME"$/,
  );
});

test("refuses a key in two rows, a name that calls have, and what is not there, each by its name", async () => {
  const refused = (name: string, text: string, on: string, reason: RegExp) =>
    assert.rejects(attach(store, file(name, text), { on }), reason);
  await refused(
    "a.csv",
    "user_id,plan\nu1,a\nu2,a\nu2,b\n",
    "user_id",
    /one row for each user_id, got 2 for "u2"/,
  );
  await refused("b.csv", "user_id,model\nu1,a\n", "user_id", /names that calls do not have, got "model"/);
  await refused("b.csv", "user_id,weekday\nu1,a\n", "user_id", /names that calls do not have, got "weekday"/);
  await refused(
    "c.csv",
    "user,plan\nu1,a\n",
    "user_id",
    /the column "user_id", got user, plan; did you mean "user"/,
  );
  await refused("d.csv", "user_id,plan\nu1,a\n", "usr_id", /got "usr_id"; did you mean "user_id"/);
  await assert.rejects(attach(store, "none.csv", { on: "user_id" }), /"none.csv" is not there/);
  await assert.rejects(attach(store, "none.xlsx", { on: "user_id" }), /ending in .csv/);
  await attach(store, file("e.csv", "user_id,plan\nu1,a\n"), { on: "user_id" });
  await refused("f.csv", "user_id,plan\nu1,a\n", "user_id", /got "plan"/);
});

test("a table that nests deep is refused, whatever the engine would make of it", async () => {
  for (const [open, close] of [
    ["[", "]"],
    ['{"a":', "}"],
  ]) {
    const deep = `${open.repeat(100_000)}1${close.repeat(100_000)}`;
    for (const text of [`[{"user_id":"u0","x":${deep}}]`, `{"user_id":"u0"}\n{"user_id":"u1","x":${deep}}\n`])
      await assert.rejects(
        attach(store, file("deep.json", text), { on: "user_id" }),
        /attach requires a table of plain values, and \S+deep\.json nests more than 100 deep/,
      );
  }
});

test("rows of a query or a data frame are a table of one's own as well", async () => {
  const rows = [
    { user_id: "u1", seats: 3, since: new Date("2026-01-02"), paid: null },
    { user_id: "u2", seats: Number.NaN, since: null, paid: true },
  ];
  assert.deepEqual(await attach(store, rows, { on: "user_id" }), ["seats", "since", "paid"]);
  const { rows: found } = await latency(store, { by: "seats", where: "paid or since = '2026-01-02'" });
  assert.deepEqual(
    found.map(({ seats, n }: LatencyRow & Row) => [seats, n]),
    [
      [3, 10],
      [null, 10],
    ],
  );
  await assert.rejects(attach(store, { rows: [] }, { on: "user_id" }), /at least one row/);
  await assert.rejects(
    attach(store, [{ user_id: "u1", mean: { value: 1 } }], { on: "user_id" }),
    /rows of plain values, and "mean" holds more/,
  );
  const twice = [
    { user_id: "u1", x: 1 },
    { user_id: "u1", x: 2 },
  ];
  await assert.rejects(
    attach(store, twice, { on: "user_id" }),
    /one row for each user_id, got 2 for "u1" in the rows/,
  );
});
