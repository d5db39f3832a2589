/** Names as a list, from "workload, model" or a list; of undefined, undefined. */
export function nameList(names: string | readonly string[]): string[];
export function nameList(names: string | readonly string[] | undefined): string[] | undefined;
export function nameList(names: string | readonly string[] | undefined): string[] | undefined {
  if (names === undefined) return undefined;
  return (typeof names === "string" ? names.split(",") : [...names]).map((one) => one.trim()).filter(Boolean);
}
