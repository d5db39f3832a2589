import assert from "node:assert/strict";
import { test } from "node:test";
import { startKernel } from "../../src/notebook/kernel";
import { checkCells } from "../../src/notebook/precheck";
import { runNotebook } from "../../src/notebook/run";
import { thorough } from "../property";
import { notebookOf, temporaryFolder } from "./notebooks";

const messages = (...sources: string[]) =>
  checkCells(notebookOf(...sources).cells).map(({ cell, line, message }) => `${cell}:${line} ${message}`);

thorough("a cell whose only await is `await (...)` is found, and cured by another await", () => {
  assert.match(messages("1", "\nconst a = await (f());")[0]!, /^2:2 .*"await \("/);
  assert.deepEqual(messages("await null;\nconst a = await (f());"), []);
  assert.deepEqual(messages("const f = async () => { await (g()); };"), []);
});

test("a cell whose only await is `for await` is found, and cured by another await", () => {
  assert.match(messages("for await (const x of y) {}")[0]!, /^1:1 .*"for await"/);
  assert.deepEqual(messages("await null;\nfor await (const x of y) {}"), []);
  assert.deepEqual(messages("async function f() { for await (const x of y) {} }"), []);
});

test("using and @browser are found", () => {
  assert.match(messages("using file = open();")[0]!, /"using"/);
  assert.match(messages("/** @browser */\nalert(1)")[0]!, /@browser/);
  assert.deepEqual(messages("const using = 1;\nusing;"), []);
});

thorough("the kernel runs the cures, and refuses each of the traps", async () => {
  const cwd = temporaryFolder();
  const cured = await runNotebook(
    notebookOf(
      "await null;\nconst a = await (Promise.resolve(1));",
      "await null;\nfor await (const x of [a]) {}",
    ),
    { cwd },
  );
  assert.deepEqual([cured.status, cured.reason], ["ok", undefined]);
  const kernel = await startKernel({ cwd });
  const run = async (source: string) => (await kernel.execute(source, () => {})).status;
  try {
    for (const source of [
      "await (Promise.resolve(1));",
      "for await (const x of [1]) {}",
      "using b = null;",
    ]) {
      assert.equal(await run(source), "error", source);
    }
  } finally {
    await kernel.stop();
  }
});
