import type { ErrorObject, ValidateFunction } from "ajv";

/** A compiled JSON Schema, ready to check many values. */
export interface JsonSchema {
  /** What does not fit, one phrase each with the place in the value; empty if the value fits. */
  errors(value: unknown): string[];
}

/**
 * Compiles a JSON Schema: draft 2020-12, or 2019-09, 07 and 06 if `$schema` names them. A schema in the providers'
 * form, {"name", "schema"} or {"type": "json_schema", "json_schema": ...}, is unwrapped.
 *
 * `format` is an annotation, as in the standard, and is not checked.
 *
 * @param name the schema's name in an error, for example its file
 * @throws TypeError if it is not a schema, or refers to one that is not in it
 * @example
 * const answer = jsonSchema({ type: "object", required: ["page"] });
 * answer.errors({ page: 3 }) // []
 * answer.errors({}) // ["must have required property 'page'"]
 */
export function jsonSchema(schema: unknown, name = "schema"): JsonSchema {
  const validate = compiled(bare(schema), name);
  return {
    errors(value) {
      return validate(value) ? [] : (validate.errors ?? []).map(said);
    },
  };
}

function compiled(schema: unknown, name: string): ValidateFunction {
  if (typeof schema !== "boolean" && (typeof schema !== "object" || schema === null || Array.isArray(schema)))
    throw new TypeError(`${name} is not a JSON Schema: it must be an object, got ${shown(schema)}`);
  try {
    return validator(schema).compile(schema);
  } catch (error) {
    const said = (error as Error).message.replace(/^schema is invalid: /, "");
    throw new TypeError(
      `${name} is not a self-contained JSON Schema of draft 2020-12, 2019-09, 07 or 06: ${said}`,
    );
  }
}

// Loaded here rather than at the top, since few need it. An unknown keyword is an annotation, as in the standard.
function validator(schema: object | boolean) {
  const options = { allErrors: true, strict: false, validateFormats: false, logger: false } as const;
  const draft = typeof schema === "object" ? String((schema as { $schema?: unknown }).$schema ?? "") : "";
  if (/draft-0[67]/.test(draft)) {
    const { Ajv } = require("ajv") as typeof import("ajv");
    const older = new Ajv(options);
    if (draft.includes("draft-06")) older.addMetaSchema(require("ajv/dist/refs/json-schema-draft-06.json"));
    return older;
  }
  if (draft.includes("2019-09")) {
    const { Ajv2019 } = require("ajv/dist/2019") as typeof import("ajv/dist/2019");
    return new Ajv2019(options);
  }
  const { Ajv2020 } = require("ajv/dist/2020") as typeof import("ajv/dist/2020");
  return new Ajv2020(options);
}

// Providers wrap the schema of an answer; taken as a schema itself, the wrapper would accept any value.
function bare(schema: unknown): unknown {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return schema;
  const { type, json_schema, schema: inner, name } = schema as Record<string, unknown>;
  if (type === "json_schema") return bare(json_schema ?? inner);
  return typeof inner === "object" && inner !== null && typeof name === "string" ? inner : schema;
}

function said({ instancePath, message = "does not fit", keyword, params }: ErrorObject): string {
  const extra = keyword === "additionalProperties" ? ` (has ${shown(params.additionalProperty)})` : "";
  const one = keyword === "enum" ? ` (${params.allowedValues.map(shown).join(", ").slice(0, 100)})` : "";
  return `${instancePath === "" ? "" : `${instancePath} `}${message}${extra}${one}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
