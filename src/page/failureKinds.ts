import { listed } from "../decide/choose/chooseText";
import { derived } from "../facts/request";
import { select } from "../facts/select";
import type { MeasureRequest } from "../measures/options";
import { isEstimate, type Table } from "../measures/table";
import { counted, percent } from "../stats/text";
import type { Store } from "../store/open";
import { rowsOf } from "../store/run";

/** A share of failed calls from which a page says what failed. */
const MANY_FAIL = 0.1;
/** Maximum number of kinds in a sentence. */
const MOST = 3;

/** What the log gives as the reasons of failed calls, where some model fails in many: counts of this log. */
export async function failureKinds(
  store: Store,
  measured: MeasureRequest,
  { rows }: Table,
): Promise<string[]> {
  const isMany = rows.some(({ error_rate: rate }) => isEstimate(rate) && rate.low >= MANY_FAIL);
  if (!isMany) return [];
  const { connection, close } = await select(store, derived(measured, { by: [] }), {});
  try {
    const kinds = await rowsOf<{ kind: string; n: number }>(
      connection,
      `select coalesce(nullif(error_type, ''), 'HTTP ' || http_status::varchar, nullif(status, 'error'), 'no reason given') as kind,
         count(*)::double as n
       from selected where chosen and status not in ('ok', 'cancelled')
       group by kind order by n desc, kind`,
    );
    const failed = kinds.reduce((sum, { n }) => sum + n, 0);
    if (failed === 0) return [];
    const told = kinds.slice(0, MOST).map(({ kind, n }) => `${percent(n / failed)} ${kind}`);
    const rest = kinds.slice(MOST);
    const share = percent(rest.reduce((sum, { n }) => sum + n, 0) / failed);
    const left = rest.length > 0 ? [`${share} of ${counted(rest.length, "other kind")}`] : [];
    return [`Reasons: of ${counted(failed, "failed call")}, ${listed([...told, ...left])}.`];
  } finally {
    close();
  }
}
