import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { notebookOf } from "../notebook/notebooks";
import { fieldnotesProcess, folder } from "./command";

const place = folder();
after(place.remove);

test("a store given with --db is only read, however a notebook tries to write it", async () => {
  const file = (name: string) => join(place.path, name);
  const run = (...args: string[]) => fieldnotesProcess(args, place.path);
  writeFileSync(file("log.jsonl"), '{"call_id": "a", "model": "elm", "duration": 1}\n');
  writeFileSync(file("more.jsonl"), '{"call_id": "b", "model": "elm", "duration": 1}\n');
  const made = await run("ingest", "log.jsonl", "--db", "mine.duckdb");
  assert.equal(made.code, 0, made.stderr);
  const fails = (source: string): [string, string] => ["raises-exception", source];
  const notebook = notebookOf(
    ["parameters", 'const db = "other.duckdb";'],
    'import { ingest, open, query } from "fieldnotes";\nconst store = await open(db);',
    fails('await ingest(store, "more.jsonl");'),
    fails('await query(store, "delete from calls");'),
    'const memory = await open(":memory:");',
    fails(`await query(memory, "attach '" + db + "' as given");`),
    `await query(memory, "attach '" + db + "' as given (read_only)");`,
    'const own = await open("own.duckdb");\nawait ingest(own, "more.jsonl");\nown.close();',
    'console.log(await query(store, "select call_id from calls"));',
  );
  writeFileSync(file("w.ipynb"), JSON.stringify(notebook));
  const [bytes, before] = [readFileSync(file("mine.duckdb")), readdirSync(place.path)];
  const { code, stdout, stderr } = await run("run", "w.ipynb", "--db", "mine.duckdb", "--out", "done");
  assert.equal(code, 0, stdout + stderr);
  assert.ok(readFileSync(file("mine.duckdb")).equals(bytes));
  assert.deepEqual(readdirSync(place.path), [...before, "done", "own.duckdb"].sort());
  const { cells } = JSON.parse(readFileSync(file("done/w.ipynb"), "utf8"));
  const outputs = cells.flatMap((cell: { outputs?: object[] }) => cell.outputs ?? []);
  const errors = outputs.flatMap(({ evalue }: { evalue?: string }) => evalue ?? []);
  assert.equal(errors.length, 3);
  assert.match(
    errors[0],
    /^ingest requires a store that may be written, .*: the store given with --db is read-only in notebooks;/,
  );
  assert.match(errors[1], /read-only/);
  assert.match(errors[2], /lock/);
  assert.match(JSON.stringify(outputs.at(-1)), /call_id: 'a'/);
});
