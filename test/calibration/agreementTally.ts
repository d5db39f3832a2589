/** What one comparison of a benchmark with a metric said, and what is true. */
export interface Compared {
  /** 1 if the interval of the rank correlation holds the true one, 0 if not, NaN without an interval. */
  held: number;
  /** The stated loss from taking the benchmark's first model, and the true loss. */
  stated: number;
  real: number;
  /** The stated chance that the first model is the best, and 1 if it is. */
  chance: number;
  best: number;
}

/** Comparisons of one kind, grouped by draw, because those from the same draw are not independent. */
export interface Kind {
  name: string;
  draws: Compared[][];
}

/** A mean over draws with its standard error; draws without a value are left out. */
function meanOf(kind: Kind, value: (one: Compared) => number): { mean: number; error: number } {
  const means = kind.draws
    .map((own) => own.map(value).filter((one) => !Number.isNaN(one)))
    .filter((own) => own.length > 0)
    .map((own) => own.reduce((sum, one) => sum + one, 0) / own.length);
  const mean = means.reduce((sum, one) => sum + one, 0) / means.length;
  const squares = means.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (means.length - 1) / means.length) };
}

const percent = ({ mean, error }: { mean: number; error: number }) =>
  `${(100 * mean).toFixed(1)} ± ${(100 * error).toFixed(1)}`;

/** Words for a difference of more than two standard errors. */
function verdictOf({ mean, error }: { mean: number; error: number }): string {
  if (Math.abs(mean) <= 2 * error) return "";
  return mean > 0 ? "cautious" : "TOO LOW";
}

/** Kinds as Markdown, one a row. */
export function agreementTable(kinds: readonly Kind[]): string {
  const head = [
    "what",
    "draws",
    "intervals",
    "hold the truth, %",
    "stated loss",
    "real loss",
    "stated less real",
    "",
    "stated chance of the best, %",
    "came true, %",
  ];
  const rows = kinds.map((kind) => {
    const stated = meanOf(kind, ({ stated }) => stated);
    const real = meanOf(kind, ({ real }) => real);
    const difference = meanOf(kind, ({ stated, real }) => stated - real);
    // As many digits as the error of the difference justifies.
    const digits = Math.max(0, Math.min(8, 1 - Math.floor(Math.log10(difference.error || 1))));
    const known = kind.draws.flat().filter(({ held }) => !Number.isNaN(held)).length;
    return [
      kind.name,
      kind.draws.length,
      known,
      known === 0 ? "" : percent(meanOf(kind, ({ held }) => held)),
      stated.mean.toFixed(digits),
      real.mean.toFixed(digits),
      `${difference.mean.toFixed(digits)} ± ${difference.error.toFixed(digits)}`,
      verdictOf(difference),
      percent(meanOf(kind, ({ chance }) => chance)),
      percent(meanOf(kind, ({ best }) => best)),
    ];
  });
  const line = (row: (string | number)[]) => `| ${row.join(" | ")} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? "---" : "--:"))), ...rows.map(line)].join("\n");
}
