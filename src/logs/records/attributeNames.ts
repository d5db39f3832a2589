import { mask } from "../../store/mask";
import { isShort } from "./unasked";

/** Settings of a call, which describe the model, under one name whatever a log calls them. */
const settings: Record<string, RegExp> = {
  reasoning_effort: /^(reasoning[._]effort|model_reasoning_effort|thinking_level)$/,
  thinking_budget: /^((thinking|reasoning)[._])?(budget_tokens|thinking_budget|max_thinking_tokens)$/,
  temperature: /^temperature$/,
  top_p: /^top_p$/,
  max_tokens: /^(max_tokens|max_output_tokens|max_completion_tokens|max_new_tokens)$/,
  deployment: /^(azure_)?deployment(_name|_id)?$/,
  hardware: /^(hardware|gpu|gpu_type|accelerator|instance_type)$/,
};

/** What is said, or may be: none of it is stored with a call. */
const spoken =
  /prompt|message|content|text|input|output|completion|response|question|answer|query|body|transcript|instruction|system|choice|document|chunk|context|embedding|comment|description|summary|subject|reasoning|thought|chat|utterance|reply|speech|note|remark|feedback|args|argument|^reason$|explanation|rationale|justification|critique|payload|error|exception|stack|trace_?back|html|markdown|^code$/i;
/** Exceptions: fields that only name or count what is said. */
const named =
  /(_|^|\.)(id|ids|name|version|type|format|hash|mode|kind|count|length|tier|provider|model|language|fingerprint|region|category|class|label|state|stage|quality|severity)$/i;
const secret =
  /(api|access|private|public)_?key|passw|secret|authorization|cookie|bearer|credential|(^|_)(token|jwt|auth)$/i;
/** Personal fields: no pattern recognises a name or an address. */
const personal =
  /(user|customer|client|person|contact|first|last|full|sur|display)_?name|e_?mail|phone|mobile|address|birth|(^|_)(dob|ssn|iban)$/i;
/** Fields that contain what is said, whatever is in them. */
const holder =
  /^(messages?|choices|contents?|response|responses|completions?|inputs?|outputs?|prompts?|candidates|generations|usage\w*|events|spans|logprobs|tools?|tool_calls|functions?|feedback\w*|scores?|error\w*|exception\w*)$/i;

const plainPart = /^[A-Za-z_][\w.:/ -]{0,63}$/;
const deepest = 6;

const isPrivate = (path: readonly string[]) => path.some((part) => secret.test(part) || personal.test(part));
function isSpoken(path: readonly string[]): boolean {
  const last = path[path.length - 1];
  return spoken.test(last) && !named.test(last);
}

/** True if a field's texts may be what somebody said, a secret or somebody's name: none of them is a label. */
export const mayBeSaid = (path: readonly string[]): boolean => isPrivate(path) || isSpoken(path);

/** The attribute's name for a field by its path, as far as the name shows whether it is one. */
export function attributeName(path: readonly string[], isText: boolean, keep: boolean): string | undefined {
  const setting = settingOf(path);
  if (setting !== undefined) return setting;
  if (path.length > deepest || !path.every((part) => plainPart.test(part)) || !isShort(path, false))
    return undefined;
  const key = path.join(".").replace(/^attributes\./, "");
  if (key.length > 120 || mask(key).text !== key || isPrivate(path)) return undefined;
  if (path.slice(0, -1).some((part) => holder.test(part))) return undefined;
  return isText && !keep && isSpoken(path) ? undefined : key;
}

function settingOf(path: readonly string[]): string | undefined {
  const words = path.map((part) => part.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase());
  const ends = [words.slice(-1), words.slice(-2)].map((some) => some.join("."));
  // OpenTelemetry's names are one word with dots.
  const parts = words.join(".").split(".");
  ends.push(parts.slice(-1).join("."), parts.slice(-2).join("."));
  return Object.keys(settings).find((name) => ends.some((end) => settings[name].test(end)));
}
