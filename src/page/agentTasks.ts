import type { Figure } from "../charts/figure";
import { forestFigure } from "../charts/forest";
import { lineOf } from "../charts/lines";
import { formatEstimate } from "../charts/number";
import { fittedApart } from "../charts/text";
import { listed } from "../decide/choose/chooseText";
import { derived } from "../facts/request";
import type { MeasureRequest } from "../measures/options";
import { latencyStages } from "../measures/service/stages";
import { type TrajectoryRow, trajectories } from "../measures/service/trajectories";
import { type ToolRow, trajectoriesTools } from "../measures/service/trajectoryTools";
import type { Table } from "../measures/table";
import { counted, grouped, percent } from "../stats/text";
import type { Store } from "../store/open";
import { type AgentCounts, agentCounts } from "./agentCounts";
import { repeatedTasks } from "./repeatedTasks";

/** What a page says of tasks that take several steps each. */
export interface AgentTasks {
  /** For the headline, a sentence. */
  said: string[];
  points: string[];
  more: string[];
  figures: Figure[];
  tables: Record<string, Table>;
}

/** Tasks and uses of tools of which shares are told. */
const FEWEST = 20;
/** Maximum number of tools and stages in a sentence, and of tools in a figure. */
const MOST_NAMES = 3;
const MOST_TOOLS = 8;
/** Letters of a tool's name that leave a small figure room. */
const LONGEST = 22;

/** Where the steps, the time and the money of tasks go, and how sure a task is to be resolved again; nothing where tasks are single calls. */
export async function agentTasks(
  store: Store,
  measured: MeasureRequest,
  { isAlone }: { isAlone: boolean },
): Promise<AgentTasks> {
  const none: AgentTasks = { said: [], points: [], more: [], figures: [], tables: {} };
  // All models together: an agent may take several for one task.
  const request = derived(measured, { by: [] });
  const counts = await agentCounts(store, request);
  if (counts === undefined) return none;
  const taken = await trajectories(store, request);
  const tools = counts.uses > 0 ? await trajectoriesTools(store, request) : undefined;
  const times = counts.stages > 1 ? await latencyStages(store, request) : undefined;
  const repeats = counts.repeated > 0 ? await repeatedTasks(store, request) : undefined;
  const shares =
    tools === undefined || tools.rows.length < 2 || counts.uses < FEWEST ? [] : [toolsFigure(tools.rows)];
  return {
    // The headline of one model has its share of resolved tasks already.
    said: [...(isAlone ? [] : resolvedSaid(taken.rows)), ...(repeats?.said ?? [stepsSaid(taken.rows)])],
    points: [
      ...(repeats?.points ?? []),
      `Steps: ${taken.rows.map(stepsText).join("; ")}.`,
      ...concentration(counts),
      ...(times === undefined ? [] : stagesText(times)),
      ...(tools === undefined ? [] : [toolsText(tools.rows)]),
    ],
    more: [...taken.rows.flatMap(troubleText), ...(repeats?.more ?? [])],
    figures: [...(repeats?.figures ?? []), ...shares],
    tables: {
      ...{ trajectories: taken, ...(tools === undefined ? {} : { tools }) },
      ...(times === undefined ? {} : { stages: times }),
      ...(repeats === undefined ? {} : { consistency: repeats.table }),
    },
  };
}

const sumOf = (rows: readonly TrajectoryRow[], of: (row: TrajectoryRow) => number) =>
  rows.reduce((sum, row) => sum + row.tasks * of(row), 0) / rows.reduce((sum, { tasks }) => sum + tasks, 0);

/** How many tasks were resolved, whichever model they were of. */
function resolvedSaid(rows: readonly TrajectoryRow[]): string[] {
  const [done, failed] = ["resolved", "not resolved"].map(
    (outcome) => rows.find((row) => row.outcome === outcome)?.tasks ?? 0,
  );
  return done + failed === 0 ? [] : [`${grouped(done)} of ${counted(done + failed, "task")} were resolved.`];
}

/** How many steps a task takes, over all outcomes. */
function stepsSaid(rows: readonly TrajectoryRow[]): string {
  const [steps, uses] = [sumOf(rows, (row) => row.steps.value), sumOf(rows, (row) => row.tool_uses.value)];
  const ofTools = uses > 0 ? `, ${uses.toFixed(1)} of them uses of tools` : "";
  return `A task takes ${steps.toFixed(1)} steps on average${ofTools}.`;
}

const kinds: Record<string, string> = {
  resolved: "resolved",
  "not resolved": "unresolved",
  "not known": "unjudged",
};

/** The tasks of an outcome: "a resolved task". */
const kindOf = (outcome: string) => kinds[outcome] ?? outcome;
const article = (word: string) => (/^[aeiou]/.test(word) ? "an" : "a");

function stepsText({ outcome, tasks, steps, tool_uses, cost_per_task }: TrajectoryRow): string {
  const cost = Number.isFinite(cost_per_task.value)
    ? ` and ${formatEstimate({ ...cost_per_task, unit: "USD" })}`
    : "";
  const uses =
    tool_uses.value > 0 ? `, ${formatEstimate({ ...tool_uses, unit: "" })} of them uses of tools` : "";
  return `${article(kindOf(outcome))} ${kindOf(outcome)} task took ${formatEstimate({ ...steps, unit: "" })} steps${uses}${cost} (${counted(tasks, "task")})`;
}

/** What failed steps and loops take, where there are any. */
function troubleText({ outcome, ...row }: TrajectoryRow): string[] {
  const { with_failure, loops, share_after_failure: share } = row;
  const said = [
    ...(with_failure.value > 0 ? [`a step failed in ${formatEstimate(with_failure)}`] : []),
    ...(loops.value > 0
      ? [`one use of a tool was repeated three times or more in ${formatEstimate(loops)}`]
      : []),
    ...(share.value > 0 ? [`${formatEstimate(share)} of the money went after a failed step`] : []),
  ];
  return said.length === 0 ? [] : [`Of ${kindOf(outcome)} tasks: ${listed(said)}.`];
}

/** On how few tasks the effort falls: counts of this log, which claim nothing of the next. */
function concentration({ tasks, tenth, steps, seconds, cost }: AgentCounts): string[] {
  if (tasks < FEWEST) return [];
  const parts = [
    { what: "of the calls", of: steps },
    { what: "of the time", of: seconds },
    { what: "of the money", of: cost },
  ].flatMap(({ what, of }) => (of === null ? [] : [`${percent(of)} ${what}`]));
  return parts.length === 0
    ? []
    : [
        `Where it goes: the ${grouped(tenth)} of ${grouped(tasks)} tasks with the most of each had ${listed(parts)}.`,
      ];
}

/** What `stages` calls the time in which no stage runs. */
const BETWEEN = "between stages";

/** What a task waits for. */
function stagesText({ rows }: Table): string[] {
  const known = (rows as Awaited<ReturnType<typeof latencyStages>>["rows"]).filter(
    ({ critical_path }) => critical_path.value > 0,
  );
  const said = known
    .slice(0, MOST_NAMES)
    .map(
      ({ stage, critical_path }) =>
        `${formatEstimate(critical_path)} ${stage === BETWEEN ? stage : `in ${stage}`}`,
    );
  return said.length === 0 ? [] : [`Time: of the time of a task, ${listed(said)}.`];
}

/** The shares of the tools that are used most. */
function toolsFigure(rows: readonly ToolRow[]): Figure {
  const shown = rows.slice(0, MOST_TOOLS);
  const beside = fittedApart(
    shown.map(({ tool }) => tool),
    LONGEST,
  );
  const title =
    rows.length > shown.length ? `uses of tools: ${MOST_TOOLS} of ${rows.length}` : "uses of tools";
  return forestFigure(
    shown.map(({ tool, share }, at) => ({
      ...lineOf({ tool }, ["tool"]),
      beside: beside[at],
      estimate: share,
    })),
    { quantity: "share of all uses", title },
  );
}

/** Which tools are used most, and which uses failed. */
function toolsText(rows: readonly ToolRow[]): string {
  const uses = rows.reduce((sum, row) => sum + row.uses, 0);
  const most = rows.slice(0, MOST_NAMES).map(({ tool, share }) => `${percent(share.value)} ${tool}`);
  const failed = rows
    .map(({ tool, error_rate }) => ({ tool, count: Math.round((error_rate.value || 0) * error_rate.n) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const sum = failed.reduce((all, { count }) => all + count, 0);
  const where = failed.slice(0, MOST_NAMES).map(({ tool, count }) => `${grouped(count)} of ${tool}`);
  const isKnown = rows.some(({ error_rate }) => error_rate.n > 0);
  const of =
    sum > 0 ? `; ${grouped(sum)} failed, ${listed(where)}` : isKnown ? "; none is logged as failed" : "";
  return `Tools: of ${counted(uses, "use")}, ${listed(most)}${of}.`;
}
