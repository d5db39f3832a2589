import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { Command } from "commander";
import { shippedNotebooks } from "../notebook/copies";
import { judges } from "../page/judgedBy";
import { reportRequest } from "../page/reportRequest";

/**
 * The notebooks that a report runs, in the order in which they start: the last ones first, which take longest, and at the
 * end those that measure what the page measures, when it has done so.
 *
 * Left out are the starter, which reads files, the exploring one, which follows a single row, and those of what-ifs,
 * conversations and causes, whose questions have parameters that only a team knows, or are of logs that many do not have.
 */
export function notebooksOfReport(): string[] {
  const all = shippedNotebooks().filter((path) => !/^(00|09|10|11|12)-/.test(basename(path)));
  const isShared = (path: string) => /^0[67]-/.test(basename(path));
  const reversed = [...all].reverse();
  return [...reversed.filter((path) => !isShared(path)), ...reversed.filter(isShared)];
}

/** The options of a report that its notebooks take. */
interface Options {
  profile: string[];
  by?: string;
  candidate?: string;
  level: number;
  seed: number;
  timezone: string;
  where?: string;
  since?: string;
}

/** Options that notebooks take as they are. */
export const passedOn = ["by", "candidate", "level", "seed", "timezone"] as const;

/** The requested options as notebook parameters; unset ones keep the notebooks' defaults. */
export function parametersOf(used: Command): string[] {
  const given = used.optsWithGlobals<Options>();
  const { profile, where, since } = given;
  const which = reportRequest({ where, since }).where;
  const isGiven = (name: string) => used.getOptionValueSource(name) === "cli";
  // Notebooks run in their own folder.
  const profiles = judges(profile)
    .profiles?.map((one) => (existsSync(String(one)) ? resolve(String(one)) : String(one)))
    .join(",");
  return [
    ...(which === undefined ? [] : [`where=${which}`]),
    ...(profiles ? [`profiles=${profiles}`] : []),
    ...passedOn.flatMap((name) => (isGiven(name) ? [`${name}=${given[name]}`] : [])),
  ];
}
