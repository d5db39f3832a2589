import type { Random } from "../../stats/random";
import type { Task } from "../traffic/call";
import { clock } from "../traffic/clock";
import { judging } from "../traffic/scores";
import type { World } from "../world/world";
import { callName, type Names } from "./name";
import type { Sink } from "./sink";

export const scoresHeader = "subject,subject_id,name,value,rater,rater_id,at\n";

/** Writes the scores of the tasks' answers as CSV, with the columns of this library's own table as header. */
export function scoreWriter(sink: Sink, world: World, names: Names, random: Random) {
  const iso = clock(0, "T");
  const judge = judging(world, random);
  sink.write(scoresHeader);
  return {
    add(task: Task) {
      for (const { call, name, value, rater, raterId, at } of judge(task))
        sink.write(`call,${callName(names, task, call)},${name},${value},${rater},${raterId},${iso(at)}Z\n`);
    },
    close() {},
  };
}
