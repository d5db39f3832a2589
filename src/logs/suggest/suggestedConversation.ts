import { quoteText } from "../../store/quote";
import { kindOf, type Shape, shapeOf } from "../files/shape";
import { isAnswerSql, isOfTurn, saidSql, speakerOf, turnNames } from "../records/conversation";
import type { Mapping } from "../records/mapping";
import { opened } from "../records/textRecord";
import { type Field, fieldsOf } from "./fields";
import { areParts, asList, type Messages } from "./messages";
import { columnsOfCalls, isOfCalls } from "./suggestedCalls";
import { suggestedLabels } from "./suggestedLabels";
import { suggestedRatings } from "./suggestedRatings";
import { outcomeOfConversation } from "./suggestedTasks";

/** The field of a record that lists what was said, and who said it. */
interface Found {
  field: Field;
  /** The messages of each record. */
  lists: Messages[];
  role: Field;
}

const enough = 2_000;

/**
 * The mapping of records that each hold a whole conversation, if one field lists its messages: its answers are calls, and
 * what stands beside them is an outcome, a score or a label. Undefined for a request with its answer beside it, whose
 * messages are what was asked, and for two conversations that were compared.
 */
export function suggestedConversation(
  shape: Shape,
  records: readonly unknown[],
): [Mapping, ...Mapping[]] | undefined {
  const { shape: inner, wrapper } = opened(shape);
  // A message's own names stand for no field of the record.
  const all = fieldsOf(shape, records).filter(({ path }) => !isOfTurn(path[0]));
  const found = all.flatMap((field) => messagesIn(field) ?? []);
  const [one] = found;
  if (one === undefined && wrapper !== undefined)
    return suggestedConversation(
      inner,
      records.flatMap((record) => (record as Record<string, unknown[]>)[wrapper] ?? []),
    );
  if (one === undefined || found.length > 1) return undefined;
  const beside = all.filter(({ path }) => path.join("\n") !== one.field.path.join("\n"));
  if (isRequest(one, beside, shape)) return undefined;
  const { columns, where } = callsOf(one, beside, records);
  const calls: Mapping = {
    table: "calls",
    messages: one.field.name,
    ...(where === undefined ? {} : { where }),
    columns,
  };
  const unread = beside.filter((field) => !Object.values(columns).includes(field.name));
  const outcome = outcomeOfConversation(unread);
  const rest = unread.filter(({ name }) => name !== outcome?.field.name);
  const ratings = suggestedRatings(rest, "conversation");
  const isRated = ({ name }: Field) => ratings.some(({ columns }) => columns.value.includes(name));
  return [
    calls,
    ...(outcome === undefined ? [] : [tasksOf(columns, outcome)]),
    ...ratings,
    ...suggestedLabels(rest.filter((field) => !isRated(field))),
  ];
}

/** The outcome of the conversation, which is one task unless its record names another. */
function tasksOf(
  { user_id, workload }: Record<string, string>,
  { resolved, at }: { resolved: string; at?: string },
): Mapping {
  const columns = {
    resolved,
    ...(at && { resolved_at: at }),
    ...(user_id && { user_id }),
    ...(workload && { workload }),
  };
  return { table: "tasks", columns };
}

/** The lists of messages in a field; undefined if it holds something else in most records. */
function messagesIn(field: Field): Found | undefined {
  const lists = field.values.flatMap((one) => asList(one) ?? []);
  const turns = lists.flat().slice(0, enough);
  if (turns.length === 0 || 2 * lists.length < field.values.length) return undefined;
  const role = fieldsOf(shapeOf(turns), turns).find(isRole);
  return role === undefined ? undefined : { field, lists, role };
}

const isAgent = (role: unknown) => /^(ai_)?agent$/i.test(String(role));
/** Whatever it is called, it says who speaks: some of its words are a model's, and nearly all a speaker's. */
function isRole({ values, path }: Field): boolean {
  const known = values.filter((one) => speakerOf(one) !== undefined || isAgent(one));
  const isModel = (one: unknown) => speakerOf(one) === "assistant" || isAgent(one);
  return (
    path.length <= 3 && known.length >= 0.9 * values.length && known.some(isModel) && !known.every(isModel)
  );
}

const roleOf = ({ role }: Found, turn: unknown) =>
  role.path.reduce<unknown>((one, name) => (one as Record<string, unknown> | undefined)?.[name], turn);

/** Beside a bot in the same conversation, an agent is a person. */
const agentsAreModels = (found: Found) =>
  found.role.values.some(isAgent) &&
  !found.lists.some((turns) => {
    const roles = turns.map((turn) => roleOf(found, turn));
    return roles.some(isAgent) && roles.some((one) => speakerOf(one) === "assistant");
  });

/** True for the messages of a model's call: those whose role has a word for it. */
function answering(found: Found): (turn: unknown) => boolean {
  const agents = agentsAreModels(found);
  return (turn) => {
    const role = roleOf(found, turn);
    return speakerOf(role) === "assistant" || (agents && isAgent(role));
  };
}

const answerBeside =
  /^(model_?)?(responses?|outputs?|completions?|choices|answers?|reply|generated_?text|generations?)$/i;
/** What only a call has: how its answer came. */
const ofOneCall = ["time_to_first_token", "finish_reason", "http_status", "retry_after", "cache_hit"];
const ofRequest =
  /^(temperature|max_(completion_)?tokens|top_p|stream|tools|tool_choice|response_format|stop)$/i;

/** True if the messages are what one call was asked: its answer stands beside them, or none of them is the last. */
function isRequest(found: Found, beside: readonly Field[], shape: Shape): boolean {
  const parent = found.field.path
    .slice(0, -1)
    .reduce<Shape | undefined>((at, name) => at?.fields?.get(name), shape);
  const names = [...(shape.fields?.keys() ?? []), ...(parent?.fields?.keys() ?? [])];
  if (names.some((name) => answerBeside.test(name))) return true;
  const columns = columnsOfCalls(beside, []);
  if (names.includes("call_id") || ofOneCall.some((name) => columns[name] !== undefined)) return true;
  const isAnswer = answering(found);
  const answers = found.lists.flat().filter(isAnswer).slice(0, enough);
  // What is sent to a model has no times, costs or ids: messages that have were kept as they came.
  if (answers.length > 0 && Object.keys(pick(columnsOfTurns(answers), ofTurns)).length > 0) return false;
  const last = found.lists.filter((turns) => isAnswer(turns[turns.length - 1])).length;
  if (2 * last >= found.lists.length) return false;
  if (isOfCalls({ columns }) || columns.model !== undefined || names.some((name) => ofRequest.test(name)))
    return true;
  return 2 * found.lists.filter((turns) => turns.some(isAnswer)).length < found.lists.length;
}

const ofTurns =
  "call_id model provider started_at duration time_to_first_token input_tokens output_tokens cache_read_input_tokens reasoning_output_tokens cost finish_reason".split(
    " ",
  );
const ofRecords = "conversation_id user_id task_id workload environment release region model provider".split(
  " ",
);
/** What a conversation's own numbers say of a call only if it has one. */
const ofSingle = "duration time_to_first_token input_tokens output_tokens cost".split(" ");

function callsOf(
  found: Found,
  beside: readonly Field[],
  records: readonly unknown[],
): Pick<Mapping, "columns" | "where"> {
  const isAnswer = answering(found);
  const turns = found.lists.flat().filter(isAnswer).slice(0, enough);
  const own = pick(columnsOfTurns(turns), ofTurns);
  const all = columnsOfCalls(beside, []);
  const record = pick(all, ofRecords);
  const id = record.conversation_id ?? all.call_id;
  const session = beside.find(({ name }) => name === record.conversation_id);
  const isInParts = session !== undefined && areParts(found.field, session, records);
  const columns: Record<string, string> = {
    ...(id === undefined ? {} : { conversation_id: id }),
    ...record,
    ...(all.call_id !== undefined && isInParts ? { call_id: all.call_id } : {}),
    ...own,
  };
  if (own.model !== undefined && record.model !== undefined)
    columns.model = `coalesce(${own.model}, ${record.model})`;
  for (const name of ofSingle)
    if (all[name] !== undefined && own[name] === undefined)
      columns[name] = `case when ${turnNames.count} = 1 then ${all[name]} end`;
  const content = contentOf(turns, found.role);
  if (content !== undefined) columns.output = content;
  return { columns, where: whereOf(found) };
}

const pick = (columns: Record<string, string>, names: readonly string[]) =>
  Object.fromEntries(names.flatMap((name) => (columns[name] === undefined ? [] : [[name, columns[name]]])));

const jsonPath = (path: readonly string[]) =>
  `$.${path.map((name) => (/^\w+$/.test(name) ? name : `"${name}"`)).join(".")}`;
const inTurn = (path: readonly string[]) => `${turnNames.turn}->>${quoteText(jsonPath(path))}`;

/** The fields of messages, each as an expression over the message. */
function turnFields(turns: Messages): Field[] {
  return fieldsOf(shapeOf(turns), turns).map((field) => {
    const name = `(${inTurn(field.path)})`;
    const isNumber = field.scalar === "BIGINT" || field.scalar === "DOUBLE";
    return { ...field, name, value: isNumber ? `${name}::double` : name };
  });
}

const columnsOfTurns = (turns: Messages) =>
  columnsOfCalls(
    turnFields(turns).filter(({ path }) => !isSaid(path)),
    turns,
  );

const isSaid = ([first]: readonly string[]) => /tool|function|content|parts|text/i.test(first);

/** Where the role has another name than usual, or other words: which messages are the model's. */
function whereOf(found: Found): string | undefined {
  const { path } = found.role;
  const agents = agentsAreModels(found);
  const isUsual = path.length === 1 && path[0] === "role" && !agents;
  return isUsual ? undefined : isAnswerSql(inTurn(path), agents);
}

const usualText = /^(content|text|value|message|body)$/;
const ofText = /content|text|value|message|body|parts|utterance|said|reply|output/i;

/** The field that holds what is said, if it is another than usual: a list of parts, or the longest text. */
function contentOf(turns: Messages, role: Field): string | undefined {
  const shape = shapeOf(turns);
  const fields = [...(shape.fields ?? [])].filter(([name]) => name !== role.path[0] || role.path.length > 1);
  if (fields.some(([name, { fields: inner }]) => usualText.test(name) && inner === undefined))
    return undefined;
  const texts = textPaths(shape).filter((path) => path.join() !== role.path.join());
  const best = texts.find((path) => ofText.test(path[path.length - 1])) ?? texts[0];
  return best === undefined ? undefined : saidSql(inTurn(best));
}

function textPaths(shape: Shape, above: string[] = []): string[][] {
  if (above.length > 2) return [];
  return [...(shape.fields ?? [])].flatMap(([name, one]) => {
    const path = [...above, name];
    if (one.fields !== undefined && kindOf(one) === "record") return textPaths(one, path);
    return one.scalar === "VARCHAR" && !one.numeric ? [path] : one.list !== undefined ? [path] : [];
  });
}
