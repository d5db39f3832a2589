import type { TeamWorld } from "./teamWorld";

/** What one team was told from one log, and what is true. */
export interface Answer {
  seed: number;
  team: string;
  /** The model where the choice is settled. */
  best: string | null;
  verdict: string;
  /** What was said of all three teams. */
  all: string;
  stated: { model: string; chance: number }[];
  /** The best first. */
  truth: { model: string; utility: number }[];
}

/** A tie by the truth: what 80,000 calls cannot tell apart. */
const tie = 0.005;

const top = ({ stated }: Answer) => [...stated].sort((a, b) => b.chance - a.chance)[0];
const bestModels = ({ truth }: Answer) =>
  truth.filter(({ utility }) => utility >= truth[0].utility - tie).map(({ model }) => model);
const isRight = (answer: Answer) => answer.best !== null && bestModels(answer).includes(answer.best);

const chance = (p: number) =>
  p > 0.999 ? "above .999" : p < 0.001 ? "below .001" : p.toFixed(p > 0.99 ? 3 : 2).replace(/^0/, "");

/** A world's answers as Markdown. */
export function textOf({ name, what }: TeamWorld, answers: readonly Answer[]): string {
  const same = (answer: Answer) => bestModels(answer).length > 1;
  const rows = answers.map((answer) => {
    const { model, chance: p } = top(answer);
    const [first, second] = answer.truth;
    const truly = same(answer) ? `${bestModels(answer).length} models alike` : first.model;
    const answered =
      answer.best === null
        ? "cannot tell"
        : same(answer)
          ? "settled on one of them"
          : isRight(answer)
            ? "right"
            : "wrong";
    const margin = second === undefined ? "the only one" : (first.utility - second.utility).toFixed(3);
    return `| ${[answer.seed, answer.team, truly, margin, model, chance(p), answered].join(" | ")} |`;
  });
  const settled = answers.filter(({ best }) => best !== null);
  const first = answers.filter((answer) => bestModels(answer).includes(top(answer).model));
  const said = [...new Set(answers.map(({ all }) => all))];
  return [
    `## ${name}`,
    "",
    what,
    "",
    "| seed | team | truly the best | margin | likeliest | stated chance | answer |",
    "|---|---|---|---|---|---|---|",
    ...rows,
    "",
    `Settled ${settled.length} of ${answers.length}, rightly ${settled.filter(isRight).length}; the likeliest is truly the best in ${first.length}.`,
    "",
    "Said of the three teams together:",
    "",
    ...said.map(
      (text) =>
        `- ${text} (${answers.filter(({ all }) => all === text).length / 3} ${answers.filter(({ all }) => all === text).length === 3 ? "log" : "logs"})`,
    ),
    "",
  ].join("\n");
}
