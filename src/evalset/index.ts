// fieldnotes/evalset: a private eval set, from the logs to the labels.

export { type Weighted, weightedRate } from "../stats/weightedRate";
export { type Masked, type MaskedKind, mask } from "../store/mask";
export type { AskOptions } from "./ask";
export { type BuildOptions, build, type EvalSet } from "./build";
export type { CauseSheetOptions } from "./causeDraw";
export type { SheetTask } from "./causePage";
export { type CauseSheet, causeSheet } from "./causeSheet";
export { type CheckRow, type CheckScore, check } from "./check";
export { checkAnswer, type Outcome } from "./checkAnswer";
export type { Check } from "./checks";
export {
  compareWithTraffic,
  type DimensionRow,
  type ShareRow,
  type TrafficComparison,
} from "./compareWithTraffic";
export { type ExpectedWidth, expectedWidths, type WidthOptions } from "./expectedWidths";
export { type ImportedCauses, importCauses } from "./importCauses";
export { type Imported, type ImportOptions, importLabels } from "./importLabels";
export type { Item, Source } from "./item";
export type { Manifest } from "./manifest";
export { type DuplicateOptions, nearDuplicates } from "./nearDuplicates";
export { type Output, storedOutputs } from "./outputs";
export { type Overlap, overlap } from "./overlap";
export { type Requests, requestFiles } from "./requestFiles";
export type { RequestFile, RequestOptions, RequestTarget } from "./requestTargets";
export { type Review, type ReviewOptions, review } from "./review";
export type { Choice, ReviewRow, ReviewSheet } from "./reviewSheet";
export { reweigh, type Stratum } from "./reweigh";
