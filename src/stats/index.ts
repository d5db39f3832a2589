// fieldnotes/stats: the estimators behind the measures, on numbers of any source.

export { type AlphaOptions, alpha } from "./alpha";
export { betaCdf, betaQuantile } from "./beta";
export { binomialCdf, binomialProbability, binomialQuantile } from "./binomial";
export { bootstrap } from "./bootstrap";
export { type BootstrapBounds, bootstrapBounds } from "./bootstrapBounds";
export { type BradleyTerry, type BradleyTerryOptions, bradleyTerry } from "./bradleyTerry";
export { changePoint } from "./changePoint";
export { chiSquareCdf, chiSquareQuantile } from "./chiSquare";
export { coefficientOfVariation } from "./coefficientOfVariation";
export type { Comparisons } from "./comparisons";
export { confidenceSequence } from "./confidenceSequence";
export { type Description, describe } from "./describe";
export { doubleOrNothing } from "./doubleOrNothing";
export type { Estimate } from "./estimate";
export { eValue, oddsFactor } from "./eValue";
export { type ExpectedRegretOptions, expectedRegret } from "./expectedRegret";
export { fieller } from "./fieller";
export { fisherFCdf, fisherFQuantile } from "./fisherF";
export { logGamma } from "./gamma";
export { harrellDavis } from "./harrellDavis";
export { type LogHistogram, logHistogram, mergeHistograms } from "./histogram";
export { type IccOptions, icc, type VarianceSplit } from "./icc";
export { type KappaOptions, kappa } from "./kappa";
export { kendall } from "./kendall";
export {
  type Alert,
  type LevelChange,
  type LevelChanges,
  type LevelChangesOptions,
  levelChanges,
} from "./levelChanges";
export type { Course } from "./levelSeries";
export { type McnemarOptions, mcnemar } from "./mcnemar";
export { type MeanSums, mean, meanFromSums } from "./mean";
export { type MeanIntervalOptions, meanInterval } from "./meanInterval";
export { midranks } from "./midranks";
export { differenceOf, ratioOf } from "./mover";
export { benjaminiHochberg, holm } from "./multiplicity";
export { newcombe } from "./newcombe";
export type { NoisyModels } from "./noisyModels";
export { normalCdf, normalDensity, normalQuantile } from "./normal";
export { pairedDifference } from "./pairedDifference";
export { gPassAt, meanGPassAt, passAt, passHat } from "./passAt";
export { passOverPrompts } from "./passOverPrompts";
export { pearson } from "./pearson";
export { type PermutationOptions, permutationP } from "./permutationP";
export { minimumDetectableEffect, powerForMeans, powerForQuantile, powerForRates } from "./power";
export { mergePowerSums, type PowerSums, powerSums, recentred } from "./powerSums";
export { predictionPowered } from "./predictionPowered";
export { type JointDraws, type ProbabilityBestOptions, probabilityBest } from "./probabilityBest";
export { promptAverage } from "./promptAverage";
export { quantile } from "./quantile";
export { type QuantileContrastOptions, quantileDifference, quantileRatio } from "./quantileContrast";
export { type QuantileIntervalOptions, quantileInterval } from "./quantileInterval";
export { observationsNeeded } from "./quantileRanks";
export { type Random, random } from "./random";
export { type RankCorrelation, type RankCorrelationOptions, rankCorrelation } from "./rankCorrelation";
export { type OverModelsOptions, rankCorrelationOverModels } from "./rankCorrelationOverModels";
export { type RankBiasedOverlapOptions, rankBiasedOverlap, topOverlap } from "./rankOverlap";
export { rankSets } from "./rankSets";
export { clopperPearson, type RateSums, rateFromSums, wilson } from "./rate";
export { rateInterval } from "./rateInterval";
export {
  type RatioContrastOptions,
  type RatioSample,
  ratioDifference,
  ratioOfRatios,
} from "./ratioContrast";
export { type RatioMethod, ratioFromPowerSums, ratioInterval } from "./ratioInterval";
export { ratioLowerBound } from "./ratioLowerBound";
export { type ResampleRanksOptions, resampleSpearman } from "./resampleSpearman";
export type { Reservation } from "./reservation";
export { roganGladen } from "./roganGladen";
export type { RunSpread } from "./runSpread";
export { type EntropyOptions, entropy, modalShare, sameOutput } from "./sameOutput";
export type { Distribution, Labels, NanPolicy } from "./sample";
export type { ScoredModels, SeparationOptions } from "./separation";
export { type SmallestCorrelationOptions, smallestCorrelation } from "./smallestCorrelation";
export { spearman } from "./spearman";
export { studentTCdf, studentTQuantile } from "./studentT";
export { type Tiers, tiers } from "./tiers";
export { type TrueValueDraws, type TrueValueOptions, trueValueDraws } from "./trueValueDraws";
export { type WeightedTauOptions, weightedTau } from "./weightedTau";
