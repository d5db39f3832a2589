import { listed } from "../decide/choose/chooseText";
import { type Kind, numberText, type Reservation, reservations, reservationText } from "../stats/reservation";

/** Merges what a table's cells know of themselves into few footnotes: one for each sentence, with the range of its numbers. */
export interface Footnotes {
  /** Takes what a cell knows of itself and returns the marks that stand for it: "a", or "a,c" for two. */
  mark(told: readonly Reservation[]): string;
  /** The footnotes in the order of their marks, numbers that differ as "197 to 580". */
  list(): { mark: string; note: string }[];
}

// Whole numbers and decimals, but not those in names such as p99.9.
const number = /(?<![A-Za-z\d.,])\d[\d,]*(?:\.\d+)?/g;
const quantile = /^p\d[\d.]*$/;

/** Collects the footnotes of one table. */
export function footnotes(): Footnotes {
  const notes = new Map<string, { at: number; same: Reservation[] }>();
  return {
    mark(told) {
      const places = told.map((one) => {
        const key = keyOf(one);
        const note = notes.get(key) ?? { at: notes.size, same: [] };
        note.same.push(one);
        notes.set(key, note);
        return note.at;
      });
      const inOrder = [...new Set(places)].sort((a, b) => a - b);
      return inOrder.map(letters).join(",");
    },
    list: () => [...notes.values()].map(({ at, same }) => ({ mark: letters(at), note: merged(same) })),
  };
}

/** The same for reservations that differ in their numbers alone; which quantile it is counts as a number. */
function keyOf({ id, of, numbers }: Reservation): string {
  const shapes = Object.entries(numbers).map(([name, value]) => {
    const text = numberText(value);
    return [name, quantile.test(text) ? "quantile" : text.split(number).join("#")];
  });
  return JSON.stringify([id, of, shapes]);
}

/** The one sentence of reservations that differ in their numbers alone. */
function merged(same: readonly Reservation[]): string {
  const [first] = same;
  const texts = Object.keys(first.numbers).map((name): [string, string[]] => [
    name,
    [...new Set(same.map(({ numbers }) => numberText(numbers[name])))],
  ]);
  const several = texts.some(([, [text, ...others]]) => quantile.test(text) && others.length > 0);
  const numbers = Object.fromEntries(texts.map(([name, all]) => [name, together(name, all)]));
  const kind: Kind = reservations[first.id];
  return reservationText({ ...first, numbers }, several ? kind.several : undefined);
}

/** Texts that differ in their numbers alone as one, with the range of each number. */
function together(name: string, texts: readonly string[]): string {
  const [first, ...others] = texts;
  if (others.length === 0) return first;
  if (quantile.test(first)) return listed([...texts].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))));
  const parts = first.split(number);
  const numbers = texts.map((text) => text.match(number) ?? []);
  const end = name === "low" || name === "high" ? name : undefined;
  return parts
    .map(
      (part, at) =>
        part +
        range(
          numbers.flatMap((found) => found[at] ?? []),
          end ?? endOf(parts, at),
        ),
    )
    .join("");
}

// "3 to 5" and "4 to 9" merge into "3 to 9".
const between = /^( %)? to $/;
const endOf = (parts: string[], at: number): "low" | "high" | undefined =>
  between.test(parts[at + 1] ?? "") ? "low" : between.test(parts[at]) ? "high" : undefined;

function range(numbers: string[], end: "low" | "high" | undefined): string {
  if (numbers.length === 0) return "";
  const size = (text: string) => Number(text.replaceAll(",", ""));
  const ordered = [...numbers].sort((a, b) => size(a) - size(b));
  const [least, most] = [ordered[0], ordered[ordered.length - 1]];
  if (end !== undefined) return end === "low" ? least : most;
  return least === most ? least : `${least} to ${most}`;
}

function letters(at: number): string {
  const last = String.fromCharCode(97 + (at % 26));
  return at < 26 ? last : letters(Math.floor(at / 26) - 1) + last;
}
