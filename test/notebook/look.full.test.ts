import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { jupyterFolder } from "../../src/notebook/lab";
import { notebookText, parseNotebook } from "../../src/notebook/read";
import { runNotebook } from "../../src/notebook/run";
import { displayed, notebookOf, printed, temporaryFolder } from "./notebooks";

const jupyter = process.env.FIELDNOTES_JUPYTER || "jupyter";
const required = (process.env.FIELDNOTES_REQUIRE ?? "").split(",").includes("jupyter");
const found = spawnSync(jupyter, ["nbconvert", "--version"]).status === 0;
const skip = !found && !required && "no jupyter with nbconvert in PATH or FIELDNOTES_JUPYTER";

/** A cell that looks, and a browser that then asks for other calls than it began with. */
const cells = notebookOf(
  'import { look } from "fieldnotes";\nimport { openDemo } from "fieldnotes/demo";\nconst store = await openDemo({ log: "cascade" });',
  `const page = await look(store, { where: "attempt = 1" });
const [base, token] = page.url.split("#");
const answer = await fetch(base + "views", {
  method: "POST",
  headers: { "content-type": "application/json", "x-fieldnotes-token": token },
  body: JSON.stringify({ where: "attempt = 2" }),
});
await answer.text();
page`,
);

test("a cell's picture and table follow what is selected on the page, and are what Jupyter saves", {
  skip,
}, async () => {
  const path = join(temporaryFolder(), "look.ipynb");
  writeFileSync(path, notebookText(cells));
  const text = execFileSync(jupyter, ["nbconvert", "--to", "notebook", "--execute", "--stdout", path], {
    env: { ...process.env, JUPYTER_PATH: jupyterFolder() },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [, cell] = parseNotebook(JSON.parse(text)).cells;
  const [still, page] = displayed(cell.outputs);
  assert.match(String(still["text/html"]), /where attempt = 2/);
  assert.match(String(still["text/html"]), /<svg[\s\S]*<table/);
  assert.match(String(page["text/html"]), /<iframe [^>]*style="display:none/);
  assert.match(String(page["text/html"]), /ssh -L \d+:127\.0\.0\.1:\d+/);
  assert.equal(printed(cell.outputs), "", "the page's address as the last expression adds nothing");
});

test("without a front end the picture and its table are all that is kept", async () => {
  const path = join(temporaryFolder(), "look.ipynb");
  writeFileSync(path, notebookText(cells));
  const { status, reason, notebook } = await runNotebook(path);
  assert.deepEqual([status, reason], ["ok", undefined]);
  const kept = displayed(notebook.cells[1].outputs);
  assert.equal(kept.length, 1);
  assert.doesNotMatch(JSON.stringify(kept), /iframe|ssh -L/);
});
