import { visible } from "../charts/text";
import type { Choice } from "../decide/choose/chooseTable";
import { spreadGrid } from "../decide/choose/utilityShrinkage";
import { worthDrawsOf } from "../decide/choose/worthDraws";
import { labelOf } from "../decide/profile/criterion";
import { jsonInScript } from "../store/jsonInScript";
import { escapeHtml } from "./escape";

/** A choice whose weights a reader can move: what the page's script computes from. */
export interface Weighing {
  name: string;
  /** The model that the page states; null if the choice is open. */
  best: string | null;
  criteria: { label: string; weight: number }[];
  candidates: {
    name: string;
    /** Whether every floor is shown to hold. */
    passes: boolean;
    /** The chance that the page states. */
    p_best: number;
    /** By criterion, at the point values. */
    worth: number[];
    /** By criterion, two letters a draw: `packed`. */
    draws: string[];
    /** In which draws the floors hold: "1" or "0" each, or once if all are the same. */
    holds: string;
  }[];
  /** The models that cannot be compared at any weights, as a criterion of theirs is not known. */
  left: string[];
  /** What pulls the draws together, as `choose` does it. */
  grid: { points: number; largest: number };
}

/** What it takes to choose at other weights; undefined if fewer than two models, or criteria, can be compared. */
export function weighingOf(choice: Choice, name: string): Weighing | undefined {
  const drawn = worthDrawsOf(choice)?.candidates ?? [];
  const { rows, criteria, best } = choice;
  const isCompared = rows.map(({ p_best }, at) => drawn[at] !== undefined && !Number.isNaN(p_best));
  const candidates = rows.flatMap((row, at) => {
    if (!isCompared[at]) return [];
    const own = drawn[at];
    const holds = own.holds.join("");
    return {
      name: visible(row.name),
      passes: row.passes,
      p_best: row.p_best,
      worth: criteria.map(({ metric }) => Number((row.worth[metric] ?? 0).toFixed(4))),
      draws: own.worth.map(packed),
      holds: /^(.)\1*$/.test(holds) ? holds.slice(0, 1) : holds,
    };
  });
  if (candidates.filter(({ passes }) => passes).length < 2 || criteria.length < 2) return undefined;
  const weights = criteria.map((one) => ({ label: labelOf(one), weight: one.weight }));
  return {
    name: visible(name),
    best: best === null ? null : visible(best),
    criteria: weights,
    candidates,
    left: rows.filter((_, at) => !isCompared[at]).map((row) => visible(row.name)),
    grid: spreadGrid,
  };
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** The number that stands for a value without an end on its bad side. */
const OPEN = 4095;

/** Shares as two letters each, in steps of 1 in 4,094. */
function packed(shares: Float64Array): string {
  let out = "";
  for (const share of shares) {
    const step = Number.isNaN(share) ? OPEN : Math.round(share * (OPEN - 1));
    out += LETTERS[step >> 6] + LETTERS[step & 63];
  }
  return out;
}

/** Sliders for the weights of choices, folded; a script fills and shows them. */
export function weighingsHtml(weighings: readonly Weighing[], id: string): string {
  if (weighings.length === 0) return "";
  const given = weighings.map(
    (weighing, at) =>
      `<script type="application/json" id="${escapeHtml(id)}-weights-${at + 1}">${jsonInScript(weighing)}</script>`,
  );
  return `<details class="numbers weighing" hidden><summary>Try other weights</summary>
${given.join("\n")}</details>`;
}
