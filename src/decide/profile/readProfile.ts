import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readJsonFile } from "../../store/checked";
import { didYouMean } from "../../store/nearest";
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

/** The text of a built-in profile, to start your own from. */
export function profileText(name: string): string {
  readProfile(name);
  return readFileSync(join(folder, `${name}.json`), "utf8");
}

/** The text of the JSON Schema of profiles, for your editor, and the file name that profiles look for. */
export function profileSchema(): { name: string; text: string } {
  return { name: schema, text: readFileSync(join(folder, schema), "utf8") };
}
