// Written by npm run docs.
import { agreement } from "./agreement/agreement";
import { agreementRanks } from "./agreement/agreementRanks";
import { progressOverReleases } from "./agreement/progressOverReleases";
import { sideBySide } from "./agreement/sideBySide";
import { contamination } from "./benchmark/contaminationOf";
import { saturation } from "./benchmark/saturation";
import { consistency } from "./consistency/consistency";
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
  consistency,
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
