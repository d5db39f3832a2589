import { EngineError } from "../store/reason";

/** What to do instead if an engine cannot run something. */
export const drawWay =
  "draw whole users with all their calls and measure there: fieldnotes draw --engine URL --share 0.01 --out drawn.duckdb (docs/engines.md)";

/** Thrown for SQL that the engine cannot express, or whose meaning there may differ. */
export class Refused extends EngineError {
  constructor(what: string) {
    super(`this cannot be measured on another engine: it needs ${what}; ${drawWay}`);
  }
}
