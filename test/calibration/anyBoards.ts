import { route } from "../../src/decide/route/route";
import { benchmarkShortlist } from "../../src/decide/shortlist";
import { agreementOf } from "../../src/measures/agreement/agreementPair";
import { contaminationOf } from "../../src/measures/benchmark/contamination";
import { tierTable } from "../../src/measures/benchmark/tiers";
import { preferences } from "../../src/measures/preferences/preferences";
import type { Claim } from "../../src/stats/claim";
import { type Random, random } from "../../src/stats/random";
import { spearman } from "../../src/stats/spearman";
import { open } from "../../src/store/open";
import { run } from "../../src/store/run";
import type { Verdict } from "./anyTally";
import type { AnyWorld } from "./anyWorlds";
import { margin } from "./cascadeTally";
import { cascadeLog, cascadeTruth } from "./cascadeWorld";
import { comparisonsOf, type RunWorld, trueRanks } from "./rankWorlds";
import { scoresOf } from "./suspicionWorlds";

/** One world of boards, raters and cascades. */
interface Drawn {
  log: number;
  seed: number;
  world: AnyWorld;
}

const of = (
  command: string,
  { log }: Drawn,
  { id, status }: Claim,
  isTrue: boolean,
  what: unknown,
): Verdict => ({ log, command, id, status, isTrue, what: JSON.stringify(what) });

/** Whether a claim about a model's rank is so: that it is first, or that at least `size` others are better. */
const isRank = ([low, high]: [number, number], { id }: Claim, size = 1): boolean =>
  id.endsWith(".first") ? high === 1 : low > size;

/** The runs of each model on a leaderboard, whose items give the error that is known. */
export function runsOf({ strengths, runs, items, run: spread }: RunWorld, { normal }: Random) {
  return strengths.flatMap((strength, at) => {
    const own = strength + items * normal();
    return Array.from({ length: runs[at] ?? 1 }, () => ({
      ...{ model: `m${at}`, score: own + spread * normal(), error: items },
    }));
  });
}

function ranking(drawn: Drawn): Verdict[] {
  const { seed, world } = drawn;
  const table = tierTable(runsOf(world.board, random(seed, 38)), { seed });
  const ranks = trueRanks(world.board.strengths);
  const rankOf = (model: string) => ranks[Number(model.slice(1))];
  const short = benchmarkShortlist(table);
  return [
    ...table.rows.map((row) =>
      of("tiers", drawn, row.claim, isRank(rankOf(row.model), row.claim), [row.model, rankOf(row.model)]),
    ),
    ...short.rows.map((row) =>
      of("benchmarkShortlist", drawn, row.claim, isRank(rankOf(row.model), row.claim, short.size), row.model),
    ),
  ];
}

async function preferring(drawn: Drawn): Promise<Verdict[]> {
  const { strengths } = drawn.world.raters;
  const all = comparisonsOf(drawn.world.raters, drawn.seed);
  const ids = [...all.clusters, ...all.fewClusters];
  const { raters = 0 } = drawn.world.raters;
  const [rater, prompt] = [
    ids.find((of) => Math.max(...of) < raters) ?? all.first.map((_, at) => at),
    ids.find((of) => Math.max(...of) >= raters) ?? all.first.map((_, at) => at),
  ];
  const rows = all.first.map((first, at) => {
    const second = all.second[at];
    const shown = all.shown[at] === 1 ? first : second;
    return `('${at}', 'm${first}', 'm${second}', ${all.preferred[at]}, 'r${rater[at]}', 'p${prompt[at]}', ${all.shown[at] === 0 ? "null" : shown === first ? "'a'" : "'b'"})`;
  });
  const store = await open(":memory:");
  try {
    const columns = "comparison_id, model_a, model_b, preferred, rater_id, prompt_id, shown_first";
    await run(store.connection, `insert into preferences (${columns}) values ${rows.join(", ")}`);
    const ranks = trueRanks(strengths);
    const table = await preferences(store);
    return table.rows.map(({ model, claim }) => {
      const rank = ranks[Number(model.slice(1))];
      return of("preferences", drawn, claim, isRank(rank, claim), [model, rank]);
    });
  } finally {
    store.close();
  }
}

/** A benchmark's order agrees with the work's if their true rank correlation is at least this. */
const agreed = 0.5;

function agreeing(drawn: Drawn): Verdict[] {
  const { normal, uniform } = random(drawn.seed, 39);
  const { models, rho, noise, benchmarkNoise } = drawn.world.agreeing;
  const scores = Array.from({ length: models }, normal);
  const truth = scores.map((score) => rho * score + Math.sqrt(1 - rho * rho) * normal());
  const errors = truth.map(() => (noise / 2) * 4 ** uniform());
  const { claim, verdict } = agreementOf(
    {
      models: truth.map((_, at) => `m${at}`),
      benchmark: scores.map((score) => score + benchmarkNoise * normal()),
      ...(benchmarkNoise > 0 ? { benchmarkError: scores.map(() => benchmarkNoise) } : {}),
      production: truth.map((value, at) => value + errors[at] * normal()),
      productionError: errors,
      ...{ own: (value: number) => value, lowerIsBetter: false, unit: "" },
    },
    { resamples: 999, seed: drawn.seed },
  );
  const rank = spearman(scores, truth);
  const isTrue = claim.id === "agreement.agrees" ? rank >= agreed : rank < agreed;
  return [of("agreement", drawn, claim, isTrue, [verdict, rank])];
}

function suspecting(drawn: Drawn): Verdict[] {
  const { leaked } = drawn.world;
  const { rows } = contaminationOf(scoresOf(leaked, drawn.seed), { ceiling: 1 });
  return rows.map(({ model, claim }) =>
    of("benchmarkContamination", drawn, claim, leaked.seen?.[Number(model)] !== undefined, model),
  );
}

async function cascading(drawn: Drawn): Promise<Verdict[]> {
  const { cascade } = drawn.world;
  const truthAt = cascadeTruth(cascade, 20_000);
  const store = await cascadeLog(cascade, drawn.seed);
  try {
    const { rows } = await route(store, { cascade: ["cheap", "dear"], validator: "confidence" });
    return rows.map((row) => {
      const isTrue = row.threshold !== null && truthAt(row.threshold).difference >= -margin;
      return of("route --cascade", drawn, row.claim, isTrue, [row.threshold, row.why]);
    });
  } finally {
    store.close();
  }
}

/** What is asked of boards, comparisons and cascades, a world at a time. */
export const boardAsks: Record<string, (drawn: Drawn) => Verdict[] | Promise<Verdict[]>> = {
  ...{ ranking, preferring, agreeing, suspecting, cascading },
};
