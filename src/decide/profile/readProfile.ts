import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { didYouMean } from "../../store/nearest";
import { jsonFault } from "./jsonFault";
import type { Profile } from "./profile";
import { checkProfile } from "./profileCheck";

const folder = join(__dirname, "..", "..", "..", "data", "profiles");
const schema = "profile.schema.json";

/**
 * The names of the built-in profiles.
 *
 * @example
 * profileNames() // ["chat", "coding", "review"]
 */
export function profileNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json") && file !== schema)
    .map((file) => basename(file, ".json"))
    .sort();
}

/**
 * A profile by the name of a built-in one, or from a JSON file; or a profile itself, checked.
 *
 * @throws RangeError for an invalid name, an unknown key, weights that do not add up to 1, or an unknown metric
 * @example
 * const [first] = readProfile("chat").criteria;
 * `${first.metric}: ${first.weight}` // "time_to_first_token_p95: 0.4"
 */
export function readProfile(nameOrFile: string | Profile): Profile {
  if (typeof nameOrFile !== "string") return checkProfile(nameOrFile, "profile");
  const known = profileNames();
  const file = known.includes(nameOrFile) ? join(folder, `${nameOrFile}.json`) : nameOrFile;
  if (!existsSync(file)) {
    const hint = didYouMean(nameOrFile, known) || "; no such file";
    throw new RangeError(
      `profile requires one of ${known.join(", ")} or a JSON file, got "${nameOrFile}"${hint}`,
    );
  }
  const value = readJsonFile(file, "profile");
  return checkProfile(value, known.includes(nameOrFile) ? `profile ${nameOrFile}` : file);
}

/** The content of a JSON file; `what` names what was expected. */
export function readJsonFile(
  file: string,
  what: string,
  revive?: (this: unknown, key: string, value: unknown) => unknown,
): unknown {
  if (!existsSync(file)) throw new RangeError(`${what} requires a file of JSON, got ${file}; no such file`);
  if (statSync(file).isDirectory())
    throw new RangeError(`${what} requires a file of JSON, got ${file}, a folder`);
  const text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  try {
    return JSON.parse(text, revive);
  } catch (error) {
    const fault = jsonFault(text) ?? (error as Error).message;
    throw new RangeError(`${what} requires a file of JSON, got ${file}: ${fault}`);
  }
}

/** The text of a built-in profile, to start your own from. */
export function profileText(name: string): string {
  readProfile(name);
  return readFileSync(join(folder, `${name}.json`), "utf8");
}

/** The text of the JSON schema that the JSON Schema of profiles, for your editor, and the file name profiles look for. */
export function profileSchema(): { name: string; text: string } {
  return { name: schema, text: readFileSync(join(folder, schema), "utf8") };
}
