/** A model's name taken apart, before anything is known of the model. */
export interface Spelling {
  /** The words of the name, lower case, joined by dashes; versions have dots. */
  words: string;
  /** Date or number of the release, "2024-08-06", "002"; null for the moving name. */
  snapshot: string | null;
  /** What makes it behave unlike the model it is named after: "thinking", "fp8", "ft:acme". */
  variants: string[];
  /** Who serves it, where the name says so. */
  provider: string | null;
  /** The name without who serves it, and nothing else taken away. */
  bare: string;
}

const behaviours = /^(thinking|online)$/;
// Words that gateways add, and that leave the model what it is.
const routes = /^(free|beta|nitro|floor|extended|exacto|latest|default|\d+|cloud)$/;
const quantisation =
  /[-_.:](fp8(?:[-_]dynamic)?|fp16|bf16|fp4|nvfp4|int8|int4|w4a16|w8a8|awq|gptq|gguf|exl2|mlx|bnb|[248]bit|i?q\d(?:[-_](?:k|\d))?(?:[-_][sml01])?)(?=$|[-_.:])/gi;
const vendors =
  /^(?:(?:us|eu|apac|au|jp|ca|sa|global|us-gov)\.)?(?:anthropic|meta|amazon|mistral|cohere|ai21|deepseek|qwen|openai|google|xai|moonshot|moonshotai|minimax|writer|nvidia|zai|twelvelabs|stability)\./;

/** Takes a spelling apart: gateways' prefixes, regions, ARNs, dates, fine-tunes, suffixes. */
export function spellingOf(given: string): Spelling {
  const variants: string[] = [];
  let text = given.trim().toLowerCase();
  let provider: string | null = null;
  // arn:aws:bedrock:REGION:ACCOUNT:inference-profile/us.anthropic.claude-...
  if (text.startsWith("arn:")) {
    provider = text.split(":")[2] ?? null;
    text = text.slice(text.indexOf("/") + 1);
  }
  // openai/gpt-4o, models/gemini-1.5-pro, publishers/anthropic/models/claude-..., accounts/fireworks/models/...
  // A stroke between brackets is a date's: "GPT-4 Turbo (04/09)".
  text = text.replace(/\([^()]*\)/g, (inner) => inner.replaceAll("/", "-"));
  const path = text.split("/").filter((part) => part !== "");
  if (path.length > 1) {
    provider ??= path[0];
    text = path[path.length - 1];
  }
  // ft:gpt-4o-mini-2024-07-18:acme:support:abc
  const tuned = /^ft:([^:]+)((?::[^:]*)*)$/.exec(text);
  if (tuned) {
    text = tuned[1];
    variants.push(`ft${tuned[2].replace(/:+/g, ":").replace(/:$/, "")}`);
  }
  const named = /^([^:]+):(ft(?::.*)?)$/.exec(text);
  if (named) {
    text = named[1];
    variants.push(named[2]);
  }
  const bare = text;
  const isVendor = vendors.exec(text);
  if (isVendor) text = text.slice(isVendor[0].length);
  // Bedrock's revision of its own: -v2:0
  text = text.replace(/-v[1-9]\d*:\d+(?::\d+k)?$/, "").replace(/:0$/, "");
  text = text.replace(/@(latest|default)$/, "").replace("@", "-");
  text = text.replace(quantisation, (_, kind: string) => {
    variants.push(kind.replace(/_/g, "-"));
    return "";
  });
  for (const [at, suffix] of text.split(":").entries()) {
    if (at === 0) text = suffix;
    else if (behaviours.test(suffix)) variants.push(suffix);
    else if (!routes.test(suffix)) text += `-${suffix}`;
  }
  text = text
    .replace(/[*†]+$/, "")
    // Command R+ is another model than Command R.
    .replace(/\+(?=$|[\s_()[\],-])/g, "-plus")
    .replace(/[\s_()[\],+]+/g, "-")
    .replace(/-+/g, "-")
    .replace(/^-|-$/g, "");
  const { rest, snapshot } = dated(text);
  text = rest.replace(/-(latest|hf|api|default)$/, "");
  const thinks = /-(thinking|(?<!non-)reasoning)(?:-(?:exp|preview))?$/;
  if (thinks.test(text) && /^claude|^gemini|^grok/.test(text)) {
    variants.push("thinking");
    text = text.replace(thinks, "");
  }
  return { words: text, snapshot, variants: variants.sort(), provider, bare };
}

function dated(text: string): { rest: string; snapshot: string | null } {
  const day = /[-.]?((?:19|20)\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?=$|-)/.exec(text);
  if (day) {
    const rest = (text.slice(0, day.index) + text.slice(day.index + day[0].length)).replace(/-v\d+$/, "");
    return { rest, snapshot: `${day[1]}-${day[2]}-${day[3]}` };
  }
  // command-r-plus-08-2024, gemini-2.5-flash-preview-09-2025
  const month = /-(0[1-9]|1[0-2])-((?:19|20)\d\d)(?=$|-)/.exec(text);
  if (month) {
    const rest = text.slice(0, month.index) + text.slice(month.index + month[0].length);
    return { rest, snapshot: `${month[2]}-${month[1]}` };
  }
  // gemini-2.5-flash-preview-05-20, gpt-4-0613, mistral-large-2402, gemini-1.5-pro-002, deepseek-v3-0324
  const short = /-((?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])|\d{4}|0\d\d)(?=$|-)/.exec(text);
  if (short && !/^(1-)?\d{4}b/.test(short[1])) {
    return {
      rest: text.slice(0, short.index) + text.slice(short.index + short[0].length),
      snapshot: short[1],
    };
  }
  return { rest: text, snapshot: null };
}
