import { select } from "../../facts/select";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/run";
import type { MeasureOptions } from "../options";

/**
 * The one model that each candidate is made of, by which benchmarks know it. A candidate of several models or of none has
 * no benchmark's score, and where bare models are compared there is nothing to tell.
 */
export async function modelOfCandidates(
  store: Store,
  { candidate, where, timezone }: Pick<MeasureOptions, "candidate" | "where" | "timezone">,
): Promise<Map<string, string>> {
  if (candidate === undefined) return new Map();
  const selection = await select(store, { by: "model", candidate, where, timezone, population: "all" });
  try {
    const rows = await rowsOf<{ candidate: string; model: string }>(
      selection.connection,
      `select model as candidate, any_value(bare_model) as model from selected
       where bare_model is not null group by model having count(distinct bare_model) = 1`,
    );
    return new Map(rows.map((one) => [one.candidate, one.model]));
  } finally {
    selection.close();
  }
}
