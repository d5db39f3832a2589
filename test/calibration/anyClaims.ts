// How often each claim of each command is settled, and how often falsely, in worlds of which everything is drawn.
// node --import tsx test/calibration/anyClaims.ts [ASK...] [--worlds 300 --from N --write --keep FILE]
// Asks choose commands by their names in anyTally and anyBoards. --write adds the worlds to those counted in
// test/calibration/anyResults.json, or FILE, after each batch, and writes the page in docs/simulations/sentences.md.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { boardAsks } from "./anyBoards";
import { addTo, keepRows, rowsIn } from "./anyPage";
import { asks, CHOSEN, type Known, type Verdict } from "./anyTally";
import { anyWorld, BATCH, truthsOf } from "./anyWorlds";
import { sentencesPage } from "./sentencePage";
import { storeOfLogs, workOf } from "./sentenceWorlds";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    worlds: { type: "string", default: "300" },
    from: { type: "string", default: "0" },
    write: { type: "boolean", default: false },
    keep: { type: "string", default: join(__dirname, "anyResults.json") },
  },
});

/** Keeps the counts with those of some more worlds, and writes the page of those that are in the repository. */
function keep(ask: string, worlds: number, verdicts: readonly Verdict[]): void {
  keepRows(values.keep, addTo(rowsIn(values.keep), ask, worlds, verdicts));
  if (!values.keep.endsWith("anyResults.json")) return;
  const sentences = JSON.parse(readFileSync(join(__dirname, "sentenceResults.json"), "utf8"));
  writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "sentences.md"), sentencesPage(sentences));
}

/** Worlds of a batch with their truths, as all asks of their calls need them. */
function batchOf(from: number): Known[] {
  return Array.from({ length: BATCH }, (_, log): Known => {
    const world = anyWorld(from + log);
    return { log, seed: from + log, world, truths: truthsOf(world.shared) };
  });
}

async function onBoards(ask: (typeof boardAsks)[string], from: number): Promise<Verdict[]> {
  const all: Verdict[] = [];
  for (let log = 0; log < BATCH; log++)
    all.push(...(await ask({ log, seed: from + log, world: anyWorld(from + log) })));
  return all;
}

/** Counts one batch for all of some asks, and keeps each as soon as it is done. */
async function countBatch(names: readonly string[], from: number): Promise<void> {
  const count = (ask: string, verdicts: readonly Verdict[]) => {
    for (const { log, command, id, isTrue, status, what } of verdicts)
      if (status === "settled" && !isTrue) console.log(`${from + log} | ${command} | ${id} | ${what}`);
    const worlds = ask === "choosing" ? BATCH / CHOSEN : BATCH;
    if (values.write) keep(ask, worlds, verdicts);
  };
  const ofCalls = names.filter((name) => name in asks);
  for (const name of names.filter((one) => one in boardAsks))
    count(name, await onBoards(boardAsks[name], from));
  if (ofCalls.length === 0) return;
  const batch = batchOf(from);
  const store = await storeOfLogs(
    batch.map(({ seed, world }) => workOf(seed, world.shared)),
    (model) => model,
  );
  try {
    for (const name of ofCalls) count(name, await asks[name](store, batch));
  } finally {
    store.close();
  }
}

async function main(): Promise<void> {
  const every = [...Object.keys(asks), ...Object.keys(boardAsks)];
  const chosen = positionals.length === 0 ? every : positionals;
  const start = Number(values.from);
  for (let from = start; from < start + Number(values.worlds); from += BATCH) await countBatch(chosen, from);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
