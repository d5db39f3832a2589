import { escapeHtml } from "./escape";
import { anchorHtml } from "./slug";

type MarkdownIt = ReturnType<typeof import("markdown-it")>;
type Token = ReturnType<MarkdownIt["parse"]>[number];

let parser: MarkdownIt | undefined;

/**
 * Renders Markdown without its HTML, without external pictures, and with links only to http(s), mail or the page
 * itself.
 */
function markdownIt(): MarkdownIt {
  if (parser) return parser;
  const create = require("markdown-it") as typeof import("markdown-it");
  parser = create({ html: false, linkify: false, typographer: false, maxNesting: 40 });
  parser.validateLink = (address) =>
    /^(https?:\/\/|mailto:|#)/i.test(address.trim()) ||
    /^data:image\/(png|jpeg|gif|webp);base64,/i.test(address.trim());
  parser.renderer.rules.image = (tokens, at) => {
    const source = String(tokens[at]!.attrGet("src") ?? "");
    const words = tokens[at]!.content;
    // An external picture would call home: its alt text replaces it.
    if (!source.startsWith("data:")) return `<em>${escapeHtml(words || "picture")}</em>`;
    return `<img src="${escapeHtml(source)}" alt="${escapeHtml(words)}">`;
  };
  parser.renderer.rules.link_open = (tokens, at, options, _env, self) => {
    const token = tokens[at]!;
    // A link to a picture's embedded data would open as a page of its own.
    if (String(token.attrGet("href") ?? "").startsWith("data:")) token.attrSet("href", "#");
    token.attrSet("rel", "noreferrer noopener");
    return self.renderToken(tokens, at, options);
  };
  parser.renderer.rules.heading_close = (tokens, at, options, _env, self) => {
    const id = tokens[at - 2]?.attrGet("id");
    return (id ? ` ${anchorHtml(String(id))}` : "") + self.renderToken(tokens, at, options);
  };
  parser.renderer.rules.table_open = () =>
    '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>\n';
  parser.renderer.rules.table_close = () => "</table></div>\n";
  return parser;
}

/** Pictures attached to a cell, and the function that assigns heading ids; without it headings have none. */
export interface ProseOptions {
  attachments?: Record<string, Record<string, string>>;
  idOf?: (title: string) => string;
}

/** Prose as HTML; headings are moved below the page's own. */
export function markdownHtml(text: string, { attachments, idOf }: ProseOptions = {}): string {
  return render(parse(text, attachments), idOf);
}

/** Splits off a text's first heading: the heading as HTML and as plain text, and the rest as HTML. */
export function headingAndRest(
  text: string,
  { attachments, idOf }: ProseOptions = {},
): { heading?: { html: string; text: string }; rest: string } {
  const tokens = parse(text, attachments);
  const at = tokens.findIndex(({ type }) => type === "heading_open");
  if (at < 0) return { rest: render(tokens, idOf) };
  const inline = tokens[at + 1]!;
  const words = wordsOf(inline);
  const html = markdownIt().renderer.render([inline], markdownIt().options, {});
  return {
    heading: { html, text: words },
    rest: render([...tokens.slice(0, at), ...tokens.slice(at + 3)], idOf),
  };
}

const wordsOf = (inline: Token) =>
  (inline.children ?? []).map(({ type, content }) => (type === "softbreak" ? " " : content)).join("");

function parse(text: string, attachments: ProseOptions["attachments"] = {}): Token[] {
  const inside = text.replace(/\(attachment:([^)\s]+)\)/g, (whole, name: string) => {
    const [type, data] = Object.entries(attachments[decoded(name)] ?? {})[0] ?? [];
    return type && /^image\/(png|jpeg|gif|webp)$/.test(type) && typeof data === "string"
      ? `(data:${type};base64,${data.replace(/\s/g, "")})`
      : whole;
  });
  return markdownIt().parse(inside, {});
}

function render(tokens: Token[], idOf?: (title: string) => string): string {
  for (const [at, token] of tokens.entries()) {
    if (token.type !== "heading_open" && token.type !== "heading_close") continue;
    token.tag = `h${Math.min(6, Math.max(3, Number(token.tag.slice(1)) + 1))}`;
    if (idOf && token.type === "heading_open") token.attrSet("id", idOf(wordsOf(tokens[at + 1]!)));
  }
  return markdownIt().renderer.render(tokens, markdownIt().options, {});
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
