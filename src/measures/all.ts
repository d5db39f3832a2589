// Written by npm run docs.
import { agreement } from "./agreement/agreement";
import { agreementRanks } from "./agreement/agreementRanks";
import { agreementReleases } from "./agreement/progressOverReleases";
import { agreementSideBySide } from "./agreement/sideBySide";
import { benchmarkContamination } from "./benchmark/contaminationOf";
import { benchmarkTiers } from "./benchmark/saturation";
import { causes } from "./causes/causes";
import { causesBegan } from "./causes/causesBegan";
import { causesWorth } from "./causes/causesWorth";
import { consistency } from "./consistency/consistency";
import { consistencyForm } from "./consistency/outputForms";
import { consistencyWorst } from "./consistency/repeatsWorst";
import { consistencySingleShot } from "./consistency/singleShot";
import { costGrowth } from "./cost/billGrowth";
import { cost } from "./cost/cost";
import { costPairs } from "./cost/costPairs";
import { costTiers } from "./cost/costTiers";
import { costMonthly } from "./cost/monthlyBill";
import { costRepriced } from "./cost/reprice";
import { latencyAttainment } from "./latency/attainment";
import { latencyDistribution } from "./latency/distribution";
import { latencyExposure } from "./latency/exposure";
import { latency } from "./latency/latency";
import { latencyByOutcome } from "./latency/outcomeByLatency";
import { latencyBetween } from "./latency/varianceByProvider";
import { withColumns } from "./measure";
import { preferences } from "./preferences/preferences";
import { qualityControlled } from "./quality/controlled";
import { qualityFlips } from "./quality/flips";
import { qualityDrift } from "./quality/judgeDrift";
import { qualityJudge } from "./quality/judged";
import { qualityPairs } from "./quality/paired";
import { quality } from "./quality/quality";
import { qualityBeside } from "./quality/qualityBeside";
import { qualityRaters } from "./quality/qualityRaters";
import { qualityRefusals } from "./quality/refusals";
import { qualityStructured } from "./quality/structured";
import { qualityValidator } from "./quality/validators";
import { costCacheHits } from "./service/cacheHits";
import { latencyCacheMixture } from "./service/cacheMixture";
import { qualityByLength } from "./service/contextLength";
import { qualitySlope } from "./service/contextSlope";
import { trajectoriesConversations } from "./service/conversationLengths";
import { trajectoriesTurns } from "./service/conversationTurns";
import { qualityFloor } from "./service/effectiveContext";
import { reliabilityBursts } from "./service/errorBursts";
import { reliabilityFallbacks } from "./service/fallbackChains";
import { qualityPipeline } from "./service/pipelineEffects";
import { reliability } from "./service/reliability";
import { reliabilityRetryAfter } from "./service/retryAfter";
import { latencyStages } from "./service/stages";
import { throughput, throughputLoad } from "./service/throughput";
import { trajectories } from "./service/trajectories";
import { trajectoriesTools } from "./service/trajectoryTools";
import { trend } from "./trend/trend";

/** Every measure, room by room, with the columns of its table. */
export const all = [
  withColumns(latency, "n timeouts failed"),
  withColumns(latencyAttainment, "calls within"),
  withColumns(latencyDistribution, "n"),
  withColumns(latencyExposure, "tenth users calls calls_per_user of_calls of_users met_slow"),
  withColumns(latencyByOutcome, "from_seconds to_seconds n outcome corrected"),
  withColumns(latencyBetween, "calls served_by between_share fastest slowest slowdown verdict claim"),
  withColumns(costCacheHits, "calls hit_rate cached_tokens duration_hit duration_miss cost_miss cost"),
  withColumns(latencyCacheMixture, "calls hits hits_in_tail all hit miss at_hit_rate"),
  withColumns(
    qualityByLength,
    "from_tokens to_tokens calls duration quantiles cost_per_call error_rate score corrected",
  ),
  withColumns(qualitySlope, "calls per_doubling p_falls turns_at longest verdict claim"),
  withColumns(
    trajectoriesConversations,
    "conversations open turns failed left_after_failed left_after_others rephrased false_alarms",
  ),
  withColumns(trajectoriesTurns, "turn conversations going resolved given_up cost_per_turn context failed"),
  withColumns(
    qualityFloor,
    "from_tokens to_tokens calls duration quantiles cost_per_call error_rate score corrected",
  ),
  withColumns(reliabilityBursts, "calls failed hours dispersion p_value longest_run worst_hour worst_rate"),
  withColumns(
    reliabilityFallbacks,
    "chain served tasks share attempts cost_per_task wait lost_share resolve_rate",
  ),
  withColumns(
    qualityPipeline,
    "lesser_model better_model lesser_pipeline better_pipeline n lesser_in_lesser lesser_in_better better_in_lesser better_in_better model_effect pipeline_effect interaction lesser_ahead",
  ),
  withColumns(
    reliability,
    "calls conversations error_rate timeout_rate rate_limited_rate cancelled_rate retry_rate fallback_rate",
  ),
  withColumns(reliabilityRetryAfter, "refused reported retry_after retried obeyed ok_obeyed ok_early"),
  withColumns(latencyStages, "stage spans tasks mean quantiles critical_path error_rate"),
  withColumns(
    throughput,
    "calls users calls_per_hour tokens_per_hour service_tokens_per_second peak_to_mean minute_peak_to_mean tokens_per_second in_flight in_flight_peak retry_wait littles_law",
  ),
  withColumns(throughputLoad, "in_flight_from in_flight_to calls duration quantiles"),
  withColumns(
    trajectories,
    "outcome tasks steps tool_uses with_failure repeated loops cost_per_task cost_after_failure share_after_failure",
  ),
  withColumns(
    trajectoriesTools,
    "tool uses tasks share uses_per_task error_rate retried retry_ok repeated resolve_rate",
  ),
  withColumns(trend, "bins n n_left_out course latest changed change chance claim alert alert_claim"),
  withColumns(
    cost,
    "calls tasks resolved total_cost unpriced_calls cost_per_call cost_per_task cost_per_resolved attempts_per_task resolve_rate cost_per_conversation cost_per_user",
  ),
  withColumns(
    costGrowth,
    "before after growth from_calls from_cost_per_call factor calls_factor cost_per_call_factor",
  ),
  withColumns(
    costPairs,
    "model against reversal cost_per_call cost_per_resolved price_per_token tokens_per_attempt attempts_per_task resolve_rate from to",
  ),
  withColumns(costTiers, "model quality cost worse_by_at_most tier cost_ratio claim saves"),
  withColumns(costMonthly, "cost_per_task at_one_mix tasks_per_user_day monthly_bill"),
  withColumns(
    costRepriced,
    "calls logged repriced ratio break_even cost_per_task repriced_per_task hit_rate saved",
  ),
  withColumns(quality, "n rater mean standard_error corrected"),
  withColumns(qualityControlled, "n raw controlled"),
  withColumns(qualityFlips, "a b prompt_id better score_a score_b runs"),
  withColumns(qualityDrift, "rater items from to before after drift risen fallen verdict claim"),
  withColumns(qualityJudge, "n labelled raw corrected labels sensitivity specificity"),
  withColumns(qualityPairs, "a b items mean_a mean_b difference only_a only_b p p_holm"),
  withColumns(qualityBeside, "beside n rater mean corrected"),
  withColumns(qualityRaters, "raters subjects same agreement statistic"),
  withColumns(qualityRefusals, "calls refused over_refused truncated right wrong"),
  withColumns(
    qualityStructured,
    "calls json_valid schema_valid valid_first valid_last repaired tool_success",
  ),
  withColumns(qualityValidator, "n truth flagged error_before residual_error caught false_alarms"),
  withColumns(causes, "cause tasks_read share_of_failed share_of_tasks resolved_at_most agreement"),
  withColumns(causesBegan, "step tasks_read share_of_failed cost_after time_after"),
  withColumns(
    causesWorth,
    "cause tasks_read resolved_at_most cost_per_resolved_at_least time_per_task_at_least",
  ),
  withColumns(
    consistency,
    "prompts repeats runs mean variance_between variance_within icc pass_rate pass_at pass_hat length_cv same_output distinct_outputs json_valid schema_valid best worst low_quantile",
  ),
  withColumns(consistencyForm, "prompts repeats runs form distinct_forms same_form modal_share form_entropy"),
  withColumns(
    consistencyWorst,
    "prompt_id prompt_version runs mean least most json_valid schema_valid same_output",
  ),
  withColumns(consistencySingleShot, "runs models prompts best wrong loss"),
  withColumns(agreement, "benchmark metric"),
  withColumns(agreementRanks, "model benchmark_rank production_rank production"),
  withColumns(
    agreementReleases,
    "model from to benchmark metric benchmark_gain production_change verdict claim",
  ),
  withColumns(agreementSideBySide, "benchmark metric"),
  withColumns(preferences, "model comparisons win_rate as_judged rating rank_low rank_high claim"),
  withColumns(benchmarkContamination, ""),
  withColumns(
    benchmarkTiers,
    "benchmark models best tiers separability in_first_tier headroom verdict claim",
  ),
];
