import type { Measure } from "../measure";
import { cacheHits } from "./cacheHits";
import { cacheMixture } from "./cacheMixture";
import { contextLength } from "./contextLength";
import { contextSlope } from "./contextSlope";
import { contextFloor } from "./effectiveContext";
import { errorBursts } from "./errorBursts";
import { fallbackChains } from "./fallbackChains";
import { pipelineEffects } from "./pipelineEffects";
import { reliability } from "./reliability";
import { retryAfter } from "./retryAfter";
import { stages } from "./stages";
import { loadCurve, throughput } from "./throughput";
import { trajectories } from "./trajectories";
import { trajectoryTools } from "./trajectoryTools";

export const measures: Measure[] = [
  ...reliability.entries,
  ...retryAfter.entries,
  ...errorBursts.entries,
  ...fallbackChains.entries,
  ...throughput.entries,
  ...loadCurve.entries,
  ...cacheHits.entries,
  ...cacheMixture.entries,
  ...contextLength.entries,
  ...contextFloor.entries,
  ...contextSlope.entries,
  ...stages.entries,
  ...trajectories.entries,
  ...trajectoryTools.entries,
  ...pipelineEffects.entries,
];
