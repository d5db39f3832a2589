import type { Figure } from "../charts/figure";
import { forestFigure } from "../charts/forest";
import { lineOf } from "../charts/lines";
import { fittedApart } from "../charts/text";
import { listed } from "../decide/choose/chooseText";
import { derived } from "../facts/request";
import { select } from "../facts/select";
import type { MeasureRequest } from "../measures/options";
import { isEstimate, type Table } from "../measures/table";
import { counted, percent } from "../stats/text";
import type { Store } from "../store/open";
import { rowsOf } from "../store/run";
import { failsMostly, failsOften } from "./failing";

/** Maximum number of kinds in a sentence. */
const MOST = 3;
/** Maximum number of kinds in a figure. */
const MOST_DRAWN = 8;
/** Letters of a kind that leave a small figure room. */
const LONGEST = 22;
const UNKNOWN = "no reason given";

/** What failed calls failed by. */
export interface FailureKinds {
  /** For the headline, where most calls fail. */
  said: string[];
  points: string[];
  figures: Figure[];
}

export const noFailures: FailureKinds = { said: [], points: [], figures: [] };

/** What the log gives as the reasons of failed calls, where some model fails in many: counts of this log. */
export async function failureKinds(
  store: Store,
  measured: MeasureRequest,
  { rows }: Table,
): Promise<FailureKinds> {
  const isMany = rows.some(({ error_rate: rate }) => isEstimate(rate) && failsOften(rate));
  if (!isMany) return noFailures;
  const { connection, close } = await select(store, derived(measured, { by: [] }), {});
  try {
    const kinds = await rowsOf<{ kind: string; n: number }>(
      connection,
      `select coalesce(nullif(error_type, ''), 'HTTP ' || http_status::varchar, nullif(status, 'error'), '${UNKNOWN}') as kind,
         count(*)::double as n
       from selected where chosen and status not in ('ok', 'cancelled')
       group by kind order by n desc, kind`,
    );
    const failed = kinds.reduce((sum, { n }) => sum + n, 0);
    // A log that gives no reason has none to count.
    if (kinds.every(({ kind }) => kind === UNKNOWN)) return noFailures;
    const told = kinds.slice(0, MOST).map(({ kind, n }) => `${percent(n / failed)} ${quotedKind(kind)}`);
    const rest = kinds.slice(MOST);
    const share = percent(rest.reduce((sum, { n }) => sum + n, 0) / failed);
    const left = rest.length > 0 ? [`${share} of ${counted(rest.length, "other kind")}`] : [];
    const text = `of ${counted(failed, "failed call")}, ${listed([...told, ...left])}`;
    return isMost(rows)
      ? { said: [`O${text.slice(1)}.`], points: [], figures: [countsFigure(kinds, failed, reasons)] }
      : { said: [], points: [`Reasons: ${text}.`], figures: [] };
  } finally {
    close();
  }
}

/** A code of digits alone would read as a number. */
const quotedKind = (kind: string): string => (/^\d/.test(kind) ? `"${kind}"` : kind);

/** True if every model's calls mostly fail: then why is what a reader needs first. */
const isMost = (rows: Table["rows"]): boolean =>
  rows.every(({ error_rate: rate }) => isEstimate(rate) && failsMostly(rate));

/** The kinds side by side: counts of this log, which have no interval. */
export function countsFigure(
  kinds: readonly { kind: string; n: number }[],
  of: number,
  { title, quantity }: { title: string; quantity: string },
): Figure {
  const shown = kinds.slice(0, MOST_DRAWN);
  const beside = fittedApart(
    shown.map(({ kind }) => kind),
    LONGEST,
  );
  const lines = shown.map(({ kind, n }, at) => ({
    ...lineOf({ kind }, ["kind"]),
    beside: beside[at],
    estimate: {
      ...share(n, of),
      level: 0.95,
      method: "count",
      n: of,
      clusters: of,
      clusterBy: "",
    },
  }));
  return forestFigure(lines, { quantity, title, also: [0] });
}

const reasons = { title: "reasons of failures", quantity: "share of failed calls" };

const share = (n: number, of: number) => ({ value: n / of, low: n / of, high: n / of, unit: "1" });
