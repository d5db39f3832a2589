import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "./read";

test("nothing in the name of a file of a format in data/formats is taken for a variable or for SQL", async () => {
  const content = "model,rating,rating_q975,rating_q025\ngpt-4o,1250,1256,1245\n";
  for (const name of ["{day}", "@given(x)", "{model} @json(it's)"]) {
    const { benchmarks } = await read([{ file: `${name}.csv`, content }]);
    assert.deepEqual(
      benchmarks.map(({ score, source }) => [score, source]),
      [[1250, name]],
    );
  }
});
