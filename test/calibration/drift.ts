// How often a judge's drift on answers judged twice holds the truth, and how often a score is said to have changed where its judge
// did: on made-up logs.
// node --import tsx test/calibration/drift.ts [--draws 400 --compared 25 --write]
// --compared also says what compare then says of a score, on so many logs. --write keeps the tables in docs/simulations/drift.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compare } from "../../src/decide/compare/compare";
import { driftClaim, driftOf, type FirstScores, type Twice } from "../../src/measures/quality/drift";
import { withCalls } from "../measures/calls";
import { type DriftWorld, driftWorld, name, secondDay } from "../measures/quality/driftWorld";
import { watchedWorld } from "../measures/quality/watchedWorld";
import { putScores } from "../measures/scores";

const { values } = parseArgs({
  options: {
    draws: { type: "string", default: "400" },
    compared: { type: "string", default: "0" },
    write: { type: "boolean", default: false },
  },
});
const [draws, compared] = [Number(values.draws), Number(values.compared)];

const worlds: readonly (DriftWorld & { what: string })[] = [
  { what: "a number, no drift", items: 100 },
  { what: "a number, .05 higher", items: 100, drift: 0.05 },
  {
    what: "the same, ten answers to a prompt, each prompt moved in its own way",
    items: 300,
    drift: 0.05,
    uneven: 0.1,
    perPrompt: 10,
  },
  { what: "pass or fail, no drift", items: 100, passes: true },
  { what: "pass or fail, no drift, 30 answers", items: 30, passes: true },
  { what: "pass or fail, .15 fewer pass", items: 200, passes: true, drift: -0.15 },
  { what: "the same, five answers to a prompt", items: 300, passes: true, drift: -0.15, perPrompt: 5 },
  { what: "a number, no drift, judged again where it was low at first", items: 200, picked: true },
  {
    what: "pass or fail, no drift, judged again where it failed at first",
    items: 200,
    passes: true,
    picked: true,
  },
  { what: "a number, no drift, but the judge has better and worse days, by .03", items: 100, daily: 0.03 },
];

/** What the judge moved by, over many answers of a world. */
function truthOf(world: DriftWorld): number {
  if (world.drift === undefined || world.drift === 0) return 0;
  const { scores } = driftWorld(1, { ...world, items: 60_000 });
  const first = new Map(
    scores.filter(({ at }) => at !== secondDay).map(({ call, value }) => [call, Number(value)]),
  );
  const moved = scores
    .filter(({ at }) => at === secondDay)
    .map(({ call, value }) => Number(value) - Number(first.get(call)));
  return moved.reduce((sum, x) => sum + x, 0) / moved.length;
}

const share = (part: number, of: number) => `${((100 * part) / of).toFixed(1)} %`;
const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;

/** What was judged twice in a log, and what those of one judgement got, as `quality --drift` reads it. */
function twiceOf({ calls, scores }: ReturnType<typeof driftWorld>): [Twice[], FirstScores] {
  const [first, second] = [new Map<string, number>(), new Map<string, number>()];
  for (const { call, value, at } of scores)
    (at === secondDay ? second : first).set(String(call), Number(value));
  const twice = calls.flatMap(({ call_id, prompt_id }): Twice[] => {
    const [before, after] = [first.get(String(call_id)), second.get(String(call_id))];
    return before === undefined || after === undefined ? [] : [{ before, after, cluster: String(prompt_id) }];
  });
  const ofFirst = (isAgain: boolean) => {
    const values = [...first].filter(([call]) => second.has(call) === isAgain).map(([, value]) => value);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    return { mean, variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1) };
  };
  const [again, once] = [ofFirst(true), ofFirst(false)];
  const of = { again_mean: again.mean, again_variance: again.variance };
  return [twice, { judged: first.size, ...of, once_mean: once.mean, once_variance: once.variance }];
}

function intervals(): string[] {
  return worlds.map(({ what, ...world }) => {
    const truth = truthOf(world);
    const found = { held: 0, moved: 0, settled: 0, picked: 0, items: 0 };
    for (let draw = 1; draw <= draws; draw++) {
      const [items, first] = twiceOf(driftWorld(9_000 + draw, world));
      const one = driftOf(items, {}, first);
      const { low, high } = one.drift;
      const { status, because } = driftClaim(one);
      if (low <= truth && truth <= high) found.held++;
      if (low > 0 || high < 0) found.moved++;
      if (status === "settled") found.settled++;
      if (because === "judge.picked") found.picked++;
      found.items += items.length / draws;
    }
    const shares = [found.held, found.moved, found.settled, found.picked].map((one) => share(one, draws));
    const row = line([what, found.items.toFixed(0), truth.toFixed(3), ...shares]);
    console.error(row);
    return row;
  });
}

async function changes(): Promise<string[]> {
  const lines: string[] = [];
  const moved = [
    { what: "the judge scores .05 higher", judge: 0.05, answers: 0 },
    { what: "the answers are better by .05", judge: 0, answers: 0.05 },
    { what: "neither", judge: 0, answers: 0 },
  ];
  for (const { what, judge, answers } of moved)
    for (const set of [0, 10, 40]) {
      const found = { settled: 0, leads: 0, told: 0 };
      for (let draw = 1; draw <= compared; draw++) {
        const { calls, scores, switched } = watchedWorld(draw, { judge, answers, set });
        await withCalls(calls, async (store) => {
          await putScores(store, scores);
          const [{ claim, within }] = (await compare(store, { switch: switched, metrics: [`score:${name}`] }))
            .rows;
          if (claim.status === "settled") found.settled++;
          if (claim.status === "leads if") found.leads++;
          if (within.reservations?.some(({ id }) => id === "judge.drifted")) found.told++;
        });
      }
      lines.push(
        line([what, set, ...[found.told, found.settled, found.leads].map((one) => share(one, compared))]),
      );
      console.error(lines.at(-1));
    }
  return lines;
}

const head = `# Whether a judge moved

Made by \`node --import tsx test/calibration/drift.ts --write\`: from seeds.

## The drift of a judge

${draws} logs of each kind. A judge looks at answers on one day, and at half of them again five weeks later (\`quality --drift\`). The interval should hold what
it moved by in 95 % of logs; where it did not move, at most 5 % may say that it did.

| world | answers judged again | true drift | interval holds it | leaves out none | said to have moved | said to be picked |
|---|--:|--:|--:|--:|--:|--:|
`;
const between = `
Answers that were picked by their first score move back towards the mean by themselves: the interval is about that as well, so the
verdict is withheld. A judge that is better on some days than on others has moved between two days, though not for good: \`--drift\` is about
the times at which it judged, and cannot tell the two apart.
`;
const changed = `
## A score whose judge may have moved

${compared} logs of each kind: thirty days of a judged score, 20 answers a day, split after fifteen (\`compare --switch\`), and a set of answers that the judge is given
again every week. Where the judge alone moved, no change of the score is true.

| what changed | answers given again | told of the judge | change settled | leads if |
|---|--:|--:|--:|--:|
`;
const tail = `
Without a set that is judged again nothing in a log tells a judge that moved from answers that did. A set of ten shows a drift of
half a standard deviation of its scores only in part of the logs.
`;

async function main(): Promise<void> {
  const second = compared === 0 ? [] : [changed, (await changes()).join("\n"), "\n", tail];
  const page = [head, intervals().join("\n"), "\n", between, ...second].join("");
  console.log(page);
  if (values.write) writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "drift.md"), page);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
