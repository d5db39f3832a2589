import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { replaced } from "../../../src/measures/trend/replaced";
import { run } from "../../../src/store/run";
import { type Call, withCalls } from "../calls";

const calls = Array.from(
  { length: 40 },
  (_, at): Call => ({
    workload: at % 2 === 0 ? "chat" : "code",
    model: at % 2 === 0 && at >= 24 ? "birch" : "alder",
    release: at < 10 ? "1" : "2",
    started_at: `2026-03-02 10:${String(at).padStart(2, "0")}:00`,
  }),
);

test("what takes the place of another for good is found by workload, the larger switch first", () =>
  withCalls(calls, async (store) => {
    const found = await replaced(store, { timezone: "Europe/Berlin" });
    assert.deepEqual(
      found.map(({ workload, kind, before, after, at, calls }) =>
        [workload, kind, before, after, at, calls].join(" "),
      ),
      [
        "chat model alder birch 2026-03-02 11:24 8",
        "chat release 1 2 2026-03-02 11:10 5",
        "code release 1 2 2026-03-02 11:11 5",
      ],
    );
  }));

test("calls are chosen by every name that measures know", () =>
  withCalls(calls, async (store) => {
    await run(store.connection, 'alter table calls add column "attributes.plan" varchar');
    await run(
      store.connection,
      `update calls set "attributes.plan" = case workload when 'chat' then 'pro' end`,
    );
    const found = await replaced(store, { where: "attributes.plan = 'pro' and weekday = 'Mon'" });
    assert.deepEqual(
      found.map(({ workload, kind }) => `${workload} ${kind}`),
      ["chat model", "chat release"],
    );
    assert.deepEqual(await replaced(store, { where: "weekday = 'Tue'" }), []);
  }));

test("no notebook writes its condition on calls into a statement, where those names mean nothing", () => {
  const folder = join(__dirname, "..", "..", "..", "notebooks");
  for (const name of readdirSync(folder).filter((one) => one.endsWith(".ipynb")))
    assert.doesNotMatch(readFileSync(join(folder, name), "utf8"), /(where|and|\() \$\{(where|which)/, name);
});
