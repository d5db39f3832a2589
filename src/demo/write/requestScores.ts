import { random } from "../../stats/random";
import type { Said } from "../text/text";
import { answered, type Task } from "../traffic/call";
import { clock } from "../traffic/clock";
import type { Labels } from "../world/labels";
import { callName, type Names } from "./name";
import { scoresHeader } from "./scoresCsv";
import type { Sink } from "./sink";

/** Whether a rule records anything about a workload's requests. */
export function tellsOfRequests({ middle_odds, messy }: Labels): boolean {
  return middle_odds > 0 || messy;
}

/**
 * Returns the chance that the evidence for an answer is in the middle third of its context: 1/3 for true answers; for
 * false ones, the value that gives the required odds ratio, whatever the rate of hallucinations.
 */
export function middleChance(odds: number, hallucinated: boolean): number {
  return hallucinated ? odds / (odds + 2) : 1 / 3;
}

// Separate random streams, so that what is recorded about a request does not change what happens.
const firstStream = 3 * 2 ** 32;

/** Writes what a rule records about requests: where the evidence was, from 0 to 1, and whether the text was messy. */
export function requestWriter(sink: Sink, names: Names, seed: number) {
  const iso = clock(0, "T");
  sink.write(scoresHeader);
  return {
    add(task: Task, said: Said[]) {
      const { middle_odds, messy } = task.lane.work.labels;
      const source = random(seed, firstStream + task.number);
      task.calls.forEach((call, index) => {
        if (!answered(call)) return;
        const add = (name: string, value: number | string) =>
          sink.write(
            `call,${callName(names, task, index)},${name},${value},rule,request,${iso(call.startedAt + call.duration)}Z\n`,
          );
        if (middle_odds > 0) {
          const middle = source.uniform() < middleChance(middle_odds, call.hallucinated);
          const place = source.uniform();
          // Within the middle third, or both outer ones, all positions are equally likely.
          const at = middle ? (1 + place) / 3 : place < 0.5 ? (2 * place) / 3 : (1 + 2 * place) / 3;
          add("evidence_position", at.toFixed(3));
        }
        const prompt = said[index].prompt;
        if (messy && prompt !== null) add("messy", /^[a-z]/.test(prompt) ? 1 : 0);
      });
    },
    close() {},
  };
}
