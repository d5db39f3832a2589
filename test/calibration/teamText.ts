import type { TeamWorld } from "./teamWorld";

/** What one team learned from one log, and what is true. */
export interface Answer {
  seed: number;
  team: string;
  /** The model, if the choice is settled. */
  best: string | null;
  verdict: string;
  /** What was said about all three teams. */
  all: string;
  stated: { model: string; chance: number }[];
  /** The best first. */
  truth: { model: string; utility: number }[];
}

const top = ({ stated }: Answer) => [...stated].sort((a, b) => b.chance - a.chance)[0];
const isRight = ({ best, truth }: Answer) => best === truth[0].model;

const chance = (p: number) =>
  p > 0.999 ? "above .999" : p < 0.001 ? "below .001" : p.toFixed(p > 0.99 ? 3 : 2).replace(/^0/, "");

/** One answer as a row of the page. */
export function rowOf(answer: Answer, equal = false): string {
  const { model, chance: p } = top(answer);
  const [first, second] = answer.truth;
  const margin = second === undefined ? "the only one" : (first.utility - second.utility).toFixed(3);
  const truly = equal ? ["all alike", "0"] : [first.model, margin];
  const right = !equal && isRight(answer) ? "right" : "wrong";
  const answered = answer.best === null ? "cannot tell" : right;
  return `| ${[answer.seed, answer.team, ...truly, model, chance(p), answered].join(" | ")} |`;
}

/** A world's answers as Markdown. */
export function textOf({ name, what, equal = false }: TeamWorld, answers: readonly Answer[]): string {
  const rows = answers.map((answer) => rowOf(answer, equal));
  const settled = answers.filter(({ best }) => best !== null);
  const right = equal ? 0 : settled.filter(isRight).length;
  const first = answers.filter((answer) => top(answer).model === answer.truth[0].model).length;
  const likeliest = equal ? "" : `; the likeliest is truly the best in ${first}`;
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
    `Settled ${settled.length} of ${answers.length}, rightly ${right}${likeliest}.`,
    "",
    "Said of the three teams together:",
    "",
    ...said.map((text) => {
      const logs = answers.filter(({ all }) => all === text).length / 3;
      return `- ${text} (${logs} ${logs === 1 ? "log" : "logs"})`;
    }),
    "",
  ].join("\n");
}
