// Reads mutated records of every format, and holds against each file what must be so of all: the ledger's sum, that both
// readers agree, that nothing is told in the engine's words, that nothing throws or hangs.
// npm run fuzz [-- --records 100000 --seed 1 --only FORMAT]. Files with a fault are kept and named.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { random } from "../../src/stats/random";
import { fixturesOf, tables } from "../logs/formats/fixtures";
import type { Fixture } from "../logs/formats/read";
import { faultsOf, faultsOfText } from "./check";
import { dice, mutated, mutatedCells } from "./mutate";

const { values } = parseArgs({
  options: {
    records: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
  },
});
const perFile = 200;

/** The records of a fixture, one or more: a document is one. */
function recordsOf({ file, content }: Fixture): unknown[] {
  if (typeof content !== "string") return Array.isArray(content) ? content : [content];
  if (!file.endsWith(".jsonl")) return [];
  return content.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

async function main(): Promise<void> {
  const [wanted, seed] = [Number(values.records), Number(values.seed)];
  const die = dice(random(seed));
  const all = [...Object.values(fixturesOf).flatMap(({ fixtures }) => fixtures), ...tables];
  const formats = new Map<string, Fixture[]>();
  for (const one of all)
    if (values.only === undefined || one.format === values.only)
      formats.set(one.format, [...(formats.get(one.format) ?? []), one]);
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-fuzz-"));
  let [records, files, faulty] = [0, 0, 0];
  const report = (format: string, faults: readonly string[]) => {
    files += 1;
    if (faults.length === 0) return;
    faulty += 1;
    const kept = `${folder}-${files}`;
    cpSync(folder, kept, { recursive: true });
    console.log(`${format}, file ${files} (kept in ${kept}):`);
    for (const fault of new Set(faults)) console.log(`  ${fault.slice(0, 600)}`);
  };
  try {
    while (records < wanted)
      for (const [format, fixtures] of formats) {
        if (records >= wanted) break;
        const known = fixtures.flatMap(recordsOf);
        if (known.length > 0) {
          const count = Math.min(perFile, wanted - records);
          const lines = Array.from({ length: count }, (_, at) => mutated(die.of(known), at, die));
          report(format, await faultsOf(folder, format, lines));
          records += count;
        }
        for (const { file, content } of fixtures)
          if (typeof content === "string" && !file.endsWith(".jsonl")) {
            const name = `text.${file.split(".").at(-1)}`;
            const text = mutatedCells(content, die);
            report(format, await faultsOfText(folder, format, name, text));
            records += text.split("\n").length;
          }
      }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(
    `${records} records in ${files} files of ${formats.size} formats, seed ${seed}: ${faulty} files with a fault`,
  );
  if (faulty > 0) process.exitCode = 1;
}

main();
