const shown = 80;

/**
 * The parts that are not as expected, and where each first differs.
 *
 * @param within numbers may differ by this share of their size (or of 1, if larger)
 */
export function differences(
  expected: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
  within: number,
): string[] {
  const wrong = [...expected.keys()].filter((name) => !found.has(name)).map((name) => `${name}: missing`);
  for (const [name, text] of found) {
    const other = expected.get(name);
    if (other === undefined) wrong.push(`${name}: not expected`);
    else {
      const at = firstDifference(other, text, within);
      if (at !== undefined) wrong.push(`${name}: ${around(other, at[0])} became ${around(text, at[1])}`);
    }
  }
  return wrong;
}

/** Where two texts first differ by more than numbers may; undefined if they don't. */
function firstDifference(one: string, other: string, within: number): [number, number] | undefined {
  if (one === other) return undefined;
  const [parts, others] = [partsOf(one), partsOf(other)];
  let [place, otherPlace] = [0, 0];
  for (let at = 0; at < Math.max(parts.length, others.length); at++) {
    const [a, b] = [parts[at], others[at]];
    if (
      a === undefined ||
      b === undefined ||
      (a !== b && !(at % 2 === 1 && isWithin(Number(a), Number(b), within)))
    )
      return [place, otherPlace];
    place += a.length;
    otherPlace += b.length;
  }
  return undefined;
}

// A text's numbers, and the text between them.
const partsOf = (text: string) => text.split(/(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)/);

const isWithin = (a: number, b: number, within: number) =>
  Math.abs(a - b) <= within * Math.max(1, Math.abs(a), Math.abs(b));

const around = (text: string, at: number) => JSON.stringify(text.slice(Math.max(0, at - shown), at + shown));
