/** A model's identity: its family with the version, and the size or grade within it. */
export interface Family {
  family: string;
  tier: string | null;
}

/**
 * The pattern of a name's words, its family and its tier: "$1" stands for the first group's match. Or a function
 * of all groups, if that is not enough.
 */
type Rule =
  | [RegExp, family: string, tier?: string]
  | [RegExp, (parts: (string | undefined)[]) => (Family & { name?: string }) | undefined];

const gptTiers =
  /^(turbo|mini|nano|32k|pro|chat|codex|codex-mini|codex-max|preview|turbo-preview|vision|vision-preview|audio|audio-preview|mini-audio-preview|realtime-preview|mini-realtime-preview|search-preview|mini-search-preview|transcribe|mini-transcribe|mini-tts|instant|(?:luna|sol|terra|astra)(?:-pro)?)$/;

// The words that may follow a family as its tier: any other word makes a name unknown, so that no new model is
// taken for an old one.
const rules: Rule[] = [
  [
    /^claude-?v?(\d(?:[.-]\d)?)-(opus|sonnet|haiku|fable|mythos|instant)$/,
    ([, version, tier]) => claude(version, tier),
  ],
  [
    /^claude-(opus|sonnet|haiku|fable|mythos)-(\d{1,2}(?:[.-]\d{1,2})?)$/,
    ([, tier, version]) => claude(version, tier),
  ],
  [/^claude-instant(?:-v?(\d(?:[.-]\d)?))?$/, ([, version = "1"]) => claude(version, "instant")],
  [/^claude-?v?([12])(?:[.-:]0)?$/, "claude-$1"],
  [/^claude-?v?([12])[.-:](\d)$/, "claude-$1.$2"],
  [/^gpt-?3\.?5(?:-(turbo(?:-16k|-instruct)?))?$/, ([, tier = "turbo"]) => ({ family: "gpt-3.5", tier })],
  [
    /^gpt-?(4o|4[.-]1|4[.-]5|4|[5-9](?:[.-]\d)?)(?:-(.+))?$/,
    ([, version, tier = null]) =>
      tier === null || gptTiers.test(tier) ? { family: `gpt-${dotted(version)}`, tier } : undefined,
  ],
  [/^gpt-?oss-(\d+b)$/, "gpt-oss", "$1"],
  [/^o([1345])(?:-(mini|preview|pro|deep-research|mini-deep-research))?$/, "o$1", "$2"],
  [
    /^gemini-(\d(?:[.-]\d)?)-(pro|flash-lite|flash-8b|flash|ultra|nano)((?:-(?:preview|exp|experimental|tts|image|audio|native|dialog|live|generation|vision))*)$/,
    // A preview of a model is that model, as a snapshot; a variant for speech or images is another model.
    ([, version, tier, rest = ""]) => ({
      family: `gemini-${dotted(version)}`,
      tier: `${tier}${rest.replace(/-(preview|experimental|exp)/g, "")}`,
    }),
  ],
  // OpenRouter's order: gemini-flash-1.5-8b.
  [/^gemini-(pro|flash)-(1\.5)(-8b)?$/, "gemini-$2", "$1$3"],
  [/^gemini-(pro|ultra|pro-vision)$/, "gemini-1.0", "$1"],
  [
    /^(?:meta-)?llama-?v?(\d(?:[.-]\d)?)-(\d+b|(?:scout|maverick)(?:-\d+b(?:-\d+e)?)?)((?:-(?:instruct|chat|base|text|vision|turbo|versatile|instant|preview|specdec|lite|128k|8192|32768))*)$/,
    ([, version, size = "", rest = ""]) => llama(dotted(version), size, rest),
  ],
  [
    /^(open-)?(mistral|ministral|pixtral|codestral|magistral|devstral|voxtral)-(large|medium|small|tiny|nemo|next|saba|\d+b|mamba)((?:-(?:\d+b|instruct|base|v\d(?:[.:]\d)?|preview|it))*)$/,
    ([, open, family = "", size = "", rest = ""]) => {
      const release = /-v\d(?:[.:]\d)?/.exec(rest)?.[0].replace(":", ".") ?? "";
      const isOpen = family === "mistral" && /^\d/.test(size);
      const how = isOpen ? tuned(open ? "-instruct" : rest, "instruct") : based(rest);
      return { family, tier: `${size}${how}${release}` };
    },
  ],
  [/^(codestral|devstral|mathstral)$/, "$1"],
  [
    /^(open-)?mixtral-(8x\d+b)((?:-(?:instruct|base|v\d(?:[.:]\d)?|32768))*)$/,
    ([, open, size, rest = ""]) => ({
      family: "mixtral",
      tier: `${size}${tuned(open || /32768/.test(rest) ? "-instruct" : rest, "instruct")}`,
    }),
  ],
  [
    /^qwen-?(?:(\d(?:\.\d|-\d(?=-))?)-)?((?:coder|math|vl|omni|next)-)?(\d+(?:\.\d+)?b(?:-a\d+(?:\.\d+)?b)?|max|plus|turbo|flash|coder|vl)((?:-(?:instruct|chat|base|turbo|preview|tput))*)$/,
    ([, a = "", kind = "", size = "", rest = ""]) => {
      const version = Number.parseFloat(dotted(a) || "1");
      const isOpen = /^\d/.test(size) && version < 3;
      const how = isOpen ? tuned(rest, version < 2 ? "chat" : "instruct") : based(rest);
      return { family: `qwen${dotted(a)}`, tier: `${kind}${size}${how}` };
    },
  ],
  [/^qwq-(32b)(?:-preview)?$/, "qwq", "$1"],
  [
    /^deepseek-(v\d(?:[.-]\d)?|r1|chat|reasoner|coder|coder-v2)(?:-671b)?((?:-(?:chat|exp|base|instruct|turbo|lite|terminus|zero|speciale|flash|pro))*)$/,
    ([, a, rest = ""]) => ({
      family: `deepseek-${dotted(a)}`,
      tier: rest.replace(/-(chat|instruct|turbo)(?=-|$)/g, "").slice(1) || null,
    }),
  ],
  // The gateways' name for the chat model of version 3.
  [/^deepseek-chat-(v\d(?:\.\d)?)$/, "deepseek-$1"],
  [
    /^(llama-?\d\.\d-)?nemotron-(nano-|super-|ultra-)?(\d+b)(?:-v\d)?((?:-(?:instruct|hf|reward))*)$/,
    ([, llama = "", size = "", billions, rest = ""]) => ({
      family: `${llama.replace(/^llama(?=\d)/, "llama-")}nemotron`,
      tier: `${size}${billions}${/reward/.test(rest) ? "-reward" : ""}`,
    }),
  ],
  [/^deepseek-(r1)-distill-(llama|qwen)-(\d+(?:\.\d+)?b)$/, "deepseek-$1-distill", "$2-$3"],
  [
    /^grok-(\d(?:[.-]\d{1,2})?|beta|code)((?:-(?:mini|fast|beta|preview|vision|fast-non-reasoning))*)(?:-1)?$/,
    ([, a, rest = ""]) => ({
      family: `grok-${dotted(a)}`,
      tier: rest.slice(1).replace(/-?(beta|preview)$/, "") || null,
    }),
  ],
  [/^command-(r7b|r|a|light|nightly)(?:-(plus|vision|reasoning))?$/, "command-$1", "$2"],
  [/^nova(-2)?-(micro|lite|pro|premier|sonic|canvas|reel)(?:-v?1(?:[.-]0)?|-preview)?$/, "nova$1", "$2"],
  [
    /^gemma(?:-?(\d(?:\.\d)?n?))?-(e?\d+b(?:-a\d+b)?)((?:-(?:it|instruct|pt|base))*)$/,
    ([, a, size, rest = ""]) => ({
      family: `gemma${a === undefined ? "" : `-${a}`}`,
      tier: `${size}${tuned(rest, "it")}`,
    }),
  ],
  [
    /^phi-?(\d(?:\.\d)?)(?:-(mini|small|medium|moe|vision|multimodal))?((?:-(?:4k|8k|128k|instruct|flash|reasoning|plus))*)$/,
    ([, a, size, rest = ""]) => ({
      family: `phi-${a}`,
      tier: [size, ...rest.split("-")].filter((word) => word && word !== "instruct").join("-") || null,
    }),
  ],
  [
    /^kimi-(k\d(?:[.-]\d)?)((?:-(?:instruct|preview|turbo|base|code|pro))*)$/,
    ([, a, rest = ""]) => ({
      family: `kimi-${dotted(a)}`,
      tier: /-(base|code|pro)/.exec(rest)?.[1] ?? null,
    }),
  ],
  [
    /^glm-(\d(?:[.-]\d)?)(v)?(?:-(air|airx|flash|flashx|plus|long|v|9b|32b|turbo|x))?$/,
    ([, a, sees = "", tier]) => {
      const family = `glm-${dotted(a)}`;
      const words = [sees, tier].filter(Boolean).join("-");
      return { family, tier: words || null, name: `${family}${sees}${tier === undefined ? "" : `-${tier}`}` };
    },
  ],
  [/^minimax-(m\d(?:[.-]\d)?)$/, "minimax-$1"],
  [
    /^jamba-(?:(\d[.-]\d)-)?(mini|large|instruct)(?:-(\d[.-]\d))?$/,
    ([, a, tier = null, b = a]) => ({ family: `jamba${b === undefined ? "" : `-${dotted(b)}`}`, tier }),
  ],
  [/^sonar(?:-(pro|reasoning|reasoning-pro|deep-research))?$/, "sonar", "$1"],
  [/^text-embedding-(3)-(small|large)$/, "text-embedding-$1", "$2"],
  [/^text-embedding-(ada)-(002)?$/, "text-embedding-ada"],
];

/** A version in dotted form: 3-5 is 3.5. */
const dotted = (version = "") => version.replace(/(\d)-(?=\d)/, "$1.");

function claude(number = "", tier = ""): Family & { name: string } {
  const version = dotted(number);
  // Anthropic's own order of the words, which changed with version 4.
  const tierFirst = Number.parseFloat(version) >= 4 || tier === "instant";
  const name = tierFirst ? `claude-${tier}-${version}` : `claude-${version}-${tier}`;
  return { family: `claude-${version}`, tier, name };
}

// Words of model hosts that only the tuned version of a model has.
const served = /-(versatile|instant|specdec|turbo|8192)(?=-|$)/;

function llama(number: string, size: string, rest: string): Family {
  const family = `llama-${number}`;
  const isTuned = /-(instruct|chat)/.test(rest) || served.test(rest);
  if (/^(scout|maverick)/.test(size)) {
    // With its size and without a word for tuning it is the base model.
    const isBase = /-base/.test(rest) || (/-\d+e$/.test(size) && !isTuned);
    return { family, tier: `${size.replace(/-.*$/, "")}${isBase ? "-base" : ""}` };
  }
  const sees = /vision/.test(rest) || (number === "3.2" && /^(11|90)b$/.test(size));
  // Of 3.3 there is no base.
  const how =
    number === "3.3" ? "" : tuned(isTuned ? "-instruct" : rest, number === "2" ? "chat" : "instruct");
  return { family, tier: `${size}${sees ? "-vision" : ""}${how}` };
}

/**
 * The word for tuning that separates an open model from its base, in the family's own term; a bare name has none.
 */
function tuned(rest: string, word: string): string {
  return /-(instruct|chat|it)(?=-|$)/.test(rest) ? `-${word}` : based(rest);
}

/** The same for families whose bare name is the tuned model. */
function based(rest: string): string {
  return /-(base|pt)(?=-|$)/.test(rest) ? "-base" : "";
}

/** The family that a name's words imply, and the name by which it is known; undefined if no rule matches. */
export function familyOf(words: string): (Family & { name: string }) | undefined {
  for (const [pattern, build, tier = ""] of rules) {
    const parts = pattern.exec(words);
    if (parts === null) continue;
    const fill = (template: string) => template.replace(/\$(\d)/g, (_, at) => parts[Number(at)] ?? "");
    const found =
      typeof build === "function"
        ? build([...parts])
        : { family: dotted(fill(build)), tier: fill(tier) || null };
    if (found === undefined) return undefined;
    return { name: found.tier === null ? found.family : `${found.family}-${found.tier}`, ...found };
  }
  return undefined;
}
