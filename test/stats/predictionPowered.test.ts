import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { predictionPowered } from "../../src/stats/predictionPowered";
import { random } from "../../src/stats/random";
import { roganGladen } from "../../src/stats/roganGladen";
import { close } from "./golden";

const counts = {
  positives: 300,
  judged: 1000,
  foundPositives: 45,
  truePositives: 50,
  foundNegatives: 45,
  trueNegatives: 50,
};

describe("a judge's rate corrected by its sensitivity and specificity", () => {
  test("is Rogan and Gladen's, and the raw rate of a perfect judge", () => {
    const r = roganGladen(counts);
    close(r.value, 0.25);
    assert.deepEqual([r.raw, r.sensitivity, r.specificity, r.method], [0.3, 0.9, 0.9, "rogan-gladen"]);
    assert.ok(r.low > 0.05 && r.low < 0.2 && r.high > 0.3 && r.high < 0.4, JSON.stringify(r));
    close(roganGladen({ ...counts, foundPositives: 50, foundNegatives: 50 }).value, 0.3);
  });
  test("gets narrower with more labels", () => {
    const more = roganGladen({
      ...counts,
      foundPositives: 450,
      truePositives: 500,
      foundNegatives: 450,
      trueNegatives: 500,
    });
    const r = roganGladen(counts);
    assert.ok(more.high - more.low < r.high - r.low);
  });
  test("covers the truth where the raw rate does not", () => {
    const runs = 200;
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const g = random(6, run);
      const hits = (n: number, p: number) =>
        Array.from({ length: n }, () => Number(g.uniform() < p)).reduce((a, b) => a + b);
      const r = roganGladen({
        positives: hits(500, 0.1 * 0.85 + 0.9 * 0.1),
        judged: 500,
        foundPositives: hits(60, 0.85),
        truePositives: 60,
        foundNegatives: hits(60, 0.9),
        trueNegatives: 60,
      });
      if (r.low <= 0.1 && 0.1 <= r.high) covered++;
    }
    assert.ok(covered >= 0.91 * runs, `${covered} of ${runs}`);
  });
  test("is surer where the labelled are some of those judged, as sure as the labels where all are", () => {
    const [n, rate] = [400, 0.25];
    const all = {
      positives: 0.9 * rate * n + 0.1 * (1 - rate) * n,
      judged: n,
      foundPositives: 0.9 * rate * n,
      truePositives: rate * n,
      foundNegatives: 0.9 * (1 - rate) * n,
      trueNegatives: (1 - rate) * n,
    };
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    const [apart, part] = [roganGladen(all), roganGladen(all, { partOf: n })];
    assert.equal(part.value, apart.value);
    assert.ok(width(part) < 0.8 * width(apart));
    const labels = 2 * 1.96 * Math.sqrt((rate * (1 - rate)) / n);
    assert.ok(Math.abs(width(part) / labels - 1) < 0.06, `${width(part)} against ${labels}`);
    assert.ok(Math.abs(width(roganGladen(all, { partOf: 1e12 })) / width(apart) - 1) < 1e-6);
    assert.throws(() => roganGladen(all, { partOf: 0 }), /roganGladen requires partOf > 0/);
  });
  test("covers where the labelled are a third of those judged, and does not overdo it", () => {
    const runs = 400;
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const g = random(8, run);
      const own = {
        positives: 0,
        judged: 450,
        foundPositives: 0,
        truePositives: 0,
        foundNegatives: 0,
        trueNegatives: 0,
      };
      for (let item = 0; item < own.judged; item++) {
        const wrong = g.uniform() < 0.2;
        const judged = g.uniform() < (wrong ? 0.85 : 0.08);
        if (judged) own.positives++;
        if (item % 3 > 0) continue;
        if (wrong) own.truePositives++;
        else own.trueNegatives++;
        if (wrong && judged) own.foundPositives++;
        if (!wrong && !judged) own.foundNegatives++;
      }
      const r = roganGladen(own, { partOf: own.judged });
      if (r.low <= 0.2 && 0.2 <= r.high) covered++;
    }
    assert.ok(covered >= 0.92 * runs && covered <= 0.98 * runs, `${covered} of ${runs}`);
  });
  test("is cut at 0 and says so", () => {
    const r = roganGladen({ ...counts, positives: 80 });
    assert.ok(r.value === 0 && r.low === 0 && r.high > 0.03, JSON.stringify(r));
    assert.match(r.note ?? "", /the correction gives -0.025, cut at 0/);
    const impossible = roganGladen({ ...counts, positives: 10 });
    assert.ok(Number.isNaN(impossible.low) && Number.isNaN(impossible.high));
    assert.match(impossible.note ?? "", /do not fit the others/);
  });
  test("says nothing about the rate with a judge that may be no better than chance", () => {
    const worse = roganGladen({ ...counts, foundPositives: 20, foundNegatives: 20 });
    assert.ok(Number.isNaN(worse.value) && worse.low === 0 && worse.high === 1);
    const unclear = roganGladen({
      ...counts,
      foundPositives: 3,
      truePositives: 5,
      foundNegatives: 3,
      trueNegatives: 5,
    });
    assert.deepEqual([unclear.low, unclear.high], [0, 1]);
    assert.match(unclear.note ?? "", /no better than chance: label more items/);
  });
  test("needs judged and labelled items, and possible counts", () => {
    for (const missing of [
      { judged: 0, positives: 0 },
      { truePositives: 0, foundPositives: 0 },
    ]) {
      const r = roganGladen({ ...counts, ...missing });
      assert.ok(Number.isNaN(r.value) && Number.isNaN(r.low) && r.note);
    }
    assert.throws(
      () => roganGladen({ ...counts, positives: 2000 }),
      /positives <= its total, got 2000 of 1000/,
    );
    assert.throws(() => roganGladen({ ...counts, positives: 0.3 }), /whole positives/);
  });
});

describe("a prediction-powered rate", () => {
  const world = (stream: number, labelled: number, total: number) => {
    const g = random(8, stream);
    const item = () => {
      const truth = Number(g.uniform() < 0.3);
      return { truth, judge: Number(g.uniform() < (truth ? 0.8 : 0.25)) };
    };
    const shown = Array.from({ length: labelled }, item);
    return {
      judged: Array.from({ length: total }, () => item().judge),
      judgedLabelled: shown.map(({ judge }) => judge),
      labels: shown.map(({ truth }) => truth),
    };
  };
  test("corrects the judge: covers the truth although the judge is far off", () => {
    const runs = 150;
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const r = predictionPowered(world(run, 80, 800), { resamples: 299 });
      assert.ok(r.raw > 0.35);
      if (r.low <= 0.3 && 0.3 <= r.high) covered++;
    }
    assert.ok(covered >= 0.91 * runs, `${covered} of ${runs}`);
  });
  test("is the judge's mean plus its mean error, or the labels alone with weight 0", () => {
    const items = world(1, 50, 500);
    const r = predictionPowered(items);
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    close(r.value, mean(items.judged) + mean(items.labels) - mean(items.judgedLabelled));
    close(r.labelled, mean(items.labels));
    close(predictionPowered(items, { weight: 0 }).value, mean(items.labels));
    assert.deepEqual([r.n, r.clusters, r.method], [550, 50, "prediction-powered"]);
  });
  test("a judge that was never wrong on few labels is not taken to be perfect", () => {
    const r = predictionPowered({
      judged: new Array(1000).fill(0),
      judgedLabelled: [0, 0, 0, 0, 0],
      labels: [0, 0, 0, 0, 0],
    });
    assert.ok(r.value === 0 && r.high > 0.1);
  });
  test("needs labels and judged items, from 0 to 1", () => {
    for (const items of [
      { judged: [1, 0], judgedLabelled: [1], labels: [1] },
      { judged: [], judgedLabelled: [1, 0], labels: [1, 0] },
    ]) {
      const r = predictionPowered(items);
      assert.ok(Number.isNaN(r.value) && Number.isNaN(r.low) && /at least 2 labelled/.test(r.note ?? ""));
    }
    assert.throws(
      () => predictionPowered({ judged: [2], judgedLabelled: [], labels: [] }),
      /from 0 to 1, got 2/,
    );
    assert.throws(
      () => predictionPowered({ judged: [1], judgedLabelled: [1, Number.NaN], labels: [1, 1] }),
      /got NaN/,
    );
    assert.throws(
      () => predictionPowered({ judged: [1], judgedLabelled: [1], labels: [] }),
      /got 1 judgedLabelled and 0 labels/,
    );
    assert.throws(() => predictionPowered(world(1, 5, 5), { weight: 2 }), /0 <= weight <= 1/);
  });
});
