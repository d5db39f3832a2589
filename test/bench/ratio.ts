/** What one comparison came to: our time over theirs, measured in turn in one process. */
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
  /** The ratio that is to be kept, where there is one. */
  target?: number;
}

const seconds = async (work: () => Promise<void> | void) => {
  const begun = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - begun) / 1e9;
};

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Runs ours and theirs in turn, so that a machine that slows down slows both. */
export async function ratios(
  name: string,
  ours: () => Promise<void> | void,
  theirs: () => Promise<void> | void,
  { rounds = 9, target }: { rounds?: number; target?: number },
): Promise<Ratio> {
  await ours();
  await theirs();
  const pairs: { ours: number; theirs: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    pairs.push({ ours: await seconds(ours), theirs: await seconds(theirs) });
  }
  const all = pairs.map((pair) => pair.ours / pair.theirs);
  return {
    name,
    ratio: median(all),
    least: Math.min(...all),
    most: Math.max(...all),
    ours: median(pairs.map((pair) => pair.ours)),
    theirs: median(pairs.map((pair) => pair.theirs)),
    ...(target === undefined ? {} : { target }),
  };
}

/** The most memory that a piece of work took. */
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
  const { name, ratio, least, most, ours, theirs, target } = one;
  const goal = target === undefined ? "" : `, at most ${target} wanted${ratio <= target ? "" : ": MISSED"}`;
  return `${name}: ${ratio.toFixed(2)}x [${least.toFixed(2)}, ${most.toFixed(2)}] (${ours.toFixed(3)} s against ${theirs.toFixed(3)} s)${goal}`;
}
