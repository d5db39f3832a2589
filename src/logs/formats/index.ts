import type { Format } from "../records/format";
import { alpacaAnnotations } from "./alpacaAnnotations";
import { alpacaEval } from "./alpacaEval";
import { anthropic } from "./anthropic";
import { arenaCatalogue } from "./arenaCatalogue";
import { arenaHard } from "./arenaHard";
import { arenaTable } from "./arenaTable";
import { bedrock } from "./bedrock";
import { canonical } from "./canonical";
import { cloudflare } from "./cloudflare";
import { gemini } from "./gemini";
import { genaiPrices } from "./genaiPrices";
import { helicone } from "./helicone";
import { helm } from "./helm";
import { inspect } from "./inspect";
import { langfuse } from "./langfuse";
import { langsmith } from "./langsmith";
import { leaderboardTable } from "./leaderboardTable";
import { litellm } from "./litellm";
import { litellmPrices } from "./litellmPrices";
import { llmperf } from "./llmperf";
import { lmEvalResults } from "./lmEvalResults";
import { lmEvalSamples } from "./lmEvalSamples";
import { mlflow } from "./mlflow";
import { openai } from "./openai";
import { openrouter } from "./openrouter";
import { otlp } from "./otlp";
import { otlpSnake } from "./otlpSnake";
import { phoenix } from "./phoenix";
import { portkey } from "./portkey";
import { promptfoo } from "./promptfoo";
import { servingBenchmark } from "./servingBenchmark";
import { sweBench } from "./sweBench";
import { tau2Bench } from "./tau2Bench";
import { tauBench } from "./tauBench";

/** The built-in formats, the most distinctive first. */
export const formats: readonly Format[] = [
  otlp,
  otlpSnake,
  phoenix,
  langfuse,
  langsmith,
  mlflow,
  litellm,
  helicone,
  bedrock,
  cloudflare,
  portkey,
  openrouter,
  gemini,
  anthropic,
  openai,
  inspect,
  promptfoo,
  tau2Bench,
  tauBench,
  lmEvalSamples,
  servingBenchmark,
  llmperf,
  litellmPrices,
  genaiPrices,
  lmEvalResults,
  alpacaAnnotations,
  alpacaEval,
  arenaHard,
  arenaTable,
  arenaCatalogue,
  sweBench,
  helm,
  canonical,
  leaderboardTable,
];
