import { select } from "../../facts/select";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/run";
import type { MeasureRequest } from "../options";

/**
 * Maps each candidate to the one model that it uses, which is the name on benchmarks. A candidate with several models
 * or none has no benchmark score. Empty if models themselves are compared.
 */
export async function modelOfCandidates(store: Store, request: MeasureRequest): Promise<Map<string, string>> {
  if (request.candidate === undefined) return new Map();
  const selection = await select(store, request, { by: "model", population: "all" });
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
