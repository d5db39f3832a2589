import type { DuckDBConnection } from "@duckdb/node-api";
import { anyRow, run } from "../../store/run";

// LangSmith's feedback names a run, and does not tell whether that is a call or the root of a trace, which is a task.
const ofTask = `scores.subject = 'call' and scores.ingest_id in (select ingest_id from ingests where format = 'langsmith')
  and scores.subject_id not in (select call_id from calls where call_id is not null)
  and scores.subject_id in (select task_id from tasks where task_id is not null)`;

/**
 * Makes feedback on the root run of a trace a score of its task, where the log does not tell runs apart. Doing it again
 * changes nothing.
 *
 * @returns the number of scores that were changed
 */
export async function subjectsOfRuns(connection: DuckDBConnection): Promise<number> {
  // Asked first, since whose subject a run is takes the ids of all calls.
  const judged = "from scores join ingests using (ingest_id) where subject = 'call' and format = 'langsmith'";
  if (!(await anyRow(connection, judged))) return 0;
  // An overlapping export brings feedback again, and the later row counts, as with every id.
  await run(
    connection,
    `delete from scores using ingests, (
       select distinct subject_id, name, rater, rater_id, "at", ingest_id from scores where rater is not null and ${ofTask}
     ) as again
     where scores.subject = 'task' and scores.subject_id = again.subject_id and scores.name = again.name
       and scores.rater = again.rater and scores.rater_id is not distinct from again.rater_id and scores."at" is not distinct from again."at"
       and scores.ingest_id <> again.ingest_id and ingests.ingest_id = scores.ingest_id and ingests.format = 'langsmith'`,
  );
  return run(connection, `update scores set subject = 'task' where ${ofTask}`);
}
