import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { half, traffic } from "../decide/traffic";
import { thorough } from "../property";
import { assertClose } from "../same";
import { fieldnotes, folder, json } from "./command";

const place = folder();
after(place.remove);
writeFileSync(
  join(place.path, "calls.jsonl"),
  traffic(1, { slower: 1.8, perDay: 100 })
    .map((call) => JSON.stringify(call))
    .join("\n"),
);

describe("compare on the command line", () => {
  thorough("JSON holds both sides, the rows, the change point and a verdict", async () => {
    const found = await json(["compare", "calls.jsonl", "--switch", half], place.path);
    assert.deepEqual(found.by, ["metric"]);
    assert.equal(found.a.what, `before ${half}`);
    const row = found.rows.find(({ metric }: { metric: string }) => metric === "duration_p50");
    for (const name of ["a", "b", "difference", "ratio", "within", "mix", "within_ratio", "mix_ratio"])
      assert.equal(typeof row[name].value, "number", name);
    assert.ok(row.p_holm < 0.05);
    assert.equal(row.verdict, "slower");
    assert.equal(found.changePoint.at_switch, true);
    assert.ok(found.notes.length > 0);
  });

  thorough("a person reads a verdict and a table", async () => {
    const { stdout, code } = await fieldnotes(
      [
        "compare",
        "calls.jsonl",
        "--a",
        "model = 'short'",
        "--b",
        "model = 'long'",
        "--metric",
        "duration_p50",
      ],
      place.path,
    );
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^b \(model = 'long'\) against a \(model = 'short'\), at the same mix: p50 duration slower \(\d/,
    );
    assert.match(stdout, /Course of the durations: /);
  });

  thorough("a predicate may end in a comment, on either side and beside them", async () => {
    const given = [
      "--a",
      "model = 'short' -- now",
      "--b",
      "model = 'long' -- then",
      "--where",
      "true -- all",
    ];
    const found = await json(["compare", "calls.jsonl", ...given, "--metric", "duration_p50"], place.path);
    const plain = ["--a", "model = 'short'", "--b", "model = 'long'"];
    const wanted = await json(["compare", "calls.jsonl", ...plain, "--metric", "duration_p50"], place.path);
    assertClose(found.rows, wanted.rows);
  });

  thorough("a wrong where is quoted as it was given", async () => {
    const given = ["--switch", half, "--where", "duration > 'long'"];
    const { stderr, code } = await fieldnotes(["compare", "calls.jsonl", ...given], place.path);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /where requires a predicate over the columns of calls .*, got "duration > 'long'"\n/,
    );
  });

  test("sides that are not told are one clear line", async () => {
    const { stderr, code } = await fieldnotes(["compare", "calls.jsonl"], place.path);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /compare requires either a and b, two predicates such as "model = .*", or switch, a date such as/,
    );
  });
});
