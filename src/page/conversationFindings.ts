import { turnCurves } from "../charts/turnCurves";
import { listed } from "../decide/choose/chooseText";
import { wordLabels } from "../facts/labels";
import { derived } from "../facts/request";
import { select } from "../facts/select";
import type { MeasureRequest } from "../measures/options";
import { groupedBy } from "../measures/rowKey";
import { trajectoriesTurns } from "../measures/service/conversationTurns";
import { counted, grouped, percent } from "../stats/text";
import type { Store } from "../store/open";
import { rowsOf } from "../store/run";
import { agentTasks } from "./agentTasks";
import { countsFigure } from "./failureKinds";
import type { Instead } from "./instead";

/** Maximum number of labels in a sentence, and of kinds of labels that are told. */
const MOST = 3;

/** What conversations and labels say: how long people stay, which tools are used, and what was said of them. */
export interface Conversations extends Required<Pick<Instead, "points" | "more" | "figures">> {
  /** For the headline, a sentence each. */
  said: string[];
  /** True if people or judges said in words what they think of some. */
  isLabelled: boolean;
}

export const noConversations: Conversations = {
  said: [],
  isLabelled: false,
  points: [],
  more: [],
  figures: [],
};

/** What the conversations and tasks of calls say that have no time, cost, outcome or score. */
export async function conversationFindings(store: Store, request: MeasureRequest): Promise<Conversations> {
  const all = derived(request, { by: [] });
  const labels = await labelsOf(store, all);
  const { rows, ...turns } = await trajectoriesTurns(store, all);
  const tasks = await agentTasks(store, request, { isAlone: true });
  const [first] = rows;
  const halved = (end: "value" | "low" | "high") => rows.find(({ going }) => going[end] <= 0.5)?.turn;
  const [over, from, to] = [halved("value"), halved("low"), halved("high")];
  const isMany = first !== undefined && first.conversations > 1 && rows.length > 1;
  return {
    isLabelled: labels.said.length > 0,
    said: [
      ...(isMany && over !== undefined
        ? [
            `Half of ${counted(first.conversations, "conversation")} are over after ${counted(over, "turn")} [${from}, ${to === undefined ? "∞)" : `${to}]`}.`,
          ]
        : tasks.said),
      ...labels.said,
    ],
    points: [...labels.points, ...tasks.points],
    more: tasks.more,
    figures: [
      ...labels.figures,
      ...tasks.figures,
      ...(isMany ? [turnCurves({ ...turns, rows }, { title: "conversations that go on, by turn" })] : []),
    ],
  };
}

/** Labels beyond this number of one name are texts, not kinds. */
const MOST_KINDS = 30;
/** Letters beyond which a label is a text. */
const LONGEST = 60;

/** What people or judges called the calls, tasks and conversations, where that is a word and no number: counts of this log. */
async function labelsOf(
  store: Store,
  request: MeasureRequest,
): Promise<Pick<Conversations, "said" | "points" | "figures">> {
  const { connection, close } = await select(store, request, { population: "all" });
  try {
    await wordLabels(connection);
    const found = await rowsOf<{ name: string; kind: string; n: number }>(
      connection,
      `with own as (
         select name, label as kind, subject_id from word_labels
         where subject_id in (
           select unnest([call_id, task_id, conversation_id]) from selected where chosen)),
       kinds as (select name from own group by name having count(distinct kind) between 2 and ${MOST_KINDS} and max(length(kind)) <= ${LONGEST})
       select name, kind, count(distinct subject_id)::double as n from own where name in (select name from kinds)
       group by all order by name, n desc, kind`,
    );
    const told = [...groupedBy(found, ({ name }) => name)].slice(0, MOST).map(([name, kinds]) => {
      const of = kinds.reduce((sum, { n }) => sum + n, 0);
      const most = kinds.slice(0, MOST).map(({ kind, n }) => `${kind} (${percent(n / of)})`);
      const rest = kinds.length > MOST ? [`${kinds.length - MOST} other kinds`] : [];
      return {
        text: `${name.replaceAll("_", " ")}, of ${grouped(of)} labelled: ${listed([...most, ...rest])}.`,
        figure: countsFigure(kinds, of, {
          title: name.replaceAll("_", " "),
          quantity: "share of those labelled",
        }),
      };
    });
    return {
      said: told.slice(0, 1).map(({ text }) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`),
      points: told.slice(1).map(({ text }) => `Labels: ${text}`),
      figures: told.slice(0, 1).map(({ figure }) => figure),
    };
  } finally {
    close();
  }
}
