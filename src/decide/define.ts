import type { Asked, FunctionOf } from "../measures/define";
import { givenOf } from "../measures/given";
import type { OptionTable, Words } from "../measures/measure";
import { type MeasureOptions, refuseWithout, requestOf } from "../measures/options";
import type { Store } from "../store/open";

/** What the command line says of a decision. */
export interface Decision {
  /** Its command. */
  name: string;
  /** What it decides, in one line. */
  about: string;
  /** Its own help texts for the options of every measure; false for one that its command does without. */
  words?: Words;
}

interface Definition<O, T> extends Decision {
  options: O;
  decide(asked: Asked<O>): Promise<T>;
}

/** Any decision that takes an O and finds a T, as a command has it. */
export interface AnyDecision<O, T> {
  (store: Store, options: O): Promise<T>;
  readonly options: OptionTable;
  readonly command: Decision;
}

/** A decision: a function of a store and options that knows what the command line and the documentation say of it. */
export type DecisionFunction<O, T> = FunctionOf<O, T> & { readonly command: Decision };

/** Makes a decision from its definition: it checks and completes the options. */
export function defineDecision<const O extends OptionTable, T>(
  definition: Definition<O, T>,
): DecisionFunction<O, T> {
  const { name, options: known, words, decide } = definition;
  const decision = async (store: Store, options: MeasureOptions = {}) => {
    refuseWithout(name, words, options);
    return decide({ store, request: requestOf(name, options), options: givenOf(name, known, options) });
  };
  Object.defineProperty(decision, "name", { value: name });
  return Object.assign(decision, { options: known, command: definition }) as DecisionFunction<O, T>;
}
