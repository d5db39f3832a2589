import { alpha } from "../../stats/alpha";
import type { Estimate } from "../../stats/estimate";
import { kappa } from "../../stats/kappa";
import { brief, counted } from "../../stats/text";

/** A task that at least two readers named a cause of. */
export interface TwiceRead {
  g: string;
  said: { reader: string; cause: string }[];
}

/**
 * How far readers agree beyond chance: on whether a task has one cause, or on which it has. Kappa for two readers, alpha for
 * more, over the tasks that at least two have read.
 */
export function agreementOf(
  tasks: readonly TwiceRead[],
  { level, seed }: { level: number; seed: number },
  on?: string,
): Estimate {
  const readers = [...new Set(tasks.flatMap(({ said }) => said.map(({ reader }) => reader)))].sort();
  const columns = readers.map((reader) =>
    tasks.map(({ said }) => {
      const own = said.find((one) => one.reader === reader)?.cause;
      return on === undefined || own === undefined ? own : own === on;
    }),
  );
  const [first, second] = columns;
  const options = { level, seed };
  return columns.length === 2 ? kappa(first, second, options) : alpha(columns, options);
}

/** How many tasks were read twice, and how far their readers agree on the cause. */
export function readersNote(
  tasks: readonly TwiceRead[],
  settings: { level: number; seed: number },
): string[] {
  if (tasks.length === 0) return [];
  const same = tasks.filter(({ said }) => said.every(({ cause }) => cause === said[0].cause)).length;
  const { value, low, high } = agreementOf(tasks, settings);
  const beyond = Number.isNaN(value)
    ? "all named one cause, so chance alone would explain that"
    : `beyond chance ${brief(value)} [${brief(low)}, ${brief(high)}] (1: always, 0: as by chance)`;
  return [
    `Of ${counted(tasks.length, "task")} that at least two readers named a cause of, they agree on ${same}; ${beyond}. Where they disagree on a cause, its definition is not clear enough, or the sheet does not show enough.`,
  ];
}
