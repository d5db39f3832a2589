import { didYouMean } from "../store/nearest";
import { type LatencyMetric, type Metric, waits } from "./metricKinds";
import { namedMetrics, waitMetric } from "./metrics";

const quantiles: Record<string, number> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 };

/** The columns of a consistency table that have a name of their own. */
const steady: Record<string, Pick<Metric, "label" | "unit" | "better" | "source">> = {
  same_output: steadyOf("share of repeats with the same output", "1", "same_output"),
  json_valid: steadyOf("share of repeats with valid JSON", "1", "json_valid"),
  worst: steadyOf("worst score of the repeats of a prompt", "", "worst"),
  low_quantile: steadyOf("low quantile of the score", "", "low_quantile"),
};

/** Scores that describe a request and not its answer: they make no model better or worse. */
export const ofRequests: readonly string[] = [
  ...["evidence_position", "messy", "harmless", "is_harmless", "harmful", "is_harmful"],
];

// Higher scores are better, unless the score is named after a fault.
const fault =
  /hallucinat|toxic|refus|error|fail|violat|harm|unsafe|contradict|irrelevan|leak|latency|cost|perplexity|(^|_)(loss|wer|bias)($|_)/i;

/** Words in a score's name that show that higher is better. */
const merit =
  /correct|accura|help|quality|pass|resol|valid|succe|win|good|score|rating|thumb|stars|clear|releva|faithful|ground|complete|coheren|match|exact|satisf|useful|prefer|agree|follow|f1|bleu|rouge|(^|_)(em|csat|nps)($|_)/i;

/** A note on scores whose names don't show which way is better; undefined if every name does. */
export function directionNote(names: readonly string[]): string | undefined {
  const open = names.flatMap((name) => {
    const { source } = metric(name);
    if (source.measure !== "quality" || directed.test(name)) return [];
    return fault.test(source.score) || merit.test(source.score) ? [] : [source.score];
  });
  if (open.length === 0) return undefined;
  const [first] = open;
  return `Higher counts as better for ${open.join(", ")}, since the name does not say; if lower is better, ask for score:${first}:lower.`;
}

function steadyOf(label: string, unit: string, column: string): (typeof steady)[string] {
  return { label, unit, better: "higher", source: { measure: "consistency", column } };
}

/** Whether it counts units of which each is a yes or a no; a share of what units hold, such as tokens, is no such rate. */
export const isRate = ({ unit, source }: Pick<Metric, "unit" | "source">): boolean =>
  unit === "1" && !("denominator" in source && source.denominator !== undefined);

/**
 * Returns what a metric's name stands for: its unit, which way is better, and the measure that reports it.
 *
 * A name is a latency metric with a quantile or `mean` ("time_to_first_token_p95", "duration_mean"), a column
 * of the tables of cost and reliability ("cost_per_resolved", "error_rate"), "score:NAME" for the mean of a
 * score ("hallucination" for short), "cause:NAME" for the share of tasks with a cause that people read, "consistency:NAME" ("consistency:same_output", "consistency:pass_hat_4";
 * with several scores, "consistency:worst:SCORE"), and "effective_context", or "effective_context:0.7" with a
 * floor (default 0.5). Higher is better for scores, except those named after a fault (hallucination,
 * toxicity, refusal, error, ...) and those given as "score:NAME:lower".
 *
 * @throws RangeError for an invalid name
 * @example
 * const { name, unit } = metric("ttft_p95");
 * `${name}, ${unit}` // "time_to_first_token_p95, s"
 */
export function metric(name: string): Metric {
  const [head, ...rest] = name.split(":");
  const tail = rest.join(":");
  const own = namedMetrics().find((one) => one.name === name);
  if (own !== undefined) return own;
  if (name === "hallucination") return { ...scoreMetric(name), name };
  if (head === "score" && tail !== "") return scoreMetric(tail);
  if (head === "conversation_score" && tail !== "") return ofConversation(scoreMetric(tail));
  if (head === "cause" && tail !== "") return causeMetric(tail);
  if (head === "consistency") return consistencyMetric(name, rest[0] ?? "", rest.slice(1).join(":"));
  if (head === "effective_context") return contextMetric(name, tail === "" ? 0.5 : Number(tail));
  return latencyMetric(name);
}

const directed = /:(lower|higher)$/;

function scoreMetric(named: string): Metric & { source: { measure: "quality" } } {
  const name = `score:${named}`;
  const score = named.replace(directed, "");
  const direction = directed.exec(named)?.[1] as "lower" | "higher" | undefined;
  const better = direction ?? (fault.test(score) ? "lower" : "higher");
  const about = { label: score.replaceAll("_", " "), unit: "", better, words: ["lower", "higher"] } as const;
  return { name, ...about, source: { measure: "quality", score }, offered: [] };
}

/** The same score of whole conversations. */
const ofConversation = ({ name, label, ...rest }: Metric & { source: { measure: "quality" } }): Metric => ({
  ...rest,
  name: `conversation_${name}`,
  label: `${label} of conversations`,
  source: { ...rest.source, grain: "conversation" },
});

/** The share of tasks with a cause, as people read it. */
const causeMetric = (cause: string): Metric => ({
  name: `cause:${cause}`,
  label: `share of tasks with the cause “${cause}”`,
  unit: "1",
  better: "lower",
  words: ["fewer tasks", "more tasks"],
  source: { measure: "causes", cause },
  offered: [],
});

function consistencyMetric(name: string, column: string, score: string): Metric {
  const scored = score === "" ? {} : { score };
  const hat = /^pass_hat_([1-9]\d{0,2})$/.exec(column);
  if (hat !== null) {
    const label = `chance that all of ${hat[1]} repeats pass${score === "" ? "" : ` by ${score.replaceAll("_", " ")}`}`;
    const source = { measure: "consistency", column: "pass_hat", k: Number(hat[1]), ...scored } as const;
    return {
      name,
      label,
      unit: "1",
      better: "higher",
      source,
      words: ["less steady", "steadier"],
      offered: [],
    };
  }
  const own = Object.hasOwn(steady, column) ? steady[column] : undefined;
  if (own?.source.measure !== "consistency") throw unknown(name);
  const down = score !== "" && ["worst", "low_quantile"].includes(column) && fault.test(score);
  return {
    name,
    ...own,
    better: down ? "lower" : "higher",
    source: { ...own.source, ...scored },
    words: ["less steady", "steadier"],
    offered: [],
  };
}

function contextMetric(name: string, floor: number): Metric {
  if (!Number.isFinite(floor))
    throw new RangeError(`metric requires effective_context:FLOOR with a number as its floor, got "${name}"`);
  const label = floor === 0.5 ? "effective context" : `effective context at a floor of ${floor}`;
  const words = ["holds shorter inputs", "holds longer inputs"] as const;
  return {
    name,
    label,
    unit: "tokens",
    better: "higher",
    source: { measure: "qualityByLength", floor },
    words,
    offered: [],
  };
}

function latencyMetric(name: string): Metric {
  const [, what, part] = /^(.+)_(mean|p\d+)$/.exec(name) ?? [];
  const quantile = part === "mean" ? part : quantiles[part];
  const of = Object.keys(waits).find((one) =>
    (waits[one as LatencyMetric].names as readonly string[]).includes(what),
  ) as LatencyMetric | undefined;
  if (of === undefined || quantile === undefined) throw unknown(name);
  return namedMetrics().find((one) => one.name === `${of}_${part}`) ?? waitMetric(of, quantile, part);
}

function unknown(name: string): RangeError {
  const known = [
    ...Object.values(waits).flatMap(({ names }) =>
      names.flatMap((of) => ["mean", ...Object.keys(quantiles)].map((part) => `${of}_${part}`)),
    ),
    ...namedMetrics().map((one) => one.name),
    "hallucination",
    ...Object.keys(steady).map((one) => `consistency:${one}`),
    "effective_context",
  ];
  const rule =
    "metric requires a name such as duration_p95, cost_per_resolved, error_rate, score:NAME or consistency:same_output";
  return new RangeError(`${rule}, got "${name}"${didYouMean(name, known)}`);
}
