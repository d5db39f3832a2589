import type { Criterion, Floor } from "./criterion";
import type { Declared } from "./declared";

/** What a team asks of a model: which numbers count, how much, and what must hold. */
export interface Profile {
  name: string;
  /** Who asks, in a sentence. */
  description?: string;
  /** The workloads it is for: names, in which `*` stands for any letters. Default: all calls. */
  workload?: string | readonly string[];
  /** A predicate over the columns of calls, in SQL, that narrows them further. */
  where?: string;
  criteria: readonly Criterion[];
  /** What must be shown to hold before anything counts. */
  floors?: readonly Floor[];
  /** Service level objectives: floors by another name. */
  slos?: readonly Floor[];
  /** What no log tells, such as terms of privacy or a region: which models pass, and who says so. One not named fails. */
  unmeasured?: readonly Declared[];
  /** A check of the output that stands between the model and whoever reads: what it lets pass is told beside the choice. */
  verification?: Verification;
  /** Parts of the workload that may take a model of their own; what they leave out is the profile's. */
  sub_workloads?: readonly SubWorkload[];
}

/** Which check is held against which score: names as `validators` takes them. */
export interface Verification {
  score: string;
  validator: string;
}

/** A part of a profile's workload. */
export interface SubWorkload {
  name: string;
  /** A predicate over the columns of calls, in SQL. */
  where: string;
  criteria?: readonly Criterion[];
  floors?: readonly Floor[];
  slos?: readonly Floor[];
}
