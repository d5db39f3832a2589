// fieldnotes/stats: the estimators behind the measures, on numbers of any source.

export { type AlphaOptions, alpha } from "./alpha";
export { betaCdf, betaQuantile } from "./beta";
export { binomialCdf, binomialProbability, binomialQuantile } from "./binomial";
export { bootstrap } from "./bootstrap";
export { type BootstrapBounds, bootstrapBounds } from "./bootstrapBounds";
export { type BradleyTerry, type BradleyTerryOptions, bradleyTerry } from "./bradleyTerry";
export { type ChangePoint, type ChangePointOptions, changePoint } from "./changePoint";
export { chiSquareCdf, chiSquareQuantile } from "./chiSquare";
export type { Claim, ClaimKind, ClaimStatus } from "./claim";
export { coefficientOfVariation } from "./coefficientOfVariation";
export type { Comparisons } from "./comparisons";
export { type ConfidenceSequenceOptions, confidenceSequence, type RunningMean } from "./confidenceSequence";
export type { DayPart, DaysShared } from "./daysShared";
export { type Description, describe } from "./describe";
export { doubleOrNothing } from "./doubleOrNothing";
export type { Estimate, NoteText, UnpricedCalls, WorstCase } from "./estimate";
export { eValue, oddsFactor } from "./eValue";
export { type ExpectedRegretOptions, expectedRegret } from "./expectedRegret";
export { fieller } from "./fieller";
export { fisherFCdf, fisherFQuantile } from "./fisherF";
export { logGamma } from "./gamma";
export { harrellDavis } from "./harrellDavis";
export { type IccOptions, icc, type VarianceSplit } from "./icc";
export { type KappaOptions, kappa, type Label } from "./kappa";
export { kendall } from "./kendall";
export type { LackOfFit, Misfit } from "./lackOfFit";
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
export { type PairedDifference, type PairedDifferenceOptions, pairedDifference } from "./pairedDifference";
export type { PairOptions } from "./pairs";
export { gPassAt, meanGPassAt, passAt, passHat } from "./passAt";
export { type PassOptions, type PromptPasses, passOverPrompts } from "./passOverPrompts";
export { pearson } from "./pearson";
export { type PermutationOptions, permutationP } from "./permutationP";
export {
  type MeanSpread,
  minimumDetectableEffect,
  type PowerOptions,
  powerForMeans,
  powerForQuantile,
  powerForRates,
} from "./power";
export { mergePowerSums, type PowerSums, powerSums, recentred } from "./powerSums";
export {
  type JudgedItems,
  type PoweredRate,
  type PredictionPoweredOptions,
  predictionPowered,
} from "./predictionPowered";
export { type JointDraws, type ProbabilityBestOptions, probabilityBest } from "./probabilityBest";
export { type PromptAverageOptions, promptAverage } from "./promptAverage";
export { quantile } from "./quantile";
export { type QuantileContrastOptions, quantileDifference, quantileRatio } from "./quantileContrast";
export { type QuantileIntervalOptions, quantileInterval } from "./quantileInterval";
export { observationsNeeded, type QuantileMethod } from "./quantileRanks";
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
export type { Reservation, ReservationId } from "./reservation";
export type { AssumptionId, Side } from "./reservationKinds";
export { type JudgedCounts, type JudgedRate, type RoganGladenOptions, roganGladen } from "./roganGladen";
export type { RunSpread } from "./runSpread";
export { type EntropyOptions, entropy, modalShare, sameOutput } from "./sameOutput";
export type { Distribution, Labels, NanPolicy, SampleIntervalOptions } from "./sample";
export type { ScoredModels, SeparationOptions } from "./separation";
export type { SharedTime } from "./sharedTime";
export { type SmallestCorrelationOptions, smallestCorrelation } from "./smallestCorrelation";
export { spearman } from "./spearman";
export { studentTCdf, studentTQuantile } from "./studentT";
export { type Tiers, tiers } from "./tiers";
export { type TrueValueDraws, type TrueValueOptions, trueValueDraws } from "./trueValueDraws";
export type { PromptRuns, VarianceMoments } from "./varianceSplit";
export { type WeightedTauOptions, weightedTau } from "./weightedTau";
