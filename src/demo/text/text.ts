import { random } from "../../stats/random";
import type { Task } from "../traffic/call";
import type { Workload } from "../world/workload";
import type { Speaker } from "./talk";
import { clauses } from "./textClauses";
import { code } from "./textCode";
import { support } from "./textSupport";

const speakers: Record<Exclude<Workload["texts"], "none">, Speaker> = { support, clauses, code };

/** What was asked and answered in one call; null where nothing was, or nothing was kept. */
export interface Said {
  prompt: string | null;
  output: string | null;
}

// Streams of random numbers far from those that draw the traffic: what is said changes nothing of what happens.
const firstStream = 2 ** 32;

/** Tells what was said in each call of a task. */
export function textsOf(seed: number): (task: Task) => Said[] {
  return (task) => {
    const { texts } = task.lane.work;
    if (texts === "none") return task.calls.map(() => ({ prompt: null, output: null }));
    const { prompt, answer } = speakers[texts](task, random(seed, firstStream + task.number));
    return task.calls.map((call) => ({ prompt, output: call.status === "ok" ? answer(call) : null }));
  };
}
