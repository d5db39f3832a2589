import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { plotConfig } from "../../src/charts/plotConfig";
import { bundleOf } from "../../src/notebook/show";
import { PLOTLY } from "../../src/page/output";
import { renderPage } from "../../src/page/page";
import { root } from "../dist";

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(ts|js)$/.test(name))
  .map((name) => ({ name: name.replaceAll("\\", "/"), text: readFileSync(join(root, "src", name), "utf8") }));

// A figure of a user's own that asks for the button in each way that plotly knows.
const sharing = {
  data: [{ type: "scatter", x: [1, 2], y: [1, 2] }],
  layout: { title: { text: "Mine" }, modebar: { add: ["sendChartToCloud"] } },
  config: {
    showSendToCloud: true,
    modeBarButtonsToAdd: ["sendChartToCloud"],
    plotlyServerURL: "https://a.example",
  },
};

test("the toolbar of every figure has only buttons that zoom, move and save", () => {
  assert.deepEqual(plotConfig.modeBarButtons.flat(), ["toImage", "zoom2d", "pan2d", "resetScale2d"]);
});

test("every setting by which the installed plotly sends a figure is switched off", () => {
  const plotly = readFileSync(require.resolve("plotly.js/plotly-cartesian.min.js"), "utf8");
  const settings = [...plotly.matchAll(/\b(\w*(?:Cloud|Server|Send|Share|Upload)\w*):\{valType:/g)].map(
    ([, name]) => name,
  );
  assert.deepEqual([...new Set(settings)].sort(), ["plotlyServerURL", "showSendToCloud"]);
  for (const name of settings) assert.ok(!plotConfig[name as keyof typeof plotConfig], name);
});

test("a figure in a notebook has this configuration, whatever a user's own asks for", () => {
  const shown = bundleOf(sharing)[PLOTLY] as { config: unknown };
  assert.deepEqual(shown.config, plotConfig);
});

test("a page has this configuration, whatever the figures of its notebooks ask for", () => {
  const outputs = [{ output_type: "display_data", data: { [PLOTLY]: sharing } }];
  const page = renderPage({
    title: "t",
    notebooks: [{ cells: [{ cell_type: "code", source: "", outputs }] }] as never,
  });
  const [, config] = /<script type="application\/json" id="plot-config">(.*?)<\/script>/.exec(page) ?? [];
  assert.deepEqual(JSON.parse(config), plotConfig);
  assert.ok(!page.includes("a.example"));
});

test("everything that calls plotly passes this configuration, and no file has another", () => {
  const drawing = sources.filter(({ text }) => /\bPlotly\.\w+\(/.test(text));
  assert.deepEqual(drawing.map(({ name }) => name).sort(), ["page/browser/draw.js", "page/browser/save.js"]);
  for (const { name, text } of drawing)
    for (const [call] of text.matchAll(/\bPlotly\.(react|newPlot|toImage|plot|downloadImage)\([^;]*/g))
      assert.match(name.endsWith("save.js") ? text : call, /\bconfig\b/, `${name}: ${call}`);
  const others = sources.filter(({ text }) =>
    /displaylogo|modeBarButtons|showSendToCloud|plotlyServerURL/.test(text),
  );
  assert.deepEqual(
    others.map(({ name }) => name),
    ["charts/plotConfig.ts"],
  );
});
