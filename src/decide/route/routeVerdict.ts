import type { Row } from "../../measures/table";
import { noCallSelected } from "../../measures/whyEmpty";
import { isSettled } from "../../stats/claim";
import { beyondRounding } from "../../stats/rounding";
import { say } from "../../stats/sentences";
import { daysText } from "../../stats/text";
import { brief, listed, withUnit } from "../choose/chooseText";
import type { Floor } from "../profile/criterion";
import type { RouteCandidate } from "./routePick";
import type { Routes } from "./routes";

/**
 * Where the requests should go and what that saves, in a sentence or two; if that is unknown, why.
 *
 * @param routes as returned by `route`
 */
export function routeVerdict(
  { rows, by, flagship, margin, candidates, total, claim }: Omit<Routes, "verdict" | "notes" | "measure">,
  floors: readonly Floor[],
): string {
  if (rows.length === 0) return noCallSelected;
  if (flagship === null || !(total.covered > 0))
    return say("route.nothing", {
      who: flagship === null ? "no model has enough" : `${flagship} has too few`,
    });
  const models = new Set(candidates.map(({ model }) => model));
  if (models.size === 1) return say("route.only", { model: flagship });
  const name = (row: Row) => by.map((column) => String(row[column] ?? `no ${column}`)).join(", ");
  const ifAlike = heldBack({ rows, candidates, flagship }, name);
  const moved = rows.filter(({ model }) => model !== null && model !== flagship);
  const part =
    total.covered < 1 - 1e-9
      ? `, for the ${brief(100 * total.covered)} % of the tasks that can be judged`
      : "";
  if (moved.length === 0) {
    const keep =
      floors.length > 0 ? "keep the floor" : `resolve within ${brief(100 * margin)} points of ${flagship}`;
    return `${say("route.stays", { keep, model: flagship, part })}${why(candidates, flagship)}${ifAlike}`;
  }
  const { saving, saving_share, cost_flagship, days } = total;
  const money = (x: number) => brief(beyondRounding(x, cost_flagship.value));
  const ends = [saving.low, saving.high].every(Number.isFinite)
    ? ` (${money(saving.low)} to ${money(saving.high)})`
    : "";
  const span = Number.isFinite(days) && days > 0 ? ` in ${daysText(days)}` : "";
  const where = moved.map((row) => [name(row), row.model].filter(Boolean).join(" to "));
  const amount = `${money(saving.value)} USD${ends} of ${withUnit(cost_flagship.value, "USD")}`;
  const share = withUnit(saving_share.value, "1");
  const values = { amount, span, share, model: flagship, part, where: listed(where) };
  const isIfAssigned = claim.needs === "random-assignment";
  const ifAssigned = isIfAssigned ? ` ${say("route.assigned", {})}` : "";
  return say(isSettled(claim) || isIfAssigned ? "route.saved" : "route.open", values) + ifAssigned + ifAlike;
}

/** The moves that wait for what nobody reported, and from which reporting on they would be right. */
function heldBack(
  { rows, candidates, flagship }: Pick<Routes, "rows" | "candidates" | "flagship">,
  name: (row: Row) => string,
): string {
  const held = rows.flatMap((row) =>
    row.model === flagship && row.claim.status === "leads if"
      ? candidates.filter(({ claim }) => claim === row.claim)
      : [],
  );
  const moves = held.map((one) => {
    const from =
      one.claim?.lost_below === undefined
        ? "if outcomes are reported alike"
        : `if its failures are reported at least ${one.claim.lost_below.toPrecision(2)} times as often as those of ${flagship}`;
    return `${[name(one), one.model].filter(Boolean).join(" to ")}, ${from}`;
  });
  return moves.length === 0 ? "" : ` ${say("route.unreported", { moves: moves.join("; ") })}`;
}

/** The objection to every other model, if it is the same for all. */
function why(candidates: readonly RouteCandidate[], flagship: string): string {
  const others = candidates.filter(({ model, passes }) => model !== flagship && !passes);
  const reasons = new Set(others.map(({ fails }) => fails));
  return others.length > 0 && reasons.size === 1
    ? ` ${say("route.others", { why: [...reasons].join("") })}`
    : "";
}
