import type { Figure } from "../charts/figure";
import { formatEstimate } from "../charts/number";
import { passCurves } from "../charts/passCurves";
import { listed } from "../decide/choose/chooseText";
import { consistency } from "../measures/consistency/consistency";
import { consistencyWorst } from "../measures/consistency/repeatsWorst";
import type { MeasureRequest } from "../measures/options";
import type { Table } from "../measures/table";
import { counted, grouped, percent } from "../stats/text";
import type { Store } from "../store/open";

/** Maximum number of tasks named in a sentence. */
const MOST_TASKS = 8;

/** What tasks that were tried several times say. */
interface Repeats {
  said: string[];
  points: string[];
  more: string[];
  figures: Figure[];
  table: Table;
}

/** How sure a task is to be resolved every time; undefined where too few were tried again. */
export async function repeatedTasks(store: Store, request: MeasureRequest): Promise<Repeats | undefined> {
  const table = await consistency(store, request);
  const [row] = table.rows;
  const ks = Object.keys(row?.pass_hat ?? {}).filter((k) => (row?.pass_hat[k]?.n ?? 0) >= row.prompts / 2);
  const most = ks.at(-1);
  if (row === undefined || most === undefined || most === "1") return undefined;
  const { prompts, best, worst, pass_hat: all, pass_at: one } = row;
  const [never, always] = [prompts * (1 - best.value), prompts * worst.value];
  const { rows } = await consistencyWorst(store, { ...request, limit: Math.round(never) || 1 });
  const failed = rows.filter(({ most: top }) => top === 0).map(({ prompt_id }) => prompt_id);
  const left = failed.length > MOST_TASKS ? [`${failed.length - MOST_TASKS} more`] : [];
  return {
    table,
    said: [
      `Of ${most} tries at a task, all are resolved in ${percent(all[most].value, 2)} of the tasks, and at least one in ${percent(one[most].value, 2)}.`,
    ],
    points: [
      `Repeats: of ${counted(prompts, "task")} tried several times, one try is resolved in ${formatEstimate(all["1"])}, all of ${most} in ${formatEstimate(all[most])} (pass^${most}), and at least one of ${most} in ${formatEstimate(one[most])} (pass@${most}); ${grouped(always)} were resolved every time, and ${grouped(never)} never.`,
    ],
    more:
      failed.length === 0
        ? []
        : [
            `Never resolved: ${failed.length === 1 ? "task" : "tasks"} ${listed([...failed.slice(0, MOST_TASKS), ...left])}.`,
          ],
    figures: [passCurves(table, { title: "all of k tries at a task are resolved" })],
  };
}
