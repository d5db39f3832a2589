import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { commandOf } from "../../src/measures/measure";
import { measures } from "../../src/measures/measures";
import { comparedOn, decidedOn, refusalOf, refusedEverywhere } from "../../src/measures/onEngines";

test("Every measure is either compared on ClickHouse or refused with a reason, and nothing else is listed", () => {
  const compared = comparedOn("clickhouse") ?? [];
  const commands = measures.map(commandOf);
  for (const one of [...compared, ...Object.keys(refusedEverywhere)])
    assert.ok(
      commands.includes(one),
      `src/measures/onEngines.ts lists ${one}, which is no command of a measure`,
    );
  for (const one of compared)
    assert.ok(!(one in refusedEverywhere), `src/measures/onEngines.ts both compares and refuses ${one}`);
  for (const measure of measures) {
    const why = refusalOf(measure, "clickhouse");
    if (compared.includes(commandOf(measure))) assert.equal(why, undefined, commandOf(measure));
    else assert.match(why ?? "", /^(it|its|no) /, commandOf(measure));
  }
});

test("docs/engines.md names what is measured and decided on ClickHouse", () => {
  const [row] = /^\| on ClickHouse \|.*$/m.exec(readFileSync("docs/engines.md", "utf8")) ?? [""];
  const named = new Set([...row.matchAll(/`(\w[\w-]*)`/g)].map(([, name]) => name));
  const commands = [...(comparedOn("clickhouse") ?? []), ...(decidedOn("clickhouse") ?? [])];
  assert.deepEqual(
    [...new Set(commands.map((one) => one.split(" ")[0]))].sort(),
    [...named].filter((one) => one !== "doctor").sort(),
  );
});

test("What is measured on Trino is measured on ClickHouse as well, and the rest is refused there", () => {
  const compared = comparedOn("clickhouse") ?? [];
  assert.deepEqual(
    (comparedOn("trino") ?? []).filter((one) => !compared.includes(one)),
    [],
  );
  const cost = measures.find(({ name }) => name === "distribution");
  assert.ok(cost !== undefined && refusalOf(cost, "trino") !== undefined);
});
