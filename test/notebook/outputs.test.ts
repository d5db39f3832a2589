import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../src/notebook/messages";
import { collectOutputs } from "../../src/notebook/outputs";
import { notebookOf } from "./notebooks";

const message = (type: string, content: Record<string, unknown>): Message => ({
  header: { msg_id: "m", msg_type: type },
  parent: {},
  metadata: {},
  content,
});
const stream = (text: string, name = "stdout") => message("stream", { name, text });
const display = (text: string, id?: string, type = "display_data") =>
  message(type, { data: { "text/plain": text }, metadata: {}, transient: id ? { display_id: id } : {} });

/** A cell's outputs after these messages, in short form. */
function after(...messages: Message[]): string[] {
  const cell = notebookOf("1").cells[0]!;
  const collector = collectOutputs();
  for (const one of messages) collector.receive(cell, one);
  collector.finish();
  return cell.outputs!.map((output) => {
    if (output.output_type === "stream") return `${output.name}: ${output.text}`;
    return output.output_type === "error" ? output.ename : String(output.data["text/plain"]);
  });
}

test("every stream message is an output of its own, in order", () => {
  assert.deepEqual(after(stream("a"), stream("b"), stream("c", "stderr"), display("d")), [
    "stdout: a",
    "stdout: b",
    "stderr: c",
    "d",
  ]);
});

test("clear_output empties the cell at once, or with wait when the next output comes", () => {
  const clear = (wait: boolean) => message("clear_output", { wait });
  assert.deepEqual(after(stream("a"), clear(false)), []);
  assert.deepEqual(after(stream("a"), clear(true)), ["stdout: a"]);
  assert.deepEqual(after(stream("a"), clear(true), stream("b"), stream("c")), ["stdout: b", "stdout: c"]);
});

test("a display changes wherever its id was shown, and not where it was cleared away", () => {
  const update = display("new", "x", "update_display_data");
  assert.deepEqual(after(display("old", "x"), display("other"), display("again", "x"), update), [
    "new",
    "other",
    "new",
  ]);
  const clear = message("clear_output", { wait: false });
  assert.deepEqual(after(display("old", "x"), clear, update), []);
  assert.deepEqual(after(update), [], "an id never shown");
});

test("an execute_result is kept with its count", () => {
  const cell = notebookOf("1").cells[0]!;
  const content = { data: { "text/plain": "1" }, metadata: {}, execution_count: 4 };
  collectOutputs().receive(cell, message("execute_result", content));
  assert.deepEqual(cell.outputs, [{ output_type: "execute_result", ...content }]);
});

test("a skip is told apart from an error, whether thrown or displayed", () => {
  const cell = notebookOf("1").cells[0]!;
  const thrown = collectOutputs();
  thrown.receive(cell, message("error", { ename: "Error", evalue: "skip: no prices", traceback: [] }));
  assert.deepEqual([thrown.skipped(), thrown.errors.size, cell.outputs], ["no prices", 0, []]);
  const shown = collectOutputs();
  const metadata = { fieldnotes: { skip: "no prices" } };
  shown.receive(cell, message("display_data", { data: { "text/plain": "x" }, metadata, transient: {} }));
  assert.deepEqual([shown.skipped(), cell.outputs!.length], ["no prices", 1]);
});

test("progress displays are taken out at the end", () => {
  const metadata = { fieldnotes: { progress: true } };
  const bar = message("display_data", { data: { "text/plain": "50 %" }, metadata, transient: {} });
  assert.deepEqual(after(bar, stream("a")), ["stdout: a"]);
});
