// Written by npm run docs.
import { agreement } from "./agreement/agreement";
import { agreementRanks } from "./agreement/agreementRanks";
import { progressOverReleases } from "./agreement/progressOverReleases";
import { sideBySide } from "./agreement/sideBySide";
import { contamination } from "./benchmark/contaminationOf";
import { saturation } from "./benchmark/saturation";
import { causes } from "./causes/causes";
import { consistency } from "./consistency/consistency";
import { outputForms } from "./consistency/outputForms";
import { worstPrompts } from "./consistency/repeatsWorst";
import { singleShot } from "./consistency/singleShot";
import { billGrowth } from "./cost/billGrowth";
import { cost } from "./cost/cost";
import { costPairs } from "./cost/costPairs";
import { costTiers } from "./cost/costTiers";
import { monthlyBill } from "./cost/monthlyBill";
import { reprice } from "./cost/reprice";
import { attainment } from "./latency/attainment";
import { distribution } from "./latency/distribution";
import { exposure } from "./latency/exposure";
import { latency } from "./latency/latency";
import { outcomeByLatency } from "./latency/outcomeByLatency";
import { varianceByProvider } from "./latency/varianceByProvider";
import { preferences } from "./preferences/preferences";
import { controlled } from "./quality/controlled";
import { flips } from "./quality/flips";
import { judged } from "./quality/judged";
import { paired } from "./quality/paired";
import { quality } from "./quality/quality";
import { qualityBeside } from "./quality/qualityBeside";
import { raterAgreement } from "./quality/qualityRaters";
import { refusals } from "./quality/refusals";
import { structured } from "./quality/structured";
import { validators } from "./quality/validators";
import { cacheHits } from "./service/cacheHits";
import { cacheMixture } from "./service/cacheMixture";
import { contextLength } from "./service/contextLength";
import { contextSlope } from "./service/contextSlope";
import { contextFloor } from "./service/effectiveContext";
import { errorBursts } from "./service/errorBursts";
import { fallbackChains } from "./service/fallbackChains";
import { pipelineEffects } from "./service/pipelineEffects";
import { reliability } from "./service/reliability";
import { retryAfter } from "./service/retryAfter";
import { stages } from "./service/stages";
import { loadCurve, throughput } from "./service/throughput";
import { trajectories } from "./service/trajectories";
import { trajectoryTools } from "./service/trajectoryTools";
import { trend } from "./trend/trend";

/** Every measure, room by room. */
export const all = [
  latency,
  attainment,
  distribution,
  exposure,
  outcomeByLatency,
  varianceByProvider,
  cacheHits,
  cacheMixture,
  contextLength,
  contextSlope,
  contextFloor,
  errorBursts,
  fallbackChains,
  pipelineEffects,
  reliability,
  retryAfter,
  stages,
  throughput,
  loadCurve,
  trajectories,
  trajectoryTools,
  trend,
  cost,
  billGrowth,
  costPairs,
  costTiers,
  monthlyBill,
  reprice,
  quality,
  controlled,
  flips,
  judged,
  paired,
  qualityBeside,
  raterAgreement,
  refusals,
  structured,
  validators,
  causes,
  consistency,
  outputForms,
  worstPrompts,
  singleShot,
  agreement,
  agreementRanks,
  progressOverReleases,
  sideBySide,
  preferences,
  contamination,
  saturation,
];

/** The name of each one in the library. */
export const names = [
  "latency",
  "attainment",
  "distribution",
  "exposure",
  "outcomeByLatency",
  "varianceByProvider",
  "cacheHits",
  "cacheMixture",
  "contextLength",
  "contextSlope",
  "contextFloor",
  "errorBursts",
  "fallbackChains",
  "pipelineEffects",
  "reliability",
  "retryAfter",
  "stages",
  "throughput",
  "loadCurve",
  "trajectories",
  "trajectoryTools",
  "trend",
  "cost",
  "billGrowth",
  "costPairs",
  "costTiers",
  "monthlyBill",
  "reprice",
  "quality",
  "controlled",
  "flips",
  "judged",
  "paired",
  "qualityBeside",
  "raterAgreement",
  "refusals",
  "structured",
  "validators",
  "causes",
  "consistency",
  "outputForms",
  "worstPrompts",
  "singleShot",
  "agreement",
  "agreementRanks",
  "progressOverReleases",
  "sideBySide",
  "preferences",
  "contamination",
  "saturation",
];

/** The columns of each one's table. */
export const columns: readonly (readonly string[])[] = [
  ["n", "timeouts", "failed"],
  ["calls", "within"],
  ["n"],
  ["tenth", "users", "calls", "calls_per_user", "of_calls", "of_users", "met_slow"],
  ["from_seconds", "to_seconds", "n", "outcome", "corrected"],
  ["calls", "served_by", "between_share", "fastest", "slowest", "slowdown", "verdict", "claim"],
  ["calls", "hit_rate", "cached_tokens", "duration_hit", "duration_miss", "cost_miss", "cost"],
  ["calls", "hits", "hits_in_tail", "all", "hit", "miss", "at_hit_rate"],
  [
    "from_tokens",
    "to_tokens",
    "calls",
    "duration",
    "quantiles",
    "cost_per_call",
    "error_rate",
    "score",
    "corrected",
  ],
  ["calls", "per_doubling", "p_falls", "turns_at", "longest", "verdict", "claim"],
  [
    "from_tokens",
    "to_tokens",
    "calls",
    "duration",
    "quantiles",
    "cost_per_call",
    "error_rate",
    "score",
    "corrected",
  ],
  ["calls", "failed", "hours", "dispersion", "p_value", "longest_run", "worst_hour", "worst_rate"],
  ["chain", "served", "tasks", "share", "attempts", "cost_per_task", "wait", "lost_share", "resolve_rate"],
  [
    "lesser_model",
    "better_model",
    "lesser_pipeline",
    "better_pipeline",
    "n",
    "lesser_in_lesser",
    "lesser_in_better",
    "better_in_lesser",
    "better_in_better",
    "model_effect",
    "pipeline_effect",
    "interaction",
    "lesser_ahead",
  ],
  [
    "calls",
    "error_rate",
    "timeout_rate",
    "rate_limited_rate",
    "cancelled_rate",
    "retry_rate",
    "fallback_rate",
  ],
  ["refused", "reported", "retry_after", "retried", "obeyed", "ok_obeyed", "ok_early"],
  ["stage", "spans", "tasks", "mean", "quantiles", "critical_path", "error_rate"],
  [
    "calls",
    "users",
    "calls_per_hour",
    "tokens_per_hour",
    "service_tokens_per_second",
    "peak_to_mean",
    "minute_peak_to_mean",
    "tokens_per_second",
    "in_flight",
    "in_flight_peak",
    "retry_wait",
    "littles_law",
  ],
  ["in_flight_from", "in_flight_to", "calls", "duration", "quantiles"],
  [
    "outcome",
    "tasks",
    "steps",
    "tool_uses",
    "with_failure",
    "repeated",
    "loops",
    "cost_per_task",
    "cost_after_failure",
    "share_after_failure",
  ],
  [
    "tool",
    "uses",
    "tasks",
    "share",
    "uses_per_task",
    "error_rate",
    "retried",
    "retry_ok",
    "repeated",
    "resolve_rate",
  ],
  [
    "bins",
    "n",
    "n_left_out",
    "course",
    "latest",
    "changed",
    "change",
    "chance",
    "claim",
    "alert",
    "alert_claim",
  ],
  [
    "calls",
    "tasks",
    "resolved",
    "total_cost",
    "unpriced_calls",
    "cost_per_call",
    "cost_per_task",
    "cost_per_resolved",
    "attempts_per_task",
    "resolve_rate",
    "cost_per_conversation",
    "cost_per_user",
  ],
  ["before", "after", "growth", "from_calls", "from_cost_per_call"],
  [
    "model",
    "against",
    "reversal",
    "cost_per_call",
    "cost_per_resolved",
    "price_per_token",
    "tokens_per_attempt",
    "attempts_per_task",
    "resolve_rate",
    "from",
    "to",
  ],
  ["model", "quality", "cost", "worse_by_at_most", "tier", "cost_ratio", "claim", "saves"],
  ["cost_per_task", "at_one_mix", "monthly_bill"],
  [
    "calls",
    "logged",
    "repriced",
    "ratio",
    "break_even",
    "cost_per_task",
    "repriced_per_task",
    "hit_rate",
    "saved",
  ],
  ["n", "rater", "mean", "standard_error", "corrected"],
  ["n", "raw", "controlled"],
  ["a", "b", "prompt_id", "better", "score_a", "score_b", "runs"],
  ["n", "labelled", "raw", "corrected", "labels", "sensitivity", "specificity"],
  ["a", "b", "items", "mean_a", "mean_b", "difference", "only_a", "only_b", "p", "p_holm"],
  ["beside", "n", "rater", "mean", "corrected"],
  ["raters", "subjects", "same", "agreement", "statistic"],
  ["calls", "refused", "over_refused", "truncated", "right", "wrong"],
  ["calls", "json_valid", "schema_valid", "valid_first", "valid_last", "repaired", "tool_success"],
  ["n", "truth", "flagged", "error_before", "residual_error", "caught", "false_alarms"],
  ["cause", "tasks_read", "share_of_failed", "share_of_tasks", "resolved_at_most"],
  [
    "prompts",
    "repeats",
    "runs",
    "mean",
    "variance_between",
    "variance_within",
    "icc",
    "pass_rate",
    "pass_at",
    "pass_hat",
    "length_cv",
    "same_output",
    "distinct_outputs",
    "json_valid",
    "schema_valid",
    "best",
    "worst",
    "low_quantile",
  ],
  ["prompts", "repeats", "runs", "form", "distinct_forms", "same_form", "modal_share", "form_entropy"],
  [
    "prompt_id",
    "prompt_version",
    "runs",
    "mean",
    "least",
    "most",
    "json_valid",
    "schema_valid",
    "same_output",
  ],
  ["runs", "models", "prompts", "best", "wrong", "loss"],
  ["benchmark", "metric"],
  ["model", "benchmark_rank", "production_rank", "production"],
  ["model", "from", "to", "benchmark", "metric", "benchmark_gain", "production_change", "verdict", "claim"],
  ["benchmark", "metric"],
  ["model", "comparisons", "win_rate", "as_judged", "rating", "rank_low", "rank_high", "claim"],
  [],
  ["benchmark", "models", "best", "tiers", "separability", "in_first_tier", "headroom", "verdict", "claim"],
];
