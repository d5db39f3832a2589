import type { Format } from "../format";
import { canonical } from "./canonical";
import { llmperf } from "./llmperf";
import { otlp } from "./otlp";

/** The built-in formats, the most distinctive first. */
export const formats: readonly Format[] = [otlp, llmperf, canonical];
