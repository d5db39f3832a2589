// Reads damaged containers (gzip, zstd, zip, Arrow, Parquet), and checks what must hold for every one: it is read or refused
// in our words, in less than a minute of the processor, and the process never takes more than 1 GB. node --import tsx
// test/fuzz/containers.ts [--files 200 --seed 1]. A faulty file is kept, and ends the run.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import * as arrow from "apache-arrow";
import { ingest } from "../../src/logs/ingest";
import { random } from "../../src/stats/random";
import { open } from "../../src/store/open";
import { quoteText } from "../../src/store/quote";
import { run } from "../../src/store/run";
import { feather } from "../logs/feather";
import { zip } from "../logs/formats/zip";

const { values } = parseArgs({
  options: { files: { type: "string", default: "200" }, seed: { type: "string", default: "1" } },
});
const most = { memory: 1e9, seconds: 60 };
const columns = { call_id: "call_id", model: "model" };
const mappingOf = (name: string) => ({
  table: "calls" as const,
  columns: name === "c.parquet" ? { ...columns, workload: "note[1].role" } : columns,
});

const lines = Array.from({ length: 400 }, (_, at) =>
  JSON.stringify({ call_id: `c${at}`, model: "m", duration: at / 7 }),
).join("\n");

async function containers(folder: string): Promise<Record<string, Buffer>> {
  const store = await open(":memory:");
  const made = async (name: string, how: string, note = "repeat('word ', (i % 90)::int)") => {
    const file = join(folder, name);
    const rows = `select 'c' || i as call_id, 'm' || i % 3 as model, ${note} as note from range(900) t(i)`;
    await run(store.connection, `copy (${rows}) to ${quoteText(file)} (${how})`);
    return readFileSync(file);
  };
  const lists = new arrow.Table({
    call_id: arrow.vectorFromArray(["a", "b", "a"], new arrow.Utf8()),
    model: arrow.vectorFromArray(
      [["x"], [], ["y", "z"]],
      new arrow.List(new arrow.Field("item", new arrow.Utf8())),
    ),
  });
  const packed = await made("a.csv.zst", "format csv, header true, compression zstd");
  const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);
  const found = {
    "a.jsonl.gz": gzipSync(lines),
    "b.jsonl.gz": Buffer.concat([gzipSync(lines), gzipSync(""), gzipSync(lines)]),
    "a.csv.zst": packed,
    "b.csv.zst": Buffer.concat([skipped, packed, skipped, packed]),
    "a.parquet": await made("a.parquet", "format parquet, compression zstd, row_group_size 300"),
    "b.parquet": await made("b.parquet", "format parquet, compression snappy"),
    // Its lists are read as JSON.
    "c.parquet": await made(
      "c.parquet",
      "format parquet, compression zstd, row_group_size 300",
      "[{'role': 'user', 'parts': map {'text': repeat('word ', (i % 9)::int)}}]",
    ),
    "a.eval": zip({
      "header.json": '{"eval":{"model":"x"}}',
      "samples/1.json": `{"id":1,"note":"${"x".repeat(900)}"}`,
    }),
    "a.arrow": Buffer.from(feather.zstd, "base64"),
    "b.arrow": Buffer.from(feather.lz4, "base64"),
    "c.arrow": Buffer.from(arrow.tableToIPC(lists, "file")),
    "d.arrow": Buffer.from(arrow.tableToIPC(lists, "stream")),
  };
  store.close();
  return found;
}

const draw = random(Number(values.seed));
const below = (count: number) => draw.integer(count);
const numbers = [0, 1, -1, 255, 2 ** 16, 2 ** 24, 2 ** 30, 2 ** 31 - 1, -(2 ** 31)];

/** A container with some of its bytes, numbers or parts changed. */
function damaged(whole: Buffer): Buffer {
  let bytes = Buffer.from(whole);
  for (let left = 1 + below(4); left > 0 && bytes.length > 16; left--) {
    const at = below(bytes.length - 8);
    const part = bytes.subarray(at, at + 1 + below(200));
    const way = below(6);
    if (way === 0) bytes[at] = below(256);
    else if (way === 1) bytes.writeInt32LE(numbers[below(numbers.length)], at);
    else if (way === 2)
      bytes.writeBigInt64LE(BigInt(numbers[below(numbers.length)]) * 2n ** BigInt(below(30)), at);
    else if (way === 3) bytes = Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);
    else if (way === 4) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + part.length)]);
    else bytes = Buffer.concat([bytes, bytes.subarray(below(2) * at)]);
  }
  return bytes;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-containers-"));
  const all = Object.entries(await containers(folder));
  const fates: Record<string, number> = {};
  let slowest = 0;
  for (let at = 0; at < Number(values.files); at++) {
    const [name, whole] = all[at % all.length];
    const file = join(folder, `${at}-${name}`);
    writeFileSync(file, damaged(whole));
    const begun = process.cpuUsage();
    const store = await open(":memory:");
    const { files } = await ingest(store, [file], name.endsWith(".eval") ? {} : { mapping: mappingOf(name) });
    store.close();
    const { status, reason = "" } = files[0];
    const { user, system } = process.cpuUsage(begun);
    const seconds = (user + system) / 1e6;
    slowest = Math.max(slowest, seconds);
    const memory = process.resourceUsage().maxRSS * 1024;
    const isOurs = !/Error:|\bundefined\b|Invalid (string|array|typed)|[Oo]ffset is outside|call stack/.test(
      reason,
    );
    if (memory > most.memory || seconds > most.seconds || !isOurs) {
      console.log(`${file}: ${status}, ${seconds} s, ${Math.round(memory / 1e6)} MB: ${reason}`);
      process.exitCode = 1;
      return;
    }
    fates[status] = (fates[status] ?? 0) + 1;
    rmSync(file);
  }
  rmSync(folder, { recursive: true, force: true });
  const memory = Math.round(process.resourceUsage().maxRSS / 1e3);
  console.log(
    `${values.files} files, ${JSON.stringify(fates)}; most ${slowest.toFixed(1)} s and ${memory} MB`,
  );
}

void main();
