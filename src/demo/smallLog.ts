import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { importCauses } from "../evalset/importCauses";
import { ingest } from "../logs/ingest";
import type { Store } from "../store/open";
import { scratch, scratchWithin } from "../store/scratch";
import { cascadeLog, cascadeTruth } from "./cascade";
import { causesFiles, causesLog, causesTruth } from "./causes";
import { conversationsLog, conversationsTruth } from "./conversations";
import { moveFiles } from "./moveFiles";
import { releasesLog, releasesTruth } from "./releases";
import { switchLog, switchTruth } from "./switch";

/** Small logs that show what the company's week does not, each with what is planted in it. */
const small = {
  releases: { rows: releasesLog, truth: () => releasesTruth },
  cascade: { rows: cascadeLog, truth: cascadeTruth },
  switch: { rows: switchLog, truth: () => switchTruth },
  conversations: { rows: conversationsLog, truth: conversationsTruth },
  causes: { rows: causesLog, truth: causesTruth, files: causesFiles },
} satisfies Record<string, Small>;

interface Small {
  rows: (seed: number) => Record<string, object[]>;
  truth: (seed: number) => object;
  /** What is beside the log. */
  files?: (seed: number) => Record<string, object>;
}

/** The name of a small log. */
export type SmallLog = keyof typeof small;

/** True if there is a small log of that name. */
export const isSmallLog = (name: string): name is SmallLog => Object.hasOwn(small, name);

const jsonl = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

const rounded = (_key: string, value: unknown) =>
  typeof value === "number" ? Number(value.toPrecision(6)) : value;

/**
 * Writes a small log's files and its truth.json into a folder, which is made if it is missing.
 *
 * @returns the paths to ingest, the path of the truth, and the number of calls
 */
export function writeSmallLog(
  out: string,
  name: SmallLog,
  seed: number,
): { logs: string[]; truth: string; calls: number } {
  const { rows, truth, files: beside }: Small = small[name];
  const files = Object.entries(rows(seed));
  mkdirSync(out, { recursive: true });
  // As with the week: an interrupted run leaves the old files.
  const apart = scratchWithin(out);
  try {
    const texts: [string, string][] = [
      ...files.map(([table, own]): [string, string] => [`${table}.jsonl`, jsonl(own)]),
      ...Object.entries(beside?.(seed) ?? {}).map(([file, own]): [string, string] => [
        `${file}.json`,
        `${JSON.stringify(own, null, 1)}\n`,
      ]),
      ["truth.json", `${JSON.stringify(truth(seed), rounded, 1)}\n`],
    ];
    for (const [file, text] of texts) writeFileSync(join(apart.path, file), text);
    moveFiles(
      apart.path,
      out,
      texts.map(([file]) => file),
    );
    return {
      logs: files.map(([table]) => join(out, `${table}.jsonl`)),
      truth: join(out, "truth.json"),
      calls: files.find(([table]) => table === "calls")?.[1].length ?? 0,
    };
  } finally {
    apart.remove();
  }
}

/** Reads a small log into a store. */
export async function ingestSmallLog(store: Store, name: SmallLog): Promise<void> {
  const folder = scratch();
  try {
    const { files } = await ingest(store, writeSmallLog(folder.path, name, 1).logs, { text: "keep" });
    for (const one of files) if (one.status === "failed") throw new Error(`${one.path}: ${one.reason}`);
    if (name === "causes") await importCauses(store, join(folder.path, "causes-reader.json"));
  } finally {
    folder.remove();
  }
}
