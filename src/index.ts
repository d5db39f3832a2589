// The public names, in the order in which data flows.

export { ecdf } from "./charts/ecdf";
export type { Figure } from "./charts/figure";
export { forest } from "./charts/forest";
export { meanAgainstTail } from "./charts/meanAgainstTail";
export { quantileFigure } from "./charts/quantileFigure";
export { rates } from "./charts/rates";
export { tail } from "./charts/tail";
export { type Demo, type DemoOptions, generateDemo } from "./demo/generate";
export { type IngestedFile, type IngestOptions, type IngestResult, ingest } from "./logs/ingest";
export type { Mapping } from "./logs/mapping";
export { type LatencyCurve, latencyCurves } from "./measures/curves";
export { type Diagnosis, doctor } from "./measures/doctor";
export { type LatencyOptions, type LatencyRow, latency } from "./measures/latency";
export type { MeasureOptions } from "./measures/options";
export { type ReliabilityRow, reliability } from "./measures/reliability";
export type { Row, Table } from "./measures/table";
export { parseNotebook, readNotebook, writeNotebook } from "./notebook/read";
export { type NotebookRun, type RunOptions, runNotebook } from "./notebook/run";
export { bundleOf, show } from "./notebook/show";
export { skip } from "./notebook/skip";
export { type Lead, type PageOptions, renderPage } from "./page/page";
export type { Estimate } from "./stats/estimate";
export { type OpenOptions, open, type Store } from "./store/open";
