import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { binomialCdf } from "../../src/stats/binomial";
import type { Cell } from "../coverage/cell";
import { countCoverage } from "../coverage/count";
import { coverageTable, isLow } from "../coverage/table";

const folder = join(__dirname, "..", "coverage", "cells");
const cells = readdirSync(folder)
  .filter((file) => file.endsWith(".ts"))
  .flatMap((file) => (require(join(folder, file)) as { cells: Cell[] }).cells);

// Each is a world of its own; seeds are fixed, so a failure is a change in the method and not bad luck.
const CHOSEN = [
  "quantile lognormal p95 n=100",
  "quantile gamma p50 n=20",
  "quantile pareto p99 n=1000",
  "quantile ties p95 n=300",
  "quantile clustered zipf rho=0.3 K=100 m=10 p95",
  "quantile clustered equal rho=0.1 K=30 m=30 p50",
  "mean gamma n=50",
  "mean lognormal n=100",
  "mean clustered lognormal rho=0.3 K=30 m=30",
  "rate p=0.02 n=100",
  "rate clustered zipf rho=0.1 K=100 m=10 p=0.1",
  "ratio K=1000 resolved=0.15",
  "ratio of ratios paired K=200 resolved=0.6",
];

describe("intervals at a nominal 95 % cover", () => {
  for (const name of CHOSEN)
    test(`${name} in 400 runs`, () => {
      const cell = cells.find((one) => one.name === name);
      assert.ok(cell, `no cell ${name}`);
      const { covered, twoSided } = countCoverage(cell, 400);
      assert.ok(twoSided > 300, `${twoSided} two-sided intervals`);
      // If the true coverage were .93, fewer than this would occur once in a thousand times.
      assert.ok(binomialCdf(covered, twoSided, 0.93) > 0.001, `${covered} of ${twoSided} cover`);
    });
});

test("a cell gives the same counts each time and no name is used twice", () => {
  const cell = cells.find(({ name }) => name === "rate p=0.5 n=20")!;
  assert.deepEqual(countCoverage(cell, 50), countCoverage(cell, 50));
  assert.equal(new Set(cells.map(({ name }) => name)).size, cells.length);
});

test("the table marks what covers too little, and tells noted from silent", () => {
  const count = {
    name: "x",
    runs: 1000,
    twoSided: 1000,
    covered: 900,
    above: 50,
    below: 50,
    unbounded: 0,
    refused: 0,
    noted: 0,
  };
  assert.ok(isLow(count));
  assert.match(coverageTable([count]), /\| LOW \|$/);
  assert.match(coverageTable([{ ...count, noted: 900 }]), /\| low, noted \|$/);
  assert.match(coverageTable([{ ...count, covered: 930 }]), /\| {2}\|$/);
});
