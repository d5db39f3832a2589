/** Names as a list, from "workload, model" or a list; undefined if given undefined. */
export function nameList(names: string | readonly string[]): string[];
export function nameList(names: string | readonly string[] | undefined): string[] | undefined;
export function nameList(names: string | readonly string[] | undefined): string[] | undefined {
  if (names === undefined) return undefined;
  return (typeof names === "string" ? parts(names) : [...names]).map((one) => one.trim()).filter(Boolean);
}

// A comma in brackets or quotes does not separate names: day=date_trunc('day', started_at).
function parts(text: string): string[] {
  const found = [""];
  let depth = 0;
  for (const [token] of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[\s\S]/g)) {
    if (token === "(" || token === "[" || token === "{") depth += 1;
    else if (token === ")" || token === "]" || token === "}") depth -= 1;
    if (token === "," && depth <= 0) found.push("");
    else found[found.length - 1] += token;
  }
  return found;
}
