import { join } from "node:path";
import { factsView } from "../../facts/place";
import { didYouMean } from "../../store/nearest";
import type { Store } from "../../store/open";
import { quoteText } from "../../store/quote";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";

const sql = statements<"workloads">(join(__dirname, "choose.sql"));

/** The calls that a profile applies to. */
export interface Place {
  /** The workload's name, for a sentence; empty if the logs name none. */
  label: string;
  /** A predicate that selects its calls. */
  where?: string;
  notes: string[];
}

/**
 * The workload that a profile applies to, among those of the store. A pattern with `*` must match exactly one;
 * names may be several.
 *
 * @param given the workloads to use instead of the profile's, as a list or "chat,support"
 */
export async function placeOf(
  store: Store,
  profile: { name: string; workload?: string | readonly string[] },
  given?: string | readonly string[],
): Promise<Place> {
  const wanted =
    given === undefined
      ? [profile.workload ?? []].flat()
      : [given].flat().flatMap((one) => one.split(",").map((name) => name.trim()));
  if (wanted.length === 0) return { label: "", notes: [] };
  await factsView(store.connection);
  const found = (await rowsOf<{ workload: string }>(store.connection, sql.workloads)).map(
    ({ workload }) => workload,
  );
  if (found.length === 0) {
    if (given === undefined)
      return { label: "", notes: ["No call names its workload: the profile is applied to all calls."] };
    throw new RangeError(`choose requires calls of the workload ${wanted.join(", ")}, and no call names one`);
  }
  const fitting = new Set<string>();
  for (const pattern of wanted) {
    const fits = found.filter((name) => fit(pattern, name));
    if (pattern.includes("*") && fits.length > 1 && !fits.includes(profile.name)) {
      throw new RangeError(
        `choose requires one workload for the profile "${profile.name}", got ${fits.join(", ")}; choose with --workload ${fits[0]}, or name several: --workload ${fits.join(",")}`,
      );
    }
    for (const name of fits.includes(profile.name) ? [profile.name] : fits) fitting.add(name);
    // Patterns are guesses at a team's name for its workload: the first that matches is used.
    if (pattern.includes("*") && fits.length > 0) break;
  }
  if (fitting.size === 0) {
    const hint = wanted.length === 1 ? didYouMean(wanted[0], found) : "";
    const next = hint || `; the store holds ${found.slice(0, 12).join(", ")}: choose one with --workload`;
    throw new RangeError(
      `choose requires calls of the workload ${wanted.map((one) => `"${one}"`).join(" or ")}, got none${next}`,
    );
  }
  const names = [...fitting];
  return { label: names.join(", "), where: `workload in (${names.map(quoteText).join(", ")})`, notes: [] };
}

function fit(pattern: string, name: string): boolean {
  if (!pattern.includes("*")) return pattern === name;
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "is").test(name);
}
