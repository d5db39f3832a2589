import type { Table } from "../../measures/table";
import type { Claim } from "../../stats/claim";
import type { Estimate } from "../../stats/estimate";
import type { RouteCandidate } from "./routePick";
import type { RouteRow } from "./routeRow";

/** The whole log routed, as far as the data allow. */
export interface RouteTotal {
  tasks: number;
  /** Of all tasks, those of types for which both models have data. */
  covered: number;
  days: number;
  cost: Estimate;
  cost_flagship: Estimate;
  saving: Estimate;
  saving_share: Estimate;
}

export interface Routes extends Table<RouteRow> {
  flagship: string | null;
  /** By how much a resolve rate may fall below the flagship's. */
  margin: number;
  candidates: RouteCandidate[];
  total: RouteTotal;
  /** Where requests should go and what that saves, in a sentence or two. */
  verdict: string;
  /** How far it stands that all of it together saves money. */
  claim: Claim;
}
