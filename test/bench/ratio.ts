/** The result of one comparison: our time divided by theirs, measured alternately in one process. */
export interface Ratio {
  name: string;
  /** Median of the ratios of neighbouring runs. */
  ratio: number;
  /** Smallest and largest of them. */
  least: number;
  most: number;
  /** Medians, in seconds. */
  ours: number;
  theirs: number;
  /** The same ratio for CPU time, which other load on the machine affects less. */
  processors: number;
  /** The maximum ratio allowed, if there is one. */
  target?: number;
}

const seconds = async (work: () => Promise<void> | void) => {
  const [begun, used] = [process.hrtime.bigint(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(used);
  return { wall: Number(process.hrtime.bigint() - begun) / 1e9, processors: (user + system) / 1e6 };
};

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Runs ours and theirs alternately, so that a slower machine slows both. */
export async function ratios(
  name: string,
  ours: () => Promise<void> | void,
  theirs: () => Promise<void> | void,
  { rounds = 9, target }: { rounds?: number; target?: number },
): Promise<Ratio> {
  await ours();
  await theirs();
  const pairs: Record<"ours" | "theirs", { wall: number; processors: number }>[] = [];
  for (let round = 0; round < rounds; round++) {
    pairs.push({ ours: await seconds(ours), theirs: await seconds(theirs) });
  }
  const all = pairs.map((pair) => pair.ours.wall / pair.theirs.wall);
  return {
    name,
    ratio: median(all),
    least: Math.min(...all),
    most: Math.max(...all),
    ours: median(pairs.map((pair) => pair.ours.wall)),
    theirs: median(pairs.map((pair) => pair.theirs.wall)),
    processors: median(pairs.map((pair) => pair.ours.processors / pair.theirs.processors)),
    ...(target === undefined ? {} : { target }),
  };
}

/** The peak memory of a piece of work. */
export interface Size {
  name: string;
  gigabytes: number;
  target: number;
}

/** One line of the printed result. */
export function lineOf(one: Ratio | Size): string {
  if ("gigabytes" in one) {
    const { name, gigabytes, target } = one;
    return `${name}: ${gigabytes.toFixed(2)} GB, at most ${target} wanted${gigabytes <= target ? "" : ": MISSED"}`;
  }
  const { name, ratio, least, most, ours, theirs, processors, target } = one;
  const goal = target === undefined ? "" : `, at most ${target} wanted${ratio <= target ? "" : ": MISSED"}`;
  return `${name}: ${ratio.toFixed(2)}x [${least.toFixed(2)}, ${most.toFixed(2)}] (${ours.toFixed(3)} s against ${theirs.toFixed(3)} s; ${processors.toFixed(2)}x of the processors' time)${goal}`;
}
