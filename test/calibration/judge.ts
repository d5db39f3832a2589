// How often a judge's rate, raw and corrected by people's labels, holds the truth over many draws of the demo.
// node --import tsx test/calibration/judge.ts [--seeds 200 --calls 7000 --truth 4000000 --write]
// --write keeps the tables in docs/simulations/judge.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { layLanes } from "../../src/demo/traffic/lane";
import { type Truth, truthOf } from "../../src/demo/truth/truth";
import { readWorld } from "../../src/demo/world/world";
import { qualityJudge } from "../../src/measures/quality/judged";
import type { Estimate } from "../../src/stats/estimate";
import { calibrationTable } from "./table";
import { type Cell, tally } from "./tally";
import { week } from "./week";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    calls: { type: "string", default: "7000" },
    truth: { type: "string", default: "4000000" },
    write: { type: "boolean", default: false },
  },
});
const groupings = ["workload,model", "workload"] as const;
const kinds = ["raw", "corrected", "labels"] as const;

/** The true rates, under the names of their estimates. */
function rates(truth: Truth, by: string): Map<string, number> {
  const known = new Map<string, number>();
  for (const row of truth.rows) {
    const { value } = row.measures.hallucination ?? { value: null };
    if (Object.keys(row.by).join() !== by || value === null) continue;
    for (const kind of kinds) known.set(keyOf(row.by.workload, row.by.model ?? "", kind), value);
  }
  return known;
}

const keyOf = (workload: string, model: string, kind: string) => `${workload}|${model}|${kind}`;

async function main(): Promise<void> {
  const { world } = readWorld();
  const lanes = layLanes(world);
  const [seeds, calls] = [Number(values.seeds), Number(values.calls)];
  const truth = truthOf(world, { calls: Number(values.truth) });
  const cells = new Map(groupings.map((by) => [by as string, new Map<string, Cell>()]));
  const widths = new Map(groupings.map((by) => [by as string, new Map<string, number[]>()]));
  for (let seed = 1; seed <= seeds; seed++) {
    const store = await week(world, seed, calls, lanes, { scores: true });
    try {
      for (const by of groupings) {
        const found = new Map<string, Estimate>();
        for (const row of (await qualityJudge(store, { score: "hallucination", by })).rows)
          for (const kind of kinds)
            found.set(keyOf(String(row.workload), String(row.model ?? ""), kind), row[kind]);
        note(widths.get(by) as Map<string, number[]>, found);
        tally(cells.get(by) as Map<string, Cell>, found, rates(truth, by));
      }
    } finally {
      store.close();
    }
    if (seed % 20 === 0) console.error(`${seed} of ${seeds} seeds`);
  }
  const parts = groupings.map(
    (by) =>
      `## By ${by.replace(",", " and ")}\n\n${calibrationTable([...(cells.get(by) as Map<string, Cell>).values()])}\n\n${widthTable(widths.get(by) as Map<string, number[]>)}\n`,
  );
  for (const part of parts) console.log(part);
  if (values.write)
    writeFileSync(
      join(__dirname, "..", "..", "docs", "simulations", "judge.md"),
      [head(), ...parts].join("\n"),
    );
}

/** Records how wide the intervals are; NaN if there is none. */
function note(widths: Map<string, number[]>, found: Map<string, Estimate>): void {
  for (const [key, { low, high }] of found) {
    const kind = key.split("|")[2];
    widths.set(kind, [...(widths.get(kind) ?? []), high - low]);
  }
}

/** How wide the intervals are, because an interval wide enough holds any truth. */
function widthTable(widths: Map<string, number[]>): string {
  const rows = kinds.map((kind) => {
    const all = widths.get(kind) ?? [];
    const given = all.filter((width) => !Number.isNaN(width)).sort((a, b) => a - b);
    const points = (share: number) => (100 * given[Math.floor(share * (given.length - 1))]).toFixed(1);
    const nothing = given.filter((width) => width > 0.99).length;
    return `| ${kind} | ${all.length - given.length} | ${nothing} | ${points(0.5)} | ${points(0.9)} |`;
  });
  return [
    "| measure | rows without an interval | intervals from 0 to 100 % | median width, points | 90 % are narrower than |",
    "| --- | --: | --: | --: | --: |",
    ...rows,
  ].join("\n");
}

const head = () => `# Whether a corrected judge tells the truth

The demo is drawn with ${Number(values.seeds).toLocaleString("en")} seeds, each with users, requests, answers, verdicts and labels of its own (${Number(values.calls).toLocaleString("en")} calls, as
\`fieldnotes demo --seed N\` writes them). A judge looks at a part of the answers and misses a fifth of the hallucinations;
people look at a part of those and are nearly always right. \`raw\` is the judge's rate, \`corrected\` what
\`fieldnotes quality\` shows beside it, \`labels\` what people labelled alone. The truth is
the share of hallucinations over ${Number(values.truth).toLocaleString("en")} calls of the same world; people's own few errors move what the labels
tell by at most .003. A nominal 95 % should hold it 95 times in 100.

Made by \`node --import tsx test/calibration/judge.ts --write\`; columns as in measures.md. "Too low" are intervals below
the truth.
`;

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
