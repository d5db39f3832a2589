import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jointNormals } from "../../src/decide/draws";
import { pearson } from "../../src/stats/pearson";

describe("joint normals", () => {
  test("are correlated as asked, each with variance 1, and the same for the same seed", () => {
    const pairs = [
      [1, 0.8, -0.5],
      [0.8, 1, -0.2],
      [-0.5, -0.2, 1],
    ];
    const drawn = jointNormals(pairs, { draws: 20_000, seed: 3 });
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ])
      assert.ok(Math.abs(pearson(drawn[i], drawn[j]) - 0.95 * pairs[i][j]) < 0.02);
    for (const one of drawn)
      assert.ok(Math.abs(one.reduce((sum, z) => sum + z * z, 0) / one.length - 1) < 0.04);
    assert.deepEqual(jointNormals(pairs, { draws: 20_000, seed: 3 }), drawn);
  });

  test("can be drawn where two dimensions are the same number", () => {
    const drawn = jointNormals(
      [
        [1, 1],
        [1, 1],
      ],
      { draws: 2000, seed: 1 },
    );
    assert.ok(pearson(drawn[0], drawn[1]) > 0.9);
  });
});
