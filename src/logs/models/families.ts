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
    /^claude-?v?(\d)(?:[.-](\d))?-(opus|sonnet|haiku|fable|mythos|instant)$/,
    ([, a, b, tier]) => ({ ...claude(version(a ?? "", b), tier ?? "") }),
  ],
  [
    /^claude-(opus|sonnet|haiku|fable|mythos)-(\d{1,2})(?:[.-](\d{1,2}))?$/,
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
    new RegExp(`^gpt-?(4o|4[.-]1|4[.-]5|4|[5-9](?:[.-]\\d)?)${tail}`),
    ([, a, rest]) =>
      known(
        `gpt-${a?.replace("-", ".")}`,
        rest,
        /^(turbo|mini|nano|32k|pro|chat|codex|codex-mini|codex-max|preview|turbo-preview|vision|vision-preview|audio|audio-preview|mini-audio-preview|realtime-preview|mini-realtime-preview|search-preview|mini-search-preview|transcribe|mini-transcribe|mini-tts|instant|(?:luna|sol|terra|astra)(?:-pro)?)$/,
      ),
  ],
  [/^gpt-?oss-(\d+b)$/, ([, tier]) => ({ family: "gpt-oss", tier: tier ?? null })],
  [
    /^o([1345])(?:-(mini|preview|pro|deep-research|mini-deep-research))?$/,
    ([, a, tier]) => ({ family: `o${a}`, tier: tier ?? null }),
  ],
  [
    /^gemini-(\d(?:[.-]\d)?)-(pro|flash-lite|flash-8b|flash|ultra|nano)((?:-(?:preview|exp|experimental|tts|image|audio|native|dialog|live|generation|vision))*)$/,
    ([, a, tier, rest]) => ({
      family: `gemini-${a?.replace("-", ".")}`,
      tier: `${tier}${steady(rest ?? "")}`,
    }),
  ],
  // OpenRouter's order: gemini-flash-1.5-8b.
  [
    /^gemini-(pro|flash)-(1\.5)(-8b)?$/,
    ([, tier, a, small = ""]) => ({ family: `gemini-${a}`, tier: `${tier}${small}` }),
  ],
  [/^gemini-(pro|ultra|pro-vision)$/, ([, tier]) => ({ family: "gemini-1.0", tier: tier ?? null })],
  [
    /^(?:meta-)?llama-?v?(\d)(?:[.-](\d))?-(\d+b|(?:scout|maverick)(?:-\d+b(?:-\d+e)?)?)((?:-(?:instruct|chat|base|text|vision|turbo|versatile|instant|preview|specdec|lite|128k|8192|32768))*)$/,
    ([, a, b, size = "", rest = ""]) => llama(version(a ?? "", b), size, rest),
  ],
  [
    /^(open-)?(mistral|ministral|pixtral|codestral|magistral|devstral|voxtral)-(large|medium|small|tiny|nemo|next|saba|\d+b|mamba)((?:-(?:\d+b|instruct|base|v\d(?:[.:]\d)?|preview|it))*)$/,
    ([, open, a, size, rest = ""]) => {
      const release = /-v\d(?:[.:]\d)?/.exec(rest)?.[0].replace(":", ".") ?? "";
      const isOpen = a === "mistral" && /^\d/.test(size ?? "");
      return {
        family: a ?? "",
        tier: `${size}${isOpen ? tuned(open ? "-instruct" : rest, "instruct") : based(rest)}${release}`,
      };
    },
  ],
  [/^(codestral|devstral|mathstral)$/, ([, a]) => ({ family: a ?? "", tier: null })],
  [
    /^(open-)?mixtral-(8x\d+b)((?:-(?:instruct|base|v\d(?:[.:]\d)?|32768))*)$/,
    ([, open, size, rest = ""]) => ({
      family: "mixtral",
      tier: `${size}${tuned(open || /32768/.test(rest) ? "-instruct" : rest, "instruct")}`,
    }),
  ],
  [
    /^qwen-?(?:(\d(?:\.\d|-\d(?=-))?)-)?((?:coder|math|vl|omni|next)-)?(\d+(?:\.\d+)?b(?:-a\d+(?:\.\d+)?b)?|max|plus|turbo|flash|coder|vl)((?:-(?:instruct|chat|base|turbo|preview|tput))*)$/,
    ([, a = "", kind = "", size, rest = ""]) => {
      const number = a.replace("-", ".");
      const isOpen = /^\d/.test(size ?? "") && Number.parseFloat(number || "1") < 3;
      const how = isOpen
        ? tuned(rest, Number.parseFloat(number || "1") < 2 ? "chat" : "instruct")
        : based(rest);
      return { family: `qwen${number}`, tier: `${kind}${size}${how}` };
    },
  ],
  [/^qwq-(32b)(?:-preview)?$/, ([, size]) => ({ family: "qwq", tier: size ?? null })],
  [
    /^deepseek-(v\d(?:[.-]\d)?|r1|chat|reasoner|coder|coder-v2)(?:-671b)?((?:-(?:chat|exp|base|instruct|turbo|lite|terminus|zero|speciale|flash|pro))*)$/,
    ([, a, rest = ""]) => ({
      family: `deepseek-${a?.replace(/(\d)-/, "$1.")}`,
      tier:
        [...rest.matchAll(/-(exp|lite|zero|terminus|speciale|flash|pro|base)/g)]
          .map(([, one]) => one)
          .join("-") || null,
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
    /^deepseek-(r1)-distill-(llama|qwen)-(\d+(?:\.\d+)?b)$/,
    ([, a, base, size]) => ({ family: `deepseek-${a}-distill`, tier: `${base}-${size}` }),
  ],
  [
    /^grok-(\d(?:[.-]\d{1,2})?|beta|code)((?:-(?:mini|fast|beta|preview|vision|fast-non-reasoning))*)(?:-1)?$/,
    ([, a, rest]) => ({
      family: `grok-${a?.replace("-", ".")}`,
      tier: rest ? rest.slice(1).replace(/-?(beta|preview)$/, "") || null : null,
    }),
  ],
  [
    /^command-(r7b|r|a|light|nightly)(?:-(plus|vision|reasoning))?$/,
    ([, a, tier]) => ({ family: `command-${a}`, tier: tier ?? null }),
  ],
  [
    /^nova-(?:(2)-)?(micro|lite|pro|premier|sonic|canvas|reel)(?:-v?1(?:[.-]0)?|-preview)?$/,
    ([, a, tier]) => ({ family: a === undefined ? "nova" : `nova-${a}`, tier: tier ?? null }),
  ],
  [
    /^gemma-?(\d(?:\.\d)?n?)?-(e?\d+b(?:-a\d+b)?)((?:-(?:it|instruct|pt|base))*)$/,
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
    ([, a, rest]) => ({
      family: `kimi-${a?.replace("-", ".")}`,
      tier: /-(base|code|pro)/.exec(rest ?? "")?.[1] ?? null,
    }),
  ],
  [
    /^glm-(\d(?:[.-]\d)?)(v)?(?:-(air|airx|flash|flashx|plus|long|v|9b|32b|turbo|x))?$/,
    ([, a, sees = "", tier]) => {
      const family = `glm-${a?.replace("-", ".")}`;
      const words = [sees, tier].filter(Boolean).join("-");
      return { family, tier: words || null, name: `${family}${sees}${tier === undefined ? "" : `-${tier}`}` };
    },
  ],
  [/^minimax-(m\d(?:[.-]\d)?)$/, ([, a]) => ({ family: `minimax-${a?.replace("-", ".")}`, tier: null })],
  [
    /^jamba-(?:(\d[.-]\d)-)?(mini|large|instruct)(?:-(\d[.-]\d))?$/,
    ([, a, tier, b = a]) => ({
      family: `jamba${b === undefined ? "" : `-${b.replace("-", ".")}`}`,
      tier: tier ?? null,
    }),
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

// Words of those that serve a model, and that only its tuned one has.
const served = /-(versatile|instant|specdec|turbo|8192)(?=-|$)/;

function llama(number: string, size: string, rest: string): Family {
  const family = `llama-${number}`;
  const isTuned = /-(instruct|chat)/.test(rest) || served.test(rest);
  if (/^(scout|maverick)/.test(size)) {
    // With its sizes and without a word of tuning it is the base.
    const isBase = /-base/.test(rest) || (/-\d+e$/.test(size) && !isTuned);
    return { family, tier: `${size.replace(/-.*$/, "")}${isBase ? "-base" : ""}` };
  }
  const sees = /vision/.test(rest) || (number === "3.2" && /^(11|90)b$/.test(size));
  // Of 3.3 there is no base.
  const how =
    number === "3.3" ? "" : tuned(isTuned ? "-instruct" : rest, number === "2" ? "chat" : "instruct");
  return { family, tier: `${size}${sees ? "-vision" : ""}${how}` };
}

/** The word of tuning that sets an open model apart from its base, in the family's own word; a bare name has none. */
function tuned(rest: string, word: string): string {
  return /-(instruct|chat|it)(?=-|$)/.test(rest) ? `-${word}` : based(rest);
}

/** The same where the bare name is the tuned model's. */
function based(rest: string): string {
  return /-(base|pt)(?=-|$)/.test(rest) ? "-base" : "";
}

function known(family: string, tier: string | undefined, tiers: RegExp): Family {
  return tier === undefined || tiers.test(tier) ? { family, tier: tier ?? null } : { family: "", tier: null };
}

// A preview of a model is that model, by its snapshot; what speaks or draws is another.
const steady = (rest: string) => rest.replace(/-(preview|experimental|exp)/g, "");

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
