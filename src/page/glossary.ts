/** A word of a report that not every reader uses daily. */
export interface Term {
  term: string;
  meaning: string;
  /** How it appears in a sentence; empty if only the glossary has it. */
  found?: RegExp;
}

export const glossary: readonly Term[] = [
  {
    term: "Interval, such as 3.42 s [3.31, 3.55]",
    meaning:
      "the measured number, and a range that contains the true one in 95 of 100 such reports. An open end means that the data set no limit.",
  },
  {
    found: /\bp(?:50|95|99)\b/,
    term: "p50, p95, p99",
    meaning: "the wait that 50, 95 or 99 of 100 calls stay below. The tail is the slowest few.",
  },
  {
    found: /\btime to first token\b/i,
    term: "Time to first token",
    meaning: "the wait until the first word of an answer appears.",
  },
  {
    found: /\bcost per resolved task\b|\bper (?:[\d,]+ )?resolved tasks?\b/i,
    term: "Cost per resolved task",
    meaning:
      "everything spent on tasks, including failed and repeated calls, divided by the number of tasks resolved.",
  },
  {
    found: /\bresolve rate\b/i,
    term: "Resolve rate",
    meaning: "the share of tasks that achieved their goal.",
  },
  {
    found: /\bhallucinations?(?: rate)?\b/i,
    term: "Hallucination rate",
    meaning: "the share of answers that make something up, as marked by people or a judge model.",
  },
  {
    found: /\bfloors?\b/i,
    term: "Floor",
    meaning:
      "a limit a model must meet to be considered. It counts as met when even the unfavourable end of the interval meets it.",
  },
  {
    found: /\butility\b/i,
    term: "Utility",
    meaning:
      "one number from 0 (bad on all criteria) to 1 (good on all): the weighted criteria of a profile.",
  },
  {
    found: /\bchance of being the best\b/i,
    term: "Chance of being the best",
    meaning: "how often a model comes out first when all numbers are redrawn within their uncertainty.",
  },
  {
    term: "Cluster",
    meaning:
      "calls that belong together, such as those of one user. They carry less information than as many unrelated calls, and the intervals allow for that.",
  },
  {
    found: /\brank correlation\b/i,
    term: "Rank correlation",
    meaning:
      "how far two orders of the same models agree: 1 the same order, 0 no relation, -1 the reverse order.",
  },
];
