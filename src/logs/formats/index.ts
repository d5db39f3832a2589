import type { FileSample, Format } from "../records/format";
import { opened } from "../records/textRecord";
import { shipped } from "./shipped";

// The most distinctive first: a format is its file, here or in data/formats, plus its line here.
const files: { format: Format }[] = [
  require("./otlp"),
  require("./otlpSnake"),
  require("./phoenix"),
  require("./langfuse"),
  require("./langsmith"),
  require("./mlflow"),
  require("./litellm"),
  require("./helicone"),
  require("./bedrock"),
  require("./cloudflare"),
  require("./portkey"),
  require("./openrouter"),
  require("./gemini"),
  require("./anthropic"),
  require("./openai"),
  require("./inspect"),
  require("./promptfoo"),
  require("./tau2Bench"),
  require("./tauBench"),
  require("./lmEvalSamples"),
  require("./servingBenchmark"),
  shipped("llmperf"),
  require("./litellmPrices"),
  require("./genaiPrices"),
  shipped("lm-eval-results"),
  shipped("alpaca-annotations"),
  require("./arenaBattles"),
  shipped("arena-hard-judgments"),
  shipped("mt-bench-pairs"),
  shipped("alpaca-eval"),
  shipped("arena-hard"),
  shipped("arena-table"),
  shipped("arena-catalogue"),
  shipped("swe-bench"),
  shipped("helm"),
  require("./conversation"),
  require("./canonical"),
  require("./leaderboardTable"),
];

/**
 * The built-in formats, the most distinctive first.
 * @example
 * formats.filter(({ name }) => name.startsWith("arena")).length // 5
 */
export const formats: readonly Format[] = files.map(({ format }) => format);

/** True if a format recognises a file as its own by a sample of it. */
export function takes(sample: FileSample): (format: Format) => boolean {
  const { shape } = sample;
  const records = opened(shape).shape;
  return (format) => format.recognises(shape, records, sample);
}
