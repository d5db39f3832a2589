import { random } from "../../stats/random";
import type { Task } from "../traffic/call";
import type { Workload } from "../world/workload";
import type { Speaker } from "./talk";
import { clauses } from "./textClauses";
import { code } from "./textCode";
import { support } from "./textSupport";

const speakers: Record<Exclude<Workload["texts"], "none">, Speaker> = { support, clauses, code };

/** The prompt and answer of one call; null if there was none, or if it was not kept. */
export interface Said {
  prompt: string | null;
  output: string | null;
}

// Random streams far from those of the traffic, so that the texts do not change what happens.
const firstStream = 2 ** 32;

/** Gives the prompt and answer of each call of a task. */
export function textsOf(seed: number): (task: Task) => Said[] {
  return (task) => {
    const { texts } = task.lane.work;
    if (texts === "none") return task.calls.map(() => ({ prompt: null, output: null }));
    const { prompt, answer } = speakers[texts](task, random(seed, firstStream + task.number));
    return task.calls.map((call) => ({ prompt, output: call.status === "ok" ? answer(call) : null }));
  };
}
