import type { Choice } from "../decide/choose/chooseTable";
import { metric } from "../measures/metric";
import { axis } from "./axis";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { label } from "./label";
import { linesOf } from "./lines";
import { INK, PALETTE } from "./palette";
import { shorten } from "./text";

/**
 * What would change a choice: the weights as they are, and the nearest ones that put another model on top.
 *
 * @example
 * const store = await openDemo();
 * const choice = await choose(store, { profile: "chat" });
 * weightChange(choice).description.split("; ")[1] // "cost per conversation 25 % to 50 %"
 */
export function weightChange(
  { profile, criteria, change }: Choice,
  options: { title?: string } = {},
): Figure {
  const names = criteria.map((one) => metric(one.metric).label);
  const given = criteria.map(({ weight }) => 100 * weight);
  const moved = change?.weights.map((weight) => 100 * weight) ?? given;
  const what =
    change === null
      ? "no weights put another on top"
      : `the nearest weights that put ${shorten(change.model, 60)} on top`;
  const title = options.title ?? `What would change ${profile}: ${what}`;
  const { y, axis: rows, short } = linesOf(names.map((name) => ({ group: "", name })));
  const points = (name: string, x: readonly number[], color: string, symbol: string) => ({
    type: "scatter",
    mode: "markers",
    name,
    x: [...x],
    y: [...y],
    marker: { color, symbol, size: 11 },
    hovertext: x.map((one, i) => `${label(names[i])}: ${one.toFixed(0)} %`),
    hoverinfo: "text",
  });
  const data = [
    {
      type: "scatter",
      mode: "lines",
      x: given.flatMap((one, i) => [one, moved[i], null]),
      y: y.flatMap((one) => [one, one, null]),
      line: { color: INK, width: 2, dash: "dot" },
      hoverinfo: "skip",
      showlegend: false,
    },
    points("as the profile has it", given, PALETTE[0], "circle"),
    ...(change === null
      ? []
      : [points(`then ${label(change.model)} is on top`, moved, PALETTE[1], "diamond")]),
  ];
  const said = names.map((name, i) =>
    change === null ? "" : `${name} ${given[i].toFixed(0)} % to ${moved[i].toFixed(0)} %`,
  );
  return {
    data,
    layout: frame({
      title: label(title, 120),
      x: axis([0, ...given, ...moved], { percent: true, title: "weight" }),
      y: rows,
      height: 150 + names.length * 34,
      legend: true,
      narrow: { "yaxis.ticktext": short },
    }),
    description: [`${shorten(title, 120)}.`, ...(change === null ? [] : [`${said.join("; ")}.`])].join(" "),
  };
}
