import { formatNumber } from "../charts/number";
import { oneLine } from "../charts/text";
import type { Cascades } from "../decide/route/cascades";
import type { Routes } from "../decide/route/routes";
import { tableText } from "./output";

/** Routes or a cascade for people: what to do, and the rows behind it. */
export const routeText = (found: Routes | Cascades): string =>
  "curve" in found ? cascadesText(found) : routesText(found);

function routesText(found: Routes): string {
  const { candidates, by, verdict } = found;
  // Where nothing can be routed, every number of a row is unknown, and the verdict says why.
  const routed = found.total.covered > 0 ? found.rows : [];
  const rows = routed.map((row) => ({ ...row, share: `${formatNumber(100 * row.share)} %` }));
  return [
    oneLine(verdict),
    tableText({ ...found, rows }),
    tableText({ measure: "models looked at", by: [...by, "model"], rows: candidates, notes: [] }),
  ].join("\n\n");
}

function cascadesText({ rows, curve, by, verdict, notes }: Cascades): string {
  const shown = rows.map(({ why, ...row }) => ({ ...row, threshold: row.threshold ?? "none" }));
  return [
    oneLine(verdict),
    ...(rows.length === 0
      ? [tableText({ measure: "cascade", by, rows: [], notes })]
      : [
          tableText({ measure: "cascade", by, rows: shown, notes }),
          tableText({ measure: "every threshold", by: [...by, "threshold"], rows: curve, notes: [] }),
        ]),
  ].join("\n\n");
}
