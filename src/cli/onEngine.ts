import { addressOf } from "../engines/address";
import { drawWay } from "../engines/refused";
import { commandOf, type Measure } from "../measures/measure";
import { comparedOn, engineOf, refusalOf } from "../measures/onEngines";

interface EngineFlags {
  engine?: string;
  calls?: string;
}

/** Throws for a measure that is not tested to give the same result on another engine, and for `--calls` on one. */
export function checkMeasure(measure: Measure, flags: EngineFlags): void {
  if (flags.engine === undefined) return;
  const { engine } = addressOf(flags.engine);
  const there = comparedOn(engineOf(engine));
  const why = there && refusalOf(measure, engineOf(engine));
  if (why !== undefined)
    throw new RangeError(
      `--engine ${engine} requires one of ${there?.join(", ")}, got ${commandOf(measure)}, which is refused: ${why}; ${drawWay}`,
    );
  checkCalls(flags);
}

/** Throws for `--calls` on an engine. */
export function checkCalls({ engine, calls }: EngineFlags): void {
  if (engine !== undefined && calls !== undefined)
    throw new RangeError(
      `--engine requires tables, and --calls lists calls, which stay on the engine; ${drawWay}`,
    );
}
