import type { Choice } from "../decide/choose/chooseTable";
import { chance } from "../decide/choose/chooseText";
import { axis } from "./axis";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { label } from "./label";
import { linesOf } from "./lines";
import { faint, INK, PALETTE, styleOf } from "./palette";
import { shorten } from "./text";

export interface ChoiceSharesOptions {
  /** "weights" (default): the share of all weightings that a model wins; "p_best": its chance of being the best. */
  of?: "weights" | "p_best";
  title?: string;
}

/**
 * Which model wins how often, a bar for each choice: over all possible weights, or over the plausible true values.
 *
 * @example
 * choiceShares([{ profile: "p", workload: "", by: ["model"], criteria: [], rows: [], best: null, verdict: "", weights: { alder: 0.8, birch: 0.2 }, change: null, p_none: 0, traffic: { calls: 0, days: 0 }, notes: [] }]).description // "Share of all weightings won. p: alder 80 %, birch 20 %."
 */
export function choiceShares(choices: readonly Choice[], options: ChoiceSharesOptions = {}): Figure {
  const { of = "weights" } = options;
  const bars = withFewColours(
    choices.map((choice) => ({ name: choice.profile, parts: partsOf(choice, of) })),
  );
  // Colours are assigned over all models compared, including those that win nothing, so that figures of the same
  // choices agree.
  const drawn = new Set(bars.flatMap(({ parts }) => parts.map(({ name }) => name)));
  const compared = choices.flatMap(({ rows }) => rows.map(({ name }) => name));
  const named = [...new Set([...compared, ...drawn])].filter((name) => !(name in NEUTRAL)).sort();
  // Of more models than there are colours only those that are drawn have one.
  const all = named.length <= PALETTE.length ? named : named.filter((name) => drawn.has(name));
  const models = [...all, ...Object.keys(NEUTRAL)].filter((name) => drawn.has(name));
  const title =
    options.title ?? (of === "weights" ? "Share of all weightings won" : "Chance of being the best");
  const { y, axis: rows, short, whole } = linesOf(bars.map(({ name }) => ({ group: "", name })));
  const data = models.map((model) => {
    const color = NEUTRAL[model] ?? styleOf(all.indexOf(model)).color;
    const pieces = bars.flatMap(({ parts }, at) => {
      const piece = parts.find(({ name }) => name === model);
      return piece === undefined ? [] : [{ ...piece, y: y[at] }];
    });
    const hover = pieces.map((piece) => `${label(model)}: ${piece.said}`);
    return {
      type: "scatter",
      mode: "lines",
      name: label(model),
      x: pieces.flatMap(({ from, share }) => [100 * from, 100 * (from + share), null]),
      y: pieces.flatMap((piece) => [piece.y, piece.y, null]),
      line: { color, width: 22 },
      hovertext: hover.flatMap((text) => [text, text, ""]),
      hoverinfo: "text",
    };
  });
  // Never by colour alone: pieces that are wide enough are named above.
  const wide = bars.flatMap(({ parts }, at) =>
    parts.filter(({ share }) => share >= NAMED).map((part) => ({ ...part, y: y[at] + 0.36 })),
  );
  // On a narrow screen only the wider pieces have room for a name, and only for a short one.
  const names = [false, true].flatMap((narrow) => {
    const own = wide.filter(({ share }) => !narrow || share >= HALF);
    const trace = {
      type: "scatter",
      mode: "text",
      x: own.map(({ from }) => 100 * from),
      y: own.map((part) => part.y),
      text: own.map((part) => `${label(part.name, narrow ? 14 : 24)} ${part.said}`),
      textposition: "middle right",
      textfont: { color: INK, size: 12 },
      hoverinfo: "skip",
      showlegend: false,
      ...(narrow ? { visible: false, meta: { narrow } } : { meta: { wide: true } }),
    };
    return own.length === 0 ? [] : [trace];
  });
  const said = bars.map(
    ({ name, parts }) =>
      `${shorten(name, 60)}: ${parts.map((one) => `${shorten(one.name, 60)} ${one.said}`).join(", ") || "none"}`,
  );
  return {
    data: [...data, ...names],
    layout: frame({
      title: label(title, 120),
      x: { ...axis([0, 100], { percent: true }), range: [0, LAST_TICK] },
      narrow: { "xaxis.nticks": 4, "yaxis.ticktext": short },
      print: { "yaxis.ticktext": whole },
      y: rows,
      height: 150 + bars.length * 40,
      legend: true,
    }),
    description: `${shorten(title, 120)}. ${said.join("; ")}.`,
  };
}

/** The end of the axis, with room for the last tick's label. */
const LAST_TICK = 104;
/** The smallest share with room for a name. */
const NAMED = 0.25;
const HALF = 0.5;
const NONE = "no model meets the floors";
/** Models not shown to meet the floors get no bar of their own: the longest would look like the winner. */
const OUT = "not shown to meet the floors";

/** Models beyond the number of colours, together: a colour that repeats would name the wrong model. */
const OTHERS = "other models";

const NEUTRAL: Readonly<Record<string, string>> = {
  [OTHERS]: faint(INK, 0.7),
  [OUT]: faint(INK, 0.45),
  [NONE]: INK,
};

interface Bar {
  name: string;
  parts: { name: string; share: number; from: number; said: string }[];
}

/** Bars in which as many models as there are colours have a piece of their own, those with the largest first. */
function withFewColours(bars: readonly Bar[]): Bar[] {
  const largest = new Map<string, number>();
  for (const { name, share } of bars.flatMap(({ parts }) => parts))
    if (!(name in NEUTRAL)) largest.set(name, Math.max(share, largest.get(name) ?? 0));
  const kept = [...largest].sort((a, b) => b[1] - a[1]).slice(0, PALETTE.length);
  if (kept.length === largest.size) return [...bars];
  const isKept = (name: string) => name in NEUTRAL || kept.some(([one]) => one === name);
  return bars.map(({ name, parts }) => {
    const own = parts.filter((part) => isKept(part.name));
    const rest = parts.reduce((sum, part) => sum + (isKept(part.name) ? 0 : part.share), 0);
    const shares = own.map(({ name: model, share }): [string, number] => [model, share]);
    const at = shares.findIndex(([model]) => model in NEUTRAL);
    shares.splice(at < 0 ? shares.length : at, 0, [OTHERS, rest]);
    return { name, parts: inTurn(shares) };
  });
}

function partsOf({ rows, weights, p_none }: Choice, of: "weights" | "p_best") {
  const shares: [string, number][] =
    of === "weights"
      ? Object.entries(weights)
      : [
          ...rows.filter(({ passes }) => passes).map(({ name, p_best }): [string, number] => [name, p_best]),
          [OUT, rows.reduce((sum, { passes, p_best }) => sum + (passes ? 0 : p_best || 0), 0)],
          ...(rows.length > 0 ? [[NONE, p_none] as [string, number]] : []),
        ];
  return inTurn(shares);
}

/** Pieces of a bar, each from where the one before it ends. */
function inTurn(shares: readonly [string, number][]): Bar["parts"] {
  let from = 0;
  return shares
    .filter(([, share]) => share > 0)
    .map(([name, share]) => {
      const part = { name, share, from, said: chance(share) };
      from += share;
      return part;
    });
}
