import { addressOf } from "../engines/address";
import { drawWay } from "../engines/refused";
import { commandOf, type Measure } from "../measures/measure";
import { comparedOn, decidedOn, engineOf, refusalOf } from "../measures/onEngines";

interface EngineFlags {
  engine?: string;
  calls?: string;
}

/** Throws for a measure that is not tested to give the same result on another engine. */
export function checkMeasure(measure: Measure, flags: EngineFlags): void {
  check(flags, comparedOn, commandOf(measure), (engine) => refusalOf(measure, engine));
}

/** The same for a command that decides. */
export function checkDecision(command: string, flags: EngineFlags): void {
  check(flags, decidedOn, command, (engine) =>
    decidedOn(engine)?.includes(command)
      ? undefined
      : "no test shows that it gives the same there as in DuckDB",
  );
}

type EngineName = ReturnType<typeof engineOf>;

function check(
  { engine, calls }: EngineFlags,
  thereOf: (engine: EngineName) => readonly string[] | undefined,
  command: string,
  whyNot: (engine: EngineName) => string | undefined,
): void {
  if (engine === undefined) return;
  const { engine: name } = addressOf(engine);
  const there = thereOf(engineOf(name));
  const why = there === undefined ? undefined : whyNot(engineOf(name));
  if (why !== undefined)
    throw new RangeError(
      `--engine ${name} requires ${there?.length === 0 ? "a measure" : `one of ${there?.join(", ")}`}, got ${command}, which is refused: ${why}; ${drawWay}`,
    );
  if (calls !== undefined)
    throw new RangeError(
      `--engine requires tables, and --calls lists calls, which stay on the engine; ${drawWay}`,
    );
}
