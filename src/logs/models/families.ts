/** What a model is: its family with the version, and the size or grade within it. */
export interface Family {
  family: string;
  tier: string | null;
}

type Rule = [RegExp, (parts: (string | undefined)[]) => Family & { name?: string }];

const version = (major: string, minor?: string) => (minor === undefined ? major : `${major}.${minor}`);
const tail = "(?:-(.+))?$";

// The words that a tier may have behind a family: anything else makes a name unknown, so that no new model is
// taken for an old one.
const rules: Rule[] = [
  [
    /^claude-?v?(\d)(?:[.-](\d))?-(opus|sonnet|haiku|instant)$/,
    ([, a, b, tier]) => ({ ...claude(version(a ?? "", b), tier ?? "") }),
  ],
  [
    /^claude-(opus|sonnet|haiku)-(\d{1,2})(?:[.-](\d{1,2}))?$/,
    ([, tier, a, b]) => ({ ...claude(version(a ?? "", b), tier ?? "") }),
  ],
  [/^claude-instant(?:-v?(\d)(?:[.-](\d))?)?$/, ([, a, b]) => claude(version(a ?? "1", b), "instant")],
  [
    /^claude-?v?([12])(?:[.-:](\d))?$/,
    ([, a, b]) => ({ family: `claude-${version(a ?? "", b === "0" ? undefined : b)}`, tier: null }),
  ],
  [
    /^gpt-?(3\.?5)(?:-(turbo(?:-16k|-instruct)?))?$/,
    ([, , tier]) => ({ family: "gpt-3.5", tier: tier ?? "turbo" }),
  ],
  [
    new RegExp(`^gpt-?(4o|4\\.1|4\\.5|4|5(?:\\.\\d)?)${tail}`),
    ([, a, rest]) =>
      known(
        `gpt-${a}`,
        rest,
        /^(turbo|mini|nano|32k|pro|chat|codex|codex-mini|codex-max|preview|turbo-preview|vision|vision-preview|audio|audio-preview|mini-audio-preview|realtime-preview|mini-realtime-preview|search-preview|mini-search-preview|transcribe|mini-transcribe|mini-tts|instant)$/,
      ),
  ],
  [/^gpt-?oss-(\d+b)$/, ([, tier]) => ({ family: "gpt-oss", tier: tier ?? null })],
  [
    /^o([1345])(?:-(mini|preview|pro|mini-high|high|deep-research|mini-deep-research))?$/,
    ([, a, tier]) => ({ family: `o${a}`, tier: tier ?? null }),
  ],
  [
    /^gemini-(\d(?:[.-]\d)?)-(pro|flash-lite|flash-8b|flash|ultra|nano)((?:-(?:preview|exp|experimental|tts|image|audio|native|dialog|live|generation|vision))*)$/,
    ([, a, tier, rest]) => ({
      family: `gemini-${a?.replace("-", ".")}`,
      tier: `${tier}${steady(rest ?? "")}`,
    }),
  ],
  [/^gemini-(pro|ultra|pro-vision)$/, ([, tier]) => ({ family: "gemini-1.0", tier: tier ?? null })],
  [
    /^(?:meta-)?llama-?v?(\d)(?:[.p-](\d))?-(\d+b(?:-\d+e)?|scout-\d+b-\d+e|maverick-\d+b-\d+e|scout|maverick)((?:-(?:instruct|chat|vision|turbo|versatile|instant|text|preview|specdec|lite|maas|128k|8192|32768))*)$/,
    ([, a, b, size, rest]) => ({
      family: `llama-${version(a ?? "", b)}`,
      tier: `${(size ?? "").replace(/-\d+b-\d+e$/, "")}${/vision/.test(rest ?? "") ? "-vision" : ""}`,
    }),
  ],
  [
    /^(?:open-)?(mistral|ministral|pixtral|codestral|magistral|devstral|voxtral)-(large|medium|small|tiny|nemo|next|saba|\d+b|mamba)((?:-(?:instruct|v\d(?:[.:]\d)?|preview|it))*)$/,
    ([, a, tier, rest]) => ({
      family: a ?? "",
      tier: `${tier}${/-v\d(?:[.:]\d)?/.exec(rest ?? "")?.[0].replace(":", ".") ?? ""}`,
    }),
  ],
  [/^(codestral|devstral|mathstral)$/, ([, a]) => ({ family: a ?? "", tier: null })],
  [
    /^(?:open-)?mixtral-(8x\d+b)((?:-(?:instruct|v\d(?:[.:]\d)?|32768))*)$/,
    ([, size]) => ({ family: "mixtral", tier: size ?? null }),
  ],
  [
    /^qwen-?(\d(?:\.\d|-\d(?=-))?)?-?((?:coder|math|vl|omni|next)-)?(\d+b(?:-a\d+b)?|max|plus|turbo|flash|coder|vl)((?:-(?:instruct|chat|turbo|preview|instruct-turbo|tput))*)$/,
    ([, a, kind, size]) => ({
      family: `qwen${a === undefined ? "" : a.replace("-", ".")}`,
      tier: `${kind ?? ""}${size}`,
    }),
  ],
  [/^qwq-(32b)(?:-preview)?$/, ([, size]) => ({ family: "qwq", tier: size ?? null })],
  [
    /^deepseek-(v\d(?:\.\d)?|r1|chat|reasoner|coder|coder-v2)((?:-(?:chat|exp|base|instruct|turbo|lite|terminus|zero))*)$/,
    ([, a, rest]) => ({
      family: `deepseek-${a}`,
      tier: /-(exp|lite|zero|terminus)/.exec(rest ?? "")?.[1] ?? null,
    }),
  ],
  // Gateways' name for the chat model of version 3.
  [/^deepseek-chat-(v\d(?:\.\d)?)$/, ([, a]) => ({ family: `deepseek-${a}`, tier: null })],
  [
    /^(?:llama-?(\d\.\d)-)?nemotron-(nano-|super-|ultra-)?(\d+b)(?:-v\d)?((?:-(?:instruct|hf|reward))*)$/,
    ([, a, size, billions, rest]) => ({
      family: a === undefined ? "nemotron" : `llama-${a}-nemotron`,
      tier: `${size ?? ""}${billions}${/reward/.test(rest ?? "") ? "-reward" : ""}`,
    }),
  ],
  [
    /^deepseek-(r1)-distill-(llama|qwen)-(\d+b)$/,
    ([, a, base, size]) => ({ family: `deepseek-${a}-distill`, tier: `${base}-${size}` }),
  ],
  [
    /^grok-(\d(?:\.\d)?|beta|code)((?:-(?:mini|fast|beta|vision|fast-non-reasoning))*)(?:-1)?$/,
    ([, a, rest]) => ({
      family: `grok-${a}`,
      tier: rest ? rest.slice(1).replace(/-?beta$/, "") || null : null,
    }),
  ],
  [
    /^command-(r7b|r|a|light|nightly)(?:-(plus|vision|reasoning))?$/,
    ([, a, tier]) => ({ family: `command-${a}`, tier: tier ?? null }),
  ],
  [
    /^nova-(micro|lite|pro|premier|sonic|canvas|reel)$/,
    ([, tier]) => ({ family: "nova", tier: tier ?? null }),
  ],
  [
    /^gemma-?(\d(?:\.\d)?n?)?-(e?\d+b)(?:-it)?$/,
    ([, a, size]) => ({ family: `gemma${a === undefined ? "" : `-${a}`}`, tier: size ?? null }),
  ],
  [
    /^phi-?(\d(?:\.\d)?)(?:-(mini|small|medium|moe|vision|multimodal))?((?:-(?:4k|8k|128k|instruct|reasoning))*)$/,
    ([, a, size]) => ({ family: `phi-${a}`, tier: size ?? null }),
  ],
  [
    /^kimi-(k\d(?:\.\d)?)((?:-(?:instruct|preview|turbo))*)$/,
    ([, a]) => ({ family: `kimi-${a}`, tier: null }),
  ],
  [
    /^glm-(\d(?:\.\d)?)(?:-(air|airx|flash|plus|long|v|9b|32b))?$/,
    ([, a, tier]) => ({ family: `glm-${a}`, tier: tier ?? null }),
  ],
  [/^minimax-(m\d(?:\.\d)?)$/, ([, a]) => ({ family: `minimax-${a}`, tier: null })],
  [
    /^jamba-(\d\.\d)?-?(mini|large|instruct)$/,
    ([, a, tier]) => ({ family: `jamba${a === undefined ? "" : `-${a}`}`, tier: tier ?? null }),
  ],
  [
    /^sonar(?:-(pro|reasoning|reasoning-pro|deep-research))?$/,
    ([, tier]) => ({ family: "sonar", tier: tier ?? null }),
  ],
  [
    /^text-embedding-(3)-(small|large)$/,
    ([, a, tier]) => ({ family: `text-embedding-${a}`, tier: tier ?? null }),
  ],
  [/^text-embedding-(ada)-(002)?$/, () => ({ family: "text-embedding-ada", tier: null })],
];

function claude(number: string, tier: string): Family & { name: string } {
  // Anthropic's own order of the words, which changed with version 4.
  const tierFirst = Number.parseFloat(number) >= 4 || tier === "instant";
  const name = tierFirst ? `claude-${tier}-${number}` : `claude-${number}-${tier}`;
  return { family: `claude-${number}`, tier, name };
}

function known(family: string, tier: string | undefined, tiers: RegExp): Family {
  return tier === undefined || tiers.test(tier) ? { family, tier: tier ?? null } : { family: "", tier: null };
}

// A preview of a model is that model, by its snapshot; what speaks or draws is another.
const steady = (rest: string) => rest.replace(/-(preview|exp|experimental)/g, "");

/** The family that the words of a name tell, and the name by which it is known; undefined where no rule knows it. */
export function familyOf(words: string): (Family & { name: string }) | undefined {
  for (const [pattern, build] of rules) {
    const parts = pattern.exec(words);
    if (parts === null) continue;
    const { family, tier, name } = build([...parts]);
    if (family === "") return undefined;
    return { family, tier, name: name ?? (tier === null ? family : `${family}-${tier}`) };
  }
  return undefined;
}
