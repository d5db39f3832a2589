// How often a judge's rate, corrected by labels that a review queue picked, holds the truth.
// node --import tsx test/calibration/review.ts [--draws 200 --answers "few wrong" --write]
// --write keeps the table in docs/simulations/review.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { qualityJudge } from "../../src/measures/quality/judged";
import { random } from "../../src/stats/random";
import { type Call, withCalls } from "../measures/calls";
import { type Judgement, putScores } from "../measures/scores";

const { values } = parseArgs({
  options: {
    draws: { type: "string", default: "200" },
    answers: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});
const draws = Number(values.draws);
const name = "hallucination";

interface Queue {
  what: string;
  /** The chance that people look at an answer, by whether it is wrong and whether the judge flags it. */
  looked: (wrong: boolean, flagged: boolean) => number;
}

const queues: readonly Queue[] = [
  { what: "a random tenth", looked: () => 0.1 },
  { what: "flagged answers 4 times as often", looked: (_, flagged) => (flagged ? 0.32 : 0.08) },
  { what: "flagged answers 12 times as often", looked: (_, flagged) => (flagged ? 0.6 : 0.05) },
  { what: "flagged answers half as often", looked: (_, flagged) => (flagged ? 0.1 : 0.2) },
  { what: "wrong answers twice as often, whatever the judge says", looked: (wrong) => (wrong ? 0.2 : 0.1) },
];
const settings = [
  { what: "few wrong, few users", rate: 0.08, users: 60, calls: 900, icc: 0.1 },
  { what: "many wrong, many users", rate: 0.4, users: 400, calls: 1_600, icc: 0.03 },
];
const [sensitivity, specificity] = [0.72, 0.88];

type Setting = (typeof settings)[number];

/** Users who differ in how often answers to them are wrong, and in how often they come. */
function world({ looked }: Queue, { rate, users, calls, icc }: Setting, seed: number) {
  const r = random(seed, 53);
  const size = 1 / icc - 1;
  const own = Array.from({ length: users }, () => {
    const [a, b] = [r.gamma(rate * size), r.gamma((1 - rate) * size)];
    return a / (a + b);
  });
  const often = Array.from({ length: users }, () => Math.exp(0.5 * r.normal()));
  const sum = often.reduce((x, y) => x + y, 0);
  const made: Call[] = [];
  const scores: Judgement[] = [];
  for (const [user, one] of often.entries())
    for (let k = Math.max(1, Math.round((calls * one) / sum)); k > 0; k--) {
      const call = `c${made.length}`;
      const wrong = r.uniform() < own[user];
      const flagged = r.uniform() < (wrong ? sensitivity : 1 - specificity);
      made.push({ call_id: call, model: "rowan", user_id: `u${user}` });
      scores.push({ call, name, rater: "judge", value: Number(flagged) });
      if (r.uniform() < looked(wrong, flagged)) scores.push({ call, name, value: Number(wrong) });
    }
  return { calls: made, scores };
}

const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;

async function main(): Promise<void> {
  const rows: string[] = [];
  for (const setting of settings.filter(({ what }) => what.includes(values.answers)))
    for (const queue of queues) {
      const kept = { raw: 0, labels: 0, corrected: 0, sensitivity: 0 };
      const widths: number[] = [];
      let said = 0;
      for (let draw = 1; draw <= draws; draw++) {
        const { calls, scores } = world(queue, setting, 7_000 + draw);
        await withCalls(calls, async (store) => {
          await putScores(store, scores);
          const { rows: found, notes } = await qualityJudge(store, { score: name, cluster: "user_id" });
          const [row] = found;
          for (const kind of ["raw", "labels", "corrected", "sensitivity"] as const) {
            const truth = kind === "sensitivity" ? sensitivity : setting.rate;
            if (row[kind].low <= truth && truth <= row[kind].high) kept[kind]++;
          }
          widths.push(row.corrected.high - row.corrected.low);
          if (notes.some((note) => note.includes("not a random sample"))) said++;
        });
      }
      widths.sort((a, b) => a - b);
      rows.push(
        `| ${[
          setting.what,
          queue.what,
          draws,
          percent(kept.raw, draws),
          percent(kept.labels, draws),
          percent(kept.corrected, draws),
          (100 * widths[Math.floor(draws / 2)]).toFixed(1),
          percent(kept.sensitivity, draws),
          percent(said, draws),
        ].join(" | ")} |`,
      );
      console.error(rows.at(-1));
    }
  const text = [head, ...rows, ""].join("\n");
  console.log(text);
  if (values.write) writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "review.md"), text);
}

const head = `# Whether labels of a review queue correct a judge

A judge looks at every answer, finds ${100 * sensitivity} % of the wrong ones and flags ${Math.round(100 * (1 - specificity))} % of the right ones. People label a part, which a
queue picks. ${settings.map(({ what, rate, users, calls }) => `"${what[0].toUpperCase()}${what.slice(1)}": ${100 * rate} % wrong, ${users} users, ${calls.toLocaleString("en")} answers`).join("; ")}. A share near
95 % has a standard error of 3.4 points over 40 draws and of 1.7 over 160. The columns \`raw\` to \`corrected\` and \`sensitivity\` say how often a 95 % interval holds
the truth; "said" is how often the note says that labels are not a random sample, which is false in the rows of a random
tenth. \`labels\` are what people labelled, as it was picked: the table marks them where the note stands.

\`corrected\` weighs labels by the judge's verdict, which makes up for any queue that goes by the verdict. It cannot make up
for one that goes by something else which wrong answers have, as the last row of each setting shows: no log of verdicts and labels
can tell that.

Made by \`node --import tsx test/calibration/review.ts --write\`.

| answers | people look at | draws | raw | labels | corrected | median width, points | sensitivity | said |
|---|---|--:|--:|--:|--:|--:|--:|--:|`;

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
