import sanitize from "sanitize-html";
import { blocksOf } from "../src/page/table";

/** The width in pixels that code hosts give a page's text when their window is 1,200 wide. */
export const ROOM = 830;
/** The padding and borders of a cell there, and the width of a bold letter of a wide font at 16 pixels. */
const [PADDING, LETTER] = [28, 9.8];

const tags = "table thead tbody tr th td sup sub br ul ol li p strong em code pre details summary".split(" ");

/**
 * The HTML of a cell's output as Markdown of code hosts takes it: no styles, classes or captions; and since a host cuts
 * off what is too wide, tables in parts that each fit, with the names of the rows in front of every part.
 *
 * @param dropped the class of paragraphs that are left out
 */
export function plainTables(html: string, dropped: string): string {
  const kept = sanitize(html.replace(/<caption>([\s\S]*?)<\/caption>/g, ""), {
    allowedTags: tags,
    allowedAttributes: {},
    nonTextTags: ["style", "script", "svg"],
    exclusiveFilter: ({ tag, attribs }) => tag === "p" && (attribs.class ?? "").includes(dropped),
    transformTags: {
      span: (_, { class: of }) => ({ tagName: of === "interval" ? "sub" : "span", attribs: {} }),
    },
  });
  const [, caption] = /<caption>([\s\S]*?)<\/caption>/.exec(html) ?? [];
  const plain = kept
    .replace(/<sub>/g, "<br><sub>")
    .replace(/<table>([\s\S]*?)<\/table>/g, (_, inside: string) => inParts(inside))
    // A blank line would end the HTML, and a space at a line's start may make code of it.
    .replace(/^\s+/gm, "")
    .replace(/\n{2,}/g, "\n")
    .trim();
  return caption === undefined ? plain : `**${caption}**\n\n${plain}`;
}

const cellsOf = (row: string) =>
  [...row.matchAll(/<(th|td)>([\s\S]*?)<\/\1>/g)].map(([all, tag, text]) => ({ all, tag, text }));

function inParts(table: string): string {
  const [head = [], ...body] = [...table.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row]) => cellsOf(row));
  const columns = head.map((_, at) => ({ by: body[0]?.[at]?.tag === "th" }));
  const full = columns.map((_, at) =>
    Math.max(...[head, ...body].map((row) => narrowest(row[at]?.text ?? ""))),
  );
  return blocksOf(columns, full, ROOM)
    .map((places) => {
      const row = (cells: { all: string }[]) =>
        `<tr>${places.map((at) => cells[at]?.all ?? "").join("")}</tr>`;
      return `<table>\n<thead>${row(head)}</thead>\n<tbody>\n${body.map(row).join("\n")}\n</tbody>\n</table>`;
    })
    .join("\n");
}

/** The width of a cell whose text is broken wherever it has a space. */
function narrowest(html: string): number {
  const words = html
    .replace(/<br>/g, " ")
    .replace(/<[^>]*>/g, "")
    .replace(/&[a-z]+;/g, "-")
    // A space that does not break is part of its word.
    .split(/[ \n]+/);
  // Bars of characters are drawn wider than letters.
  const width = (word: string) => [...word].length + (word.match(/[\u2500-\u259f]/g) ?? []).length / 2;
  return PADDING + LETTER * Math.max(0, ...words.map(width));
}
