// One file, however long: it is a list, and what reads it wants all tables.
/** The engine's type of a column. Times are UTC; a TIMESTAMP carries no zone. */
export type ColumnType = "VARCHAR" | "DOUBLE" | "BIGINT" | "BOOLEAN" | "TIMESTAMP";

/** One column of a canonical table. */
export interface Column {
  type: ColumnType;
  /** What it holds, and the unit if there is one. */
  about: string;
  /** True for a text that differs in most rows: an id, a hash, a message. */
  varied?: boolean;
  /** The minimum and maximum valid value, for a number or a time: any other cannot be, and the column is left empty. */
  bounds?: Bounds;
  /** Of a text: what is stored of what a log has in its place. */
  holds?: Held;
}

/**
 * What a text column holds, which decides what is stored of a long text in its place unless texts are asked for: of an
 * "id" or a "name" a hash, as of a "model", which may be a long path; a "word" is one of a vocabulary; "asked" is empty
 * without `--text keep`; "list" is of a published list, which holds nobody's prompts; "made" no log fills.
 */
export type Held = "id" | "name" | "model" | "word" | "asked" | "list" | "made";

/** Both ends are valid; a time is written as the engine reads it. */
export type Bounds = readonly [least: number, most: number] | readonly [least: string, most: string];

/** One canonical table: what a row is, and its columns in order. */
export interface TableDescription {
  about: string;
  columns: Record<string, Column>;
}

type ColumnOf<T extends ColumnType> = Column & { type: T };
const text =
  (holds: Held, varied?: true) =>
  (about: string): ColumnOf<"VARCHAR"> & { holds: Held } => ({
    ...{ type: "VARCHAR", about, holds },
    ...(varied && { varied }),
  });
const id = text("id", true);
const repeatedId = text("id");
const name = text("name");
const variedName = text("name", true);
const model = text("model");
const word = text("word");
const asked = text("asked", true);
const askedFew = text("asked");
const listed = text("list");
const made = text("made");
const variedMade = text("made", true);
// Anything beyond is not a measurement but a mistake: a clock that ran backwards, an instant instead of a duration, a
// field that overflowed. It would also overflow whatever is calculated from it.
const number = (about: string, bounds: Bounds = [-1e12, 1e12]): Column => ({ type: "DOUBLE", about, bounds });
/** Agents work for days, and nothing for 30 years: seconds since 1970 are beyond. */
const seconds = (about: string): Column => number(about, [0, 1e9]);
/** A number that no log contains. */
const own = (about: string): Column => ({ type: "BIGINT", about });
const count = (about: string, most = 1e12): Column => ({ type: "BIGINT", about, bounds: [0, most] });
const tokens = (about: string): Column => count(about, 1e9);
const dollars = (about: string): Column => number(about, [0, 1e6]);
/** Lists write -1 where a price is not fixed; taken at its word it would pay for itself. */
const price = (about: string): Column => number(about, [0, 1e6]);
const flag = (about: string): ColumnOf<"BOOLEAN"> => ({ type: "BOOLEAN", about });
const time = (about: string): Column => ({
  type: "TIMESTAMP",
  about: `${about}, UTC`,
  bounds: ["2000-01-01 00:00:00", "2099-12-31 23:59:59.999999"],
});

/** Where a row came from; the last columns of every table filled from files. */
const origin = {
  ingest_id: count("the ingest that brought the row (see ingests)"),
  line: count("line of the file, or number of the record where a record is not a line, from 1"),
  emptied: made(
    "columns that are empty because what the log has for them cannot be, as 'duration, cost'; empty where none is",
  ),
};

/** Version of the layout below. A database of the previous version is upgraded; one of any other is refused. */
export const schemaVersion = 6;

/**
 * Every table and column of the store: the tables are created from it, and docs/schema.md is generated from it.
 * @example
 * schema.calls.columns.duration.type // "DOUBLE"
 */
export const schema = {
  calls: {
    about: "one request to a model",
    columns: {
      call_id: id("id of the call; made from ingest and line where the log has none"),
      task_id: id("the task it was made for"),
      attempt: count("its number among the retries and fallbacks of the task, from 1", 1e6),
      place_in_task: count(
        "its place among the answering calls of the task, from 1; 0 for a judge's or an embedding; filled when an ingest is completed",
      ),
      conversation_id: id("the conversation or session"),
      user_id: repeatedId("the person or account served"),
      workload: name("what the call is for: 'chat', 'review', ..."),
      environment: name("'production', 'evaluation', ..."),
      operation: word("'chat', 'embeddings', ... as in gen_ai.operation.name"),
      role: word("'answer', 'judge' or 'other'; empty counts as 'answer'"),
      prompt_id: id("the item asked: the same prompt has the same id"),
      prompt_version: name("version of the prompt's template"),
      prompt_template: variedName(
        "the prompt's template: its name in the log, else a hash of the prompt's beginning without its numbers, quoted texts, ids, dates and names",
      ),
      release: name("release of the calling application"),
      model: model("the model, its name normalised"),
      request_model: model("the model's name as requested"),
      response_model: model("the model's name as it answered"),
      provider: word("who served it"),
      region: name("where it was served"),
      service_tier: word("'batch', 'flex' or 'priority', each at its own price; empty for the standard one"),
      started_at: time("start of the request"),
      duration: seconds("seconds from request to last byte; for a timeout, the seconds waited"),
      time_to_first_token: seconds("seconds from request to first token"),
      input_tokens: tokens("tokens read, cached ones included"),
      cache_read_input_tokens: tokens("of the input tokens, those read from a cache"),
      cache_creation_input_tokens: tokens("of the input tokens, those written to a cache"),
      cache_creation_1h_input_tokens: tokens("of those written to a cache, the ones to be kept for an hour"),
      output_tokens: tokens("tokens written, reasoning included"),
      reasoning_output_tokens: tokens("of the output tokens, those of reasoning"),
      cost: dollars("US dollars; empty where not known"),
      cost_source: name("'log' or 'price'; empty where cost is"),
      status: word("'ok', 'error', 'timeout', 'rate_limited' or 'cancelled'"),
      http_status: count("HTTP status of the answer", 9_999),
      retry_after: seconds("seconds that a refused call was told to wait before the next"),
      error_type: word(
        "kind of error: its class, its code or its first plain words, of a long sentence four; never its message",
      ),
      finish_reason: word(
        "why the model stopped: 'stop', 'length', 'content_filter', 'refusal', 'tool_calls', 'error', ...",
      ),
      cache_hit: flag("answered from a response cache"),
      fallback_from: model("the model this call replaced"),
      stream: flag("the answer was streamed"),
      output_length: count("characters of the answer"),
      output_hash: id("hash of the answer's text"),
      output_form: word(
        "form of the answer: 'json' with a hash of its sorted keys, 'json array', 'code' (a fence), 'table' or 'list' in Markdown, 'prose' or 'empty'",
      ),
      json_valid: flag("the answer parses as JSON"),
      schema_valid: flag("the answer fits the requested schema"),
      log_order: own(
        "if its row replaced an earlier one: the earlier one's place in the order of the logs (ingest x 2^32 + line)",
      ),
      derived: own(
        "what an ingest filled in that the log does not say, as a bit mask: 1 user_id, 2 conversation_id and 4 workload of its task, 8 a logged cost of 0 that counts as unknown, 16 attempt and 32 fallback_from of the calls before it, 64 operation by the model's name",
      ),
      ...origin,
    },
  },
  tasks: {
    about: "what someone wanted done, in one or more calls; a repeated trial of an item is a task of its own",
    columns: {
      task_id: id("id of the task"),
      workload: name("what it is for"),
      user_id: repeatedId("who wanted it"),
      conversation_id: id("the conversation it belongs to"),
      prompt_id: id("the item, where tasks repeat one"),
      trial: count("number of the repeat, from 0 or 1 as logged"),
      resolved: flag("done or not; empty where not known"),
      resolved_at: time("when that became known"),
      ...origin,
    },
  },
  scores: {
    about: "one judgement of a call, a task or a conversation",
    columns: {
      subject: name("'call', 'task' or 'conversation'"),
      subject_id: id("its id"),
      name: name("what was judged: 'correct', 'hallucinated', 'thumbs', ..."),
      value: number("the score, 0 or 1 for a yes or no"),
      label: name(
        "the score in words, if at most eight; of a longer text a hash, or with --text keep the text",
      ),
      rater: name("'human', 'user', 'judge' or 'rule'"),
      rater_id: name("which one"),
      at: time("when"),
      ...origin,
    },
  },
  spans: {
    about: "one stage of the system around the model",
    columns: {
      span_id: id("id of the span"),
      parent_id: id("the span it ran inside"),
      task_id: id("the task it served"),
      call_id: id("the call itself, where the stage is a call to a model"),
      stage: name("name of the stage: 'retrieval', 'chat', ..."),
      started_at: time("start"),
      duration: seconds("seconds"),
      status: word("'ok' or 'error'"),
      tool: name("the tool, where the stage is the use of one"),
      arguments_hash: id("hash of the arguments it was used with"),
      ...origin,
    },
  },
  texts: {
    about: "prompt and output; filled only with --text keep",
    columns: {
      call_id: id("the call"),
      prompt: asked("what was asked"),
      output: asked("what was answered"),
      ...origin,
    },
  },
  items: {
    about: "the private eval set, one example a row",
    columns: {
      item_id: id("id of the example"),
      prompt: asked("what is asked"),
      expected: asked("the answer expected"),
      format: askedFew("the format expected"),
      sources: askedFew("what may be cited"),
      stratum: name("the stratum it was drawn from"),
      weight: number("how many requests of the traffic it represents"),
      ...origin,
    },
  },
  preferences: {
    about: "one comparison of two models' answers to the same prompt",
    columns: {
      comparison_id: id("id of the comparison; made from ingest and line where the log has none"),
      prompt_id: id("the item asked: the same prompt has the same id"),
      workload: name("what the prompt is for"),
      model_a: model("the model of one answer, its name as it is in the log"),
      model_b: model("the model of the other"),
      preferred: number(
        "1 where the answer of model_a is preferred, 0 where that of model_b is, 0.5 for a tie; in between where a rater gives a probability",
        [0, 1],
      ),
      shown_first: name("whose answer was shown first: 'a' or 'b'; empty where not known"),
      rater: name("'human', 'user' or 'judge'"),
      rater_id: name("which one"),
      at: time("when"),
      length_a: number("length of model_a's answer, in characters, or in tokens where the log counts these"),
      length_b: number("length of model_b's answer, in the same unit"),
      lists_a: count("items of lists in model_a's answer"),
      lists_b: count("items of lists in model_b's answer"),
      headings_a: count("headings in model_a's answer"),
      headings_b: count("headings in model_b's answer"),
      bold_a: count("bold passages in model_a's answer"),
      bold_b: count("bold passages in model_b's answer"),
      ...origin,
    },
  },
  sides: {
    about:
      "one of two answers that were compared, where the log has a record for each: both make a row of preferences (with no ingest) once the models that gave them are known",
    columns: {
      comparison_id: id("id of the comparison, the same for both answers"),
      run_id: id("the call or the task that gave the answer"),
      name: name("what was judged: 'preferred', 'helpful', ..."),
      value: number("the answer with the higher value is preferred; equal values are a tie"),
      rater: name("'human', 'user' or 'judge'"),
      rater_id: name("which one"),
      at: time("when"),
      ...origin,
    },
  },
  benchmarks: {
    about: "one score of a model on a public benchmark",
    columns: {
      model: listed("the model, its name normalised"),
      benchmark: listed("the benchmark"),
      score: number("the score, in the benchmark's own unit"),
      standard_error: number("standard error of the score"),
      items: count("questions behind it"),
      harness: listed("the program that asked and scored: 'lm-eval', 'helm', 'inspect', ..."),
      shots: count("worked examples in the prompt", 1e6),
      higher_is_better: flag("true by default"),
      as_of: time("date of the score"),
      source: listed("where it was published; the name of the file if it names none"),
      ...origin,
    },
  },
  prices: {
    about: "what a model costs from a date on",
    columns: {
      model: listed("the model, its name normalised"),
      from: time("first moment the price held; empty for always"),
      above_input_tokens: tokens("the price of calls with more input tokens than this; empty for all"),
      service_tier: word(
        "the price of calls in this tier: 'batch', 'flex', 'priority'; empty for the standard",
      ),
      day_from: number("the price from this second of the day on, UTC; empty for the whole day"),
      day_to: number("and before this one; smaller than day_from where it runs over midnight"),
      input: price("US dollars per input token"),
      cache_read: price("US dollars per input token read from a cache"),
      cache_creation: price("US dollars per input token written to a cache"),
      cache_creation_1h: price("US dollars per input token written to a cache for an hour"),
      output: price("US dollars per output token"),
      source: listed("where it was published"),
      ...origin,
    },
  },
  families: {
    about: "the family of a model's name, where the name shows one; filled when an ingest is completed",
    columns: {
      model: made("the model, its name normalised"),
      family: made("'gpt-4o', 'claude-3.7', ..."),
    },
  },
  outcome_order: {
    about:
      "whose outcome of a task counts where files disagree and none is newer, the most trusted first; set by ingest --outcomes-from",
    columns: {
      place: count("its place in the order, from 1"),
      source: made("a file's name, a pattern of it, or a format"),
    },
  },
  ingests: {
    about: "one file read: its content with the format, mapping and constants it was read by",
    columns: {
      ingest_id: count("id"),
      path: made("the file"),
      sha256: variedMade("hash of its content"),
      format: made("the format it was read as"),
      mapping: made("the mapping it was read by, as JSON"),
      constants: made("the constants added, as JSON"),
      options: made(
        "what else it was read with: 'texts', and the hash of the JSON schemas; 'read before ...' of what an earlier version read; 'to be read again' where a file that is forgotten had replaced some of its rows; empty for nothing",
      ),
      size: count("bytes of the file"),
      rows: count("rows it brought"),
      replaced: count("rows of earlier ingests that its rows replaced"),
      rejected: count("records that could not be read"),
      at: time("when"),
    },
  },
  rejects: {
    about: "one record, or a part of it that gives a row, without anything to keep",
    columns: {
      ingest_id: count("the ingest"),
      line: count("line of the file, or number of the record, from 1"),
      reason: made("why"),
      excerpt: variedMade("its first 200 bytes, without keys, addresses and what a person may have written"),
    },
  },
  fates: {
    about: "what happened to the records of a file; the counts add up to the records read",
    columns: {
      ingest_id: count("the ingest"),
      fate: made(
        "'rows': gave rows; 'twice': repeated in the file; 'rejected': in rejects, wholly or in part; 'nothing': holds nothing that is read",
      ),
      kind: made("the log's name for records that hold nothing that is read"),
      records: count("records"),
    },
  },
} satisfies Record<string, TableDescription>;

/** Name of a canonical table. */
export type TableName = keyof typeof schema;

/** The names of a table's columns of a type that the schema's own type shows: texts and booleans. */
export type ColumnName<T extends TableName, C extends "VARCHAR" | "BOOLEAN"> = NameOfType<
  (typeof schema)[T]["columns"],
  C
>;
type NameOfType<D, C> = { [K in keyof D]: D[K] extends { type: C } ? K : never }[keyof D];

/** The tables that files fill, in the order in which they are reported. */
export const filledTables = [
  "calls",
  "tasks",
  "scores",
  "spans",
  "texts",
  "items",
  "preferences",
  "sides",
  "benchmarks",
  "prices",
] as const satisfies readonly TableName[];

/** Name of a table that files fill. */
export type FilledTable = (typeof filledTables)[number];

/**
 * The columns of a table, by name.
 *
 * @example
 * columnsOf("calls").duration.type // "DOUBLE"
 */
export function columnsOf(table: TableName): Record<string, Column> {
  return schema[table].columns;
}
