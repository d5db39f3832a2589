import type { IOptions } from "sanitize-html";

const CLASSES = ["fieldnotes-*", "number", "interval", "unit", "again"];

/** What a cell's HTML may contain: text, tables and embedded pictures. No style, no script, no address. */
const ALLOWED: IOptions = {
  allowedTags: [
    ..."h3 h4 h5 h6 p div span br hr pre code blockquote ul ol li dl dt dd strong b em i u s small sub sup bdi abbr mark".split(
      " ",
    ),
    ..."table caption colgroup col thead tbody tfoot tr th td figure figcaption details summary a img".split(
      " ",
    ),
  ],
  allowedAttributes: {
    "*": ["title", "lang", "dir", "class"],
    th: ["scope", "colspan", "rowspan"],
    td: ["colspan", "rowspan"],
    a: ["href", "rel"],
    img: ["src", "alt", "width", "height"],
    details: ["open"],
  },
  allowedClasses: { "*": CLASSES },
  allowedSchemes: ["http", "https", "mailto"],
  allowedSchemesByTag: { img: ["data"] },
  allowProtocolRelative: false,
  // Their text is code, not prose: dropped with them.
  nonTextTags: [
    "script",
    "style",
    "textarea",
    "option",
    "noscript",
    "template",
    "iframe",
    "object",
    "svg",
    "math",
    "title",
  ],
  nestingLimit: 50,
  transformTags: {
    a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: "noreferrer noopener" } }),
    h1: "h3",
    h2: "h3",
  },
  exclusiveFilter: ({ tag, attribs }) =>
    tag === "img" && !/^data:image\/(png|jpeg|gif|webp);base64,/i.test(attribs.src ?? ""),
};

let sanitize: typeof import("sanitize-html") | undefined;

/** Removes from a cell's HTML output everything that could run, load or restyle the page. */
export function sanitized(html: string): string {
  sanitize ??= require("sanitize-html") as typeof import("sanitize-html");
  return sanitize(html.replaceAll("\u0000", "�"), ALLOWED);
}
