// Reads mutated records of every format, and checks what must hold for every file: the ledger adds up, both readers
// agree, no message is in the engine's words, nothing throws or hangs. npm run fuzz [-- --records 100000 --seed 1
// --only FORMAT --file NUMBER]. Each file is drawn from the seed and its number, so a faulty one can be read alone; it
// is also kept. One process per core.
import { fork } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { random } from "../../src/stats/random";
import { fixturesOf, tables } from "../logs/formats/fixtures";
import type { Fixture } from "../logs/formats/read";
import { faultsOf, faultsOfText } from "./check";
import { type Dice, dice, mutated, mutatedCells } from "./mutate";

const { values } = parseArgs({
  options: {
    records: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    file: { type: "string" },
    share: { type: "string" },
  },
});
// Most time goes into the fixed cost per file, but short files take other paths. Many records come in longer files.
const long = Math.max(1_500, Math.round(Number(values.records) / 300));
const lengths = [3, 40, 1_500, long, long];

/** What a process has read so far. */
interface Tally {
  records: number;
  files: number;
  faulty: number;
}

/** The records of a fixture; a document is one record. */
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

function formatsAsked(): [string, Fixture[]][] {
  const all = [...Object.values(fixturesOf).flatMap(({ fixtures }) => fixtures), ...tables];
  const formats = new Map<string, Fixture[]>();
  for (const one of all)
    if (values.only === undefined || one.format === values.only)
      formats.set(one.format, [...(formats.get(one.format) ?? []), one]);
  if (formats.size === 0) throw new RangeError(`--only ${values.only}: no format has this name`);
  return [...formats];
}

const isText = ({ file, content }: Fixture) => typeof content === "string" && !file.endsWith(".jsonl");

/** Reads one file of records, and the format's text files. */
async function readOne(folder: string, format: string, fixtures: Fixture[], die: Dice, count: number) {
  const faults: string[] = [];
  let records = 0;
  const known = fixtures.flatMap(recordsOf);
  if (known.length > 0) {
    const lines = Array.from({ length: count }, (_, at) => mutated(die.of(known), at, die));
    faults.push(...(await faultsOf(folder, format, lines, die.of(["\n", "\n", "\r\n", "\n\n"]))));
    records += count;
  }
  for (const { file, content } of fixtures.filter(isText)) {
    const text = mutatedCells(content as string, die);
    faults.push(...(await faultsOfText(folder, format, `text.${file.split(".").at(-1)}`, text)));
    records += text.split("\n").length;
  }
  return { faults, records };
}

/** Reads every n-th file, n being the number of processes. */
async function readShare(share: number, of: number): Promise<Tally> {
  const formats = formatsAsked();
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-fuzz-"));
  const tally = { records: 0, files: 0, faulty: 0 };
  try {
    for (let number = 0, drawn = 0; drawn < Number(values.records); number++) {
      const [format, fixtures] = formats[number % formats.length];
      const die = dice(random(Number(values.seed) * 1_000_003 + number));
      const count = Math.min(die.of(lengths), Number(values.records) - drawn);
      if (fixtures.some((one) => recordsOf(one).length > 0)) drawn += count;
      if (values.file === undefined ? number % of !== share : number !== Number(values.file)) continue;
      const { faults, records } = await readOne(folder, format, fixtures, die, count);
      tally.records += records;
      tally.files += 1;
      if (faults.length === 0) continue;
      tally.faulty += 1;
      const kept = `${folder}-${number}`;
      cpSync(folder, kept, { recursive: true });
      console.log(`${format}, --seed ${values.seed} --file ${number} (kept in ${kept}):`);
      for (const fault of new Set(faults)) console.log(`  ${fault.slice(0, 600)}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return tally;
}

/** Starts a process per core, each with its share of files. */
async function main(): Promise<void> {
  if (values.share !== undefined) {
    const [share, of] = values.share.split("/").map(Number);
    process.send?.(await readShare(share, of));
    return process.disconnect?.();
  }
  const of = values.file === undefined ? availableParallelism() : 1;
  const shares = Array.from({ length: of }, (_, share) => {
    const child = fork(__filename, [...process.argv.slice(2), "--share", `${share}/${of}`]);
    return new Promise<Tally>((done, fail) => {
      child.once("message", (tally) => done(tally as Tally));
      child.once("close", (code, signal) => fail(new Error(`a process ended early (${signal ?? code})`)));
    });
  });
  const tallies = await Promise.all(shares);
  const sum = (name: keyof Tally) => tallies.reduce((total, one) => total + one[name], 0);
  console.log(
    `${sum("records")} records in ${sum("files")} files of ${formatsAsked().length} formats, seed ${values.seed}: ` +
      `${sum("faulty")} files with a fault`,
  );
  if (sum("faulty") > 0) process.exitCode = 1;
}

main();
