// Whether the length from which quality falls is told where workloads of other lengths and levels are mixed.
// node --import tsx test/calibration/slopes.ts [--draws 200 --write]
// --write makes docs/simulations/slopes.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { random } from "../../src/stats/random";
import { wilson } from "../../src/stats/rate";
import { type CurvePart, turningPoint } from "../../src/stats/turningPoint";

const { values } = parseArgs({
  options: { draws: { type: "string", default: "200" }, write: { type: "boolean", default: false } },
});
const draws = Number(values.draws);
const STEPS = 24;

interface World {
  what: string;
  /** By workload: the middle of its lengths in tokens, and the share of its calls that are good up to the turn. */
  workloads: readonly { middle: number; good: number }[];
  /** The length from which on .15 less are good with each doubling; none without. */
  turn?: number;
}

const mixed = [
  { middle: 900, good: 0.92 },
  { middle: 3_000, good: 0.85 },
  { middle: 14_000, good: 0.75 },
];
const worlds: World[] = [
  { what: "three workloads, the longer the harder; within none does it fall", workloads: mixed },
  { what: "the same; within each it falls from 12,000 tokens on", workloads: mixed, turn: 12_000 },
  {
    what: "one workload; it falls from 12,000 tokens on",
    workloads: [{ middle: 8_000, good: 0.85 }],
    turn: 12_000,
  },
];

/** The calls of 60 users as the measure sums them up: lengths of about equally many calls, clusters, workloads. */
function logOf({ workloads, turn = Number.POSITIVE_INFINITY }: World, seed: number) {
  const { uniform, normal } = random(seed, 37);
  const calls = Array.from({ length: 60 }, (_, cluster) => {
    const user = 0.06 * normal();
    return Array.from({ length: 30 }, () => {
      const place = Math.floor(uniform() * workloads.length);
      const length = Math.log2(workloads[place].middle) + 0.9 * normal();
      const lost = 0.15 * Math.max(0, length - Math.log2(turn));
      const good = uniform() < Math.min(1, Math.max(0, workloads[place].good + user - lost)) ? 1 : 0;
      return { cluster, stratum: String(place), length, good };
    });
  })
    .flat()
    .sort((a, b) => a.length - b.length);
  const stepOf = (at: number) => Math.floor((at * STEPS) / calls.length);
  const lengths = Array.from({ length: STEPS }, (_, step) => {
    const own = calls.filter((_, at) => stepOf(at) === step);
    return own.reduce((sum, { length }) => sum + length / own.length, 0);
  });
  const parts = new Map<string, CurvePart>();
  for (const [at, { cluster, stratum, good }] of calls.entries()) {
    const key = `${cluster} ${stepOf(at)} ${stratum}`;
    const part = parts.get(key) ?? { cluster, step: stepOf(at), stratum, n: 0, sum: 0 };
    parts.set(key, { ...part, n: part.n + 1, sum: part.sum + good });
  }
  return { lengths, parts: [...parts.values()] };
}

const share = (count: number) => {
  const { low, high } = wilson(count, draws);
  return `${((100 * count) / draws).toFixed(1)} % (${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)})`;
};

const rows = worlds.map((world) => {
  const counts = { falls: 0, holds: 0, mixedFalls: 0, mixedHolds: 0 };
  for (let draw = 1; draw <= draws; draw++) {
    const { lengths, parts } = logOf(world, draw);
    const own = turningPoint(lengths, parts, { seed: draw, resamples: 299 });
    const mix = turningPoint(
      lengths,
      parts.map(({ stratum: _, ...part }) => part),
      { seed: draw, resamples: 299 },
    );
    const at = Math.log2(world.turn ?? Number.NaN);
    const holds = ({ turn }: typeof own) => turn.low <= at && at <= turn.high;
    counts.falls += own.p <= 0.05 ? 1 : 0;
    counts.holds += own.p <= 0.05 && holds(own) ? 1 : 0;
    counts.mixedFalls += mix.p <= 0.05 ? 1 : 0;
    counts.mixedHolds += mix.p <= 0.05 && holds(mix) ? 1 : 0;
  }
  const known = world.turn !== undefined;
  const cells = [
    share(counts.falls),
    known ? share(counts.holds) : "",
    share(counts.mixedFalls),
    known ? share(counts.mixedHolds) : "",
  ];
  return `| ${world.what} | ${draws} | ${cells.join(" | ")} |`;
});
const page = `# From which length on quality falls

What \`quality --slope\` says of logs of 1,800 calls by 60 users who differ, whose workloads are of other lengths (.9 of a doubling
around their middle) and of another difficulty each. "Falls" is that it is said to fall at some length, at 95 %; where it truly falls, "holds" is that it is
said and the interval of the length from which on holds the true one. Beside it the same where the workloads are not told apart, which takes the harder
workload for the length. The numbers are made by the same function, of 299 resamples in place of 999; only the engine is left out. Ranges are Wilson's.

Made by \`node --import tsx test/calibration/slopes.ts --draws 200 --write\`; the draws follow from their seeds.

| log | draws | falls | holds | falls, workloads not told apart | holds, the same |
|---|--:|--:|--:|--:|--:|
${rows.join("\n")}
`;
console.log(page);
if (values.write) writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "slopes.md"), page);
