import { turnCurves } from "../charts/turnCurves";
import { derived } from "../facts/request";
import { cost } from "../measures/cost/cost";
import type { MeasureRequest } from "../measures/options";
import { trajectoriesTurns } from "../measures/service/conversationTurns";
import type { Table } from "../measures/table";
import type { Store } from "../store/open";
import type { Part } from "./part";

/** How many turns are told: later ones have few conversations. */
const MOST_TURNS = 5;

/** What a page says of conversations, and the tables that it is from. */
export interface Conversations {
  part: Part;
  tables: Record<string, Table>;
}

/** The page tells the notes of all tables in one place. */
const unnoted = (table: Table): Table => ({ ...table, notes: [] });

/** How conversations went, model by model; undefined where no conversation of the log has a second turn. */
export async function conversationPart(
  store: Store,
  measured: MeasureRequest,
): Promise<Conversations | undefined> {
  const request = derived(measured, { by: "model" });
  const turns = await trajectoriesTurns(store, { ...request, limit: MOST_TURNS });
  if (!turns.rows.some(({ turn }) => turn > 1)) return undefined;
  const whole: Table = await cost(store, { ...request, grain: "conversation" });
  return {
    part: {
      title: "Conversations",
      // Behind its title: the page leads with what was asked, and this is read by those who ask for it.
      fold: true,
      paragraphs: [
        "What whole conversations cost, take and come to, and after which turn people stop. A turn that nobody follows up may be the last since all is done, or since somebody gave up: the outcome tells, where the log has one.",
        "A turn is a task with all its calls, or a call without a task. It failed if no call of it went well, or its task is not resolved.",
      ],
      tables: [
        { table: unnoted(whole), caption: "Conversations of each model" },
        { table: unnoted(turns), caption: "Turn by turn", figure: turnCurves(turns), fold: "table" },
      ],
    },
    tables: { conversations: whole, turns },
  };
}
