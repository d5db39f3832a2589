// The public names, in the order in which data flows. fieldnotes/stats, fieldnotes/explore, fieldnotes/evalset and
// fieldnotes/demo are the indexes of their folders.

// store: the database
export { type BinnedCurve, type HistogramOptions, histogramFigure } from "./charts/histogramFigure";
export { type QuantileQuantileOptions, quantileQuantile } from "./charts/quantileQuantile";
export { type OpenOptions, open, type Store } from "./store/open";
export type { Parameters, PlainRow } from "./store/run";
export { schema, type TableName } from "./store/schema";
export { query } from "./store/query";
export { toArrow } from "./store/arrow";
export { writeOut } from "./store/writeOut";

// facts: what is so of a call
export { type AttachOptions, attach } from "./facts/attach";

// logs: exported files to rows
export { type ModelName, modelName } from "./logs/models/modelName";
export { type ModelNameUse, modelNames } from "./logs/models/modelNames";
export { formats } from "./logs/formats";
export { type Forgotten, forget } from "./logs/forget";
export { type IngestedFile, type IngestOptions, type IngestResult, ingest } from "./logs/ingest";
export type { Mapping } from "./logs/records/mapping";

// measures: the questions
export type { Estimate } from "./stats/estimate";
export { agreement } from "./measures/agreement/agreement";
export type { OptionsOf, RowOf } from "./measures/define";
export { agreementRanks, type RankOptions, type RankRow } from "./measures/agreement/agreementRanks";
export {
  type AgreementOfTableOptions,
  type AgreementRow,
  agreementOfTable,
} from "./measures/agreement/agreementTable";
export type { ErrorsOf } from "./measures/benchmark/benchmarkSide";
export { type AttainmentRow, attainment } from "./measures/latency/attainment";
export { type ReadScoresOptions, readScores, type Scores } from "./measures/benchmark/benchmarkTable";
export { billGrowth, type GrowthRow } from "./measures/cost/billGrowth";
export { type CacheRow, cacheHits } from "./measures/service/cacheHits";
export { type ConsistencyRow, consistency } from "./measures/consistency/consistency";
export type {
  ContaminationOptions,
  ContaminationRow,
  ContaminationTable,
  PublicPrivate,
} from "./measures/benchmark/contamination";
export {
  type ContaminationTableOptions,
  type ContaminationSides,
  contamination,
  contaminationOfTable,
} from "./measures/benchmark/contaminationOf";
export { type ContextLengthRow, contextLength } from "./measures/service/contextLength";
export { type EffectiveContextRow, effectiveContext } from "./measures/service/effectiveContext";
export { type CostRow, cost } from "./measures/cost/cost";
export { type CostPairRow, costPairs } from "./measures/cost/costPairs";
export type { RepriceRow } from "./measures/cost/repriceColumns";
export { reprice } from "./measures/cost/reprice";
export { costSteps } from "./measures/cost/costSteps";
export { type FlipRow, flips } from "./measures/quality/flips";
export { type JudgedRow, judged } from "./measures/quality/judged";
export { type LatencyCurve, latencyCurves } from "./measures/latency/curves";
export type { Diagnosis } from "./measures/diagnosis";
export { doctor } from "./measures/doctor";
export { type BurstRow, errorBursts } from "./measures/service/errorBursts";
export { type Explanation, explain } from "./measures/explain";
export {
  type DistributionRow,
  distribution,
} from "./measures/latency/distribution";
export { type ExposureRow, exposure } from "./measures/latency/exposure";
export { type ChainRow, fallbackChains } from "./measures/service/fallbackChains";
export { type LatencyRow, latency } from "./measures/latency/latency";
export { type Bill, type BillRow, monthlyBill } from "./measures/cost/monthlyBill";
export { metric } from "./measures/metric";
export type { LatencyMetric, Metric } from "./measures/metricKinds";
export { metricNames } from "./measures/metricNames";
export { metricTable } from "./measures/metricTable";
export type { MeasureOptions } from "./measures/options";
export { type OutcomeRow, outcomeByLatency } from "./measures/latency/outcomeByLatency";
export { type PairedRow, paired } from "./measures/quality/paired";
export { pipelineEffects, pipelineSentence } from "./measures/service/pipelineEffects";
export type { PipelineRow } from "./measures/service/pipelineSquares";
export {
  type PreferenceOptions,
  type PreferenceRow,
  preferences,
} from "./measures/preferences/preferences";
export { type ProgressRow, progressOverReleases } from "./measures/agreement/progressOverReleases";
export { type QualityRow, quality } from "./measures/quality/quality";
export { type BesideRow, qualityBeside } from "./measures/quality/qualityBeside";
export { type RaterRow, raterAgreement } from "./measures/quality/qualityRaters";
export { type ScoreName, scoreNames } from "./facts/judgements";
export { type RefusalRow, refusals } from "./measures/quality/refusals";
export { type WorstRow, worstPrompts } from "./measures/consistency/repeatsWorst";
export { type SingleShotRow, singleShot } from "./measures/consistency/singleShot";
export { type ReliabilityRow, reliability } from "./measures/service/reliability";
export { type SaturationOptions, type SaturationRow, saturation } from "./measures/benchmark/saturation";
export { type ShiftRow, shift } from "./measures/latency/shift";
export { type SideBySideRow, sideBySide } from "./measures/agreement/sideBySide";
export { type StageRow, stages } from "./measures/service/stages";
export { type StructuredRow, structured } from "./measures/quality/structured";
export { type ValidatorRow, validators } from "./measures/quality/validators";
export {
  type VarianceRow,
  varianceByProvider,
} from "./measures/latency/varianceByProvider";
export type { Keys } from "./facts/names";
export type { Cell, Keyed, Row, Table } from "./measures/table";
export {
  type BenchmarkTierOptions,
  type TierOptions,
  type TierRow,
  type TierScore,
  type TierTable,
  tiersOfBenchmark,
  tierTable,
} from "./measures/benchmark/tiers";
export { type TierTableOptions, tiersOfTable } from "./measures/benchmark/tiersOfTable";
export {
  type LoadRow,
  loadCurve,
  type ThroughputRow,
  throughput,
} from "./measures/service/throughput";

export type { Coincidence } from "./measures/trend/moved";
export { type Trend, trend } from "./measures/trend/trend";
export type { TrendChange, TrendPoint, TrendRow, TrendSeries } from "./measures/trend/trendSeries";

// decide: which model to take
export { type Shortlist, type ShortlistOptions, type ShortlistRow, shortlist } from "./decide/shortlist";
export type { Profile, SubWorkload, Verification } from "./decide/profile/profile";
export { readProfile } from "./decide/profile/readProfile";
export type { Criterion, Floor } from "./decide/profile/criterion";
export { type ChooseOptions, choose } from "./decide/choose/choose";
export { type ChooseAllOptions, type Choices, chooseAll, sharedVerdict } from "./decide/choose/chooseAll";
export { changeText } from "./decide/choose/chooseChange";
export { type Choice, type ChoiceRow, choiceTable } from "./decide/choose/chooseTable";
export type { WeightChange } from "./decide/choose/weights";
export { type ComparedSide, type CompareOptions, type Comparison, compare } from "./decide/compare/compare";
export type { Assumption } from "./decide/assumption";
export type { BalanceRow } from "./measures/mix/balance";
export type { ItemsRow } from "./decide/compare/compareItems";
export type { CompareRow } from "./decide/compare/compareRow";
export { compareSteps } from "./decide/compare/compareSteps";
export type { Timeline, TimelinePoint } from "./decide/compare/timeline";
export { type Plan, type PlanOptions, plan } from "./decide/plan/plan";
export type { PlanRow } from "./decide/plan/planRow";
export type { RunningRow } from "./decide/plan/planRunning";
export { type Check, type CheckOptions, check } from "./decide/check/check";
export type { CheckRow } from "./decide/check/checkRow";
export type { Limit, Limits } from "./decide/check/limits";
export type { SplitArm, SplitCheck } from "./decide/plan/planSplit";
export { type RouteOptions, route } from "./decide/route/route";
export type { CascadeOptions } from "./decide/route/cascade";
export type { CascadePoint, CascadeRow, Cascades } from "./decide/route/cascades";
export type { Routes, RouteTotal } from "./decide/route/routes";
export type { RouteCandidate } from "./decide/route/routePick";
export type { RouteRow } from "./decide/route/routeRow";

// charts: estimates to figures
export { type AgreementHeatmapOptions, agreementHeatmap } from "./charts/agreementHeatmap";
export { type BinCurveOptions, binCurve } from "./charts/binCurve";
export { choiceShares, type ChoiceSharesOptions } from "./charts/choiceShares";
export { costQualityFront } from "./charts/costQualityFront";
export { ecdf } from "./charts/ecdf";
export type { Figure } from "./charts/figure";
export { forest } from "./charts/forest";
export { meanAgainstTail } from "./charts/meanAgainstTail";
export { passCurves } from "./charts/passCurves";
export { promptSpread } from "./charts/promptSpread";
export { rankFlips } from "./charts/rankFlips";
export { pipelineSquare } from "./charts/pipelineSquare";
export { quantileFigure } from "./charts/quantileFigure";
export { type RankAgainstRankOptions, rankAgainstRank } from "./charts/rankAgainstRank";
export { rates } from "./charts/rates";
export { tail } from "./charts/tail";
export { type TierFigureOptions, tierFigure } from "./charts/tierFigure";
export { utilityForest } from "./charts/utilityForest";
export { type TimelineFigureOptions, timelineFigure } from "./charts/timelineFigure";
export { type Steps, waterfall } from "./charts/waterfall";
export { weekHeatmap } from "./charts/weekHeatmap";
export { weightChange } from "./charts/weightChange";

// page: what a person reads
export { type FindingsOptions, findings } from "./page/findings";
export { formatEstimate, formatNumber } from "./page/number";
export { type Lead, type PageOptions, renderPage } from "./page/page";
export type { Part } from "./page/part";
export { type Report, type ReportOptions, reportOf } from "./page/report";
export { type EarlierReport, readEarlier } from "./page/reportChanges";
export { reportMarkdown } from "./page/reportMarkdown";
export { tableMarkdown, tableText } from "./page/table";

// notebook: showing and running
export { type Markdown, md } from "./notebook/markdown";
export { missing } from "./notebook/missing";
export { progress } from "./notebook/progress";
export { type Notebook, readNotebook, writeNotebook } from "./notebook/read";
export { type NotebookRun, type RunOptions, runNotebook } from "./notebook/run";
export { show } from "./notebook/show";
export { skip } from "./notebook/skip";
