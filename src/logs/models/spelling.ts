/** A model's name split into parts, before anything is known about the model. */
export interface Spelling {
  /** The words of the name, lower case, joined by dashes; versions have dots. */
  words: string;
  /** Date or number of the release, "2024-08-06", "002"; null for a moving name. */
  snapshot: string | null;
  /** What makes it behave differently from the model it is named after: "thinking", "fp8", "ft:acme". */
  variants: string[];
  /** Who serves it, if the name says so. */
  provider: string | null;
  /** The words with the date still in them. */
  whole: string;
  /** The name without its host, otherwise unchanged. */
  bare: string;
}

const behaviours = /^(thinking|online)$/;
// Words that gateways add without changing the model.
const routes = /^(free|beta|nitro|floor|extended|exacto|latest|default|\d+|cloud)$/;
const quantisation =
  /[-_.:](?:quantized[-.])?(fp8(?:[-_]dynamic)?|fp16|bf16|fp4|nvfp4|int8|int4|w4a16|w8a8|awq|gptq|gguf|exl2|mlx|bnb|qat|[248]bit|i?q\d(?:[-_](?:k|\d))?(?:[-_][sml01])?)(?=$|[-_.:])/gi;
const vendors =
  /^(?:(?:us|eu|apac|au|jp|ca|sa|global|us-gov)\.)?(?:anthropic|meta|amazon|mistral|cohere|ai21|deepseek|qwen|openai|google|xai|moonshot|moonshotai|minimax|writer|nvidia|zai|twelvelabs|stability)\./;

const servers =
  /^(openai|azure[-_]?(?:openai|ai)?|anthropic|bedrock(?:_converse)?|vertex(?:[-_]?ai)?|google(?:[-_](?:gla|vertex|genai|vertexai))?|gemini|groq|mistral(?:ai)?|cohere|ollama|openrouter|together(?:[-_]?ai)?|fireworks|deepseek|xai|replicate|huggingface|perplexity|cerebras|databricks|nvidia|moonshot):(?:(?:chat|completion|responses|messages|converse|text-generation|assistant|realtime):)?(?!\d|latest|instruct|text)(?=.)/;

/** Splits a spelling into parts: gateways' prefixes, regions, ARNs, dates, fine-tunes, suffixes. */
export function spellingOf(given: string): Spelling {
  const variants: string[] = [];
  let text = given.trim().toLowerCase();
  let provider: string | null = null;
  // arn:aws:bedrock:REGION:ACCOUNT:inference-profile/us.anthropic.claude-...
  if (text.startsWith("arn:")) {
    provider = text.split(":")[2] ?? null;
    text = text.slice(text.indexOf("/") + 1);
  }
  // openai:chat:gpt-4o, bedrock:us.anthropic.claude-...; but mistral:7b is Ollama's.
  const served = servers.exec(text);
  if (served) {
    provider ??= served[1];
    text = text.slice(served[0].length);
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
  const named = /^([^:]+):(ft(?:[:-].*)?)$/.exec(text);
  if (named) {
    text = named[1];
    variants.push(named[2]);
  }
  const bare = text;
  const isVendor = vendors.exec(text);
  if (isVendor)
    text = text
      .slice(isVendor[0].length)
      .replace(/^(?=[vr]\d)/, isVendor[0].includes("deepseek") ? "deepseek-" : "");
  // Bedrock's own revision: -v2:0, -1:0; not its way of writing v0.2.
  text = text
    .replace(/-v0:(\d)$/, "-v0.$1")
    .replace(/-(?:v[1-9]\d*|1):\d+(?::\d+k)?$/, "")
    .replace(/:0$/, "");
  if (isVendor) text = text.replace(/-v1$/, "");
  text = ofOllama(text);
  text = text.replace(/@(latest|default)$/, "");
  // claude-3-haiku@reasoning=default, gpt-5@effort=low: how it was run; the default setting is not a variant.
  text = text.replace(/@([a-z_]+)=([a-z0-9_.]+)/g, (_, setting: string, value: string) => {
    if (/^(default|none|off|false|disabled|no)$/.test(value)) return "";
    const isPlain = /reason|think|effort/.test(setting);
    variants.push(
      isPlain ? (/^(on|true|enabled|yes|thinking)$/.test(value) ? "thinking" : value) : `${setting}=${value}`,
    );
    return "";
  });
  text = text.replace("@", "-");
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
    // Marks of footnotes.
    .replace(/[\s*†‡⁰¹²³⁴-⁹]+$/, "")
    // Command R+ and Command R are different models.
    .replace(/\+(?=$|[\s_()[\],-])/g, "-plus")
    .replace(/[\s_()[\],+]+/g, "-")
    .replace(/-+/g, "-")
    .replace(/^-|-$/g, "")
    // llama-v3p1, qwen2p5, 1p5b
    .replace(/(\d)p(?=\d)/g, "$1.")
    .replace(/^gpt(?=\d)/, "gpt-")
    // Llama 4 Scout (17Bx16E)
    .replace(/(\d+b)x(?=\d+e)/, "$1-")
    .replace(/-maas$|-on-(amazon-)?bedrock\.?$/, "");
  const whole = text;
  const { rest, snapshot } = released(text);
  text = rest.replace(/-(latest|hf|api|default)$/, "").replace(/-api(?=-(preview|exp)$)/, "");
  const effort = efforts.exec(text);
  if (effort && withEffort.test(text)) {
    variants.push(effort[1]);
    text = text.slice(0, effort.index);
  }
  const thinks = /-((?:thinking(?:-\d+k)?)|(?<!non-)reasoning)(?:-(?:exp|preview))?$/.exec(text);
  if (thinks && /^(claude|gemini|grok|qwen|kimi|deepseek-v|glm)/.test(text)) {
    variants.push(thinks[1].replace("reasoning", "thinking"));
    text = text.slice(0, thinks.index);
  }
  text = text.replace(sizeLast, "$1-$3$2");
  return { words: text, whole, snapshot, variants: [...new Set(variants)].sort(), provider, bare };
}

// How long a model may think, given after its name: gpt-5 (high), o3-mini-high.
const efforts = /-(minimal|low|medium|high|xhigh)(?:-effort)?$/;
const withEffort = /^(gpt-[5-9]|gpt-oss|o\d|claude|gemini-[3-9]|grok)/;

// HELM's "Llama 3.1 Instruct Turbo (405B)", and "Llama-3-Instruct-8B".
const sizeLast =
  /^((?:llama|gemma|qwen|mistral|mixtral)[\d.-]*?)((?:-(?:instruct|chat|turbo|vision|lite|it|v\d\.\d))+)-((?:\d+x)?\d+(?:\.\d+)?b)$/;

// Ollama's tags mean tuned models unless they say text or base: llama3.1:8b, gemma2:9b-q4_0.
function ofOllama(text: string): string {
  return /^(llama|gemma|mistral|mixtral|qwen)[a-z0-9.-]*:(\d+x)?\d+(\.\d+)?b(?!.*(text|base|instruct|chat|it\b))/.test(
    text,
  )
    ? text.replace(/:((?:\d+x)?[\d.]+b)/, "-$1-instruct")
    : text.replace(/-text$/, "-base");
}

// A preview without a date is a release of its own, not the model that it became.
function released(text: string): { rest: string; snapshot: string | null } {
  const { rest, snapshot } = dated(text);
  const early = snapshot === null ? /^(gemini-.*)-(preview|exp)(?:erimental)?$/.exec(rest) : null;
  return early === null ? { rest, snapshot } : { rest: early[1], snapshot: early[2] };
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
      // OpenAI's short dates have no dash: "GPT-4 (06/13)" is gpt-4-0613.
      snapshot: /^gpt-[34]/.test(text) ? short[1].replace("-", "") : short[1],
    };
  }
  return { rest: text, snapshot: null };
}
