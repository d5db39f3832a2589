import { binomialQuantile } from "../../src/stats/binomial";
import { answerOf, type ChoiceWorld } from "./choiceWorld";

/** Models whose stated chance falls in one bin. */
export interface Bin {
  from: number;
  models: number;
  /** The mean of the stated chances. */
  stated: number;
  best: number;
  /** The range of counts of best models that the stated chances allow. */
  band: [number, number];
}

export interface ChoiceTally {
  bins: Bin[];
  brier: number;
  /** The same score for even chances. */
  even: number;
  worlds: number;
  settled: number;
  right: number;
}

/** Draws many worlds of one kind, and compares stated chances with the truth. */
export function choiceCalibration(world: ChoiceWorld, worlds: number): ChoiceTally {
  const bins = [0, 0.2, 0.4, 0.6, 0.8].map((from) => ({ from, models: 0, stated: 0, best: 0 }));
  let [brier, even, settled, right] = [0, 0, 0, 0];
  for (let seed = 1; seed <= worlds; seed++) {
    const { stated, truth } = answerOf(world, seed);
    for (const [i, chance] of stated.entries()) {
      const bin = bins[Math.min(4, Math.floor(5 * chance))];
      bin.models++;
      bin.stated += chance;
      bin.best += truth[i];
      brier += (chance - truth[i]) ** 2 / worlds;
      even += (1 / stated.length - truth[i]) ** 2 / worlds;
      if (chance >= 0.95) {
        settled++;
        right += truth[i];
      }
    }
  }
  return {
    bins: bins.map((bin) => {
      const stated = bin.models === 0 ? Number.NaN : bin.stated / bin.models;
      const at = (p: number) => (bin.models === 0 ? 0 : binomialQuantile(p, bin.models, Math.min(1, stated)));
      return { ...bin, stated, band: [at(0.005), at(0.995)] };
    }),
    brier,
    even,
    worlds,
    settled,
    right,
  };
}

/** True if as many came true as the stated chances allow; ties count as fractions. */
export function holds({ best, band: [low, high] }: Bin): boolean {
  return Math.ceil(best) >= low && Math.floor(best) <= high;
}

/** A tally as Markdown. */
export function tableOf({ bins, brier, even, worlds, settled, right }: ChoiceTally): string {
  const share = (part: number, whole: number) => (whole === 0 ? "" : (part / whole).toFixed(3));
  const rows = bins.map((bin) =>
    [
      `${bin.from.toFixed(1)} to ${(bin.from + 0.2).toFixed(1)}`,
      bin.models,
      bin.models === 0 ? "" : bin.stated.toFixed(3),
      share(bin.best, bin.models),
      bin.models === 0 ? "" : `${share(bin.band[0], bin.models)} to ${share(bin.band[1], bin.models)}`,
      bin.models === 0 || holds(bin) ? "" : "outside",
    ].join(" | "),
  );
  return [
    "| stated chance | models | mean stated | came true | band | |",
    "|---|---|---|---|---|---|",
    ...rows.map((row) => `| ${row} |`),
    "",
    `Brier score ${brier.toFixed(3)}, of even chances ${even.toFixed(3)}. Settled in ${settled} of ${worlds} worlds${settled === 0 ? "" : `, rightly in ${Number(right.toFixed(1))}`}.`,
  ].join("\n");
}
