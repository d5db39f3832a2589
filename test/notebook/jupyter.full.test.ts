import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { installKernel } from "../../src/notebook/install";
import { jupyterFolder } from "../../src/notebook/lab";
import { type Notebook, notebookText, parseNotebook } from "../../src/notebook/read";
import { runNotebook } from "../../src/notebook/run";
import { notebookOf, temporaryFolder } from "./notebooks";

const jupyter = process.env.FIELDNOTES_JUPYTER || "jupyter";
const required = (process.env.FIELDNOTES_REQUIRE ?? "").split(",").includes("jupyter");
const found = spawnSync(jupyter, ["nbconvert", "--version"]).status === 0;
const skip = !found && !required && "no jupyter with nbconvert in PATH or FIELDNOTES_JUPYTER";

/** Printing, displays that are updated later, several MIME types, carriage returns, a last value. */
const deterministic = notebookOf(
  'import * as tslab from "tslab";\nconst writer = Object.values(require.cache).find((m) => m.filename.endsWith("jupyter.js")).exports;\nconst write = (content: object, update: boolean) => writer.lastWriteDisplayData(content, update);',
  'console.log("one");\nconsole.log("two");\nconsole.error("three");\nprocess.stdout.write("10 %\\r20 %\\n");\n({ a: 1, b: [2, 3] })',
  "",
  'const d = tslab.newDisplay();\nd.text("first");\nconsole.log("between");\nd.html("<b>second</b>");',
  'd.html("<b>third</b>");\ntslab.display.markdown("*now*");\nundefined',
  'write({ data: { "text/html": "<i>x</i>", "text/plain": "x" }, metadata: { a: 1 }, transient: {} }, false);',
  'const shown = { data: { "text/plain": "a\\nb\\n" }, metadata: {}, transient: { display_id: "two places" } };\nwrite(shown, false); write(shown, false);',
  'write({ data: { "application/json": { a: [1, "x"] }, "text/plain": "json" }, metadata: {}, transient: { display_id: "two places" } }, true);',
  "[{ a: 1525.1, b: 'x' }, { a: null, b: 'y' }]",
  "new Promise((resolve) => setTimeout(resolve, 50, new Map([['a', 1]])))",
  "setTimeout(() => {}, 1)",
  'const x = await Promise.resolve("grüße \\u{1f600}");\nx',
);

test("the executed notebook has the outputs that jupyter nbconvert --execute gives", { skip }, async () => {
  const cwd = temporaryFolder();
  const path = join(cwd, "deterministic.ipynb");
  writeFileSync(path, notebookText(deterministic));
  const env = { ...process.env, JUPYTER_PATH: jupyterFolder() };
  const ours = runNotebook(path);
  const text = execFileSync(jupyter, ["nbconvert", "--to", "notebook", "--execute", "--stdout", path], {
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const theirs = parseNotebook(JSON.parse(text));
  const run = await ours;
  assert.deepEqual([run.status, run.reason], ["ok", undefined]);
  const outputs = (notebook: Notebook) => notebook.cells.map((cell) => cell.outputs);
  assert.deepEqual(outputs(run.notebook), outputs(theirs));
  assert.deepEqual(run.notebook.metadata, theirs.metadata);
});

// As a project with notebooks often has.
for (const place of ["any folder", "a folder with a tslab of its own"]) {
  test(`a failed cell tells its message and line in Jupyter too, and the next one runs: ${place}`, {
    skip,
  }, async () => {
    const cwd = temporaryFolder();
    if (place !== "any folder")
      cpSync(dirname(require.resolve("tslab/package.json")), join(cwd, "node_modules", "tslab"), {
        recursive: true,
      });
    const path = join(cwd, "failing.ipynb");
    const failing = notebookOf(
      'const twice = (n: number) => {\n\n  if (n > 2) throw new RangeError(n + " is too many");\n  return 2 * n;\n};\ntwice(3)',
      "const ok: string = 3;",
      "Promise.reject(new Error('later'))",
      "1 + 1",
    );
    writeFileSync(path, notebookText(failing));
    const ours = runNotebook(path, { keepGoing: true });
    const text = execFileSync(
      jupyter,
      ["nbconvert", "--to", "notebook", "--execute", "--allow-errors", "--stdout", path],
      {
        env: { ...process.env, JUPYTER_PATH: jupyterFolder() },
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    const outputs = (notebook: Notebook) => notebook.cells.map((cell) => cell.outputs);
    const theirs = outputs(parseNotebook(JSON.parse(text)));
    assert.deepEqual(outputs((await ours).notebook), theirs);
    assert.deepEqual(theirs[0], [
      {
        output_type: "error",
        ename: "RangeError",
        evalue: "3 is too many",
        traceback: [
          "RangeError: 3 is too many",
          '    at twice (line 3 of the cell: if (n > 2) throw new RangeError(n + " is too many");)',
          "    at line 6 of the cell: twice(3)",
        ],
      },
    ]);
    assert.match(JSON.stringify(theirs[1]), /1:7 - Type 'number' is not assignable to type 'string'/);
    assert.match(JSON.stringify(theirs[2]), /"evalue":"later"/);
    assert.deepEqual(theirs[3], [{ output_type: "stream", name: "stdout", text: "2\n" }]);
  });
}

test("a cell whose value never comes says so, can be interrupted, and lets the next one run", {
  skip,
}, () => {
  const path = join(temporaryFolder(), "endless.ipynb");
  writeFileSync(path, notebookText(notebookOf("new Promise(() => {})", "6 * 7")));
  const interrupted = ["--ExecutePreprocessor.timeout=30", "--ExecutePreprocessor.interrupt_on_timeout=True"];
  const text = execFileSync(
    jupyter,
    ["nbconvert", "--to", "notebook", "--execute", "--allow-errors", "--stdout", ...interrupted, path],
    {
      env: { ...process.env, JUPYTER_PATH: jupyterFolder() },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  const [endless, next] = parseNotebook(JSON.parse(text)).cells.map(({ outputs }) => JSON.stringify(outputs));
  assert.match(endless, /Still waiting for the promise that this cell ends with/);
  assert.match(endless, /Interrupted/);
  assert.match(next, /42/);
});

test("an executed notebook with a failure is valid by nbformat's own check", { skip }, async () => {
  const run = await runNotebook(
    notebookOf(["parameters", "const a = 1;"], 'console.log("x")', 'throw new Error("boom")', "1"),
    {
      parameters: { a: 2 },
    },
  );
  const path = join(temporaryFolder(), "failed.ipynb");
  writeFileSync(path, notebookText(run.notebook));
  const trusted = spawnSync(jupyter, ["nbconvert", "--to", "notebook", "--stdout", path], {
    encoding: "utf8",
  });
  assert.equal(trusted.status, 0, trusted.stderr);
  assert.doesNotMatch(trusted.stderr, /Notebook JSON is invalid|MissingIDFieldWarning|ValidationError/);
});

test("Jupyter finds the kernel that was installed for a user", { skip }, () => {
  const folder = temporaryFolder();
  const target = installKernel({ folder });
  const list = execFileSync(jupyter, ["kernelspec", "list", "--json"], {
    env: { ...process.env, JUPYTER_DATA_DIR: folder },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  assert.equal(JSON.parse(list).kernelspecs.fieldnotes.resource_dir, target);
});
