import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { writeWhole } from "../store/wholeFile";
import { jupyterFolder } from "./lab";

/** Where the kernel's description is written. */
export interface InstallOptions {
  /** The Jupyter data folder; by default that of the user. */
  folder?: string;
}

/**
 * Returns the folder in which Jupyter looks for a user's kernels, by Jupyter's own rules:
 * JUPYTER_DATA_DIR, else ~/Library/Jupyter (macOS), %APPDATA%\jupyter (Windows), $XDG_DATA_HOME/jupyter or
 * ~/.local/share/jupyter.
 */
export function jupyterDataFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  if (platform === "win32") {
    if (env.APPDATA) return join(env.APPDATA, "jupyter");
    return join(env.JUPYTER_CONFIG_DIR || join(home, ".jupyter"), "data");
  }
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

/**
 * Registers the kernel with the user's Jupyter and VS Code, and returns the folder written.
 *
 * The description holds absolute paths of this Node and this package, so it works from any folder, and must be written
 * again if either moves.
 */
export function installKernel({ folder = jupyterDataFolder() }: InstallOptions = {}): string {
  const start = join(jupyterFolder(), "kernels", "fieldnotes", "start.js");
  const target = join(resolve(folder), "kernels", "fieldnotes");
  try {
    mkdirSync(target, { recursive: true });
  } catch (error) {
    throw new Error(
      `installKernel requires a folder it can write to, got ${folder}: ${(error as Error).message}`,
    );
  }
  const description = {
    argv: [process.execPath, start, "kernel", "--config-path", "{connection_file}"],
    display_name: "fieldnotes (TypeScript)",
    language: "typescript",
    interrupt_mode: "signal",
  };
  writeWhole(join(target, "kernel.json"), `${JSON.stringify(description, null, 2)}\n`);
  return target;
}
