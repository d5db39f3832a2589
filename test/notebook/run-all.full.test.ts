import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { notebookText, readNotebook } from "../../src/notebook/read";
import { runNotebooks } from "../../src/notebook/run-all";
import { notebookOf, printed, temporaryFolder } from "./notebooks";

const folder = temporaryFolder();
function file(name: string, ...sources: Parameters<typeof notebookOf>): string {
  const path = join(folder, name);
  writeFileSync(path, notebookText(notebookOf(...sources)));
  return path;
}

test("each notebook takes the parameters it declares, and a failed one stops no other", async () => {
  const good = file("good.ipynb", ["parameters", 'const name = "x";'], "name");
  const bad = file("bad.ipynb", 'throw new Error("boom")');
  const broken = join(folder, "broken.ipynb");
  writeFileSync(broken, "{");
  const out = join(folder, "out");
  const seen: string[] = [];
  const { notebooks } = await runNotebooks(
    [bad, broken, good],
    {
      parameters: ["name=007"],
      out,
      onProgress: ({ path, cell, cells }) => seen.push(`${path} ${cell}/${cells}`),
    },
    (path) => seen.push(path),
  );
  assert.deepEqual(
    notebooks.map(({ path, status, cells, reason, out: file }) => ({ path, status, cells, reason, file })),
    [
      {
        path: bad,
        status: "failed",
        cells: 1,
        reason: "cell 1 failed: Error: boom",
        file: join(out, "bad.ipynb"),
      },
      {
        path: broken,
        status: "failed",
        cells: 0,
        reason: notebooks[1]!.reason,
        file: undefined,
      },
      { path: good, status: "ok", cells: 3, reason: undefined, file: join(out, "good.ipynb") },
    ],
  );
  assert.match(notebooks[1]!.reason!, /it is not JSON/);
  assert.equal(printed(readNotebook(join(out, "good.ipynb")).cells[2]!.outputs), "007\n");
  assert.deepEqual(seen.slice(0, 3), [`${bad} 0/1`, `${bad} 1/1`, bad]);
});

test("a parameter that no notebook declares is refused before anything runs", async () => {
  const path = file("one.ipynb", ["parameters", "const limit = 1;"]);
  await assert.rejects(runNotebooks([path], { parameters: ["limt=2"] }), /got limt; known: limit/);
  await assert.rejects(runNotebooks([]), /at least one notebook/);
});

test("two at a time run side by side, and their reports stay in order", async () => {
  // Each waits for the other's signal.
  const meeting = (name: string, own: string, other: string) =>
    file(
      name,
      `import { existsSync, writeFileSync } from "node:fs";
writeFileSync(${JSON.stringify(join(folder, own))}, "");
for (let i = 0; i < 600 && !existsSync(${JSON.stringify(join(folder, other))}); i++)
  await new Promise((done) => setTimeout(done, 50));
if (!existsSync(${JSON.stringify(join(folder, other))})) throw new Error("alone");`,
    );
  const paths = [meeting("left.ipynb", "l", "r"), meeting("right.ipynb", "r", "l")];
  const { notebooks } = await runNotebooks(paths, { together: 2 });
  assert.deepEqual(
    notebooks.map(({ path, status }) => [path, status]),
    paths.map((path) => [path, "ok"]),
  );
});
