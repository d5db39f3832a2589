// Texts of a review sheet: as a reviewer sees them, and as labels are saved.

// Invisible characters, and those that change the direction of a text, are shown as a mark.
function visible(text) {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/g, "\ufffd");
}

// Adds line breaks only: nothing in a string or a number changes.
function indentedJson(text) {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  let depth = 0;
  const line = (change) => `\n${"  ".repeat(Math.min(20, (depth += change)))}`;
  return text.replace(/"(?:[^"\\]|\\.)*"|\s+|\{\s*\}|\[\s*\]|[{}[\],:]/g, (one) => {
    if (one === "{" || one === "[") return one + line(1);
    if (one === "}" || one === "]") return line(-1) + one;
    if (one === ",") return one + line(0);
    if (one === ":") return ": ";
    return one.trim() === "" ? "" : one;
  });
}

// The saved labels: as JSON for `evalset import`, or the same as CSV.
function labelsText(kind, { sheet, score, rater_id, labels }) {
  if (kind === "json")
    return `${JSON.stringify({ fieldnotes: "labels", sheet, score, rater_id, labels }, null, 1)}\n`;
  const field = (text) => `"${String(text).replaceAll('"', '""')}"`;
  const lines = labels.map((one) => [one.review_id, field(score), one.value ?? "u", one.label, field(rater_id)].join(","));
  return ["review_id,score,value,label,rater_id", ...lines].map((line) => `${line}\r\n`).join("");
}
