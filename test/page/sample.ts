import { ecdf } from "../../src/charts/ecdf";
import type { Figure } from "../../src/charts/figure";
import { forest } from "../../src/charts/forest";
import { meanAgainstTail } from "../../src/charts/meanAgainstTail";
import { quantileFigure } from "../../src/charts/quantileFigure";
import { tail } from "../../src/charts/tail";
import { figureHtml } from "../../src/page/figure";
import type { GivenCell, GivenNotebook, GivenOutput } from "../../src/page/notebook";
import { tableHtml, tableText } from "../../src/page/table";
import { HOSTILE, latencyTable } from "../charts/sample";

export function markdown(source: string): GivenCell {
  return { cell_type: "markdown", source };
}

export function code(source: string, ...outputs: GivenOutput[]): GivenCell {
  return { cell_type: "code", source, outputs, execution_count: 1 };
}

export function shown(data: Record<string, unknown>): GivenOutput {
  return { output_type: "display_data", data };
}

export function figureOutput(figure: Figure): GivenOutput {
  return shown({
    "application/vnd.plotly.v1+json": figure,
    "text/html": figureHtml(figure),
    "text/plain": "figure",
  });
}

export function notebook(...cells: GivenCell[]): GivenNotebook {
  return { cells };
}

/** A notebook whose every name, text and output tries to run something. */
export function hostileNotebook(): GivenNotebook {
  const table = latencyTable(HOSTILE);
  const curves = HOSTILE.map((name, at) => ({
    name,
    n: 3,
    points: { x: [1 + at, 2 + at, 3 + at], y: [1 / 3, 2 / 3, 1] },
  }));
  return notebook(
    markdown(
      `# How long? ${HOSTILE[0]}\n\n[x](javascript:alert(1)) <svg onload=alert(1)> ![x](https://example.org/x.png)`,
    ),
    code(
      `const x = "${HOSTILE[1]}";`,
      shown({ "text/html": tableHtml(table), "text/plain": tableText(table) }),
    ),
    code(
      "show(figures)",
      ...[
        ecdf(curves, { log: true, title: HOSTILE[1]!, unit: "s" }),
        tail(curves, { unit: "s" }),
        forest(table, { value: "quantiles.0.99", title: HOSTILE[0]! }),
        meanAgainstTail(table),
        quantileFigure(table),
      ].map(figureOutput),
    ),
    code(
      "show(html)",
      shown({
        "text/html": `${HOSTILE.join("")}<style>body{display:none}</style><p style="position:fixed">p</p>`,
      }),
    ),
    code(
      "print",
      { output_type: "stream", name: "stdout", text: HOSTILE },
      { output_type: "stream", name: "stderr", text: HOSTILE[1]! },
    ),
    code("throw", { output_type: "error", ename: HOSTILE[0]!, evalue: HOSTILE[1]!, traceback: HOSTILE }),
    code(
      "svg",
      shown({
        "image/svg+xml": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>`,
      }),
    ),
    code(
      "odd",
      shown({
        "application/vnd.plotly.v1+json": {
          data: [
            {
              type: "scatter",
              name: "<b onclick=alert(1)>n",
              x: [1, 2],
              y: [1, 2],
              hovertemplate: "</script>%{x}",
            },
          ],
          layout: { title: "<a href='javascript:alert(1)'>t</a>" },
        },
      }),
    ),
  );
}
