import { EngineError } from "../store/reason";

/** What to do instead, wherever something is refused on an engine. */
export const drawWay =
  "draw whole users with all their calls and measure there: fieldnotes draw --engine URL --share 0.01 --out drawn.duckdb (docs/engines.md)";

/** What the engine has no word for, or none that is known to mean the same. */
export class Refused extends EngineError {
  constructor(what: string) {
    super(`this is not measured on another engine, since it needs ${what}; ${drawWay}`);
  }
}
