// Rank correlations of 20 models, compared with NumPy and SciPy if installed (python3 on the PATH or
// FIELDNOTES_PYTHON), on one set of generated inputs. node --import tsx test/bench/ranks.ts
import { spawnSync } from "node:child_process";
import { permutationP } from "../../src/stats/permutationP";
import { random } from "../../src/stats/random";
import { rankCorrelation } from "../../src/stats/rankCorrelation";
import { rankSets } from "../../src/stats/rankSets";
import { resampleSpearman } from "../../src/stats/resampleSpearman";

const r = random(7);
const benchmark = Array.from({ length: 20 }, () => r.normal());
const production = benchmark.map((b) => 0.8 * b + 0.6 * r.normal());
const productionError = benchmark.map(() => 0.3);
const noisy = { benchmark, production, productionError };

/** The median of nine runs in seconds, after two to warm up. */
function timed(make: () => unknown): number {
  make();
  make();
  return Array.from({ length: 9 }, () => {
    const start = process.hrtime.bigint();
    make();
    return Number(process.hrtime.bigint() - start) / 1e9;
  }).sort((a, b) => a - b)[4];
}

const RESAMPLED = "Spearman, 9,999 resamples of 20 models";
const ours: [string, number][] = [
  [RESAMPLED, timed(() => resampleSpearman(benchmark, production))],
  ["Spearman of noisy models, posterior bootstrap", timed(() => rankCorrelation(noisy))],
  [
    "the same with a noisy benchmark",
    timed(() => rankCorrelation({ ...noisy, benchmarkError: benchmark.map(() => 0.2) })),
  ],
  ["Kendall of noisy models, posterior bootstrap", timed(() => rankCorrelation(noisy, { kind: "kendall" }))],
  ["Spearman's permutation p, 99,999 permutations", timed(() => permutationP(benchmark, production))],
  [
    "rank sets of 20 models",
    timed(() => rankSets({ scores: production, errors: productionError }, { resamples: 4_999 })),
  ],
];

// The fastest NumPy known: ranks from the weights' running sums, all resamples at once.
const PEER = `
import json, sys, time
import numpy as np
x, y = (np.array(side) for side in json.loads(sys.argv[1]))
n, B = x.size, 9999
def ranks(order, w):
    sorted_w = w[:, order]; out = np.empty(w.shape)
    out[:, order] = np.cumsum(sorted_w, axis=1) - (sorted_w - 1) / 2
    return out - (n + 1) / 2
def vectorised(rng):
    w = np.zeros((B, n)); np.add.at(w, (np.arange(B)[:, None], rng.integers(0, n, (B, n))), 1)
    a, b = ranks(np.argsort(x), w), ranks(np.argsort(y), w)
    return (w * a * b).sum(1) / np.sqrt((w * a * a).sum(1) * (w * b * b).sum(1))
def counted(rng):
    i = rng.integers(0, n, (B, n)) + n * np.arange(B)[:, None]
    w = np.bincount(i.ravel(), minlength=B * n).reshape(B, n).astype(float)
    a, b = ranks(np.argsort(x), w), ranks(np.argsort(y), w)
    return (w * a * b).sum(1) / np.sqrt((w * a * a).sum(1) * (w * b * b).sum(1))
for name, f in (("NumPy add.at", vectorised), ("NumPy bincount", counted)):
    times = []
    for seed in range(9):
        rng = np.random.default_rng(seed); start = time.perf_counter(); f(rng); times.append(time.perf_counter() - start)
    print(json.dumps([name, sorted(times)[4]]), flush=True)
try:
    from scipy import stats
    start = time.perf_counter()
    stats.bootstrap((x, y), lambda a, b: stats.spearmanr(a, b)[0], paired=True, vectorized=False, n_resamples=999, method="percentile", random_state=np.random.default_rng(1))
    print(json.dumps(["SciPy bootstrap (from 999)", (time.perf_counter() - start) * 9999 / 999]), flush=True)
except ImportError: pass
`;

function peers(): [string, number][] {
  for (const python of [process.env.FIELDNOTES_PYTHON, "python3", "python"]) {
    if (python === undefined || spawnSync(python, ["-c", "import numpy"]).status !== 0) continue;
    const { stdout } = spawnSync(python, ["-c", PEER, JSON.stringify([benchmark, production])], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, OPENBLAS_NUM_THREADS: "1" },
    });
    return stdout
      .split("\n")
      .filter((line) => line.startsWith("["))
      .map((line) => JSON.parse(line));
  }
  console.log("NumPy is not installed here (looked for FIELDNOTES_PYTHON, python3, python): ours alone");
  return [];
}

for (const [name, seconds] of ours) console.log(`${name}: ${(1000 * seconds).toFixed(1)} ms`);
for (const [name, seconds] of peers())
  console.log(
    `${RESAMPLED}, ${name}: ${(1000 * seconds).toFixed(1)} ms, ${(seconds / ours[0][1]).toFixed(1)} times ours`,
  );
