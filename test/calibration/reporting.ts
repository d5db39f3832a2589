// How often `compare` says that one side resolves more where some outcomes are unknown, by what it takes for granted.
// node --import tsx test/calibration/reporting.ts [--draws 1000 --write]
// --write makes docs/simulations/reporting.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { CompareRow } from "../../src/decide/compare/compareRow";
import { oneSided, oneWayOf } from "../../src/decide/compare/compareTold";
import { judged } from "../../src/decide/compare/compareVerdict";
import type { Margin } from "../../src/measures/mix/mixMargin";
import type { Four } from "../../src/measures/mix/mixStandard";
import { differenceP } from "../../src/stats/differenceP";
import { differenceOf, ratioOf } from "../../src/stats/mover";
import { type Random, random } from "../../src/stats/random";
import { wilson } from "../../src/stats/rate";
import { rateAtWorst } from "../../src/stats/worstCase";

const { values } = parseArgs({
  options: { draws: { type: "string", default: "1000" }, write: { type: "boolean", default: false } },
});
const draws = Number(values.draws);
const TASKS = 1000;

/** The share resolved on either side, and of resolved and other tasks the share that is reported. */
interface World {
  what: string;
  resolved: [a: number, b: number];
  told: [a: [number, number], b: [number, number]];
}

const same = (share: number): [number, number] => [share, share];
const worlds: World[] = [
  {
    what: "equal, failures reported .5, then .3",
    resolved: [0.8, 0.8],
    told: [
      [1, 0.5],
      [1, 0.3],
    ],
  },
  { what: "equal, failures reported .9, then .45", resolved: [0.8, 0.8], told: [same(0.9), [0.9, 0.45]] },
  {
    what: "equal, fewer failures and more successes reported",
    resolved: [0.8, 0.8],
    told: [same(0.8), [0.95, 0.4]],
  },
  { what: "equal, .7, then .65 reported by chance", resolved: [0.8, 0.8], told: [same(0.7), same(0.65)] },
  ...[0.9, 0.7, 0.4].map(
    (share): World => ({
      ...{
        what: `10 points better, ${(1 - share).toFixed(1).slice(1)} unknown by chance`,
        resolved: [0.8, 0.9],
      },
      told: [same(share), same(share)],
    }),
  ),
  {
    what: "10 points better, .7, then .65 reported by chance",
    resolved: [0.8, 0.9],
    told: [same(0.7), same(0.65)],
  },
  {
    what: "20 points better, .7, then .65 reported by chance",
    resolved: [0.7, 0.9],
    told: [same(0.7), same(0.65)],
  },
];

/** Tasks known to be resolved, known not to be, and resolved whether known or not. */
function side(r: Random, resolved: number, [good, bad]: [number, number]) {
  const counts = { resolved: 0, unresolved: 0, all: 0 };
  for (let i = 0; i < TASKS; i++) {
    const isGood = r.uniform() < resolved;
    if (isGood) counts.all++;
    if (r.uniform() < (isGood ? good : bad)) counts[isGood ? "resolved" : "unresolved"]++;
  }
  return counts;
}
type Side = ReturnType<typeof side>;

/** What `compare` makes of the counts: all of it but the engine and the mix. */
function rowOf(a: Side, b: Side) {
  const rate = ({ resolved, unresolved }: Side) => {
    const known = resolved + unresolved;
    return { ...rateAtWorst({ ...wilson(resolved, known), unit: "1" }, { known, all: TASKS }), unit: "1" };
  };
  const [first, second] = [rate(a), rate(b)];
  const within = differenceOf(second, first);
  const row = {
    ...{ metric: "resolve_rate", a: first, b: second, difference: within, within },
    within_ratio: ratioOf(second, first),
  } as unknown as CompareRow;
  const share = (name: string) => {
    const kind = name.endsWith(":resolved") ? "resolved" : "unresolved";
    const [one, other] = [a, b].map((some) => wilson(some[kind], TASKS, { level: oneSided(0.95) }));
    const margins = { k: { value: one.value }, t: { value: other.value } } as Four<Margin>;
    const part = { within: differenceOf(other, one) } as CompareRow;
    const p = differenceP(other, one);
    return { row: part, p, bothP: p, mixP: 1, margins };
  };
  const { row: told, oneWayP } = oneWayOf(row, share);
  const p = differenceP(second, first);
  return { row: Object.assign(row, told), p, bothP: p, mixP: 1, oneWayP };
}

const rate = (k: number) => (k / draws).toFixed(3).replace(/^0/, "");

function countsOf({ resolved, told }: World): string[] {
  const counts = { known: 0, complete: 0, settled: 0, declared: 0, oneWay: 0, alike: 0 };
  for (let seed = 1; seed <= draws; seed++) {
    const r = random(seed, 41);
    const [a, b] = [side(r, resolved[0], told[0]), side(r, resolved[1], told[1])];
    const one = rowOf(a, b);
    if (differenceOf(wilson(b.all, TASKS), wilson(a.all, TASKS)).low > 0) counts.known++;
    if (one.p <= 0.05 && one.row.within.value > 0) counts.complete++;
    if (!(one.row.within.value > 0)) continue;
    const { claim } = judged([one], 0.95)[0];
    if (claim.status === "settled") counts.settled++;
    if (claim.needs === "one-way-reporting") counts.oneWay++;
    if (claim.needs === "outcomes-alike") counts.alike++;
    if (judged([one], 0.95, ["one-way-reporting"])[0].claim.status === "settled") counts.declared++;
  }
  const { known, complete, settled, declared, oneWay, alike } = counts;
  return [known, complete, settled, declared, oneWay, alike].map(rate);
}

function page(): string {
  const rows = worlds.map((world) => `| ${[world.what, ...countsOf(world)].join(" | ")} |`);
  return `# Whether more is resolved, or less reported

How often \`compare\` says that side b resolves more, of logs of ${TASKS.toLocaleString("en")} tasks a side whose outcomes are not all known. "All known" is what a test would say
that saw every outcome, and "known ones" one that takes the known outcomes for all. "Settled" holds whatever the unknown ones are (Manski's
bounds). "Declared" is settled where someone declares that one side reports all that the other does (\`--assume one-way-reporting\`, Lee's bounds);
without the declaration such a change "leads if" that is so, and where even that is not enough, if outcomes are reported alike. Rows are
made by the same functions from the same shares; only the engine, users, days and the mix are left out.

Made by \`node --import tsx test/calibration/reporting.ts --write\`; each row is ${draws.toLocaleString("en")} logs, ± .007 for a rate of .05.

| log | all known | known ones | settled | declared | leads if one way | leads if alike |
|---|--:|--:|--:|--:|--:|--:|
${rows.join("\n")}

Where fewer failures and more successes are reported the declaration is false, and so is what it settles. Manski's bounds settle nothing here but at
a tenth unknown: at equal reporting of r the known difference has to exceed (1 - r) / r. With three tenths and more unknown Lee's bounds find less
than all outcomes would, and with unequal reporting of the same kind on both sides half or less.
`;
}

const text = page();
console.log(text);
if (values.write) writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "reporting.md"), text);
