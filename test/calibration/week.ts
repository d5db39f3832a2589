import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lanes } from "../../src/demo/traffic/lane";
import { judging } from "../../src/demo/traffic/scores";
import { traffic } from "../../src/demo/traffic/traffic";
import type { World } from "../../src/demo/world/world";
import { random } from "../../src/stats/random";
import { open, type Store } from "../../src/store/open";
import { run } from "../../src/store/run";

const callTypes = {
  call_id: "VARCHAR",
  task_id: "VARCHAR",
  attempt: "INTEGER",
  conversation_id: "VARCHAR",
  user_id: "VARCHAR",
  workload: "VARCHAR",
  model: "VARCHAR",
  provider: "VARCHAR",
  started: "BIGINT",
  duration: "DOUBLE",
  time_to_first_token: "DOUBLE",
  cost: "DOUBLE",
  status: "VARCHAR",
  fallback_from: "VARCHAR",
  cache_hit: "BOOLEAN",
  stream: "BOOLEAN",
};
const taskTypes = { task_id: "VARCHAR", user_id: "VARCHAR", workload: "VARCHAR", resolved: "BOOLEAN" };
const scoreTypes = {
  subject: "VARCHAR",
  subject_id: "VARCHAR",
  name: "VARCHAR",
  value: "DOUBLE",
  rater: "VARCHAR",
  rater_id: "VARCHAR",
};

const shapeOf = (types: Record<string, string>) =>
  `{${Object.entries(types).map(([name, type]) => `${name}: '${type}'`)}}`;
const given = (value: number) => (value < 0 ? undefined : value);

/** A store in memory with one draw of a world's days, as in an exported log; with judgements if requested. */
export async function week(
  world: World,
  seed: number,
  calls: number,
  lanes: Lanes,
  { scores = false }: { scores?: boolean } = {},
): Promise<Store> {
  const callLines: string[] = [];
  const taskLines: string[] = [];
  const scoreLines: string[] = [];
  // The judgements in the demo with this seed.
  const judge = judging(world, random(seed, 4));
  for (const task of traffic(world, { seed, calls, lanes })) {
    const { workload } = task.lane;
    const own = { task_id: `t${task.number}`, user_id: `${workload}-${task.user}`, workload };
    taskLines.push(JSON.stringify({ ...own, resolved: task.resolved }));
    for (const call of task.calls) {
      const first = given(call.timeToFirstToken);
      callLines.push(
        JSON.stringify({
          ...own,
          call_id: `c${call.number}`,
          attempt: call.attempt,
          conversation_id: `s${task.session}`,
          model: call.lane.model,
          provider: call.lane.provider,
          started: call.startedAt,
          duration: call.duration / 1e6,
          time_to_first_token: first === undefined ? undefined : first / 1e6,
          cost: call.inputTokens < 0 ? undefined : call.cost,
          status: call.status,
          fallback_from: call.fallbackFrom || undefined,
          cache_hit: call.lane.work.cache_hit_rate > 0 ? call.cacheHit : undefined,
          stream: call.lane.work.stream,
        }),
      );
    }
    if (!scores) continue;
    for (const { call, name, value, rater, raterId } of judge(task))
      scoreLines.push(
        JSON.stringify({
          subject: "call",
          subject_id: `c${task.calls[call].number}`,
          name,
          value,
          rater,
          rater_id: raterId,
        }),
      );
  }
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-week-"));
  const store = await open(":memory:");
  try {
    const fill = async (table: string, lines: string[], types: Record<string, string>, what: string) => {
      const file = join(folder, `${table}.jsonl`);
      writeFileSync(file, lines.join("\n"));
      await run(
        store.connection,
        `insert into ${table} by name select ${what}
         from read_json($file, format = 'newline_delimited', columns = ${shapeOf(types)})`,
        { file },
      );
    };
    await fill("calls", callLines, callTypes, "* exclude (started), make_timestamp(started) as started_at");
    await fill("tasks", taskLines, taskTypes, "*");
    if (scores) await fill("scores", scoreLines, scoreTypes, "*");
    return store;
  } catch (error) {
    store.close();
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
