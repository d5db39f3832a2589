import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { ownModels } from "../logs/models/modelName";

/**
 * The user's own table of model names, for everything a command does and for the notebooks it runs: the file given by
 * --names, otherwise the one beside the store with its name, such as fieldnotes.models.json.
 */
export function withOwnModels(program: Command): void {
  program.hook("preAction", (_program, used) => {
    const { names, db } = used.optsWithGlobals<{ names?: string; db?: string }>();
    const beside = `${(db ?? "").replace(/\.(duckdb|db)$/, "")}.models.json`;
    if (names !== undefined) process.env.FIELDNOTES_MODELS = resolve(names);
    else if (db !== undefined && existsSync(beside)) process.env.FIELDNOTES_MODELS = resolve(beside);
    ownModels();
  });
}
