// What the README and the notebooks import, in the order in which data flows, and whole what has no entry of its own.

// store: the database
export { type OpenOptions, type Store, open } from "./store/open";
export type { Parameters, PlainRow } from "./store/run";
export {
  type Bounds,
  type Column,
  type Held,
  type ColumnType,
  type FilledTable,
  type TableName,
  schema,
} from "./store/schema";
export { query } from "./store/query";
export { toArrow } from "./store/arrow";
export { writeOut } from "./store/writeOut";

// facts: what is so of a call
export type { Estimate } from "./stats/estimate";
export { type AttachOptions, attach } from "./facts/attach";

// logs: exported files to rows
export { type KnownModel, type ModelName, type ModelNameOptions, modelName } from "./logs/models/modelName";
export { type ModelNameUse, modelNames } from "./logs/models/modelNames";
export { type Forgotten, forget } from "./logs/forget";
export { type IngestedFile, type IngestOptions, type IngestResult, ingest } from "./logs/ingest";
export type { Mapping } from "./logs/records/mapping";
export type { Completed } from "./logs/complete/complete";
export type { Emptied } from "./logs/load/emptied";
export type { Fates, RowCounts } from "./logs/load/options";
export type { OutputSchemas } from "./logs/records/schemaValid";

// measures: the questions; all of them are in fieldnotes/measures
export {
  agreement,
  agreementRanks,
  latencyAttainment,
  costGrowth,
  costCacheHits,
  consistency,
  benchmarkContamination,
  qualityByLength,
  cost,
  costPairs,
  costSteps,
  latencyDistribution,
  doctor,
  effectiveContext,
  reliabilityBursts,
  latencyExposure,
  reliabilityFallbacks,
  qualityFlips,
  qualityJudge,
  latency,
  latencyCurves,
  throughputLoad,
  metricNames,
  metricTable,
  costMonthly,
  latencyByOutcome,
  qualityPairs,
  qualityPipeline,
  pipelineSentence,
  preferences,
  agreementReleases,
  quality,
  qualityBeside,
  qualityRaters,
  qualityRefusals,
  reliability,
  costRepriced,
  benchmarkTiers,
  scoreNames,
  shift,
  agreementSideBySide,
  consistencySingleShot,
  latencyStages,
  qualityStructured,
  throughput,
  tiersOfBenchmark,
  trend,
  qualityValidator,
  latencyBetween,
  consistencyWorst,
} from "./measures";
export type {
  AgreementRow,
  AttainmentRow,
  BesideRow,
  Bill,
  BillRow,
  BurstRow,
  CacheRow,
  Cell,
  ChainRow,
  ConsistencyRow,
  ContaminationRow,
  ContextLengthRow,
  CostPairRow,
  CostRow,
  Diagnosis,
  DistributionRow,
  EffectiveContextRow,
  ExposureRow,
  FlipRow,
  GrowthRow,
  JudgedRow,
  Keyed,
  Keys,
  LatencyCurve,
  LatencyRow,
  LoadRow,
  MeasureOptions,
  OptionsOf,
  OutcomeRow,
  PairedRow,
  PipelineRow,
  PreferenceRow,
  ProgressRow,
  QualityRow,
  RankRow,
  RaterRow,
  RefusalRow,
  ReliabilityRow,
  RepriceRow,
  Row,
  RowOf,
  SaturationRow,
  ScoreName,
  ShiftRow,
  SideBySideRow,
  SingleShotRow,
  StageRow,
  StructuredRow,
  Table,
  ThroughputRow,
  TierRow,
  Trend,
  ValidatorRow,
  VarianceRow,
  WorstRow,
} from "./measures";

// decide: which model to take; all of it is in fieldnotes/decide
export {
  changeText,
  check,
  choiceTable,
  choose,
  compare,
  compareSteps,
  plan,
  route,
  sharedVerdict,
  benchmarkShortlist,
} from "./decide";
export type {
  Assumption,
  CascadeOptions,
  Cascades,
  Check,
  CheckOptions,
  CheckRow,
  Choice,
  ChoiceRow,
  ChooseOptions,
  CompareOptions,
  Comparison,
  Criterion,
  Floor,
  Limit,
  Limits,
  Plan,
  PlanOptions,
  PlanRow,
  Profile,
  RouteOptions,
  RouteRow,
  Routes,
  Shortlist,
  ShortlistOptions,
  ShortlistRow,
  Timeline,
} from "./decide";

// charts: estimates to figures; all of them are in fieldnotes/charts
export {
  agreementHeatmap,
  binCurve,
  choiceShares,
  costQualityFront,
  ecdf,
  forest,
  histogramFigure,
  meanAgainstTail,
  passCurves,
  pipelineSquare,
  promptSpread,
  quantileFigure,
  quantileQuantile,
  rankAgainstRank,
  rankFlips,
  rates,
  tail,
  tierFigure,
  timelineFigure,
  turnCurves,
  utilityForest,
  waterfall,
  weekHeatmap,
  weightChange,
} from "./charts";
export type {
  BinnedCurve,
  Figure,
  Steps,
} from "./charts";

// page: what a person reads
export { type About, type FindingsOptions, findings } from "./page/findings";
export { formatEstimate, formatNumber } from "./page/number";
export { type Lead, type PageOptions, renderPage } from "./page/page";
export type { OneTrace, Part } from "./page/part";
export { type Report, type ReportOptions, reportOf } from "./page/report";
export { type EarlierReport, readEarlier } from "./page/reportChanges";
export { reportMarkdown } from "./page/reportMarkdown";
export { tableMarkdown, tableText } from "./page/table";
export type { Rows, TableOptions } from "./page/grid";
export type { JudgedBy } from "./page/judgedBy";
export type { GivenCell, GivenNotebook, GivenOutput, RunNotebook } from "./page/notebook";
export type { PageCalls } from "./page/reportRequest";
export type { Weighing } from "./page/weighing";

// notebook: showing and running
export { type Looking, look } from "./notebook/look";
export { type Markdown, md } from "./notebook/markdown";
export { missing } from "./notebook/missing";
export { type Progress, progress } from "./notebook/progress";
export {
  type MimeBundle,
  type Notebook,
  type NotebookCell,
  type Output,
  readNotebook,
  writeNotebook,
} from "./notebook/read";
export { type NotebookRun, type RunOptions, runNotebook } from "./notebook/run";
export { type Showable, show } from "./notebook/show";
export { skip } from "./notebook/skip";
export type { LookOptions } from "./look/serve";
export type { KernelOptions } from "./notebook/kernel";
export type { ParameterValue } from "./notebook/parameters";
