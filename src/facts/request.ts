import { allOf } from "./allOf";

/** Which calls a measure looks at, how it tells them apart, and what it treats as independent. */
export interface SelectOptions {
  /**
   * What tells rows apart, as a list or "workload,model": columns, day, week, weekday, hour, input_third, family,
   * and expressions with a name, "day=date_trunc('day', started_at)". Default: workload and model, whichever are
   * filled.
   */
  by?: string | readonly string[];
  /** An SQL predicate over the columns of calls and the other names that `by` accepts. */
  where?: string;
  /**
   * Columns that together form the candidate, as "provider,model": `model` then stands for all of them. Default:
   * the model alone.
   */
  candidate?: string | readonly string[];
  /** What counts as one independent unit. Default "auto": the coarsest of user, conversation and task that is known. */
  cluster?: string;
  /** Time zone for day, weekday and hour. Default "UTC". */
  timezone?: string;
  /**
   * Which answering call names the row of a task, and of a conversation's outcome: its "first" (default) or its "last". "all"
   * credits a conversation's outcome to every row that answered in it, and a task to its first.
   */
  credit?: "first" | "last" | "all";
  /**
   * What resolves a conversation, declared in place of what the log says: "left-after-failure", "left-midway", "came-back",
   * "score:NAME" or "no-score:NAME". Default: "logged".
   */
  outcomeRule?: string;
}

// A private member is in no object literal and is lost in a spread.
declare class Whole {
  private readonly whole: true;
}

/**
 * The options that all measures share, as they were asked for. A request is passed on whole, so an option reaches
 * whatever a measure asks in turn: an object built from some of its options is not one.
 */
export type SelectRequest<O extends SelectOptions = SelectOptions> = Readonly<O> & Whole;

/** The request for all calls. */
export const everything = {} as SelectRequest;

/** The same request but for some options. */
export function derived<O extends SelectOptions>(
  request: SelectRequest<O>,
  changes: Partial<O>,
): SelectRequest<O> {
  return { ...request, ...changes } as unknown as SelectRequest<O>;
}

/** The same request for those of its calls that also meet other predicates. */
export function within<O extends SelectOptions>(
  request: SelectRequest<O>,
  ...predicates: (string | undefined)[]
): SelectRequest<O> {
  return { ...request, where: allOf([request.where, ...predicates]) } as unknown as SelectRequest<O>;
}
