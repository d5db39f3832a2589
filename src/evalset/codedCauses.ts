import { type CauseDraw, cannotTell, nothingWrong } from "../measures/causes/causeFrame";
import type { Taxonomy } from "../measures/causes/causesFile";
import { listed } from "../stats/text";
import { wrong } from "../store/checked";
import { sha256 } from "./review";

/** What a page of tasks saves. */
export interface CauseFile {
  draw: CauseDraw;
  rater_id: string;
  /** The causes that the sheet offered. */
  causes?: { name: string; definition: string }[];
  /**
   * A label without a cause has a note. Where the task first went wrong: the title, the place and the mark of a step; earlier
   * pages saved its title alone.
   */
  labels: { id: string; cause: string; note: string; step: string; place?: number; mark?: string }[];
}

/** What a reader said of a task, with the cause that counts: where the note was coded, the one it was put in. */
export interface CodedLabel {
  id: string;
  /** The task's place on its sheet, from 1. */
  task: number;
  /** Empty if neither the reader nor the coding named one. */
  cause: string;
  note: string;
  step: string;
  place?: number;
  mark?: string;
  /** A hash of what the reader said. */
  said: string;
  /** The definition that the cause had when it was named; empty if it had none or that is not known. */
  under: string;
  /** Why it is to be read again: its cause's definition changed, or what the reader said did, since it was put in `was`. */
  again?: "definition" | "said";
  was?: string;
}

/**
 * Applies a coding to what a reader said. A note that was put in a cause counts as of it; if the reader has since said
 * something else of the task, what the reader says counts.
 *
 * @throws RangeError if the coding has a task of the sheet that is not on it
 */
export function codedLabels(
  { draw, rater_id, labels, causes: offered = [] }: CauseFile,
  { causes, coded = [] }: Taxonomy,
): CodedLabel[] {
  const places = new Map(draw.tasks.map(({ id }, at) => [id, at + 1]));
  const own = coded.filter(({ sheet }) => sheet === draw.sheet);
  for (const { notes } of own)
    for (const id of Object.keys(notes))
      if (!places.has(id))
        throw wrong(
          "causes: coded",
          `tasks of sheet ${draw.sheet} that are on it`,
          `${id}; was the file changed?`,
        );
  const reader = rater_id.trim();
  const put = new Map(
    own
      .filter((one) => one.rater_id === reader)
      .flatMap(({ cause, definition, notes }) =>
        Object.entries(notes).map(([id, said]) => [id, { cause, definition, said }] as const),
      ),
  );
  const definitions = new Map(causes.map(({ name, definition }) => [name, words(definition)]));
  const offer = new Map(offered.map(({ name, definition }) => [name, definition]));
  return labels.map(({ id, cause: named, note, ...where }): CodedLabel => {
    const said = sha256(JSON.stringify([named, note])).slice(0, 8);
    const before = put.get(id);
    const label = { id, task: places.get(id) ?? 0, note, ...where, said };
    const isCoded = before?.said === said;
    const cause = isCoded ? before.cause : named.trim();
    const under = isCoded ? before.definition : (offer.get(cause) ?? "");
    if (before !== undefined && !isCoded) return { ...label, cause, under, again: "said", was: before.cause };
    const now = definitions.get(cause);
    const isOther = under !== "" && now !== undefined && now !== words(under);
    return { ...label, cause, under, ...(isOther ? { again: "definition", was: cause } : {}) };
  });
}

/** Line breaks and indents are no change of a definition. */
const words = (text: string) => text.trim().replace(/\s+/g, " ");

/** Which tasks of a reader are to be read again, and why, in words. */
export function againNotes(reader: string, labels: readonly CodedLabel[]): string[] {
  const because = {
    definition: (was: string, tasks: string) =>
      `the definition of "${was}" changed after ${tasks} had been read as of it; until read again, they count as they did`,
    said: (was: string, tasks: string) =>
      `${reader} said something else of ${tasks} after the notes had been put in "${was}"; what ${reader} says now counts`,
  };
  return (["definition", "said"] as const).flatMap((why) => {
    const found = labels.filter(({ again }) => again === why);
    return [...new Set(found.map(({ was = "" }) => was))].map((was) => {
      const tasks = found.filter((one) => one.was === was).map(({ task }) => String(task));
      return `Read again: ${because[why](was, `${tasks.length === 1 ? "task" : "tasks"} ${listed(tasks)} (${reader})`)}.`;
    });
  });
}

/** What a reader may say instead of a cause. */
export const noCause: readonly string[] = [nothingWrong, cannotTell];
