import type { Command, Option } from "commander";
import type { AnyDecision } from "../decide/define";
import { givenOf } from "../measures/given";
import { decided } from "../measures/onEngines";
import type { Table } from "../measures/table";
import type { Store } from "../store/open";
import { callsOf, callsText, withCallsOptions } from "./calls";
import { inFlags } from "./commandWords";
import { type MeasureFlags, measureOptions, optionOf, withMeasureOptions } from "./measureOptions";
import { checkCalls } from "./onEngine";
import { print } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withEngineOptions, withStore } from "./withStore";

/** The flags of every decision, as commander returns them. */
export type DecisionFlags = MeasureFlags &
  SourceFlags &
  Record<string, unknown> & { json?: boolean; calls?: string; of?: string; limit?: number };

/** What the command of a decision does beside deciding. */
interface Shown<O, T> {
  /** The result for people. */
  text: (found: T) => string;
  /** What it asks of the store. Default: the decision. */
  ask?: (store: Store, options: O) => Promise<T>;
  /** Adds options that only the command has. */
  flags?: (command: Command) => void;
  /** The option that says which column's calls are listed, where calls behind a row can be. */
  column?: Option;
  /** What else it does with the result. */
  after?: (found: T, flags: DecisionFlags) => void;
}

/** Adds the command of a decision, made from its definition. */
export function addDecision<O extends object, T>(
  program: Command,
  decision: AnyDecision<O, T>,
  { text, ask = decision, flags: withFlags, column, after }: Shown<O, T>,
): void {
  const { name, about, words } = decision.command;
  const command = program
    .command(name)
    .description(about)
    .argument("[file...]", "logs to read without a store");
  const known = Object.entries(decision.options).filter(([, { hidden }]) => !hidden);
  for (const [option, described] of known) command.addOption(optionOf(option, described));
  withFlags?.(command);
  if (decided.includes(name)) withEngineOptions(command);
  withMeasureOptions(command, words);
  if (column !== undefined) withCallsOptions(command, column);
  withReadOptions(command);
  command.action(async (files: string[], _flags: DecisionFlags, used: Command) => {
    const flags = used.optsWithGlobals<DecisionFlags>();
    const own = known.map(([option, { flag = option }]) => [option, flags[flag]]);
    const options = { ...measureOptions(flags), ...Object.fromEntries(own) } as O;
    const { calls: row, of, limit } = flags;
    checkCalls(flags);
    try {
      // What is wrong in the options is said before any log is read.
      givenOf(name, decision.options, options);
      const found = await withStore(files, flags, async (store) => {
        const result = await ask(store, options);
        if (row === undefined) return { result };
        return { calls: await callsOf(store, result as Table, row, { column: of, limit }) };
      });
      const { result, calls } = found;
      print(flags.json === true, calls ?? result, () =>
        calls === undefined ? text(result) : callsText(calls),
      );
      if (result !== undefined) after?.(result, flags);
    } catch (error) {
      throw inFlags(error, used);
    }
  });
}
