import type { Shape } from "../files/shape";

/** One column of scores, and the columns beside it that give their uncertainty. */
export interface ScoreColumn {
  name: string;
  /** A column of its standard errors. */
  error?: string;
  /** Columns of its 95 % bounds. */
  low?: string;
  high?: string;
  /** A column of its 95 % interval as a text: "+5/-4", "(-1.4, +1.8)", "[79.1, 82.3]". */
  interval?: string;
  /** A column of the number of items or votes behind it. */
  items?: string;
  /** Worked examples in the prompt, if the name gives them: "MMLU (5-shot)". */
  shots?: number;
  /** False if the name says that low is good. */
  higher?: false;
}

/** What the columns of a wide table of scores contain. */
export interface LeaderboardColumns {
  model: string;
  scores: ScoreColumn[];
  /** When a row's scores were made. */
  date?: string;
  /** Who asked and scored, and how many worked examples were given, if columns say so. */
  harness?: string;
  shots?: string;
  /** Columns without scores. */
  left: string[];
}

/** A name in the form used to compare headers: "95% CI Low" is "95_ci_low". */
const plain = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "");

// The Open LLM Leaderboard's "Model" is a link, as HTML, and its "fullname" the name; HELM's is "Model/adapter".
export const modelNames = [
  "fullname",
  "model",
  "models",
  "model_name",
  "llm",
  "llm_model",
  "llm_name",
  "model_id",
  "model_adapter",
  "language_model",
];

const errorName = /^(?:(.*)_)?(std_?err(or)?|standard_error|se|sem)$/;
const lowName = /^(?:(.*?)_)?((95_)?ci_?(95)?_?(low|lower|lo|lb)|lower(_bound|_ci)?|q025)$/;
const highName = /^(?:(.*?)_)?((95_)?ci_?(95)?_?(high|upper|hi|ub)|upper(_bound|_ci)?|q975)$/;
const intervalName = /^((95_)?ci(_?95)?|.*confidence_interval)$|^95_ci/;
const itemsName =
  /^(n|count|total|items|samples|questions|votes|battles|test_cases)$|^(n|num|number_of)_(total|items|samples|scored|questions|examples|battles|instances|votes|tasks)$|^vote_count$/;
const dateName = /^(date|as_of|evaluated_(at|on)|eval(uation)?_date|run_date|submission_date|last_updated)$/;

const harnessName = /^(eval(uation)?_)?(harness|framework)$/;
const shotsName = /^(n|num|number_of)?_?(few_?)?shots?$/;
const shotsIn = /(?:^|_)([0-9]+)_?shots?(?:_|$)/;

// What a model is, and what it takes to run: none of these columns is a score.
const aboutModel =
  /^(rank.*|.*_rank|ranking|position|org|organi[sz]ation|creator|developer|provider|vendor|company|country|team|author|lab|licen[cs]e.*|type|precision|architecture|weight_type|base_model|hub|hub_.*|link|url|(?:.*_)?source|paper.*|code|logo|site|.*date.*|.*cutoff.*|released?|key|t|eval_name|model_(sha|type|group|family|link|url|card)|(?:model_)?size.*|.*dimensions?|merged|not_merged|moe|flagged|chat_template|available.*|official.*|maintainer.*|generation|notes?|tags|version|column\d+|index|n_.*|num_.*|.*_count|(?:.*_)?param(?:s|eters)?(?:_.*)?|likes|downloads|stars|context.*|std|stdev|.*_(std|stdev|sigma)|year)$/;
const ofUse =
  /tokens?|latency|duration|cost|price|pricing|throughput|speed|memory|vram|co[2₂]|mtok|(^|_)per_(1?[mk]|million|thousand|tokens?)($|_)|(^|_)(time|times|seconds?|secs?|ms|errors?|timeouts?|ttft|tpot|length)($|_)/;
// "$" and "/" are lost when a name is normalised: "Input $/1M", "Output (EUR)".
const isMoney = (name: string) => /[$€£¥]|\b(usd|eur|gbp|dollars?|cents?)\b/i.test(name.replaceAll("_", " "));
const ofInput = /^(input|prompt|in)(_|$)/;
const ofOutput = /^(output|completion|out)(_|$)/;
// A table with one of these contains calls or samples, whatever else it has.
const ofLogs =
  /^((call|request|trace|span|session|conversation|user|message|run|sample|doc|task|prompt|question|item)_)?(id|uuid)$|^(timestamp|ts|time|status|http_status|prompt|response|output|input|messages?|question|answer|error|error_(type|message))$|^(created|started|ended)(_?at)?$|^(total_)?(input|output|prompt|completion)_?tokens?$|_ms$|(^|_)(ttft|tpot)($|_)/;
// Among columns of other kinds, one certain score column separates a leaderboard from any other table of models.
const surelyScores =
  /score|average|overall|accuracy|(^|_)acc($|_)|elo($|_)|rating|win_?rate|pass(_rate|_?\d|_at)|mmlu|gpqa|hellaswag|gsm8?k|truthfulqa|winogrande|humaneval|mbpp|ifeval|(^|_)(bbh|musr|arc|aime|math|f1|em|bleu|rouge)($|_)|bench|solved|resolved|exact_match|correct/;
// Arrows are read before names are normalised.
const lowIsGood = /↓|lower is better/i;
const lowNames =
  /(^|_)(perplexity|ppl|wer|cer|rmse|mae|mse|brier|ece|loss|mean_rank|avg_rank)($|_)|word_error_rate|error_rate|hallucination_rate|toxic/;
const ofArenas = /arena|elo|rating/;
const ofShares = /rate|acc($|_|uracy)|solved|resolved|pass|correct|(^|_)(win|em|exact)($|_)/;

/**
 * True if a column's name says that it is not a column of scores: model properties, ranks, errors, bounds and
 * counts.
 */
export function isBeside(name: string): boolean {
  const word = plain(name);
  return aboutModel.test(word) || itemsName.test(word) || roleOf(word) !== undefined;
}

/** The columns whose names and cells make them certain scores, if no column points to a log. */
export function sureScores(shape: Shape): string[] {
  const fields = [...(shape.fields ?? [])];
  if (fields.some(([name]) => ofLogs.test(plain(name)))) return [];
  return fields
    .filter(([name, one]) => {
      const word = plain(name);
      return surelyScores.test(word) && !ofUse.test(word) && !isBeside(name) && isNumeric(one);
    })
    .map(([name]) => name);
}

/** True if a column's name says only that it contains scores. */
export function isUnnamed({ name }: ScoreColumn): boolean {
  return /^(score|mean|average|avg|value|result|overall|accuracy|acc|rating)s?$/.test(plain(name));
}

/**
 * The columns of a wide table of scores: one of models, the others numbers. Undefined if it is not such a table.
 */
export function leaderboardColumns(shape: Shape): LeaderboardColumns | undefined {
  const fields = [...(shape.fields ?? [])].filter(([, one]) => one.isPartition !== true);
  const names = fields.map(([name]) => name);
  const model = modelNames
    .map((wanted) => names.find((name) => plain(name) === wanted))
    .find((name) => name !== undefined);
  if (model === undefined || names.some((name) => name !== model && ofLogs.test(plain(name))))
    return undefined;
  const others = fields.filter(([name]) => name !== model);
  // A table with one number for input and one for output is a price list.
  const hasOne = (what: RegExp) => others.some(([name, one]) => what.test(plain(name)) && isNumeric(one));
  if (hasOne(ofInput) && hasOne(ofOutput)) return undefined;
  const scores: ScoreColumn[] = [];
  const sure: Beside[] = [];
  const left: string[] = [];
  let items: string | undefined;
  let date: string | undefined;
  let harness: string | undefined;
  let shots: string | undefined;
  // True if everything beside the model is a score or a model property.
  let isPlain = true;
  for (const [name, one] of others) {
    const word = plain(name);
    const role = roleOf(word);
    if (role !== undefined && (role === "interval" || isNumeric(one)))
      sure.push({ name, word, role, before: scores.length });
    else if (itemsName.test(word) && isNumeric(one)) items ??= name;
    else if (dateName.test(word)) date ??= name;
    else if (harnessName.test(word)) harness ??= name;
    else if (shotsName.test(word) && isNumeric(one)) shots ??= name;
    else if (isEmpty(one) || modelNames.includes(word) || aboutModel.test(word)) left.push(name);
    else if (!isNumeric(one) || ofUse.test(word) || isMoney(name)) {
      isPlain = false;
      left.push(name);
    } else scores.push(scoreColumn(name));
  }
  if (scores.length === 0) return undefined;
  if (!isPlain && !(scores.some(({ name }) => surelyScores.test(plain(name))) && eachOnce(shape, model)))
    return undefined;
  for (const one of sure) if (!attach(scores, one)) left.push(one.name);
  for (const score of scores) if (items !== undefined && tellsOf(items, score.name)) score.items = items;
  return { model, scores, date, harness, shots, left };
}

function scoreColumn(name: string): ScoreColumn {
  const shots = shotsIn.exec(plain(name))?.[1];
  return {
    name,
    ...(shots === undefined ? {} : { shots: Number(shots) }),
    ...(isLow(name) ? { higher: false } : {}),
  };
}

// For a rating from 1 to 10 the number of items does not give the uncertainty, and votes belong to an arena.
function tellsOf(items: string, score: string): boolean {
  if (/votes?|battles/.test(plain(items))) return ofArenas.test(plain(score));
  return score.includes("%") || ofShares.test(plain(score));
}

/** True if a column's name says that a low score is good. */
export function isLow(name: string): boolean {
  return lowIsGood.test(name) || lowNames.test(plain(name));
}

// What a column may say about the uncertainty of another's scores, by its name: the part before it names the
// score.
const roles = { interval: intervalName, error: errorName, low: lowName, high: highName };
type Role = keyof typeof roles;

const roleOf = (word: string) => (Object.keys(roles) as Role[]).find((role) => roles[role].test(word));

interface Beside {
  name: string;
  word: string;
  role: Role;
  /** How many columns of scores come before it. */
  before: number;
}

/** Assigns a column of errors or bounds to the score that its name begins with, else to the one before it. */
function attach(scores: ScoreColumn[], { name, word, role, before }: Beside): boolean {
  const stem = role === "interval" ? "" : (roles[role].exec(word)?.[1] ?? "");
  const named =
    scores.find((score) => plain(score.name) === stem) ??
    scores.find((score) => stem !== "" && plain(score.name).startsWith(`${stem}_`));
  const of =
    stem === ""
      ? (scores[before - 1] ?? scores[0])
      : (named ?? (scores.length === 1 ? scores[0] : undefined));
  if (of === undefined || of[role] !== undefined) return false;
  of[role] = name;
  return true;
}

const numberTypes = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)$/;

// A few words among many numbers are damaged cells, and reported as such.
function isNumeric({ scalar, seen, fields, list }: Shape): boolean {
  if (fields !== undefined || list !== undefined) return false;
  if (seen === undefined) return numberTypes.test(scalar);
  const words = seen.scalars - seen.numbers - seen.missing;
  return seen.numbers > 0 && words * 4 <= seen.numbers;
}

function isEmpty({ scalar, seen }: Shape): boolean {
  return seen === undefined ? scalar === "NULL" : seen.scalars === seen.missing;
}

/**
 * True if a table names a model about once, as leaderboards do and logs do not; always for a file that has only
 * types.
 */
function eachOnce(shape: Shape, model: string): boolean {
  const seen = shape.fields?.get(model)?.seen;
  return seen === undefined || seen.texts >= 0.8 * seen.scalars;
}
