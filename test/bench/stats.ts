// Our intervals compared with SciPy's, if installed (python3 on the PATH or FIELDNOTES_PYTHON), on one set of
// generated inputs. node --import tsx test/bench/stats.ts; SLOW=1 runs SciPy's BCa at n = 100,000 in full (5 minutes).
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { doubleOrNothing } from "../../src/stats/doubleOrNothing";
import type { Estimate } from "../../src/stats/estimate";
import { meanInterval } from "../../src/stats/meanInterval";
import { quantileInterval } from "../../src/stats/quantileInterval";
import { random } from "../../src/stats/random";
import { ratioInterval } from "../../src/stats/ratioInterval";

const folder = mkdtempSync(join(tmpdir(), "fieldnotes-bench-"));
const r = random(12345);
const save = (name: string, values: Float64Array) => {
  writeFileSync(
    join(folder, `${name}.f64`),
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  );
  return values;
};
const durations = [10_000, 100_000, 1_000_000].map((n) =>
  save(
    `duration_${n}`,
    Float64Array.from({ length: n }, () => Math.exp(6.2 + 0.9 * r.normal())),
  ),
) as [Float64Array, Float64Array, Float64Array];
const clusters = 100_000;
const cost = save(
  "cost",
  Float64Array.from({ length: clusters }, () => 0.04 * r.gamma(1.3)),
);
const resolved = save(
  "resolved",
  Float64Array.from({ length: clusters }, () => (r.uniform() < 0.7 ? 1 : 0)),
);

interface Timed {
  name: string;
  seconds: number;
  estimate: Estimate;
}

/** The median of five runs, after one to warm up. */
function timed(name: string, make: () => Estimate): Timed {
  let estimate = make();
  const seconds = Array.from({ length: 5 }, () => {
    const start = process.hrtime.bigint();
    estimate = make();
    return Number(process.hrtime.bigint() - start) / 1e9;
  }).sort((a, b) => a - b)[2]!;
  return { name, seconds, estimate };
}

const ours: Timed[] = [
  timed("p99 percentile n=1e4", () =>
    quantileInterval(durations[0], 0.99, { method: "bootstrap-percentile" }),
  ),
  timed("p99 BCa n=1e4", () => quantileInterval(durations[0], 0.99, { method: "bootstrap-bca" })),
  timed("p99 percentile n=1e5", () =>
    quantileInterval(durations[1], 0.99, { method: "bootstrap-percentile" }),
  ),
  timed("p99 BCa n=1e5", () => quantileInterval(durations[1], 0.99, { method: "bootstrap-bca" })),
  timed("p99 default n=1e5", () => quantileInterval(durations[1], 0.99)),
  timed("p99 percentile n=1e6", () =>
    quantileInterval(durations[2], 0.99, { method: "bootstrap-percentile" }),
  ),
  timed("mean BCa n=1e4", () => meanInterval(durations[0], { method: "bootstrap-bca" })),
  timed("ratio BCa n=1e4", () => ratioInterval(cost.subarray(0, 10_000), resolved.subarray(0, 10_000))),
  timed("ratio percentile K=1e5", () => ratioInterval(cost, resolved, { method: "bootstrap-percentile" })),
  timed("ratio percentile K=1e5, resampled", () => doubleOrNothing(cost, resolved)),
  timed("ratio percentile K=1e5, theirs by weights of 0 and 2 as well", () =>
    doubleOrNothing(cost, resolved),
  ),
];

// NumPy's fastest resampling of that many clusters is the gather; long cases are timed over fewer resamples.
const PEER = `
import json, os, sys, time
import numpy as np
from scipy import stats
folder, slow = sys.argv[1], sys.argv[2] == "1"
load = lambda name: np.fromfile(f"{folder}/{name}.f64")
p99 = lambda x, axis=-1: np.quantile(x, .99, axis=axis)
ratio = lambda c, r, axis=-1: np.sum(c, axis=axis) / np.sum(r, axis=axis)
def run(name, data, f, method, batch, seeds=1, resamples=9999, paired=False):
    ends = []; start = time.perf_counter()
    for seed in range(seeds):
        ci = stats.bootstrap(data, f, n_resamples=resamples, method=method, batch=batch, paired=paired, vectorized=True, axis=-1, random_state=np.random.default_rng(seed)).confidence_interval
        ends.append([float(ci.low), float(ci.high)])
    seconds = (time.perf_counter() - start) / seeds * 9999 / resamples
    print(json.dumps(dict(name=name, seconds=seconds, ends=ends, resamples=resamples)), flush=True)
small, large = load("duration_10000"), load("duration_100000")
c, r = load("cost"), load("resolved")
run("p99 percentile n=1e4", (small,), p99, "percentile", 100, 5)
run("p99 BCa n=1e4", (small,), p99, "BCa", 100, 5)
run("mean BCa n=1e4", (small,), np.mean, "BCa", 100, 5)
run("ratio BCa n=1e4", (c[:10000], r[:10000]), ratio, "BCa", 100, 5, paired=True)
run("p99 percentile n=1e5", (large,), p99, "percentile", 10, 1, 9999 if slow else 499)
if slow: run("p99 BCa n=1e5", (large,), p99, "BCa", 10)
rng = np.random.default_rng(1); K = c.size
def best(name, draw, resamples):
    out = np.empty(resamples); start = time.perf_counter()
    for j in range(resamples): out[j] = draw()
    seconds = (time.perf_counter() - start) * 9999 / resamples
    print(json.dumps(dict(name=name, seconds=seconds, ends=[[float(v) for v in np.quantile(out, [.025, .975])]], resamples=resamples)), flush=True)
def gather():
    i = rng.integers(0, K, K); return c[i].sum() / r[i].sum()
best("ratio percentile K=1e5", gather, 999)
best("ratio percentile K=1e5, resampled", gather, 999)
both = np.stack([c, r]).T.copy()
def halves():
    w = np.unpackbits(rng.integers(0, 256, K // 8, dtype=np.uint8)).astype(np.float64); s = w @ both; return s[0] / s[1]
best("ratio percentile K=1e5, theirs by weights of 0 and 2 as well", halves, 999)
`;

interface Peer {
  name: string;
  seconds: number;
  ends: [number, number][];
  resamples: number;
}

function peers(): Peer[] {
  for (const python of [process.env.FIELDNOTES_PYTHON, "python3", "python"]) {
    if (python === undefined || spawnSync(python, ["-c", "import scipy"]).status !== 0) continue;
    const script = join(folder, "peer.py");
    writeFileSync(script, PEER);
    const { stdout } = spawnSync(python, [script, folder, process.env.SLOW === undefined ? "0" : "1"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, OPENBLAS_NUM_THREADS: "1" },
    });
    return stdout
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Peer);
  }
  console.log("SciPy is not installed here (looked for FIELDNOTES_PYTHON, python3, python): ours alone");
  return [];
}

const theirs = new Map(peers().map((peer) => [peer.name, peer]));
const short = (x: number) => x.toPrecision(7);
console.log(
  "| case | ours | SciPy or NumPy | times faster | our interval | theirs, spread over their seeds |",
);
console.log("|---|---|---|---|---|---|");
for (const { name, seconds, estimate } of ours) {
  const peer = theirs.get(name);
  const range = (end: 0 | 1) => {
    const values = peer!.ends.map((pair) => pair[end]);
    return `${short(Math.min(...values))}..${short(Math.max(...values))}`;
  };
  const cells = [
    name,
    `${(1000 * seconds).toFixed(2)} ms`,
    peer === undefined
      ? ""
      : `${peer.seconds.toFixed(2)} s${peer.resamples < 9999 ? ` (from ${peer.resamples} resamples)` : ""}`,
    peer === undefined ? "" : (peer.seconds / seconds).toFixed(0),
    `${short(estimate.low)}, ${short(estimate.high)}`,
    peer === undefined ? "" : `${range(0)}, ${range(1)}`,
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
rmSync(folder, { recursive: true, force: true });
