import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inNotebook, showBundle, updatingBundle } from "../../src/notebook/display";
import { progress } from "../../src/notebook/progress";
import { temporaryFolder } from "./notebooks";

/** Loads a stand-in for the kernel's module, as the kernel would. */
function loadKernel(jupyter: string, display = ""): Record<string, unknown> {
  const folder = join(temporaryFolder(), "tslab", "dist");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "jupyter.js"), jupyter);
  writeFileSync(join(folder, "public.js"), display);
  return require(join(folder, "jupyter.js"));
}

function unload(): void {
  for (const file of Object.keys(require.cache)) if (/tslab.dist/.test(file)) delete require.cache[file];
}

test("in a kernel a whole bundle goes to the running cell, and updates keep their id", () => {
  const kernel = loadKernel(
    "exports.sent = []; exports.lastWriteDisplayData = (...a) => exports.sent.push(a);",
  );
  try {
    assert.ok(inNotebook());
    const data = { "text/html": "<b>x</b>", "text/plain": "x" };
    showBundle(data, { a: 1 });
    const display = updatingBundle()!;
    display(data);
    display(data);
    const sent = kernel.sent as [{ data: unknown; metadata: unknown; transient: object }, boolean][];
    assert.deepEqual(sent[0], [{ data, metadata: { a: 1 }, transient: {} }, false]);
    assert.deepEqual(
      sent.map(([, update]) => update),
      [false, false, true],
    );
    assert.deepEqual(sent[1]![0].transient, sent[2]![0].transient);
  } finally {
    unload();
  }
});

test("progress in a notebook begins after a second, is marked as such, keeps a pace, and ends empty", ({
  mock,
}) => {
  const kernel = loadKernel(
    "exports.sent = []; exports.lastWriteDisplayData = (...a) => exports.sent.push(a);",
  );
  try {
    let now = 0;
    mock.method(performance, "now", () => now);
    const bar = progress("reading <a>");
    for (const [done, at] of [999, 1000, 1099, 1100].entries()) {
      now = at;
      bar.update(done + 1, 4);
    }
    bar.end();
    const sent = kernel.sent as [{ data: Record<string, string>; metadata: unknown }, boolean][];
    assert.deepEqual(
      sent.map(([{ data }, update]) => [data["text/plain"], update]),
      [
        ["reading <a> 2 of 4", false],
        ["reading <a> 4 of 4", true],
        ["", true],
      ],
    );
    assert.match(sent[0]![0].data["text/html"]!, /reading &lt;a&gt;/);
    assert.deepEqual(sent[0]![0].metadata, { fieldnotes: { progress: true } });
  } finally {
    unload();
  }
});

test("a kernel whose inner function is gone is given the HTML through its public display", () => {
  loadKernel("", "exports.sent = []; exports.display = { raw: (...a) => exports.sent.push(a) };");
  try {
    showBundle({ "text/html": "<b>x</b>", "text/plain": "x" });
    const file = Object.keys(require.cache).find((name) => /tslab.dist.public/.test(name))!;
    assert.deepEqual(require(file).sent, [["text/html", "<b>x</b>"]]);
  } finally {
    unload();
  }
});

test("outside a kernel there is no notebook", () => {
  assert.equal(inNotebook(), false);
  assert.equal(updatingBundle(), undefined);
});
