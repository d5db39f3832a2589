import { oneLine } from "../charts/text";
import { escapeHtml } from "../page/escape";
import { grouped } from "../stats/text";
import { updatingBundle } from "./display";

/** A progress display. */
export interface Progress {
  /** Reports how much is done, and the total if known. */
  update(done: number, total?: number): void;
  /** Removes the display. */
  end(): void;
}

/** Nothing is shown for work that takes less than this, in milliseconds. */
const PATIENCE = 1000;
/** Milliseconds between two updates. */
const PACE = 100;

interface Drawing {
  draw(done: number, total: number | undefined): void;
  clear(): void;
}

function inCell(label: string): Drawing | undefined {
  const display = updatingBundle();
  if (!display) return undefined;
  // The mark lets the headless runner leave it out, so that a saved notebook does not depend on speed.
  const metadata = { fieldnotes: { progress: true } };
  return {
    draw(done, total) {
      const count = `${grouped(done)}${total ? ` of ${grouped(total)}` : ""}`;
      const bar = total
        ? `<progress value="${done}" max="${total}" aria-label="${escapeHtml(label)}"></progress> `
        : "";
      display(
        { "text/html": `${bar}${escapeHtml(label)} ${count}`, "text/plain": `${label} ${count}` },
        metadata,
      );
    },
    clear: () => display({ "text/plain": "" }, metadata),
  };
}

function onTerminal(label: string): Drawing | undefined {
  if (!process.stderr.isTTY) return undefined;
  const { SingleBar } = require("cli-progress") as typeof import("cli-progress");
  const bar = new SingleBar({
    format: (_options, { progress, value, total }) => {
      const count = grouped(value);
      if (total === 0) return `${label} ${count}`;
      const full = Math.round(progress * 30);
      return `${label} [${"=".repeat(full)}${" ".repeat(30 - full)}] ${count} of ${grouped(total)}`;
    },
    clearOnComplete: true,
    // Otherwise it would take the first Ctrl-C for itself, and a killed process would leave the terminal changed.
    gracefulExit: false,
    linewrap: true,
    emptyOnZero: true,
    stream: process.stderr,
  });
  let started = false;
  return {
    draw(done, total) {
      if (!started) bar.start(total ?? 0, done);
      else {
        bar.setTotal(total ?? 0);
        bar.update(done);
      }
      started = true;
    },
    clear: () => {
      if (started) bar.stop();
    },
  };
}

/**
 * Shows the progress of work that may take more than a second, and removes the display when it ends.
 *
 * An updating display in a notebook, a bar on stderr in a terminal, and nothing if stderr is a file or a pipe.
 *
 * @param label What is being done: "reading calls.jsonl".
 *
 * @example
 * const shown = progress("reading calls.jsonl");
 * let read = 0;
 * for (; read < 1000; read += 100) shown.update(read, 1000);
 * shown.end();
 * read // 1000
 */
export function progress(label: string): Progress {
  const text = oneLine(label);
  const begun = performance.now();
  let drawn = begun;
  let drawing: Drawing | undefined;
  let looked = false;
  return {
    update(done, total) {
      const now = performance.now();
      if (now - begun < PATIENCE || (looked && now - drawn < PACE)) return;
      if (!looked) drawing = inCell(text) ?? onTerminal(text);
      looked = true;
      drawn = now;
      drawing?.draw(done, total);
    },
    end() {
      drawing?.clear();
      drawing = undefined;
    },
  };
}
