// Whether stated chances of being the best come true, in worlds whose best is known.
// node --import tsx test/calibration/choose.ts [--worlds 1000 --write]
// --write keeps the tables in docs/simulations/choose.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { choiceCalibration, tableOf } from "./choiceTally";
import { choiceWorlds } from "./choiceWorld";

const { values } = parseArgs({
  options: { worlds: { type: "string", default: "1000" }, write: { type: "boolean", default: false } },
});

const head = `# Whether the chances of being the best come true

\`choose\` states for each model the chance that it is the best. Here the true best is known: in each of
${Number(values.worlds).toLocaleString("en")} made-up worlds of two to six models, true times, costs and error rates are drawn, then what a log would show of
them, then the chances. "Came true" is the share of models, among those whose stated chance lies in the bin, that are
truly the best; the band holds it in 99 % of repetitions if the stated chances are right, so all five bins in about 95 %.
The Brier score is the squared distance of the stated chances from the truth, summed over the models of a world; "even
chances" states 1/m for each of m models. "Settled" counts the worlds in which a chance reaches .95, and how often that
model is the best. Made by \`node --import tsx test/calibration/choose.ts --write\`; the worlds follow from their seeds.

Where an end of an interval is open, a chance is stated too low for that model, as it must be.
`;

const parts = choiceWorlds.map((world) => {
  const tally = choiceCalibration(world, Number(values.worlds));
  const text = `## ${world.name}\n\n${world.what}\n\n${tableOf(tally)}\n`;
  console.log(text);
  return text;
});
if (values.write)
  writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "choose.md"), [head, ...parts].join("\n"));
