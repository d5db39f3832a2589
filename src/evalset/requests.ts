import { judgementsView } from "../facts/judgements";
import { allEvaluated } from "../facts/leftOut";
import { factsView } from "../facts/place";
import { everything } from "../facts/request";
import { type Selection, select } from "../facts/select";
import type { Store } from "../store/open";
import { rowsOf, run } from "../store/run";
import { statements } from "../store/statements";

/** The SQL statements about requests. */
export const requestStatements = statements(__dirname, "requests.sql");

/** A summary of all requests. */
export interface Requests {
  requests: number;
  from: string | null;
  to: string | null;
  input_hash: string;
  calls: number;
  calls_with_prompt: number;
}

/**
 * Creates the table `requests` on its own connection: the first answering call of every task whose prompt is stored.
 *
 * @throws Error if no call has a stored prompt
 */
export async function selectRequests(
  store: Store,
  caller: string,
  where: string | undefined,
): Promise<{ selection: Selection; summary: Requests }> {
  const selection = await select(store, everything, { by: "", where });
  try {
    await judgementsView(selection.connection);
    await run(selection.connection, requestStatements.requests);
    const [summary] = await rowsOf<Requests>(selection.connection, requestStatements.summary);
    if (summary.requests === 0)
      throw new Error(`${caller}: ${await whyNone(store, summary.calls, selection)}`);
    return { selection, summary };
  } catch (error) {
    selection.close();
    throw error;
  }
}

async function whyNone(
  store: Store,
  calls: number,
  { isAllEvaluated }: Pick<Selection, "isAllEvaluated">,
): Promise<string> {
  const [{ texts, prompts }] = await rowsOf<{ texts: number; prompts: number }>(
    store.connection,
    "select count(*) as texts, count(prompt) as prompts from texts",
  );
  if (prompts === 0 && texts > 0)
    return "an eval set is drawn from prompts, and this store's logs have only answers: their format has no prompts. Export them in one that has (see: fieldnotes formats), or map a column to prompt";
  if (prompts === 0)
    return "an eval set is drawn from prompts, and this store has none: export logs that hold them, and ingest the logs again with --text keep; a log read by a mapping needs its column prompt";
  if (calls > 0)
    return "none of the selected calls has its prompt stored; ingest their logs again with --text keep";
  if (isAllEvaluated) return `no answering call is selected. ${allEvaluated}`;
  await factsView(store.connection);
  const known = await rowsOf<{ workload: string }>(
    store.connection,
    "select distinct workload from facts where workload is not null order by workload limit 20",
  );
  const named = known.map(({ workload }) => workload).join(", ");
  return `no answering call is selected; choose others with where${named === "" ? "" : ` (the workloads are ${named})`}`;
}
