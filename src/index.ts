export type { Estimate } from "./stats/estimate";
