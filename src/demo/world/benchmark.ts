import { binomialQuantile } from "../../stats/binomial";
import type { Random } from "../../stats/random";
import { nullable, number, object, optional, record, text, whole } from "./shape";

/** A public benchmark: each model's true score on it, and the error of one publication. */
export interface Benchmark {
  /**
   * Number of questions: the score is the share answered correctly, and true values are probabilities. null if the
   * score isn't a share.
   */
  items: number | null;
  /** Standard error of a score that isn't a share. */
  standard_error: number | null;
  /** Day of the publication, "2026-02-01". */
  as_of: string;
  source: string;
  /** By model: the true score, with infinitely many questions. */
  models: Record<string, number>;
}

const shape = object<Benchmark>({
  items: optional(nullable(whole(1, 1e9)), null),
  standard_error: optional(nullable(number(0, Number.POSITIVE_INFINITY, { above: true })), null),
  as_of: text(/^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a day like "2026-02-01"'),
  source: text(/^[\w .:/-]{1,80}$/, "a source of letters, digits, spaces and .:/- (1 to 80)"),
  models: record(number(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY), { least: 1 }),
});

/** Reads a benchmark, which has either items or a standard error. */
export function benchmarkShape(value: unknown, path: string): Benchmark {
  const benchmark = shape(value, path);
  const { items, standard_error, models } = benchmark;
  if ((items === null) === (standard_error === null))
    throw new RangeError(`world requires ${path} to have items or else a standard_error`);
  if (items !== null)
    for (const [model, chance] of Object.entries(models))
      if (!(chance >= 0 && chance <= 1))
        throw new RangeError(
          `world requires ${path}.models.${model} to be a share from 0 to 1 where there are items, got ${chance}`,
        );
  return benchmark;
}

/** One published score. */
export interface Published {
  benchmark: string;
  model: string;
  score: number;
  of: Benchmark;
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));

/** Draws the published score: a binomial share of the items, or a normal score. */
export function publish(benchmarks: Record<string, Benchmark>, random: Random): Published[] {
  return Object.entries(benchmarks).flatMap(([benchmark, of]) =>
    Object.entries(of.models).map(([model, value]): Published => {
      const score =
        of.items === null
          ? round(value + of.standard_error! * random.normal(), 2)
          : round(binomialQuantile(random.uniform(), of.items, value) / of.items, 5);
      return { benchmark, model, score, of };
    }),
  );
}

/** Published scores as CSV, with the columns of this library's own table as header. */
export function benchmarksCsv(published: readonly Published[]): string {
  const lines = published.map(({ benchmark, model, score, of }) =>
    [model, benchmark, score, of.standard_error ?? "", of.items ?? "", true, of.as_of, of.source].join(","),
  );
  const header = "model,benchmark,score,standard_error,items,higher_is_better,as_of,source";
  return `${[header, ...lines].join("\n")}\n`;
}
