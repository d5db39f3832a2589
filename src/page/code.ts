import type { HLJSApi } from "highlight.js";
import { visible } from "../charts/text";
import { escapeHtml } from "./escape";
import { clipped } from "./limits";

let highlighter: HLJSApi | undefined;

/** Source code as coloured HTML; very long code stays plain. */
export function codeHtml(source: string): string {
  const text = visible(clipped(source));
  if (text.length > 20_000) return escapeHtml(text);
  if (!highlighter) {
    highlighter = require("highlight.js/lib/core") as HLJSApi;
    highlighter.registerLanguage("typescript", require("highlight.js/lib/languages/typescript"));
  }
  return highlighter.highlight(text, { language: "typescript", ignoreIllegals: true }).value;
}
