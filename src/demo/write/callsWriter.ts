import type { Said } from "../text/text";
import type { Call, Task } from "../traffic/call";
import type { Sink } from "./sink";

/** Writes a line for each call of a task. */
export const callsWriter = (
  sink: Sink,
  line: (task: Task, call: Call, index: number, said: Said) => string,
) => ({
  add(task: Task, said: Said[]) {
    for (const [index, call] of task.calls.entries()) sink.write(line(task, call, index, said[index]));
  },
  close() {},
});
