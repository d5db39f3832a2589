// What is one cluster where the same prompts are tried again: the try, or the prompt.
// node --import tsx test/calibration/tries.ts [--logs 1000 --write]
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Estimate } from "../../src/stats/estimate";
import { promptAverage } from "../../src/stats/promptAverage";
import { type Random, random } from "../../src/stats/random";
import { wilson } from "../../src/stats/rate";
import { rateInterval } from "../../src/stats/rateInterval";

const { values } = parseArgs({
  options: { logs: { type: "string", default: "1000" }, write: { type: "boolean", default: false } },
});
const logs = Number(values.logs);

/** Prompts of which each is resolved in a share of its tries that is drawn from a beta law; of a spread of 1 always or never. */
interface World {
  prompts: number;
  tries: number;
  mean: number;
  /** The correlation of two tries at a prompt. */
  alike: number;
}

const worlds: readonly World[] = [
  { prompts: 50, tries: 4, mean: 0.42, alike: 0.4 },
  { prompts: 50, tries: 4, mean: 0.42, alike: 0 },
  { prompts: 115, tries: 8, mean: 0.6, alike: 0.5 },
  { prompts: 20, tries: 10, mean: 0.7, alike: 0.3 },
  { prompts: 20, tries: 2, mean: 0.9, alike: 0.6 },
  { prompts: 30, tries: 5, mean: 0.5, alike: 1 },
  { prompts: 10, tries: 4, mean: 0.5, alike: 0.4 },
];

function shareOf(r: Random, { mean, alike }: World): number {
  if (alike === 0) return mean;
  if (alike === 1) return r.uniform() < mean ? 1 : 0;
  const size = 1 / alike - 1;
  const [won, lost] = [r.gamma(mean * size), r.gamma((1 - mean) * size)];
  return won / (won + lost);
}

const ways = ["by try", "by prompt", "by prompt, pass^1"] as const;

/** In how many logs each interval holds the mean over all such prompts, and over those that were tried, with its mean width. */
function count(world: World, seed: number) {
  const found = ways.map((way) => ({ way, all: 0, these: 0, width: 0 }));
  for (let log = 0; log < logs; log++) {
    const r = random(seed + log);
    const shares = Array.from({ length: world.prompts }, () => shareOf(r, world));
    const hits = shares.flatMap((p) => Array.from({ length: world.tries }, () => Number(r.uniform() < p)));
    const prompts = hits.map((_, at) => Math.floor(at / world.tries));
    const each = shares.map(
      (_, at) =>
        hits.slice(at * world.tries, (at + 1) * world.tries).reduce((a, b) => a + b, 0) / world.tries,
    );
    const estimates: Estimate[] = [
      rateInterval(hits),
      rateInterval(hits, { clusters: prompts }),
      promptAverage(each, { resamples: 400, seed: log }),
    ];
    const own = shares.reduce((a, b) => a + b, 0) / shares.length;
    for (const [at, { low, high }] of estimates.entries()) {
      found[at].all += Number(low <= world.mean && world.mean <= high);
      found[at].these += Number(low <= own && own <= high);
      found[at].width += (high - low) / logs;
    }
  }
  return found;
}

const percent = (times: number) => {
  const { value, low, high } = wilson(times, logs);
  return `${(100 * value).toFixed(1)} % (${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)})`;
};

const head = `# One cluster where the same prompts are tried again

How often the interval of a share of resolved tries, at 95 %, holds the truth, on made-up logs whose prompts differ in how hard they are.
"All such prompts" are those of which the log's are a sample: what a claim about a model is about. "These prompts" are the ones
that were tried, of which a claim is that of one fixed set. "By try" takes each try as one cluster, as conversation and task ids
would have it; "by prompt" all tries at a prompt, which is what evaluation runs are measured by; "pass^1" is the mean over
prompts with the interval that pass^k has for larger k. Of prompts tried equally often, the last two are of the same number: it has the
interval "by prompt" everywhere.

${logs} logs a row, seeds from 7,000 on; ranges are Wilson's. Made by \`node --import tsx test/calibration/tries.ts --write\`.

| prompts | tries at each | resolved | two tries alike | cluster | holds for all such prompts | for these prompts | width |
|--:|--:|--:|--:|---|---|---|--:|
`;
const foot = `
By try the interval is too narrow for all such prompts wherever these differ. By prompt it holds for them, and for these prompts
more often than it needs to: it is somewhat wide for a claim about a fixed set.
`;

const rows = worlds.flatMap((world) => {
  const about = `| ${world.prompts} | ${world.tries} | ${100 * world.mean} % | ${world.alike} |`;
  return count(world, 7_000).map(
    ({ way, all, these, width }) =>
      `${about} ${way} | ${percent(all)} | ${percent(these)} | ${width.toFixed(3)} |`,
  );
});
console.log(rows.join("\n"));
if (values.write)
  writeFileSync(
    join(__dirname, "..", "..", "docs", "simulations", "tries.md"),
    `${head}${rows.join("\n")}\n${foot}`,
  );
