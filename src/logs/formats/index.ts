import type { Shape } from "../files/shape";
import type { Format } from "../records/format";
import { opened } from "../records/textRecord";

// The most distinctive first: a format is its file plus its line here.
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
  require("./llmperf"),
  require("./litellmPrices"),
  require("./genaiPrices"),
  require("./lmEvalResults"),
  require("./alpacaAnnotations"),
  require("./arenaBattles"),
  require("./arenaHardJudgments"),
  require("./mtBenchPairs"),
  require("./alpacaEval"),
  require("./arenaHard"),
  require("./arenaTable"),
  require("./arenaCatalogue"),
  require("./sweBench"),
  require("./helm"),
  require("./canonical"),
  require("./leaderboardTable"),
];

/**
 * The built-in formats, the most distinctive first.
 * @example
 * formats.filter(({ name }) => name.startsWith("arena")).length // 5
 */
export const formats: readonly Format[] = files.map(({ format }) => format);

/** True if a format recognises a file of this shape as its own. */
export function takes(shape: Shape): (format: Format) => boolean {
  const records = opened(shape).shape;
  return (format) => format.recognises(shape, records);
}
