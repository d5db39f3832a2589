// From a number to what is behind it: the calls of a row, one task step by step, what was asked of refused calls, whole
// users drawn.

export type { DrawnShare, DrawUnit } from "../facts/drawn";
export type { CallRow } from "../measures/callList";
export { type Calls, type CallsOptions, calls } from "../measures/calls";
export { type Trace, type TraceOptions, trace } from "../measures/service/trace";
export type { TraceRow } from "../measures/service/traceSteps";
export { type Replaced, replaced } from "../measures/trend/replaced";
export type { DataFrame } from "./danfo";
export { type DrawOptions, draw } from "./draw";
export type { Drawn } from "./fillDrawn";
export { frameOf, fromDataFrame, toDataFrame } from "./frame";
export { type Sharper, sharpen } from "./sharpen";
export { type SummaryRow, summarise } from "./summarise";
