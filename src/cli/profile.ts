import { existsSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Command, Option } from "commander";
import { profileNames, profileSchema, profileText, readProfile } from "../decide/profile/readProfile";
import { startProfile } from "../decide/profile/startProfile";
import { directionNote } from "../measures/metric";
import { writeWhole } from "../store/wholeFile";
import { print, say } from "./output";
import { withStore } from "./withStore";

/** The text of a profile made from the store's own metrics, and what was assumed for it. */
const started = (db: string, out = "mine.json") =>
  withStore([], { db }, async (store) => {
    const profile = await startProfile(store, basename(out, ".json"));
    const lines = profile.criteria.map((one) => `    ${JSON.stringify(one)}`);
    const head = JSON.stringify({ $schema: `./${profileSchema().name}`, ...profile, criteria: [] }, null, 2);
    const text = `${head.replace('"criteria": []', () => `"criteria": [\n${lines.join(",\n")}\n  ]`)}\n`;
    return { text, note: directionNote(profile.criteria.map(({ metric }) => metric)) };
  });

/** `fieldnotes profile`: the built-in profiles, a copy to start from, and a check of your own. */
export function addProfile(program: Command): void {
  const profile = program
    .command("profile")
    .description("what a team needs from a model: list, copy and check profiles");
  profile
    .command("list")
    .description("the built-in profiles")
    .action((_flags, used: Command) => {
      const profiles = profileNames().map((name) => {
        const { description = "", workload } = readProfile(name);
        return { name, workload: [workload ?? []].flat(), description };
      });
      const text = () => profiles.map(({ name, description }) => `${name}: ${description}`).join("\n");
      print(used.optsWithGlobals<{ json?: boolean }>().json === true, { profiles }, text);
    });
  profile
    .command("new")
    .description("write a profile to edit: from what the store can measure, or a copy of a built-in one")
    .argument("[name]", `a built-in one: ${profileNames().join(", ")} (default: from the store)`)
    .addOption(new Option("--out <file>", "where to write it (default: stdout)"))
    .action(async (name: string | undefined, { out }: { out?: string }, used: Command) => {
      const { db } = used.optsWithGlobals<{ db: string }>();
      const { text, note } =
        name === undefined ? await started(db, out) : { text: profileText(name), note: undefined };
      if (note !== undefined) say(note);
      if (out === undefined) {
        // Printed text has no schema file beside it.
        process.stdout.write(text.replace(/^ *"\$schema":.*\n/m, ""));
        return;
      }
      if (existsSync(out)) throw new RangeError(`profile new requires a new file, got ${out}, which exists`);
      mkdirSync(dirname(out), { recursive: true });
      writeWhole(out, text);
      const schema = profileSchema();
      const beside = join(dirname(out), schema.name);
      if (!existsSync(beside)) writeWhole(beside, schema.text);
      say(`${beside}: the JSON Schema of profiles, for your editor`);
      say(`${out}: edit weights, limits and workload, then: fieldnotes choose --profile ${out}`);
    });
  profile
    .command("check")
    .description("check whether a profile is valid")
    .argument("<file>", "a profile as JSON")
    .action((file: string, _flags, used: Command) => {
      const checked = readProfile(file);
      print(
        used.optsWithGlobals<{ json?: boolean }>().json === true,
        { profile: checked.name, criteria: checked.criteria.length, ok: true },
        () =>
          `${file}: profile "${checked.name}" with ${checked.criteria.length} ${checked.criteria.length === 1 ? "criterion" : "criteria"} is valid`,
      );
    });
}
