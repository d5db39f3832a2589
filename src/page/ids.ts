import { shorten } from "../charts/text";
import { escapeHtml } from "./escape";

/** Table columns that identify one thing in the log, by their titles. */
const columns = {
  "call id": "call",
  "task id": "task",
  "conversation id": "conversation",
  "prompt id": "prompt",
} as const;

/** What an id identifies. */
export type IdKind = (typeof columns)[keyof typeof columns];

/** The ids shown by the tables in some HTML, each with what it identifies. */
export function idsIn(html: string): { id: string; kind: IdKind }[] {
  const found = new Map<string, IdKind>();
  ofCells(html, (id, kind) => {
    found.set(id, kind);
    return undefined;
  });
  return [...found].map(([id, kind]) => ({ id, kind }));
}

/** The same HTML, with each id in its tables linked to its place on the page, if it has one. */
export function linked(html: string, places: ReadonlyMap<string, string>): string {
  return places.size === 0 ? html : ofCells(html, (id) => places.get(id));
}

/** An id as tables show it. */
export const shownId = (id: string): string => shorten(id);

/** Visits each id cell in this library's tables; an id that is given a place becomes a link to it. */
function ofCells(html: string, placeOf: (id: string, kind: IdKind) => string | undefined): string {
  return html.replace(/<table class="fieldnotes-table">[\s\S]*?<\/table>/g, (table) => {
    const heads = [...table.matchAll(/<th scope="col"[^>]*>(.*?)<\/th>/g)].map(([, title]) => text(title));
    if (!heads.some((title) => title in columns)) return table;
    return table.replace(/<tr>(?!<th scope="col")(.*?)<\/tr>/g, (row) => {
      let at = -1;
      return row.replace(
        /<(t[hd])((?: [^>]*)?)><bdi>(.*?)<\/bdi>|<t[hd](?: [^>]*)?>/g,
        (cell, tag, more, shown) => {
          at++;
          const kind = columns[heads[at] as keyof typeof columns];
          if (kind === undefined || shown === undefined || shown === "–") return cell;
          const place = placeOf(text(shown), kind);
          return place === undefined
            ? cell
            : `<${tag}${more}><bdi><a href="#${escapeHtml(place)}">${shown}</a></bdi>`;
        },
      );
    });
  });
}

const characters: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: " ", amp: "&" };

/** The text of a cell, without markup. */
const text = (html: string): string =>
  html
    .replace(/<[^>]*>/g, "")
    .replace(/&(lt|gt|quot|#39|nbsp|amp);/g, (_, name: string) => characters[name])
    .replaceAll("\u00a0", " ");
