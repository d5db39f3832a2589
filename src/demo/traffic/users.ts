import type { Random } from "../../stats/random";
import type { Workload } from "../world/workload";
import { choice } from "./lane";

/** The users of one workload. */
export interface Users {
  /** Cumulative sums of their shares of use. */
  cumulative: Float64Array;
  /** By user: the log length of answers they ask for, relative to the mean. */
  size: Float64Array;
  /** By user: how much harder than the mean their tasks are, in log odds. */
  difficulty: Float64Array;
}

/** Draws the users of a workload: how much each uses it depends only on the rank, what they ask for is random. */
export function drawUsers(work: Workload, random: Random): Users {
  const ranks = Array.from({ length: work.users }, (_, index) => index + 1);
  const { cumulative } = choice(
    ranks,
    ranks.map((rank) => (rank + work.use_offset) ** -work.use_exponent),
  );
  return {
    cumulative,
    size: Float64Array.from(ranks, () => work.user_size * random.normal()),
    difficulty: Float64Array.from(ranks, () => work.user_difficulty * random.normal()),
  };
}
