import { forest } from "../charts/forest";
import { derived } from "../facts/request";
import { nothingWrong, storedDraws } from "../measures/causes/causeFrame";
import { orderNotes, todayNotes } from "../measures/causes/causeNotes";
import { type CauseRow, causes } from "../measures/causes/causes";
import type { MeasureRequest } from "../measures/options";
import type { Table } from "../measures/table";
import { counted } from "../stats/text";
import type { Store } from "../store/open";
import type { Part } from "./part";

/** How many causes are told: what to fix is among the first. */
const MOST_CAUSES = 3;

/** What a page says of why tasks fail, and the table that it is from. */
export interface ReadCauses {
  part: Part;
  tables: Record<string, Table<CauseRow>>;
}

/** Why tasks fail, of all models together; undefined where nobody named a cause for a task. */
export async function causesPart(store: Store, measured: MeasureRequest): Promise<ReadCauses | undefined> {
  if ((await storedDraws(store)).length === 0) return undefined;
  const { order, resolved, ...table } = await causes(store, derived(measured, { by: undefined }));
  const first = table.rows.filter((row) => row.cause !== nothingWrong && row.tasks_read > 0);
  const rows = first.slice(0, MOST_CAUSES);
  if (rows.length === 0) return undefined;
  const shown = { ...table, rows, notes: [] };
  return {
    part: {
      title: "Why tasks fail",
      fold: true,
      paragraphs: [
        "What people found who read a drawn part of the tasks: each counts for as many as its chance of being drawn says.",
        [
          ...todayNotes(resolved),
          "The share resolved at most is what a fix is worth if the cause vanished: it is a bound, as a task may still fail from another cause.",
        ].join(" "),
      ],
      points: orderNotes(order.slice(0, 1)),
      tables: [
        {
          table: shown,
          caption:
            rows.length < first.length
              ? `The first ${rows.length} of ${counted(first.length, "cause")}`
              : "The causes that were found",
          figure: forest(shown, {
            value: "share_of_failed",
            label: "cause",
            quantity: "share of failed tasks",
            title: "Share of failed tasks, by cause",
          }),
        },
      ],
    },
    tables: { causes: table },
  };
}
