import type { DuckDBConnection } from "@duckdb/node-api";
import { factsAlone } from "../../facts/place";
import { grouped } from "../../stats/text";
import { anyRow, rowsOf, run } from "../../store/run";

// The model of a run: of the call itself, or of the calls that answered the task.
const sided = (facts: string) => `
  with facts as (${facts}),
  wanted as (select distinct run_id from sides),
  answering as (
    select * from (
      select run_id, true as own, facts.* from wanted join facts on call_id = run_id
      union all select run_id, false, facts.* from wanted join facts on task_id = run_id
    )
    where answers and went_well
    qualify own or not bool_or(own) over (partition by run_id)
  ),
  runs as (
    select answering.run_id, count(distinct model) as models, min(model) as model, min(answering.workload) as workload,
      min(coalesce(tasks.prompt_id, answering.prompt_id)) as prompt_id,
      arg_max(output_length, started_at)::double as length
    from answering left join tasks on tasks.task_id = answering.task_id
    group by answering.run_id
  ),
  sided as (
    select sides.*, coalesce(models, 0) as models, model, workload, prompt_id, length,
      row_number() over (partition by comparison_id, name order by sides.ingest_id, sides.line) as side
    from sides left join runs using (run_id)
  ),
  pairs as (
    select comparison_id, name, count(*) as answers, count(value) as valued, min(models) as fewest, max(models) as most,
      max(model) filter (side = 1) as model_a, max(model) filter (side = 2) as model_b,
      max(value) filter (side = 1) as value_a, max(value) filter (side = 2) as value_b,
      max(length) filter (side = 1) as length_a, max(length) filter (side = 2) as length_b,
      case when min(prompt_id) = max(prompt_id) then min(prompt_id) end as prompt_id,
      case when min(workload) = max(workload) then min(workload) end as workload,
      min(rater) as rater, min(rater_id) as rater_id, min("at") as "at"
    from sided group by comparison_id, name
  ),
  judged as (
    select *, case
      when answers = 1 then 'one answer'
      when answers > 2 then 'several answers'
      when valued < 2 then 'no value'
      when fewest = 0 then 'no run'
      when most > 1 then 'several models'
      when model_a = model_b then 'one model' end as lacks
    from pairs
  )`;

const why: Record<string, string> = {
  "one answer": "with only one answer in the store",
  "several answers": "of more than two answers",
  "no value": "with an answer that has no score",
  "no run": "with an answer whose run, or its model, is not in the store (ingest the runs as well)",
  "several models": "with an answer that several models worked on",
  "one model": "of a model with itself",
};

/** What to say of the comparisons whose two answers make no preference: how many, and why. */
export async function unpairedNote(connection: DuckDBConnection): Promise<string[]> {
  if (!(await anyRow(connection, "from sides"))) return [];
  const found = await rowsOf<{ lacks: string | null; n: number }>(
    connection,
    `${sided(await factsAlone(connection))} select lacks, count(*)::double as n from judged group by lacks order by n desc, lacks`,
  );
  const all = found.reduce((sum, { n }) => sum + n, 0);
  const lacking = found.filter(({ lacks }) => lacks !== null);
  if (lacking.length === 0) return [];
  const without = lacking.reduce((sum, { n }) => sum + n, 0);
  const reasons = lacking.map(({ lacks, n }) => `${grouped(n)} ${why[lacks as string]}`);
  return [
    `${grouped(without)} of ${grouped(all)} comparisons of two runs count for no preference: ${reasons.join("; ")}`,
  ];
}

/**
 * Makes a preference of two answers that were compared, where the log has a record for each and their models are
 * known by their runs. Doing it again changes nothing; what lacks a run waits for it.
 *
 * @returns what to say about the comparisons that give none
 */
export async function pairSides(connection: DuckDBConnection): Promise<string[]> {
  // Only what is made here belongs to no ingest.
  const made = "from preferences where ingest_id is null";
  if (await anyRow(connection, made)) await run(connection, `delete ${made}`);
  if (!(await anyRow(connection, "from sides"))) return [];
  await run(
    connection,
    `insert into preferences by name ${sided(await factsAlone(connection))}
     select comparison_id, prompt_id, workload, model_a, model_b,
       case when value_a > value_b then 1 when value_a < value_b then 0 else 0.5 end as preferred,
       rater, rater_id, "at",
       case when length_b is not null then length_a end as length_a,
       case when length_a is not null then length_b end as length_b
     from judged where lacks is null order by comparison_id, name`,
  );
  return unpairedNote(connection);
}
