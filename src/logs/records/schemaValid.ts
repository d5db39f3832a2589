import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { nestsDeep } from "../files/parse";
import { type JsonSchema, jsonSchema } from "./jsonSchema";

/**
 * JSON Schemas that outputs are checked against, by workload: a file or the schema itself. The one under "*" is
 * for every workload without its own.
 */
export type OutputSchemas = Record<string, string | object>;

/** Schemas that were read and compiled. */
export interface ReadSchemas {
  byWorkload: Map<string, JsonSchema>;
  /** Hash of all of them, to recognise a file read with others. */
  hash: string;
}

// A deeper schema could not be searched.
const deepest = 500;

/** Name of the engine's function that checks a text against the schema of its workload. */
export const schemaFunction = "fieldnotes_schema_valid";

/**
 * Reads schemas.
 *
 * @throws if a file does not exist or is not JSON, or a schema is not valid
 */
export function readSchemas(schemas: OutputSchemas): ReadSchemas {
  const hash = createHash("sha256");
  const byWorkload = new Map<string, JsonSchema>();
  for (const [workload, given] of Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = typeof given === "string" ? `schema ${given}` : `schema of ${workload}`;
    const schema = typeof given === "string" ? parsed(given) : given;
    byWorkload.set(workload, jsonSchema(schema, name));
    hash.update(JSON.stringify([workload, schema]));
  }
  return { byWorkload, hash: hash.digest("hex") };
}

function parsed(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(
      `cannot read the schema ${file} (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}); ` +
        "give it as FILE or WORKLOAD=FILE",
    );
  }
  if (nestsDeep(text, deepest))
    throw new TypeError(`the schema ${file} is not a JSON Schema: it nests too deep`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TypeError(`the schema ${file} is not JSON (${(error as Error).message})`);
  }
}

/**
 * Registers the engine's function of workload and output: true if the output is JSON that fits the workload's
 * schema, empty if there is no output or no schema for it. The engine passes the texts a few thousand at a time
 * and keeps none.
 */
export async function registerSchemas(connection: DuckDBConnection, schemas: ReadSchemas): Promise<void> {
  const { BOOLEAN, DuckDBScalarFunction, VARCHAR } =
    require("@duckdb/node-api") as typeof import("@duckdb/node-api");
  const { byWorkload } = schemas;
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name: schemaFunction,
      returnType: BOOLEAN,
      parameterTypes: [VARCHAR, VARCHAR],
      // Otherwise a call without a workload would have no result.
      specialHandling: true,
      mainFunction: (_info, input, output) => {
        const workloads = input.getColumnVector(0);
        const texts = input.getColumnVector(1);
        for (let row = 0; row < input.rowCount; row++) {
          const text = texts.getItem(row) as string | null;
          const workload = workloads.getItem(row) as string | null;
          const schema = byWorkload.get(workload ?? "*") ?? byWorkload.get("*");
          output.setItem(row, text === null || schema === undefined ? null : fits(schema, text));
        }
        output.flush();
      },
    }),
  );
}

function fits(schema: JsonSchema, text: string): boolean {
  try {
    return schema.errors(JSON.parse(text)).length === 0;
  } catch {
    // Not JSON; or nested deeper than a self-referencing schema can be followed.
    return false;
  }
}
