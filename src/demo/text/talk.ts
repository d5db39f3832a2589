import type { Random } from "../../stats/random";
import type { Call, Task } from "../traffic/call";

/** What was said about one task: what was asked, and what each call answered. */
export interface Talk {
  prompt: string;
  answer(call: Call): string;
}

/** Makes up what is said about a task. All of it is ASCII. */
export type Speaker = (task: Task, random: Random) => Talk;
