import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** How Jupyter is started. */
export interface LabOptions {
  /** The folder it opens; the current one by default. */
  cwd?: string;
  /** More arguments for `jupyter lab`, such as a notebook or "--no-browser". */
  arguments?: readonly string[];
  /** The command; by default the one FIELDNOTES_JUPYTER names, otherwise `jupyter`. */
  command?: string;
}

/** The folder of this package that JUPYTER_PATH must include. */
export const jupyterFolder = (): string => join(dirname(dirname(__dirname)), ".jupyter");

/**
 * Starts JupyterLab with the fieldnotes kernel available, without installing it; resolves with the exit code.
 *
 * Throws an Error that says what to install if there is no Jupyter.
 */
export async function lab(options: LabOptions = {}): Promise<number> {
  const command = options.command ?? (process.env.FIELDNOTES_JUPYTER || "jupyter");
  const path = [jupyterFolder(), process.env.JUPYTER_PATH].filter(Boolean).join(delimiter);
  const child = spawn(command, ["lab", ...(options.arguments ?? [])], {
    cwd: options.cwd ?? process.cwd(),
    env: { ...process.env, JUPYTER_PATH: path },
    stdio: "inherit",
  });
  // Ctrl-C goes to Jupyter, which asks before it ends; this process waits for its answer.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", (error: NodeJS.ErrnoException) => {
        const missing = error.code === "ENOENT" || error.code === "EACCES";
        reject(missing ? new Error(missingJupyter(command)) : error);
      });
      child.once("close", (code, signal) =>
        resolve(code ?? (signal ? 128 + (constants.signals[signal] ?? 0) : 1)),
      );
    });
  } finally {
    process.off("SIGINT", ignore);
  }
}

function missingJupyter(command: string): string {
  return (
    `lab requires JupyterLab, and the command ${command} was not found; install it with ` +
    '"pip install jupyterlab plotly" (plotly draws the figures), or name the command in FIELDNOTES_JUPYTER. ' +
    'No Jupyter is needed for "fieldnotes run".'
  );
}
