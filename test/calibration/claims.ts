// How far the verdicts of check, compare, choose, route and a report go on made-up logs, and how often they are false.
// node --import tsx test/calibration/claims.ts [WORD...] [--logs 100 --batch 10 --write --keep FILE]
// Words choose worlds by their names. --write adds the logs to those counted in test/calibration/claimResults.json, or FILE,
// after each batch, and writes the page in docs/simulations/claims.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { recordLines } from "../recordLines";
import { claimsPage } from "./claimPage";
import { type ClaimRow, tallyClaims } from "./claimTally";
import { claimWorlds } from "./claimWorlds";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    logs: { type: "string", default: "100" },
    batch: { type: "string", default: "10" },
    write: { type: "boolean", default: false },
    keep: { type: "string", default: join(__dirname, "claimResults.json") },
  },
});
const [logs, batch, file] = [Number(values.logs), Number(values.batch), values.keep];

/** The counts of a world, up to now. */
const keptRows = (): ClaimRow[] => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : []);

async function main(): Promise<void> {
  const worlds = claimWorlds.filter(
    ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
  );
  for (const world of worlds) {
    const before = values.write ? keptRows().filter((row) => row.world === world.name) : [];
    const total = new Map(before.map((row) => [row.verdict, row]));
    const start = before[0]?.logs ?? 0;
    for (let done = start; done < start + logs; done += batch) {
      const some = Math.min(batch, start + logs - done);
      for (const row of await tallyClaims(world, some, 50_000 + done)) {
        const sum = total.get(row.verdict) ?? { ...row, settled: 0, wrong: 0, leads: 0, misled: 0 };
        for (const count of ["settled", "wrong", "leads", "misled"] as const) sum[count] += row[count];
        total.set(row.verdict, sum);
      }
      for (const row of total.values()) row.logs = done + some;
      if (values.write) keep(world.name, [...total.values()]);
    }
    for (const { verdict, logs: of, settled, wrong, leads, misled } of total.values())
      console.log(
        `${world.name} | ${verdict} | ${of} | settled ${settled} | false ${wrong} | leads if ${leads} | misled ${misled}`,
      );
  }
}

function keep(name: string, rows: readonly ClaimRow[]): void {
  const order = ({ world }: ClaimRow) => claimWorlds.findIndex((one) => one.name === world);
  const all = [...keptRows().filter(({ world }) => world !== name), ...rows];
  all.sort((a, b) => order(a) - order(b));
  writeFileSync(file, recordLines(all));
  if (file.endsWith("claimResults.json"))
    writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "claims.md"), claimsPage(all));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
