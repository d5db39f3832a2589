import { aboutTasksView } from "../facts/outcomes";
import { select } from "../facts/select";
import { taskFacts } from "../facts/tasks";
import type { MeasureRequest } from "../measures/options";
import { timedSpans } from "../measures/service/stages";
import type { Store } from "../store/open";
import { rowsOf, run } from "../store/run";

/** Steps per task from which tasks count as an agent's. */
const FEWEST_STEPS = 2;

/** How many tasks there are, and on how few of them their effort falls: counts of this log. */
export interface AgentCounts {
  tasks: number;
  uses: number;
  stages: number;
  /** Prompts that several tasks began with. */
  repeated: number;
  /** How many tasks are a tenth, and of each, what those with the most of it took of all; null unless it is known of all. */
  tenth: number;
  steps: number | null;
  seconds: number | null;
  cost: number | null;
}

/** These of the tasks of a request; undefined where they are single calls. */
export async function agentCounts(store: Store, request: MeasureRequest): Promise<AgentCounts | undefined> {
  const selection = await select(store, request, { population: "tasks" });
  try {
    const { connection } = selection;
    await taskFacts(selection);
    await aboutTasksView(connection);
    await run(connection, timedSpans);
    const [first] = await rowsOf<
      Pick<AgentCounts, "tasks" | "uses" | "stages" | "repeated"> & { calls: number }
    >(
      connection,
      `with own as (
         select task_id, coalesce(about_tasks.prompt_id, selected.prompt_id) as prompt_id
         from selected left join about_tasks using (task_id) where owner and chosen)
       select count(*)::double as tasks, (select sum(attempts) from task_facts where chosen)::double as calls,
         (select count(*) from spans where tool is not null and task_id in (select task_id from own))::double as uses,
         (select count(distinct stage) from timed_spans where stage is not null and task_id in (select task_id from own))::double as stages,
         (select count(*) from (select 1 from own where prompt_id is not null group by prompt_id having count(*) > 1))::double as repeated
       from own`,
    );
    if (first.tasks < 2 || first.calls + first.uses < FEWEST_STEPS * first.tasks) return undefined;
    const most = (name: string) =>
      `(select case when count(x) = count(*) then sum(x) filter (place <= tenth) / nullif(sum(x), 0) end from (select ${name} as x, row_number() over (order by ${name} desc nulls last) as place from own))`;
    const [shares] = await rowsOf<Pick<AgentCounts, "tenth" | "steps" | "seconds" | "cost">>(
      connection,
      `with own as (select attempts, seconds, case when unpriced = 0 then cost end as cost from task_facts where chosen),
       size as (select ceil(count(*) / 10) as tenth from own)
       select tenth::double as tenth, ${most("attempts")}::double as steps, ${most("seconds")}::double as seconds, ${most("cost")}::double as cost
       from size`,
    );
    return { ...first, ...shares };
  } finally {
    selection.close();
  }
}
