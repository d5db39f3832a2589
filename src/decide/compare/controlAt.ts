import type { Selection } from "../../facts/select";
import { mixLevels } from "../../measures/mix/mixLevels";
import {
  type AtMix,
  atMix,
  beforeAndAfter,
  type Prepared,
  type PrepareOptions,
  prepareMix,
} from "../../measures/mix/mixTables";
import { quoteText } from "../../store/quote";
import { run } from "../../store/run";
import { comparedMetric } from "./compareMetrics";
import { type Control, findControl } from "./control";

/** The numbers of a control on both sides of the switch, at one mix. */
export interface ControlAt {
  model: string;
  at(metric: string): AtMix | undefined;
}

/** What a switch may be held against: of two sides that are no switch, neither a control nor earlier weeks tell. */
export interface Switched {
  control?: ControlAt;
}

/** Calls of a control that are read: more would not make it quieter than days are. */
const MOST_CALLS = 25_000;

/**
 * Finds a control for the calls compared and brings its sides to one mix, as theirs are. It makes the tables of a mix, so the
 * calls compared are prepared after it.
 *
 * @param options `namesIn`: the metrics to compare, of those that the control has
 */
export async function controlAt(
  selection: Selection,
  sided: Pick<PrepareOptions, "together" | "candidates" | "freely" | "weigh">,
  { namesIn, level }: { namesIn: (prepared: Prepared) => Promise<readonly string[]>; level: number },
): Promise<ControlAt | undefined> {
  const { connection, clusterBy } = selection;
  const control = await findControl(connection);
  if (control === undefined) return undefined;
  await run(connection, sidedBy(control));
  const prepared = await prepareMix(
    { ...selection, notes: [] },
    { ...sided, wholeOf: new Map([["0", "0"]]), asCounted: false, returning: async () => false },
  );
  const metrics = (await namesIn(prepared)).map((name) => comparedMetric(name, prepared.rates));
  const levels = mixLevels(prepared.strata);
  const found = await atMix(connection, prepared, metrics, ["0"], {
    levels,
    level,
    byHour: false,
    clusterBy,
  });
  await run(connection, beforeAndAfter);
  return { model: control.model, at: (metric) => found("0", metric) };
}

/** The view `sided` of a control: whole conversations and tasks, no more than are read. */
function sidedBy({ model, calls }: Control): string {
  const of10000 = Math.ceil((10_000 * MOST_CALLS) / calls);
  return `create or replace temp view sided as
    select * replace (0::ubigint as g, true as chosen),
      case when not chosen and model = ${quoteText(model)}
        and hash(coalesce(conversation_id, task_id, call_id)) % 10000 < ${of10000}
      then started_at >= getvariable('switch')::timestamp end as second
    from selected`;
}
