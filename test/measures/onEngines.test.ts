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

for (const [engine, name] of [
  ["clickhouse", "ClickHouse"],
  ["trino", "Trino"],
] as const)
  test(`docs/engines.md names what is measured and decided on ${name}`, () => {
    const [row] = new RegExp(`^\\| on ${name} \\|.*$`, "m").exec(readFileSync("docs/engines.md", "utf8")) ?? [
      "",
    ];
    const named = new Set([...row.matchAll(/`(\w[\w-]*)`/g)].map(([, command]) => command));
    const commands = [...(comparedOn(engine) ?? []), ...(decidedOn(engine) ?? [])];
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
  const pairs = measures.find((one) => commandOf(one) === "cost --pairs");
  assert.ok(pairs !== undefined && refusalOf(pairs, "trino") !== undefined);
});
