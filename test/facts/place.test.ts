import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { storePlaces } from "../../src/facts/place";
import { everything } from "../../src/facts/request";
import { select } from "../../src/facts/select";
import { ingest } from "../../src/logs/ingest";
import { open, type Store } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";
import { type Call, put, withCalls } from "../measures/calls";

const folder = mkdtempSync(join(tmpdir(), "fieldnotes-"));
after(() => rmSync(folder, { recursive: true }));

const second = "2026-03-02 09:00:00";
/** Calls of a task in the order of the log, with the place each has. */
const tasks: Record<string, [call: Call, place: number | null][]> = {
  "by start": [
    [{ started_at: "2026-03-02 09:00:05" }, 3],
    [{ started_at: second }, 1],
    [{ started_at: "2026-03-02 09:00:01" }, 2],
  ],
  "in one second by attempt, then by the order of the log": [
    [{ started_at: second, attempt: 2 }, 3],
    [{ started_at: second }, 1],
    [{ started_at: second, attempt: 1 }, 2],
  ],
  "without a time first": [
    [{ started_at: second }, 2],
    [{ started_at: null }, 1],
    [{ started_at: "infinity", attempt: 1 }, 2],
  ],
  "a judge and an embedding before the answer serve it": [
    [{ started_at: second, role: "judge" }, 0],
    [{ started_at: second, operation: "embeddings" }, 0],
    [{ started_at: "2026-03-02 09:00:09", role: "answer" }, 1],
  ],
  "what nobody answers has no place": [
    [{ started_at: second, role: "judge" }, null],
    [{ started_at: second, role: "other" }, null],
  ],
};
// The timeless come first, in the order of the log.
tasks["without a time first"][0][1] = 3;

async function placesOf(store: Store): Promise<(number | null)[]> {
  const selection = await select(store, everything, { population: "all" });
  const rows = await rowsOf<{ place: number | null }>(
    selection.connection,
    "select place from selected order by at_row",
  );
  selection.close();
  return rows.map(({ place }) => place);
}

describe("the place of a call in its task", () => {
  for (const [name, calls] of Object.entries(tasks)) {
    const logged = calls.map(([call], line) => ({ task_id: "t", line, ...call }));
    const wanted = calls.map(([, place]) => place);
    test(name, () =>
      withCalls(logged, async (store) => {
        assert.deepEqual(await placesOf(store), wanted, "ranked where it is read");
        await storePlaces(store.connection);
        assert.deepEqual(await placesOf(store), wanted, "stored");
        await storePlaces(store.connection);
        assert.deepEqual(await placesOf(store), wanted, "stored again");
      }),
    );
  }

  test("is that in the whole log, whatever where chooses", () =>
    withCalls(
      [
        { task_id: "t", model: "a", started_at: second },
        { task_id: "t", model: "b", started_at: "2026-03-02 09:00:01" },
      ],
      async (store) => {
        const selection = await select(store, everything, { where: "model = 'b'" });
        const [{ place, owner }] = await rowsOf<{ place: number; owner: boolean }>(
          selection.connection,
          "select place, owner from selected",
        );
        selection.close();
        assert.deepEqual([place, owner], [2, false]);
      },
    ));

  test("is kept right by ingests in any order, and by one that replaces calls", async () => {
    const store = await open(":memory:");
    const file = (name: string, calls: object[]) => {
      const path = join(folder, name);
      writeFileSync(path, calls.map((call) => JSON.stringify(call)).join("\n"));
      return path;
    };
    const call = (id: string, task: string, at: string) => ({
      call_id: id,
      task_id: task,
      model: "m",
      started_at: `2026-03-02T09:00:${at}Z`,
      duration: 1,
      status: "ok",
    });
    const stored = async () =>
      (
        await rowsOf<{ call_id: string; place: number }>(
          store.connection,
          "select call_id, place_in_task as place from calls order by call_id",
        )
      ).map(({ call_id, place }) => `${call_id} ${place}`);
    await ingest(store, file("late.jsonl", [call("c3", "t", "30"), call("c2", "t", "20")]));
    assert.deepEqual(await stored(), ["c2 1", "c3 2"]);
    await ingest(store, file("early.jsonl", [call("c1", "t", "10")]));
    assert.deepEqual(await stored(), ["c1 1", "c2 2", "c3 3"]);
    store.close();
  });

  test("is not looked for in a store open for reading alone where no place is read", async () => {
    const path = join(folder, "unread.duckdb");
    const written = await open(path);
    await put(written, [{ task_id: "t", started_at: second, duration: 2 }]);
    written.close();
    const store = await open(path, { readOnly: true });
    const ranked = async (reads: string) => {
      const { connection, close } = await select(store, everything, { reads: [reads] });
      await rowsOf(connection, reads);
      const tables = await rowsOf(connection, "select 1 from duckdb_tables() where table_name = 'places'");
      close();
      return tables.length === 1;
    };
    assert.deepEqual(
      [await ranked("select wait from selected"), await ranked("select owner from selected")],
      [false, true],
    );
    store.close();
  });

  test("is the same for every measure of a store that is open for reading alone", async () => {
    const path = join(folder, "unplaced.duckdb");
    const written = await open(path);
    await put(written, [
      { task_id: "t", started_at: "2026-03-02 09:00:05", duration: -1 },
      { task_id: "t", started_at: second, time_to_first_token: 0.5 },
    ]);
    written.close();
    const store = await open(path, { readOnly: true });
    const places = async () => {
      const { connection, close } = await select(store, everything);
      const rows = await rowsOf(
        connection,
        "select place, owner, lasted, first_wait from selected order by call_id",
      );
      close();
      return rows;
    };
    const first = await places();
    assert.deepEqual(
      first.map(({ place, owner, lasted }) => [place, owner, lasted]),
      [
        [2, false, null],
        [1, true, null],
      ],
    );
    assert.deepEqual(await places(), first);
    store.close();
  });
});
