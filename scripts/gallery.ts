// An example of every chart, from the demo company's logs, for docs/charts.md. A chart without one fails a test.
import { pareto } from "../src/charts/pareto";
import { openDemo } from "../src/demo/openDemo";
import * as f from "../src/index";
import { causes, trajectoriesTurns } from "../src/measures";

type Example = (store: f.Store) => Promise<f.Figure>;

const chat = { by: "model", where: "workload = 'chat-assistant'" };
const studied = { where: "environment = 'evaluation'", score: "correct" };
const curves = (store: f.Store) => f.latencyCurves(store, { ...chat, q: [0.5, 0.95] });
const chosen = (store: f.Store) => f.choose(store, { profile: "chat" });

/** By the name of the chart. */
export const gallery: Record<string, Example> = {
  forest: async (store) =>
    f.forest(await f.latency(store, chat), { value: "mean", title: "Mean duration in chat" }),
  rates: async (store) => f.rates(await f.reliability(store, { by: "provider" })),
  ecdf: async (store) => f.ecdf(await curves(store), { quantity: "duration", unit: "s", log: true }),
  tail: async (store) => f.tail(await curves(store), { quantity: "duration", unit: "s" }),
  histogramFigure: async (store) =>
    f.histogramFigure(await f.latencyCurves(store, { ...chat, metric: "cost_per_task" }), {
      quantity: "cost of a task",
      unit: "USD",
    }),
  quantileQuantile: async (store) => {
    const q = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
    const table = await f.latency(store, { ...chat, q });
    const [a, b] = table.rows.map(({ model }) => ({ model }));
    return f.quantileQuantile(f.shift(table, { a, b }), { a: String(a.model), b: String(b.model) });
  },
  quantileFigure: async (store) => f.quantileFigure(await f.latency(store, chat)),
  meanAgainstTail: async (store) => f.meanAgainstTail(await f.latency(store, chat)),
  weekHeatmap: async (store) =>
    f.weekHeatmap(await f.latency(store, { by: ["weekday", "hour"], q: [0.95] }), {
      value: "n",
      quantity: "calls",
    }),
  timelineFigure: async (store) =>
    f.timelineFigure((await f.compare(store, { switch: "2026-03-05" })).changePoint),
  binCurve: async (store) =>
    f.binCurve(await f.throughputLoad(store, { by: "provider" }), {
      from: "in_flight_from",
      to: "in_flight_to",
      value: "quantiles.0.95",
      along: "others in flight",
    }),
  costQualityFront: async (store) => f.costQualityFront(await f.cost(store, chat)),
  waterfall: async (store) => {
    const { rows } = await f.costPairs(store, chat);
    return f.waterfall(f.costSteps(rows[0]), { title: `From ${rows[0].model} to ${rows[0].against}` });
  },
  pipelineSquare: async (store) => f.pipelineSquare((await f.qualityPipeline(store)).rows[0]),
  passCurves: async (store) =>
    f.passCurves(await f.consistency(store, { ...studied, by: "model", k: [1, 2, 3, 4, 6, 8] })),
  turnCurves: async (store) => f.turnCurves(await trajectoriesTurns(store, { by: "workload", limit: 8 })),
  promptSpread: async (store) =>
    f.promptSpread(await f.consistencyWorst(store, { ...studied, by: "model", limit: 500 })),
  rankFlips: async (store) => f.rankFlips(await f.consistencySingleShot(store, { ...studied, by: "model" })),
  tierFigure: async (store) =>
    f.tierFigure(await f.tiersOfBenchmark(store, { benchmark: await firstBenchmark(store) })),
  pareto: async () => {
    const store = await openDemo({ log: "causes" });
    try {
      return pareto(await causes(store), { title: "Why tasks fail" });
    } finally {
      store.close();
    }
  },
  agreementHeatmap: async (store) => f.agreementHeatmap(await f.agreement(store, chat)),
  rankAgainstRank: async (store) => {
    const benchmark = await firstBenchmark(store);
    const { rows } = await f.agreementRanks(store, { ...chat, benchmark, metric: "resolve_rate" });
    return f.rankAgainstRank(rows, { benchmark, metric: "resolve rate" });
  },
  utilityForest: async (store) => f.utilityForest(await chosen(store)),
  choiceShares: async (store) => f.choiceShares([await chosen(store)]),
  weightChange: async (store) => f.weightChange(await chosen(store)),
};

async function firstBenchmark(store: f.Store): Promise<string> {
  return (await f.benchmarkTiers(store)).rows[0].benchmark;
}
