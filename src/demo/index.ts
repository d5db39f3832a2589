// fieldnotes/demo: a made-up company whose true values are known.

export { type Demo, type DemoOptions, generateDemo } from "./generate";
export { openDemo } from "./openDemo";
export type { SmallLog } from "./smallLog";
export type { Benchmark } from "./world/benchmark";
export type { Labels, Rater, Raters } from "./world/labels";
export type { Model, Price, Provider, Serving } from "./world/model";
export type { Preferences } from "./world/preferences";
export type { Size } from "./world/size";
export type { Study, StudyModel } from "./world/study";
export type { Kind, Pipeline, Release } from "./world/variant";
export type { Workload } from "./world/workload";
export { type Mix, type Peak, readWorld, type Traffic, type World } from "./world/world";
