import type { AssumptionId } from "../../stats/claim";
import type { Criterion, Floor } from "./criterion";
import type { Declared } from "./declared";

/** What a team wants from a model: which numbers count, how much, and what must hold. */
export interface Profile {
  name: string;
  /** Who asks, in a sentence. */
  description?: string;
  /** The workloads it is for: names, in which `*` matches any letters. Default: all calls. */
  workload?: string | readonly string[];
  /** An SQL predicate over the columns of calls that narrows them further. */
  where?: string;
  /** "conversation" if its metrics count conversations: resolve_rate is then the share of conversations resolved. */
  grain?: "task" | "conversation";
  criteria: readonly Criterion[];
  /** What must be shown to hold before anything else counts. */
  floors?: readonly Floor[];
  /** Service level objectives: another name for floors. */
  slos?: readonly Floor[];
  /**
   * What no log has, such as privacy terms or a region: which models pass, and who says so. A model not named
   * fails.
   */
  unmeasured?: readonly Declared[];
  /** Assumptions that the log cannot check, declared to hold: "outcomes-alike". */
  assume?: readonly AssumptionId[];
  /** A check of the output between the model and the reader: what it lets pass is shown beside the choice. */
  verification?: Verification;
  /** Parts of the workload that may use a different model; what they leave out comes from the profile. */
  sub_workloads?: readonly SubWorkload[];
}

/** Which check is compared with which score: names as `qualityValidator` takes them. */
export interface Verification {
  score: string;
  validator: string;
}

/** A part of a profile's workload. */
export interface SubWorkload {
  name: string;
  /** An SQL predicate over the columns of calls. */
  where: string;
  criteria?: readonly Criterion[];
  floors?: readonly Floor[];
  slos?: readonly Floor[];
}
