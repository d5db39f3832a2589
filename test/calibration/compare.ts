// Whether `compare` distinguishes a change of the model, a change of the mix and no change.
// node --import tsx test/calibration/compare.ts [--logs 50 --write]
// --write keeps the tables in docs/simulations/compare.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compareMany, happenings } from "./compareTally";

const { values } = parseArgs({
  options: { logs: { type: "string", default: "50" }, write: { type: "boolean", default: false } },
});
const logs = Number(values.logs);

const head = `# Whether a change of the model is told from a change of the mix

In each of ${logs} made-up logs a week (or, in larger ones, the same week with four times the calls) is compared with the next: 80
users who differ, hours that differ, and calls of two kinds, long ones four times as slow as short ones. From the second
week on calls take 1.3 times as long, or 80 % of them are long where 50 % were, or neither, or both. \`compare --switch\` is
asked of each log about five metrics: median and p95 duration, error rate, output tokens and cost per call. Made by
\`node --import tsx test/calibration/compare.ts --write\`.

"Slower" and "mix" count the logs in which it is said, at 95 % for all five metrics together (Holm), that durations are slower
at the same mix, and that the mix moved a metric. "Wrongly" counts the logs in which that is said of any metric of which
it is not true; 5 % are to be expected of each. "Intervals" is the share of the 95 % intervals at the same mix that hold
the true factor. The change point is looked for without being told the date.
`;

async function main(): Promise<void> {
  const parts: string[] = [];
  for (const perDay of [60, 240]) {
    const rows: string[] = [];
    for (const one of happenings) {
      const tally = await compareMany(one, logs, perDay);
      const of = (count: number) => `${count} of ${tally.logs}`;
      rows.push(
        `| ${[
          one.name,
          of(tally.slower),
          of(tally.mix),
          of(tally.wrong),
          of(tally.wrongMix),
          `${((100 * tally.held) / tally.intervals).toFixed(1)} %`,
          `${tally.point}, ${tally.atDate} of them`,
        ].join(" | ")} |`,
      );
      console.error(rows.at(-1));
    }
    parts.push(
      [
        `## ${(14 * perDay).toLocaleString("en")} calls`,
        "",
        "| what happens | slower | mix | slower or faster, wrongly | mix, wrongly | intervals | change point, at the date |",
        "|---|---|---|---|---|---|---|",
        ...rows,
        "",
      ].join("\n"),
    );
  }
  const text = [head, ...parts].join("\n");
  console.log(text);
  if (values.write) writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "compare.md"), text);
}

main();
