import type { Row } from "../measures/table";

/** Something that an answer takes for granted, and whether the answer would differ without it. */
export interface Assumption extends Row {
  id: "mix" | "users" | "outcomes" | "unlogged";
  assumes: string;
  /** What the log says of it. */
  found: string;
  /** Whether the answer would differ if it failed to hold by as much as the log allows. */
  flips: boolean;
}
