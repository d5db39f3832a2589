import type { Format } from "../format";
import { anthropic } from "./anthropic";
import { bedrock } from "./bedrock";
import { canonical } from "./canonical";
import { cloudflare } from "./cloudflare";
import { gemini } from "./gemini";
import { helicone } from "./helicone";
import { langfuse } from "./langfuse";
import { langsmith } from "./langsmith";
import { litellm } from "./litellm";
import { llmperf } from "./llmperf";
import { mlflow } from "./mlflow";
import { openai } from "./openai";
import { openrouter } from "./openrouter";
import { otlp } from "./otlp";
import { phoenix } from "./phoenix";
import { portkey } from "./portkey";
import { servingBenchmark } from "./servingBenchmark";

/** The built-in formats, the most distinctive first. */
export const formats: readonly Format[] = [
  otlp,
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
  servingBenchmark,
  llmperf,
  canonical,
];
