// fieldnotes/measures: the questions, each a function of a store and options that returns a table.

// latency: how long calls take
export { type AttainmentRow, latencyAttainment } from "./latency/attainment";
export { type LatencyCurve, latencyCurves } from "./latency/curves";
export { type DistributionRow, latencyDistribution } from "./latency/distribution";
export { type ExposureRow, latencyExposure } from "./latency/exposure";
export { type LatencyRow, latency } from "./latency/latency";
export { type OutcomeRow, latencyByOutcome } from "./latency/outcomeByLatency";
export { type ShiftRow, shift } from "./latency/shift";
export type { TailShape } from "./latency/tailShape";
export { type VarianceRow, latencyBetween } from "./latency/varianceByProvider";

// service: failures, load, caches, stages, agents
export { type CacheRow, costCacheHits } from "./service/cacheHits";
export { type CacheMixtureRow, latencyCacheMixture } from "./service/cacheMixture";
export { type ContextLengthRow, qualityByLength } from "./service/contextLength";
export { type ContextSlopeRow, qualitySlope } from "./service/contextSlope";
export { type EffectiveContextRow, qualityFloor, effectiveContext } from "./service/effectiveContext";
export { type BurstRow, reliabilityBursts } from "./service/errorBursts";
export { type ChainRow, reliabilityFallbacks } from "./service/fallbackChains";
export { qualityPipeline, pipelineSentence } from "./service/pipelineEffects";
export type { PipelineRow } from "./service/pipelineSquares";
export { type ReliabilityRow, reliability } from "./service/reliability";
export { type RetryAfterRow, reliabilityRetryAfter } from "./service/retryAfter";
export { type StageRow, latencyStages } from "./service/stages";
export { type LoadRow, type ThroughputRow, throughputLoad, throughput } from "./service/throughput";
export { type ConversationTurnsRow, trajectoriesConversations } from "./service/conversationLengths";
export { type TurnRow, trajectoriesTurns } from "./service/conversationTurns";
export { type TrajectoryRow, trajectories } from "./service/trajectories";
export { type ToolRow, trajectoriesTools } from "./service/trajectoryTools";

// cost: what calls, tasks and a month cost
export { type GrowthRow, costGrowth } from "./cost/billGrowth";
export type { ConversationCostRow } from "./cost/conversationCosts";
export { type CostRow, cost } from "./cost/cost";
export { type CostPairRow, costPairs } from "./cost/costPairs";
export { costSteps } from "./cost/costSteps";
export type { CostTierRow } from "./cost/costTierRows";
export { costTiers } from "./cost/costTiers";
export { type Bill, type BillRow, costMonthly } from "./cost/monthlyBill";
export { costRepriced } from "./cost/reprice";
export type { RepriceRow } from "./cost/repriceColumns";

// quality: how good answers are
export { type ControlledRow, qualityControlled } from "./quality/controlled";
export { type FlipRow, qualityFlips } from "./quality/flips";
export { type JudgeDriftRow, qualityDrift } from "./quality/judgeDrift";
export { type JudgedRow, qualityJudge } from "./quality/judged";
export { type PairedRow, qualityPairs } from "./quality/paired";
export { type QualityRow, quality } from "./quality/quality";
export { type BesideRow, qualityBeside } from "./quality/qualityBeside";
export { type RaterRow, qualityRaters } from "./quality/qualityRaters";
export { type RefusalRow, qualityRefusals } from "./quality/refusals";
export { type StructuredRow, qualityStructured } from "./quality/structured";
export { type ValidatorRow, qualityValidator } from "./quality/validators";

// consistency: the same prompt asked again
export { type ConsistencyRow, consistency } from "./consistency/consistency";
export { type OutputFormRow, consistencyForm } from "./consistency/outputForms";
export { type WorstRow, consistencyWorst } from "./consistency/repeatsWorst";
export { type SingleShotRow, consistencySingleShot } from "./consistency/singleShot";

// preferences: answers compared side by side
export { type PreferenceOptions, type PreferenceRow, preferences } from "./preferences/preferences";

// agreement: benchmarks against production
export { agreement } from "./agreement/agreement";
export type { Agreement, PairOptions, Verdict } from "./agreement/agreementPair";
export { type RankOptions, type RankRow, agreementRanks } from "./agreement/agreementRanks";
export {
  type AgreementOfTableOptions,
  type AgreementRow,
  agreementOfTable,
} from "./agreement/agreementTable";
export { type ProgressRow, agreementReleases } from "./agreement/progressOverReleases";
export { type SideBySideRow, agreementSideBySide } from "./agreement/sideBySide";

// benchmark: what a leaderboard shows by itself
export type { NameOptions } from "./benchmark/benchmarkNames";
export type { ErrorsOf } from "./benchmark/benchmarkSide";
export { type ReadScoresOptions, type Scores, readScores } from "./benchmark/benchmarkTable";
export type {
  ContaminationOptions,
  ContaminationRow,
  ContaminationTable,
  PublicPrivate,
} from "./benchmark/contamination";
export {
  type ContaminationSides,
  type ContaminationTableOptions,
  benchmarkContamination,
  contaminationOfTable,
} from "./benchmark/contaminationOf";
export { type SaturationOptions, type SaturationRow, benchmarkTiers } from "./benchmark/saturation";
export {
  type BenchmarkTierOptions,
  type TierOptions,
  type TierRow,
  type TierScore,
  type TierTable,
  tiersOfBenchmark,
  tierTable,
} from "./benchmark/tiers";
export { type TierTableOptions, tiersOfTable } from "./benchmark/tiersOfTable";

// causes: why tasks fail, as people read it
export type { CauseDifference } from "./causes/causeDifferences";
export type { CauseDraw, TaskKind } from "./causes/causeFrame";
export type { Cause, Coded, Taxonomy } from "./causes/causesFile";
export type { OrderStep } from "./causes/causeShares";
export { type CauseRow, causes } from "./causes/causes";
export { type CauseBeganRow, causesBegan } from "./causes/causesBegan";
export { type CauseWorthRow, causesWorth } from "./causes/causesWorth";

// trend: when a number changed
export type { Coincidence } from "./trend/moved";
export { type Trend, trend } from "./trend/trend";
export type { TrendChange, TrendPoint, TrendRow, TrendSeries } from "./trend/trendSeries";

// metrics: any of the numbers by its name
export { metric } from "./metric";
export type { LatencyMetric, Metric, Over, RatioReading, Reading } from "./metricKinds";
export { metricNames } from "./metricNames";
export type { MetricTableOptions } from "./metricReaders";
export { metricTable } from "./metricTable";

// about all of them: options, tables, what can be measured
export type { OwnRows } from "../facts/attach";
export { type ScoreName, scoreNames } from "../facts/judgements";
export type { Keys } from "../facts/names";
export type { SelectOptions } from "../facts/request";
export type { OptionsOf, RowOf } from "./define";
export type { Diagnosis } from "./diagnosis";
export { type DoctorOptions, doctor } from "./doctor";
export type { Oddities, Unpriced, Warning, WarningId } from "./doctorWarnings";
export type { Spread } from "./estimate/spread";
export { type Explanation, type Statement, explain } from "./explain";
export type { Measurable } from "./measurable";
export type { MeasureOptions } from "./options";
export type { Cell, Keyed, Row, Table } from "./table";
