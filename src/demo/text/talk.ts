import type { Random } from "../../stats/random";
import type { Call, Task } from "../traffic/call";

/** The texts of one task: what was asked, and what each call answered. */
export interface Talk {
  prompt: string;
  answer(call: Call): string;
}

/** Makes up the texts of a task, all in ASCII. */
export type Speaker = (task: Task, random: Random) => Talk;
