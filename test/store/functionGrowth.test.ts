import assert from "node:assert/strict";
import { test } from "node:test";
import { isOfFixedSize } from "../../src/store/functionGrowth";

test("functions that return a number, a time or a boolean are known, kind by kind", () => {
  const known = {
    operators: ["-", "%", "<=", "!~~", "<->"],
    calculations: ["ceiling", "log10", "fmod", "isnan"],
    angles: ["atan2", "acos", "pi"],
    lists: ["list_has_any", "array_contains", "bit_count", "map_contains", "cardinality"],
    positions: ["len", "length", "character_length", "instr"],
    tests: ["contains", "regexp_matches", "not_ilike_escape", "json_valid"],
    letters: ["unicode", "sha256", "typeof"],
    dates: ["date_trunc", "datediff", "millisecond", "dayofweek", "epoch_ms"],
    times: ["make_timestamp", "to_milliseconds", "try_strptime", "time_bucket"],
  };
  for (const [kind, names] of Object.entries(known))
    assert.deepEqual(
      names.filter((name) => !isOfFixedSize(name)),
      [],
      kind,
    );
});

test("what may return a text or a list as long as its input is not among them", () => {
  const others = [
    "+",
    "||",
    "->",
    "->>",
    "upper",
    "list_transform",
    "json_extract",
    "strftime",
    "lengthen",
    "xabs",
  ];
  assert.deepEqual(others.filter(isOfFixedSize), []);
});
