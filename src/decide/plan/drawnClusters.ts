// Clusters drawn from all of a log, thousands of times: what is done to each draw must take no longer than a scan.

/** The same as filter, which takes many times as long on a typed array. */
export function those(clusters: Int32Array, isOne: (k: number, at: number) => boolean): Int32Array {
  const found = new Int32Array(clusters.length);
  let count = 0;
  for (let at = 0; at < clusters.length; at++) {
    const k = clusters[at];
    if (isOne(k, at)) found[count++] = k;
  }
  return found.slice(0, count);
}

/** Sorts the values of all clusters once, so that those of each of many draws need no sorting. */
export function drawnInOrder(values: Float64Array): (all: Int32Array) => Float64Array {
  const order = Int32Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  return (all) => {
    const times = new Uint32Array(values.length);
    for (const k of all) times[k]++;
    const sorted = new Float64Array(all.length);
    let filled = 0;
    for (const k of order) {
      const end = filled + times[k];
      if (end > filled) sorted.fill(values[k], filled, end);
      filled = end;
    }
    return sorted;
  };
}
