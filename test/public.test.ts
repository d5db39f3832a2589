import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Signature } from "../src/checkedCall";
import { built, root } from "./dist";

const indexes = ["index", "stats/index", "explore/index", "evalset/index", "demo/index", "engines/index"];
const signatures = new Map<string, Record<string, Signature>>();
before(async () => {
  const dist = built();
  const { signaturesOf } = await import(pathToFileURL(join(root, "scripts", "signatures.mjs")).href);
  const found = signaturesOf(indexes.map((index) => join(dist, `${index}.d.ts`)));
  for (const [at, index] of indexes.entries()) signatures.set(index, found[at]);
});

/** Every public function with its parameters. */
const functions = () =>
  [...signatures].flatMap(([index, own]) =>
    Object.entries(own).map(([name, signature]) => ({ index, name, ...signature })),
  );

describe("the public library", () => {
  test("has at most 120 values in its root", () => {
    const values = Object.keys(require(join(root, "dist", "index.js")));
    assert.ok(values.length > 80, `${values.length} values`);
    assert.ok(
      values.length <= 120,
      `src/index.ts exports ${values.length} values, at most 120: a measure that few ask for can be exported from src/explore/index.ts instead`,
    );
  });

  // Other parameters that may be left out, because they are what the function is about.
  const optionalData = ["open path", "readWorld path", "random seed", "random stream"];
  test("takes what may be left out in one object of options, last", () => {
    const wrong = functions().flatMap(({ index, name, parameters, required, options, rest }) => {
      const left = parameters.slice(required).filter((one) => one !== "options" && one !== "parameters");
      const data = left.filter((one) => !rest && !optionalData.includes(`${name} ${one}`));
      const level = parameters.filter((one) => /^(level|seed|resamples)$/.test(one) && name !== "random");
      return [...data, ...level]
        .map((one) => `${index} ${name}: ${one}`)
        .concat(
          options !== undefined && parameters.at(-1) !== "options" ? [`${index} ${name}: options`] : [],
        );
    });
    assert.deepEqual(wrong, []);
  });

  // Reads or writes something besides the store, or one thing in it: a statement, files, items, a task, a question.
  const about = /^(what|sql|file|id|parameters|paths|files|items|measure|ask)$/;
  test("takes a store first, and after it only options", () => {
    const wrong = functions()
      .filter(({ parameters }) => parameters.includes("store"))
      .filter(
        ({ parameters: [first, ...others] }) =>
          first !== "store" || others.some((one) => one !== "options" && !about.test(one)),
      );
    assert.deepEqual(
      wrong.map(({ name, parameters }) => `${name}(${parameters.join(", ")})`),
      [],
    );
  });

  test("has no option that only its own measures may set", () => {
    const inner = functions().filter(({ options = {} }) => "population" in options || "hours" in options);
    assert.deepEqual(
      inner.map(({ name }) => name),
      [],
    );
  });
});
