import { readingSince, stopAll } from "../engines/running";
import { progress } from "../notebook/progress";
import { say } from "./output";

/** The exit code of a command that Ctrl-C ended, as shells have it. */
const interrupted = 130;
/** How long an engine has to hear that it should stop, in ms. */
const patience = 3000;
/** How long a statement runs before its progress is asked for, and how often it is, in ms. */
const slow = 1000;

let isEnding = false;
let showing: { end(): void } | undefined;

/** True once Ctrl-C ends the process: errors of the work that it stops mean nothing. */
export const isInterrupted = () => isEnding;

/**
 * Runs work on an engine. Ctrl-C stops its statements there, says so in a line and ends the process; a second one ends it
 * at once. On a terminal, stderr shows how much the engine has read for a statement that takes a while.
 */
export async function onEngine<T>(work: () => Promise<T>): Promise<T> {
  process.on("SIGINT", end);
  showing = process.stderr.isTTY ? showReading() : undefined;
  try {
    return await work();
  } finally {
    showing?.end();
    if (!isEnding) process.off("SIGINT", end);
  }
}

function end(): void {
  if (isEnding) process.exit(interrupted);
  isEnding = true;
  process.exitCode = interrupted;
  showing?.end();
  const exit = (isStopped: boolean) => {
    say(
      isStopped
        ? "fieldnotes: stopped, on the engine as well"
        : "fieldnotes: stopped here; the engine did not confirm it, so a statement may still run there",
    );
    process.exit(interrupted);
  };
  setTimeout(() => exit(false), patience);
  void stopAll().then(exit);
}

function showReading(): { end(): void } {
  let bar: ReturnType<typeof progress> | undefined;
  let isAsking = false;
  const look = async () => {
    if (isAsking || isEnding) return;
    isAsking = true;
    const found = await readingSince(slow);
    isAsking = false;
    if (found === undefined || isEnding) {
      bar?.end();
      bar = undefined;
      return;
    }
    bar ??= progress("rows read");
    bar.update(found.rows, found.of);
  };
  const timer = setInterval(() => void look(), slow);
  return {
    end() {
      clearInterval(timer);
      bar?.end();
    },
  };
}
