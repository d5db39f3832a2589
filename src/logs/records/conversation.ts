import { quoteName } from "../../store/quote";
import type { Fields } from "./field";
import type { Reading, Target } from "./format";
import * as sql from "./sql";
import { inWrapper, type Opened, wholeRecords } from "./textRecord";
import { toolUse } from "./toolSql";
import { toolResults, toolsAsked } from "./toolTurns";

/** What the expressions of a conversation's columns read beside its record's fields. */
export const turnNames = {
  /** The message, as JSON. */
  turn: "turn",
  /** How many of the conversation's messages are calls. */
  count: "turn_count",
} as const;

/** Their types. */
export const turnTypes = { [turnNames.turn]: "JSON", [turnNames.count]: "BIGINT" };
/** True for a name that means one of them, which the log's own field of that name cannot: no name knows cases. */
export const isOfTurn = (name: string): boolean => Object.hasOwn(turnTypes, name.toLowerCase());

/** Who speaks in a list of messages, by the words for it. */
const speakers = {
  assistant:
    "assistant ai bot gpt chatgpt model llm chatbot copilot claude gemini aimessage aimessagechunk assistant_message " +
    "function_call tool_call tool_use",
  user: "user human customer client person visitor caller guest member prompter end_user humanmessage user_message question",
  other:
    "system developer tool function observation environment ipython tool_result tool_response function_response " +
    "function_call_output toolmessage systemmessage tool_message moderator operator",
};

const words = (of: keyof typeof speakers) => speakers[of].split(" ");
const plain = (role: unknown) => String(role).trim().toLowerCase().replace(/[ -]/g, "_");

/** Who says a message by its role's word; undefined for a word that says neither. An agent may be a person or a model. */
export function speakerOf(role: unknown): keyof typeof speakers | undefined {
  return (Object.keys(speakers) as (keyof typeof speakers)[]).find((one) => words(one).includes(plain(role)));
}

const path = "$.role";
/** SQL for whether a message is the model's, where nothing else says it. */
export const isAnswerSql = (
  role = `json_extract_string(${turnNames.turn}, '${path}')`,
  agents = false,
): string =>
  `coalesce(list_contains([${[...words("assistant"), ...(agents ? ["agent", "ai_agent"] : [])]
    .map((one) => `'${one}'`)
    .join(", ")}],
    replace(replace(lower(trim(${role})), ' ', '_'), '-', '_')), false)`;

/** How a record's list of messages becomes calls and uses of tools. */
export interface Conversation {
  /** SQL for the list, over the record's fields: JSON, or a JSON text of it. */
  messages: string;
  /** SQL for whether the message `turn` is a call. */
  where: string;
  /** The columns of a call, over the record's fields, `turn` and `turn_count`. */
  columns: Record<string, string>;
  /** SQL for the record's own id, over its fields: the same conversation may have several records. */
  id?: string;
}

// Names with a blank: a log's own field may be called "calls" or "place".
const own = {
  all: "all turns",
  number: "turn number",
  /** The hash of the record: its id where it has none. */
  key: "turns key",
  /** The hash of what was said up to the first answer, which is the same however long the conversation has become. */
  begun: "turns begun",
  /** True for the first row that a conversation gives: a file's one record may hold many. */
  first: "turn first",
  calls: "turn calls",
  call: "turn call",
  place: "turn place",
};
const [all, number, key, begun, first, calls, call, place] = Object.values(own).map(quoteName);
const text = "json_extract_string(turn, ['$.content', '$.text', '$.value', '$.message', '$.body'])";
/** SQL for what a message says: a text, or the texts among its parts. */
export const saidSql = (content = `list_filter(${text}, lambda one: one is not null)[1]`): string =>
  `list_transform([${content}], lambda said: case when left(ltrim(said), 1) in ('[', '{') and json_valid(said)
    then coalesce(nullif(array_to_string(list_concat(json_extract_string(said, '$[*].text'),
      json_extract_string(said, '$.parts[*]'), json_extract_string(said, '$.parts[*].text')), chr(10)), ''),
      case when json_type(said) = 'ARRAY' then null else said end)
    else said end)[1]`;

/**
 * The rows of conversations: each of its messages is one, and those that are the model's are calls, which belong to the
 * conversation and, unless the record names another, to one task. Of two records of a conversation without ids of their
 * own, the one that begins as the other continues it. Where a record has no id at all, everything in it identifies it.
 *
 * @param fields the record's fields that the columns read
 * @param others what the record gives besides, once
 * @param wrapped the records' place, where the file's document only wraps them
 */
export function conversationReading(
  { messages, where, columns, id }: Conversation,
  fields: Fields,
  { others, wrapped }: { others: readonly Target[]; wrapped?: Opened },
): Pick<Reading, "fields" | "unnest" | "targets" | "record"> {
  const rows = (read: Fields) => turnRows({ messages, where, at: columns.started_at }, read, wrapped);
  const named = columns.conversation_id ?? columns.task_id ?? id ?? "null";
  const conversation = `coalesce(${named}::varchar, ${key})`;
  const task = `coalesce(${columns.task_id ?? "null"}::varchar, ${conversation})`;
  const record = `coalesce(${id ?? "null"}::varchar, ${named}::varchar || ':' || ${begun}, ${key})`;
  const said = saidSql();
  const call_id = `coalesce(${columns.call_id ?? "null"}::varchar, ${record} || ':' || ${number})`;
  const subject = (table: string, of = "'conversation'"): Record<string, string> =>
    table === "tasks"
      ? { task_id: task, conversation_id: conversation }
      : table === "scores"
        ? {
            subject: of,
            subject_id: `case ${of} when 'call' then ${call_id} when 'task' then ${task} else ${conversation} end`,
          }
        : {};
  const names = Object.keys(fields);
  return {
    ...rows(fields),
    record: {
      names,
      typed: [
        ...names.filter((name) => fields[name] !== "VARCHAR"),
        ...Object.values(own),
        ...Object.keys(turnTypes),
      ],
      ...(wrapped?.wrapper === undefined ? {} : { wrapper: wrapped.wrapper }),
      withNames: (more) => rows({ ...fields, ...Object.fromEntries(more.map((name) => [name, "VARCHAR"])) }),
    },
    targets: [
      {
        table: "calls",
        where: `${turnNames.turn} is not null`,
        columns: {
          output: said,
          ...columns,
          call_id,
          conversation_id: conversation,
          task_id: task,
        },
      },
      toolTarget({ where, said: columns.output ?? said, task, record, at: columns.started_at }),
      ...others.map((one) => ({
        ...one,
        columns: { ...subject(one.table, one.columns.subject), ...one.columns },
        where: `${first}${one.where === undefined ? "" : ` and (${one.where})`}`,
      })),
    ],
  };
}

/** Each answer of a conversation as a row, beside its record's fields; a long list of messages is kept once, not with each. */
function turnRows(
  { messages, where, at }: Pick<Conversation, "messages" | "where"> & { at?: string },
  fields: Fields,
  wrapped?: Opened,
): Required<Pick<Reading, "fields" | "unnest">> {
  const source =
    wrapped?.wrapper === undefined ? { fields, unnest: wholeRecords } : inWrapper(wrapped, fields);
  const names = Object.keys(fields)
    .map((name) => `, ${quoteName(name)}`)
    .join("");
  const list = `list_transform([to_json(${messages})], lambda found: from_json(case json_type(found)
    when 'ARRAY' then found when 'VARCHAR' then case when json_valid(found->>'$') and json_type(found->>'$') = 'ARRAY'
      then (found->>'$')::json end end, '["JSON"]'))[1]`;
  const numbered = `list_transform(${all}, lambda turn, place: {'turn': turn, 'place': place, 'answers': ${where}})`;
  const when = at === undefined ? "null" : `try(cast(${at} as varchar))`;
  const beginning = `list_transform(list_slice(${all}, 1, coalesce(${calls}[1].place, len(${all}))), lambda turn:
    [coalesce(list_filter(${text}, lambda one: one is not null)[1], turn::varchar), ${when}])`;
  const some = `case when ${turnNames.count} > 0 then ${calls} else [null] end`;
  return {
    fields: source.fields,
    unnest: `select ${sql.carried}, ${sql.first} and ${place} = 1 as ${sql.first}, ${place} = 1 as ${first}${names},
        case when ${place} = 1 then ${all} end as ${all}, ${key}, ${begun}, ${turnNames.count},
        ${call}.turn as ${turnNames.turn}, ${call}.place as ${number}
      from (select *, unnest(${some}) as ${call}, generate_subscripts(${some}, 1) as ${place}
        from (select *, len(${calls}) as ${turnNames.count}, left(md5(${beginning}::varchar), 8) as ${begun}
          from (select *, md5(json_array(${names.slice(2)})::varchar) as ${key},
              list_filter(${numbered}, lambda one: one.answers) as ${calls}
            from (select *, ${list} as ${all} from (${source.unnest})))))`,
  };
}

const m = sql.textsIn("element.it");

/** The uses of tools that a conversation shows, in their order, with how they went where a message says it. */
function toolTarget(turns: {
  where: string;
  said: string;
  task: string;
  record: string;
  at?: string;
}): Target {
  const at = turns.at === undefined ? "null::timestamp" : `try(cast(${turns.at} as timestamp))`;
  const asked = `flatten(list_transform(list_filter(${all}, lambda turn: ${turns.where}), lambda turn:
    list_transform(${toolsAsked(turns.said)}, lambda use: {'it': use, 'at': ${at}})))`;
  return {
    table: "spans",
    where: first,
    each: `list_transform(${sql.answered(asked, toolResults(all), "id", "json_extract_string(one.it, '$.id')")},
      lambda use, n: {'it': use.it.it, 'at': use.it.at, 'result': use.result, 'n': n, 'task': ${turns.task}, 'record': ${turns.record}})`,
    columns: {
      span_id: "element.record || ':tool:' || element.n",
      task_id: "element.task",
      ...toolUse(m("name"), m("arguments")),
      started_at: "element.at",
      status: `coalesce(${m("status")}, json_extract_string(element.result, '$.status'))`,
    },
  };
}
