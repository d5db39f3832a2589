import { join } from "node:path";
import { checked, readJsonFile } from "../../store/checked";
import { familyOf } from "./families";
import { nearestNames } from "./nearestModels";
import { spellingOf } from "./spelling";

/** What a spelling of a model's name means. */
export interface ModelName {
  spelling: string;
  /** The model, with its snapshot and variant: "gpt-4o-2024-08-06", "claude-3.7-sonnet:thinking". */
  model: string;
  /** The same without the snapshot: "gpt-4o". */
  name: string;
  family: string | null;
  tier: string | null;
  /** "2024-08-06", "002"; null for a name that moves with the releases. */
  snapshot: string | null;
  /** What makes it behave differently from the model it is named after. */
  variants: string[];
  /** What matched it: null if nothing knows it, and the model is then its spelling. */
  by: "table" | "rule" | null;
}

/** One model of the table: its name, and the spellings that mean it. */
export interface KnownModel {
  name: string;
  family?: string;
  tier?: string;
  snapshot?: string;
  spellings?: string[];
}

/** Options of `modelName`. */
export interface ModelNameOptions {
  /**
   * Models known besides those of data/models.json; the first that has a spelling counts. Default: those of the
   * file that the environment variable FIELDNOTES_MODELS names, or none if it is not set.
   */
  models?: readonly KnownModel[];
}

const sellers =
  /^(databricks|openai|anthropic|google|cohere|mistral(?:-?ai)?|x-?ai|z-?ai|nvidia|alibaba|snowflake|amazon|meta|microsoft|perplexity|moonshot(?:-?ai)?|minimax|azure|bedrock|vertex|groq|c4ai)-/;
const longestName = 1000;

const shippedTable = join(__dirname, "..", "..", "..", "data", "models.json");
const tables = new Map<string, KnownModel[]>();

/** The models of a table, read once. */
function modelsOf(file: string): readonly KnownModel[] {
  let models = tables.get(file);
  if (models === undefined) {
    const table = readJsonFile(file, "models") as { models: KnownModel[] };
    // The shipped one is valid, and checking takes longer than reading.
    if (file !== shippedTable) checked(table, require("../../../data/models.schema.json"), file);
    models = table.models;
    tables.set(file, models);
  }
  return models;
}

/** The models of the user's own table, the file that FIELDNOTES_MODELS names. */
export function ownModels(): readonly KnownModel[] {
  const file = process.env.FIELDNOTES_MODELS;
  return file ? modelsOf(file) : [];
}

/**
 * Reads a spelling of a model's name, as providers, gateways and leaderboards write it: prefixes, regions, ARNs,
 * dates, fine-tunes, suffixes and quantisation are separated from the model itself.
 *
 * A name that neither the table nor a rule knows is not guessed: it stays as it is, with `by` null.
 *
 * @example
 * modelName("us.anthropic.claude-3-5-sonnet-20241022-v2:0").model // "claude-3.5-sonnet-2024-10-22"
 * modelName("azure/gpt-4o-2024-08-06").name // "gpt-4o"
 */
export function modelName(spelling: string, options: ModelNameOptions = {}): ModelName {
  // A wrong mapping may pass a whole prompt as a name.
  if (spelling.length > longestName) return named(spelling, spelling);
  const { words, snapshot, variants, bare, whole } = spellingOf(spelling);
  const models = [...(options.models ?? ownModels()), ...modelsOf(shippedTable)];
  const wanted = [
    spelling.trim().toLowerCase(),
    bare,
    whole,
    snapshot === null ? words : `${words}-${snapshot}`,
    words,
  ];
  for (const [at, form] of wanted.entries()) {
    const known = models.find(
      ({ name, snapshot: release, spellings }) =>
        (release === undefined && name.toLowerCase() === form) ||
        spellings?.some((one) => one.toLowerCase() === form),
    );
    if (known === undefined) continue;
    // A spelling that carries its own date is that release, whatever snapshot its parts suggest.
    const own = known.snapshot ?? (at === wanted.length - 1 ? snapshot : null);
    const { family = null, tier = null } = known.family === undefined ? (familyOf(known.name) ?? {}) : known;
    // A spelling that the table has exactly as written is that model and not a variant of it; a fine-tune stays
    // one.
    const apart = at === 0 ? [] : at === 1 ? variants.filter((one) => one.startsWith("ft")) : variants;
    return named(spelling, known.name, { family, tier, snapshot: own, variants: apart, by: "table" });
  }
  // databricks-claude-3-7-sonnet, "OpenAI o3-mini": a seller's or maker's name before a known name.
  const found = familyOf(words) ?? familyOf(words.replace(sellers, ""));
  if (found === undefined) return named(spelling, spelling);
  const { family, tier, name } = found;
  return named(spelling, name, { family, tier, snapshot, variants, by: "rule" });
}

const unknown = { family: null, tier: null, snapshot: null, variants: [], by: null };

function named(
  spelling: string,
  base: string,
  known: Omit<ModelName, "spelling" | "model" | "name"> = unknown,
): ModelName {
  const [stem, ...own] = known.variants.length === 0 ? [base] : base.split(":");
  const variants = [...new Set([...own, ...known.variants])];
  const name = [stem, ...variants].join(":");
  const model = [known.snapshot === null ? stem : `${stem}-${known.snapshot}`, ...variants].join(":");
  return { spelling, model, name, ...known, variants };
}

/** The name that the user's own table gives a spelling; the spelling itself if the table does not have it. */
export function ownName(spelling: string, options: ModelNameOptions = {}): string {
  const models = options.models ?? ownModels();
  if (models.length === 0) return spelling;
  const { by, model, name } = modelName(spelling, { models });
  return by === "table" && models.some((one) => name === one.name || name.startsWith(`${one.name}:`))
    ? model
    : spelling;
}

/** The known names nearest to an unknown one, nearest first, for a person to choose from. */
export function nearestModels(spelling: string, known: readonly string[] = [], most = 3): string[] {
  if (spelling.length > longestName) return [];
  const { words } = spellingOf(spelling);
  const names = [
    ...new Set([...known, ...[...ownModels(), ...modelsOf(shippedTable)].map(({ name }) => name)]),
  ];
  return nearestNames(words, names, most);
}
