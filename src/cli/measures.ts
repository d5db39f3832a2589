import { existsSync } from "node:fs";
import type { Command } from "commander";
import { originOf } from "../measures/behind";
import { camel, commandOf, flagOf, type Measure } from "../measures/measure";
import { measures, viewsOf } from "../measures/measures";
import { sharedOptions } from "../measures/options";
import type { Table } from "../measures/table";
import { callsOf, callsText, withCallsOptions } from "./calls";
import { commandNamed, inCommandWords } from "./commandWords";
import { ofMeasure } from "./help";
import { isOfCalls, type MeasureFlags, measureOptions, optionOf, withMeasureOptions } from "./measureOptions";
import { renamed } from "./oldNames";
import { checkMeasure } from "./onEngine";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { ofViews, viewsTitle } from "./topics";
import { unmet } from "./unmet";
import { type SourceFlags, withEngineOptions, withStore } from "./withStore";

type Flags = MeasureFlags &
  SourceFlags &
  Record<string, unknown> & { json?: boolean; calls?: string; limit?: number };

/** A requested measure: its table and its options. */
export interface MeasureView {
  measure: Measure;
  options: Record<string, unknown>;
}

/** Adds a command for every measure without a hand-written one. */
export function addMeasures(program: Command): void {
  for (const measure of measures) {
    if (measure.of !== undefined || measure.ownCommand) continue;
    addMeasure(program, measure, async ({ measure: asked, options }, files, flags) => {
      const { calls: row, limit } = flags;
      const found = await withStore(files, flags, async (store) => {
        const table: Table = await asked.run(store, options as never);
        if (table.rows.length === 0 && isOfCalls(measure))
          table.notes.push(...(await unmet(store, options.where)));
        return row === undefined ? { table } : { calls: await callsOf(store, table, row, { limit }) };
      });
      const title = titleOf(asked, options);
      print(flags.json === true, found.calls ?? found.table, () =>
        found.table === undefined
          ? callsText(found.calls)
          : [tableText(found.table, title), ...nextStep(found.table)].join("\n"),
      );
    });
  }
}

/** The caption of a table, where one of its options names it. */
function titleOf({ caption, options = {} }: Measure, given: Record<string, unknown>): { caption?: string } {
  if (caption === undefined) return {};
  return { caption: String(given[caption] ?? options[caption]?.default) };
}

/** How to get from a table of tasks, conversations or calls to what happened in one of them. */
function nextStep({ by, rows }: Table): string[] {
  const [row] = rows;
  if (row === undefined) return [];
  const traced = ["task_id", "conversation_id", "call_id"].find((name) => by.includes(name) && row[name]);
  if (traced !== undefined) return [`Step by step: fieldnotes trace ${String(row[traced])}`];
  return by.includes("prompt_id") && originOf(row) !== undefined
    ? [
        "The calls of a row: the same command with --calls 1; step by step: fieldnotes trace ID of one of them",
      ]
    : [];
}

/** What a measure shows, in a line, by its command. */
export function aboutOf(command: string): string {
  return measures.find((one) => commandOf(one) === command)?.about ?? "";
}

/** Adds the command of one measure, with the options that select another of its tables. */
export function addMeasure(
  parent: Command,
  measure: Measure,
  act: (request: MeasureView, files: string[], flags: Flags) => Promise<void>,
): void {
  const views = viewsOf(measure);
  const command = renamed(commandNamed(parent, measure.name), measure.was)
    .description(measure.about)
    .argument("[file...]", "files to measure without a store");
  const options = Object.entries(measure.options ?? {});
  for (const [name, option] of options) command.addOption(optionOf(name, option));
  const names = new Set(options.map(([name]) => name));
  command.optionsGroup(viewsTitle);
  for (const view of views) command.addOption(renamed(optionOf(view.name, view), view.was));
  command.optionsGroup(ofViews);
  for (const { options: more = {} } of views)
    for (const [name, option] of Object.entries(more)) {
      if (!names.has(name)) command.addOption(optionOf(name, option));
      names.add(name);
    }
  ofMeasure(command, measure.name);
  withMeasureOptions(command, measure.words);
  for (const option of command.options) if (measure.fixed?.[option.attributeName()]) option.hideHelp();
  if (isOfCalls(measure)) {
    withCallsOptions(command);
    withEngineOptions(command);
  }
  withReadOptions(command);
  command.action(async (files: string[], _flags: Flags, used: Command) => {
    const flags = used.optsWithGlobals<Flags>();
    const request = viewOf(measure, views, used);
    // What is not given is left to the view, which may have another default than its command.
    const isGiven = (name: string) => used.getOptionValueSource(name) === "cli";
    const given = Object.fromEntries([...names].filter(isGiven).map((name) => [name, flags[name]]));
    checkMeasure(request, flags);
    const view = views.find(({ name }) => files.includes(name) && !existsSync(name));
    if (view !== undefined)
      throw new RangeError(
        `${measure.name} requires files, got "${view.name}", which is none; did you mean --${view.name}?`,
      );
    const key = camel(request.name);
    const own = request.value === undefined ? {} : { [key]: flags[key] };
    const asked = { measure: request, options: { ...measureOptions(flags), ...given, ...own } };
    try {
      await act(asked, files, flags);
    } catch (error) {
      throw inCommandWords(error, request, used);
    }
  });
}

/** The table selected by the flags: at most one view, with its options allowed only there. */
function viewOf(measure: Measure, views: readonly Measure[], used: Command): Measure {
  const isGiven = (name: string) => used.getOptionValueSource(camel(name)) === "cli";
  const given = views.filter(({ name }) => isGiven(name));
  const [view, ...more] = given.filter(({ name }) => !given.some(({ beyond }) => beyond === name));
  if (more.length > 0)
    throw new RangeError(
      `${measure.name} requires one view at a time, got ${[view, ...more].map(({ name }) => `--${name}`).join(" and ")}`,
    );
  const known = [measure, ...views].flatMap(({ options = {} }) => Object.keys(options));
  // What resolves a conversation is of those tables alone that list it, though every request can carry it.
  const isOfAll = (name: string) => Object.hasOwn(sharedOptions, name) && name !== "outcomeRule";
  for (const name of known) {
    if (!isGiven(name) || isOfAll(name)) continue;
    const uses = view === undefined ? Object.keys(measure.options ?? {}) : (view.uses ?? []);
    if (uses.includes(name) || name === view?.name) continue;
    if (view !== undefined)
      throw new RangeError(
        `${measure.name} --${view.name} has no ${flagOf(name)}: it would change nothing; leave it out`,
      );
    const needs = views.filter(({ options = {} }) => options[name] !== undefined);
    throw new RangeError(
      `${measure.name} requires ${needs.map((one) => `--${one.name}`).join(" or ")} with ${flagOf(name)}`,
    );
  }
  for (const [name, why] of Object.entries(view?.fixed ?? {}))
    if (isGiven(name))
      throw new RangeError(`${measure.name} --${view?.name} has no ${flagOf(name)}: ${why}; leave it out`);
  return view ?? measure;
}
