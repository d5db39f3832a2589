import type { Row } from "../measures/table";

/** Something that an answer takes for granted, and whether it would be another without it. */
export interface Assumption extends Row {
  id: "mix" | "users" | "outcomes" | "unlogged";
  assumes: string;
  /** What the log says of it. */
  found: string;
  /** Whether the answer would be another if it did not hold as far as the log allows. */
  flips: boolean;
}
