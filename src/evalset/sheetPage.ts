import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { jsonInScript } from "../store/jsonInScript";

/** What is on a page for reviewers. */
interface SheetPage {
  title: string;
  /** A class of the whole page, for its styles. */
  kind?: string;
  /** The file of its own script, which runs after those of all such pages. */
  script: string;
  /** A file of its own styles, after those of all such pages. */
  styles?: string;
  body: string;
  /** What the script reads. */
  data: unknown;
}

/**
 * A page for reviewers in one file: everything it needs is inside, nothing may be loaded or sent, and its one script is
 * allowed by its hash. Texts are data that the script shows as text, never as markup.
 */
export function sheetPage({ title, kind, script, styles, body, data }: SheetPage): string {
  const code = ["reviewText.js", "reviewState.js", "reviewParts.js", script].map(asset).join("");
  const hash = createHash("sha256").update(code).digest("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const css = ["reviewBrowser.css", "reviewScreens.css", ...(styles === undefined ? [] : [styles])];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>
${css.map(asset).join("")}</style>
</head>
<body${kind === undefined ? "" : ` class="${kind}"`}>
${body}
<script type="application/json" id="sheet">${jsonInScript(data)}</script>
<script>${code}</script>
</body>
</html>
`;
}

/** The keys of a page with what each does, and whether they act. */
export function keysPart(keys: readonly (readonly [keys: string, does: string])[]): string {
  const rows = keys.map(
    ([names, does]) =>
      `<div><dt>${names
        .split(" ")
        .map((name) => (name === "\u2026" ? name : `<kbd>${name}</kbd>`))
        .join(" ")}</dt><dd>${does}</dd></div>\n`,
  );
  return `<details id="help" open>
<summary>Keys</summary>
<dl>
${rows.join("")}</dl>
<p class="row"><label><input type="checkbox" id="keys" checked> Single keys act</label></p>
</details>`;
}

function asset(file: string): string {
  return readFileSync(join(__dirname, file), "utf8").replaceAll("\r", "");
}
