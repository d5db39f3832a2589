import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Pages of this machine may show the page in a frame: a notebook does. */
const framedBy = ["http://127.0.0.1:*", "http://localhost:*", "https://127.0.0.1:*", "https://localhost:*"];

/** The page, which asks for all that it shows, and the policy that it is shown under: nothing else is loaded or asked. */
export function lookPage(): { html: string; policy: string } {
  const nonce = randomBytes(16).toString("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${framedBy.join(" ")}`,
  ].join("; ");
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>fieldnotes look</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">
${asset("browser/look.css")}${asset("../page/browser/weights.css")}</style>
</head>
<body>
<noscript><p>This page needs JavaScript.</p></noscript>
<header>
<h1>Look</h1>
<p id="log"></p>
</header>
<main id="look"></main>
<script nonce="${nonce}">
${programs.map((name) => asset(`${name}.js`)).join("")}</script>
</body>
</html>
`;
  return { html, policy };
}

/** In this order: each takes from those before it. */
const programs = [
  "browser/elements",
  "browser/asking",
  "browser/brush",
  "browser/pictures",
  "../page/browser/weights",
  "browser/look",
];

const read = new Map<string, string>();

function asset(name: string): string {
  const known = read.get(name);
  if (known !== undefined) return known;
  const text = readFileSync(join(__dirname, name), "utf8").replaceAll("\r", "");
  read.set(name, text);
  return text;
}
