import { random } from "../../stats/random";
import type { Said } from "../text/text";
import { answered, type Task } from "../traffic/call";
import { clock } from "../traffic/clock";
import type { Labels } from "../world/labels";
import { callName, type Names } from "./name";
import { scoresHeader } from "./scoresCsv";
import type { Sink } from "./sink";

/** A rule tells something of the requests of a workload. */
export function tellsOfRequests({ middle_odds, messy }: Labels): boolean {
  return middle_odds > 0 || messy;
}

/**
 * Chance that the evidence for an answer stands in the middle third of its context. It is 1/3 for answers that hold;
 * of those that do not, the one that gives the odds of the two their ratio, whatever the rate of hallucination is.
 */
export function middleChance(odds: number, hallucinated: boolean): number {
  return hallucinated ? odds / (odds + 2) : 1 / 3;
}

// Streams of random numbers of their own: what is told of a request changes nothing of what happens.
const firstStream = 3 * 2 ** 32;

/** Writes what a rule tells of requests: where the evidence stood, from 0 to 1, and whether the words were messy. */
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
          // Within a third, or both outer ones, any place is as likely as another.
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
