import type { Taxonomy } from "../measures/causes/causesFile";
import { againNotes, codedLabels, noCause } from "./codedCauses";
import { type CodingPage, codingPage, type NoteCard } from "./codingPage";
import { readCauseFile } from "./importCauses";
import { nextToSimilar, similarNotes } from "./similarNotes";

/** What the page of coding begins with. */
export interface CauseCoding extends CodingPage {
  /** Which notes are to be read again, and why. */
  notes: string[];
  /** The page: it works from disk without network, and saves causes with the notes that are in them. */
  html: string;
}

/**
 * Makes a page on which a person puts the notes that readers of sheets saved in causes.
 *
 * A card is what one reader said of one task, unless that nothing went wrong or that they cannot tell; a note that was coded
 * before begins where it was put.
 *
 * @param files what readers saved
 * @throws RangeError for a file that no page saved or that was changed, for two files of one reader of one sheet, for a
 * coding with tasks that are not on their sheet, and if there is no note
 */
export function causeCoding(files: readonly string[], taxonomy: Taxonomy): CauseCoding {
  const read = new Map<string, string>();
  const answers = files.map((file) => {
    const given = readCauseFile(file);
    const key = JSON.stringify([given.draw.sheet, given.rater_id.trim()]);
    const other = read.get(key);
    if (other !== undefined)
      throw new RangeError(
        `causes code requires one file of each reader of a sheet, got ${other} and ${file} of ${given.rater_id}; give the newer one alone`,
      );
    read.set(key, file);
    const labels = codedLabels(given, taxonomy);
    return { sheet: given.draw.sheet, rater: given.rater_id.trim(), labels, of: given.labels };
  });
  const shown = answers.flatMap(({ sheet, rater, labels, of }) =>
    labels
      .filter(
        (one, at) =>
          one.again !== undefined || one.cause !== of[at].cause.trim() || !noCause.includes(one.cause),
      )
      .map((label) => ({ sheet, rater, label })),
  );
  if (shown.length === 0)
    throw new RangeError("causes code requires notes or causes of readers, got none in these files");
  const known = taxonomy.causes.map(({ name }) => name);
  const added = [...new Set(shown.map(({ label }) => label.cause))].filter(
    (name) => name !== "" && !known.includes(name) && !noCause.includes(name),
  );
  const causes = [...taxonomy.causes, ...added.map((name) => ({ name, definition: "" }))];
  const places = new Map([
    ...causes.map(({ name }, at) => [name, at] as const),
    ...noCause.map((name, at) => [name, -1 - at] as const),
  ]);
  const similar = similarNotes(shown.map(({ label }) => label.note));
  const order = nextToSimilar(similar);
  const placeOf = new Map(order.map((at, place) => [at, place]));
  const cards = order.map((at): NoteCard => {
    const { sheet, rater, label } = shown[at];
    const { cause, ...rest } = label;
    return {
      ...rest,
      ...{ sheet, rater, in: places.get(cause) ?? null },
      similar: similar[at].map((one) => ({ ...one, at: placeOf.get(one.at) ?? 0 })),
    };
  });
  const others = (taxonomy.coded ?? []).flatMap((one) => {
    const here = new Set(
      cards.filter(({ sheet, rater }) => sheet === one.sheet && rater === one.rater_id).map(({ id }) => id),
    );
    const notes = Object.entries(one.notes).filter(([id]) => !here.has(id));
    return notes.length === 0 ? [] : [{ ...one, notes: Object.fromEntries(notes) }];
  });
  const notes = answers.flatMap(({ rater, labels }) => againNotes(rater, labels));
  return { cards, causes, others, notes, html: codingPage({ cards, causes, others }) };
}
