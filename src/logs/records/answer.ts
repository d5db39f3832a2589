const list = (paths: readonly string[]) => `[${paths.map((path) => `'${path}'`).join(", ")}]`;

// Where the APIs put the answer's text in their responses; a text part that comes last follows the thinking.
const inResponse = [
  "$.choices[0].message.content[#-1].text",
  "$.choices[0].message.content",
  "$.choices[0].text",
  "$.candidates[0].content.parts[#-1].text",
  "$.generations[0][0].text",
  "$.generations[0][0].message.kwargs.content",
  "$.output.message.content[#-1].text",
  "$.output[#-1].content[#-1].text",
  "$[0].message.content",
  "$.message.content",
];

// A message, or a list of them, names its role; {"content": ...} alone may be what the model was asked to write.
const inMessage = [
  "$.content[#-1].text",
  "$.content",
  "$.parts[#-1].content",
  "$.parts[0].content",
  "$[#-1].content[#-1].text",
  "$[#-1].content",
  "$[#-1].parts[#-1].content",
  "$[#-1].parts[0].content",
];
const role = ["$.role", "$[0].role", "$.stop_reason"];

// What an answer without a text, such as a tool call, still shows of its wrapper.
const wrapping = [
  "$.choices",
  "$.candidates",
  "$.generations",
  "$.output[0].type",
  "$.output.message",
  "$[0].message",
  "$.message.role",
];

// Some logs have white space before JSON.
const isJson = (text: string) =>
  `(left(ltrim(${text}, ' ' || chr(9) || chr(10) || chr(13)), 1) in ('{', '[') and json_valid(${text}))`;
const any = (text: string, paths: readonly string[]) =>
  `list_filter(json_extract_string(${text}, ${list(paths)}), lambda one: one is not null)[1]`;

/**
 * SQL for the text of an answer, if a log may contain the text itself, the message or the whole response around
 * it. JSON that the model wrote itself stays as it is; a response without a text gives none.
 */
export function answerOf(text: string): string {
  return `(case when not coalesce(${isJson(text)}, false) then ${text}
    when ${any(text, role)} is not null then ${any(text, inMessage)}
    when ${any(text, wrapping)} is not null then ${any(text, inResponse)} else ${text} end)`;
}

const reasons = [
  "$.choices[0].finish_reason",
  "$.stop_reason",
  "$.stopReason",
  "$.finish_reason",
  "$[0].finish_reason",
  "$.candidates[0].finishReason",
  "$.generations[0][0].generation_info.finish_reason",
  "$.generations[0][0].message.kwargs.response_metadata.finish_reason",
  "$.generations[0][0].message.kwargs.response_metadata.stop_reason",
  "$.response_metadata.finish_reason",
  "$.llm_output.finish_reason",
  "$.incomplete_details.reason",
];
const refusals = ["$.choices[0].message.refusal", "$.refusal", "$.message.refusal"];

/** SQL for why the model stopped, from a JSON response in any of the APIs' forms. */
export function finishOf(response: string): string {
  return `(case when not coalesce(${isJson(response)}, false) then null
    when ${any(response, refusals)} is not null then 'refusal' else ${any(response, reasons)} end)`;
}
