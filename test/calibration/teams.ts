// Whether three teams choose what is truly the best for them, in worlds whose truth is known.
// node --import tsx test/calibration/teams.ts [--worlds "the demo,no difference" --write]
// --write keeps the tables in docs/simulations/teams.md.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chooseAll } from "../../src/decide/choose/chooseAll";
import { generateDemo } from "../../src/demo/generate";
import { truthOf } from "../../src/demo/truth/truth";
import type { World } from "../../src/demo/world/world";
import { ingest } from "../../src/logs/ingest";
import { open } from "../../src/store/open";
import { type Answer, textOf } from "./teamText";
import { type Known, teams, trueUtilities } from "./teamTruth";
import { teamWorlds } from "./teamWorld";

const { values } = parseArgs({
  options: { worlds: { type: "string" }, write: { type: "boolean", default: false } },
});
const chosen = values.worlds?.split(",");
const here = mkdtempSync(join(tmpdir(), "fieldnotes-teams-"));

async function answersOf(world: World, known: Known, seed: number): Promise<Answer[]> {
  const path = join(here, "world.json");
  writeFileSync(path, JSON.stringify(world));
  const { logs } = generateDemo({ out: here, seed, world: path, truthCalls: 0 });
  const store = await open(":memory:");
  try {
    await ingest(store, logs);
    const { choices, verdict } = await chooseAll(store, { profiles: teams });
    return choices.map((choice, i) => ({
      seed,
      team: teams[i].name,
      best: choice.best,
      verdict: choice.verdict,
      all: verdict,
      stated: choice.rows.map(({ name, p_best }) => ({ model: name, chance: p_best })),
      truth: trueUtilities(teams[i], known),
    }));
  } finally {
    store.close();
  }
}

async function main(): Promise<void> {
  const parts: string[] = [];
  for (const one of teamWorlds.filter(({ name }) => chosen?.includes(name) ?? true)) {
    const answers: Answer[] = [];
    let known: Known | undefined;
    for (const seed of one.seeds) {
      const world = one.world(seed);
      if (known === undefined || one.drawn)
        known = { rows: truthOf(world, { calls: 80_000 }).rows, models: world.models };
      answers.push(...(await answersOf(world, known, seed)));
      console.error(`${one.name}, seed ${seed}`);
    }
    parts.push(textOf(one, answers));
    console.log(parts.at(-1));
  }
  if (values.write)
    writeFileSync(
      join(__dirname, "..", "..", "docs", "simulations", "teams.md"),
      `${[head, ...parts].join("\n")}`,
    );
}

const head = `# Whether three teams choose what is best for them

The three built-in profiles choose from whole logs of made-up companies: some 7,000 calls of a week, six models,
every call, price, outcome and judgement written to files and read in as anyone's. What is true of each world is known from
a run of 80,000 calls of it, in which the best model of each team is the one of the highest utility among those that keep
the floors; how long a context holds is what the world was made with. Made by \`node --import tsx test/calibration/teams.ts --write\`.

"Margin" is how much utility the truly best is ahead of the next. An answer is settled where a chance of being the best
reaches .95; a settled answer that is not the truly best is wrong, and one that is not settled is no error: it says that it
cannot tell.
`;

main().finally(() => rmSync(here, { recursive: true, force: true }));
