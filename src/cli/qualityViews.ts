import { type Command, Option } from "commander";
import type { MeasureOptions } from "../measures/options";
import { flips } from "../measures/quality/flips";
import { judged } from "../measures/quality/judged";
import { paired } from "../measures/quality/paired";
import { qualityBeside } from "../measures/quality/qualityBeside";
import { raterAgreement } from "../measures/quality/qualityRaters";
import { refusals } from "../measures/quality/refusals";
import { structured } from "../measures/quality/structured";
import { validators } from "../measures/quality/validators";
import type { Table } from "../measures/table";
import type { Store } from "../store/open";
import { whole } from "./measureOptions";

/** What may be looked at instead of the mean of a score. */
export interface ViewFlags {
  pairs?: boolean;
  flips?: string;
  compare?: string;
  judge?: boolean;
  raters?: boolean;
  refusals?: boolean;
  structured?: boolean;
  validator?: string;
  beside?: string;
  bins?: number;
}

interface Asked extends MeasureOptions {
  score: string;
  rater?: string;
}

/** Adds the options that look at quality in another way. */
export function withViews(command: Command): Command {
  return command
    .option("--pairs", "every two models on the items that both were asked, instead of each alone")
    .option("--flips <a,b>", "the items that only the one of two models gets right, by name")
    .option("--compare <column>", "with --pairs and --flips: what is compared (default: model)")
    .option("--judge", "how good the judge is by people's labels, and its rate without its errors")
    .option("--raters", "how far those who judged agree with each other")
    .option("--refusals", "answers refused, cut off, right and wrong told apart")
    .option("--structured", "valid JSON, the schema, repairs and tool calls")
    .option("--validator <name>", "what a check is worth: a score given by a rule, or stage:NAME")
    .option("--beside <score>", "by what another score says of the same answers, such as evidence_position")
    .addOption(new Option("--bins <number>", "with --beside: parts of the other score").argParser(whole));
}

const views: Record<string, (store: Store, asked: Asked, flags: ViewFlags) => Promise<Table>> = {
  pairs: (store, asked, { compare }) => paired(store, { ...asked, compare }),
  flips: (store, asked, { flips: given, compare }) => {
    const [a, b, ...more] = String(given)
      .split(",")
      .map((name) => name.trim());
    if (!a || !b || more.length > 0)
      throw new RangeError(`flips requires two names, as in --flips small,large, got "${given}"`);
    return flips(store, { ...asked, compare, a, b });
  },
  judge: (store, asked) => judged(store, asked),
  raters: (store, asked) => raterAgreement(store, asked),
  refusals: (store, asked) => refusals(store, asked),
  structured: (store, asked) => structured(store, asked),
  validator: (store, asked, { validator }) => validators(store, { ...asked, validator }),
  beside: (store, asked, { beside = "", bins }) => qualityBeside(store, { ...asked, beside, bins }),
};

/** The view that the flags ask for; undefined where it is the mean of the score. */
export function viewOf(flags: ViewFlags): ((store: Store, asked: Asked) => Promise<Table>) | undefined {
  const asked = Object.keys(views).filter((name) => flags[name as keyof ViewFlags] !== undefined);
  if (asked.length > 1)
    throw new RangeError(
      `quality requires one view at a time, got ${asked.map((name) => `--${name}`).join(" and ")}`,
    );
  for (const [name, needs] of [
    ["compare", ["pairs", "flips"]],
    ["bins", ["beside"]],
  ] as const)
    if (flags[name] !== undefined && !(needs as readonly string[]).includes(asked[0] ?? ""))
      throw new RangeError(`quality requires ${needs.map((one) => `--${one}`).join(" or ")} with --${name}`);
  const [name] = asked;
  return name === undefined ? undefined : (store, options) => views[name](store, options, flags);
}
