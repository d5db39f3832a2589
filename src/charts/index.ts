// fieldnotes/charts: estimates to figures.

export { type AgreementHeatmapOptions, agreementHeatmap } from "./agreementHeatmap";
export { type BinCurveOptions, binCurve } from "./binCurve";
export { type ChoiceSharesOptions, choiceShares } from "./choiceShares";
export { costQualityFront, type FrontOptions } from "./costQualityFront";
export { type Curve, type EcdfOptions, ecdf } from "./ecdf";
export type { Figure } from "./figure";
export { type ForestOptions, forest } from "./forest";
export { type BinnedCurve, type HistogramOptions, histogramFigure } from "./histogramFigure";
export { type MeanAgainstTailOptions, meanAgainstTail } from "./meanAgainstTail";
export type { NumberOptions } from "./number";
export { passCurves } from "./passCurves";
export { pipelineSquare } from "./pipelineSquare";
export { promptSpread } from "./promptSpread";
export { type QuantileOptions, quantileFigure } from "./quantileFigure";
export { type QuantileQuantileOptions, quantileQuantile } from "./quantileQuantile";
export { type RankAgainstRankOptions, rankAgainstRank } from "./rankAgainstRank";
export { rankFlips } from "./rankFlips";
export { type RatesOptions, rates } from "./rates";
export type { Rows } from "./rows";
export { tail } from "./tail";
export { type TierFigureOptions, tierFigure } from "./tierFigure";
export { type TimelineFigureOptions, timelineFigure } from "./timelineFigure";
export { turnCurves } from "./turnCurves";
export { utilityForest } from "./utilityForest";
export { type Steps, type WaterfallOptions, waterfall } from "./waterfall";
export { type HeatmapOptions, weekHeatmap } from "./weekHeatmap";
export { weightChange } from "./weightChange";
