import type { Random } from "../../stats/random";
import { saysSo } from "../world/labels";
import type { World } from "../world/world";
import { answered, type Call, type Task } from "./call";

/** One judgement of a call. */
export interface Score {
  task: Task;
  /** Index of the call within its task. */
  call: number;
  name: "hallucination" | "supported" | "helpful" | "correct";
  value: number;
  rater: "judge" | "human" | "user" | "rule";
  /** The rater's id; "" if it is nobody in particular. */
  raterId: string;
  /** Microseconds since the epoch. */
  at: number;
}

const slow = 10_000_000;

/** Chance that a user who is asked calls an answer helpful: lower for wrong or slow answers. */
export function helpfulChance(call: Call, resolved: boolean | null): number {
  const base = resolved ? (call.hallucinated ? 0.7 : 0.93) : 0.3;
  return base * (call.duration > slow ? 0.85 : 1);
}

const minute = 60_000_000;

/** Judges the answers of tasks as they come, drawing everything from one random source in that order. */
export function judging(world: World, random: Random): (task: Task) => Score[] {
  const { judge, human } = world.raters;
  return (task) => {
    const { labels, hallucination } = task.lane.work;
    const scores: Score[] = [];
    const draw = (chance: number) => random.uniform() < chance;
    task.calls.forEach((call, index) => {
      if (!answered(call)) return;
      const end = call.startedAt + call.duration;
      const add = (
        name: Score["name"],
        value: boolean,
        rater: Score["rater"],
        raterId: string,
        later: number,
      ) =>
        scores.push({
          task,
          call: index,
          name,
          value: value ? 1 : 0,
          rater,
          raterId,
          at: end + Math.round(later),
        });
      const isSo = call.hallucinated;
      if (Object.hasOwn(hallucination, call.lane.model) && labels.judged > 0 && draw(labels.judged)) {
        add("hallucination", draw(saysSo(judge, isSo)), "judge", "judge-1", minute);
        if (labels.reviewed > 0 && draw(labels.reviewed)) {
          // Two people share the work.
          const first = draw(0.5) ? "h1" : "h2";
          const late = () => minute * (60 + 1200 * random.uniform());
          add("hallucination", draw(saysSo(human, isSo)), "human", first, late());
          if (draw(labels.reviewed_twice))
            add("hallucination", draw(saysSo(human, isSo)), "human", first === "h1" ? "h2" : "h1", late());
        }
      }
      if (call.flagged !== null) add("supported", !call.flagged, "rule", "validation", 0);
      if (labels.checked) add("correct", call.passed, "rule", "tests", 0);
      const isLast = index === task.calls.length - 1;
      if (isLast && labels.helpful > 0 && draw(labels.helpful))
        add("helpful", draw(helpfulChance(call, task.resolved)), "user", "", minute * random.uniform());
    });
    return scores;
  };
}
