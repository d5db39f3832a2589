import { normalQuantile } from "../../stats/normal";
import { say } from "../../stats/sentences";
import { daysText, levelText } from "../../stats/text";
import type { Criterion } from "../profile/criterion";
import { isUnsure } from "./chooseEstimates";
import type { ChoiceRow, Traffic } from "./chooseTable";
import { amount, besideMeasured, brief, chance, listed } from "./chooseText";
import { inUnits } from "./inUnits";

interface Settled {
  /** Models that pass first, the most likely best at the top. */
  rows: readonly ChoiceRow[];
  /** Their utilities' joint draws, in the same order. */
  draws: readonly Float64Array[];
  criteria: readonly Criterion[];
  label: string;
  traffic: Traffic;
  level: number;
  p_none: number;
  /** Why the choice is open whatever the probabilities are. */
  open?: string;
  /** The draws in each case that may be, and in which the choice would be another; those of a model without any are empty. */
  turned?: readonly (readonly Float64Array[])[];
}

/** Traffic beyond this multiple is not worth waiting for. */
const MOST_TIMES = 50;
/** A model is named as a rival from this probability of being the best. */
const RIVAL = 0.05;

/** The answer in words, with money and seconds; `best` only if it is settled. */
export function verdictOf(given: Settled): { best: string | null; text: string } {
  const { rows, criteria, label, level } = given;
  const place = label === "" ? "" : ` for ${label}`;
  const compared = rows.filter((row) => !Number.isNaN(row.p_best));
  const passing = compared.filter((row) => row.passes);
  const unsure = unsureOf(rows, criteria);
  if (compared.length < 2 && unsure !== undefined)
    return {
      best: null,
      text: `${say("choose.leftOpen", { place, why: unsure })} ${say("choose.keep", {})}`,
    };
  const [first] = passing;
  if (first === undefined) {
    const why = rows
      .slice(0, 3)
      .map((row) => `${row.name} (${row.fails.join("; ") || "not every criterion is known"})`);
    const [likely] = compared;
    const more =
      likely !== undefined && likely.p_best >= RIVAL
        ? ` ${say("choose.likely", { model: likely.name, chance: chance(likely.p_best) })}`
        : "";
    return { best: null, text: `${say("choose.none", { place, why: why.join(", ") })}${more}` };
  }
  const facts = (row: ChoiceRow) =>
    criteria
      .map((criterion) => {
        const estimate = row.criteria[criterion.metric];
        return `${amount(criterion, estimate)}${besideMeasured(estimate, row.as_measured[criterion.metric])}`;
      })
      .join(", ");
  const open = openFloors(compared);
  if (rows.length === 1) {
    const best = first.p_best >= level ? first.name : null;
    return { best, text: say("choose.only", { model: first.name, place, facts: facts(first) }) };
  }
  const values = { model: first.name, place, facts: facts(first) };
  if (given.open !== undefined && first.p_best >= RIVAL) {
    const lead = say("choose.open", { ...values, why: given.open });
    return { best: null, text: `${lead} ${first.name}: ${facts(first)}.${meanwhile(given, first)}` };
  }
  if (first.p_best >= level) {
    const sure = `${chance(first.p_best)}${amongCompared(rows)}`;
    return { best: first.name, text: say("choose.best", { ...values, chance: sure }) };
  }
  const rivals = passing.slice(1).filter((row) => row.p_best >= RIVAL);
  if (rivals.length === 0 && passing.length === 1 && open === "") {
    const sure = given.p_none > 0 ? `; it keeps the floors with a chance of ${chance(1 - given.p_none)}` : "";
    return { best: null, text: say("choose.onlyPasses", { ...values, sure }) };
  }
  const named = [first, ...rivals.slice(0, 2)];
  const said = (row: ChoiceRow) => `${facts(row)}; the best with a chance of ${chance(row.p_best)}`;
  const each = named.map((row) => `${row.name} (${said(row)})`);
  const more = rivals.length > 2 ? [`${rivals.length - 2} more`] : [];
  const settle = rivals.length === 0 ? "" : ` ${settleText(given, first, rivals)}`;
  const lead = passing.length === 1 ? say("choose.onlyShown", values) : say("choose.leads", values);
  const head =
    rivals.length === 0
      ? `${lead}: ${said(first)}`
      : `${say("choose.between", { ...values, models: listed([...named.map(({ name }) => name), ...more]) })}: ${each.join("; ")}`;
  return { best: null, text: `${head}.${settle}${meanwhile(given, first)}${open}` };
}

/** Names who is not compared, and might be better; empty if nobody is left out. */
function amongCompared(rows: readonly ChoiceRow[], isKnown = (_: number) => false): string {
  const left = rows.filter((row, i) => row.passes && Number.isNaN(row.p_best) && !isKnown(i));
  return left.length === 0 ? "" : `, of those compared: not ${listed(left.map(({ name }) => name))}`;
}

/**
 * What to use while a choice is open, and what that may give up at most, as the numbers are and where what is not known
 * turns it; or that nothing bounds it, as where each model has days of its own. Empty if nothing is comparable with it.
 */
function meanwhile({ rows, draws, criteria, level, turned = [], open }: Settled, first: ChoiceRow): string {
  const at = rows.indexOf(first);
  const losses = [draws, ...turned].map((of) => mostLost(of, at, level)).filter((lost) => lost > 0);
  const worth = losses.length === 0 ? "" : inUnits(Math.max(...losses), criteria, first);
  const others = amongCompared(rows, (i) => turned.some((of) => of[i].length > 0));
  if (worth === "") return open === undefined ? "" : ` ${say("choose.ahead", { model: first.name })}`;
  return ` ${say("choose.givesUp", { model: first.name, worth, level: levelText(level), others })}`;
}

/** How much better than a model another may be at most, at a level; NaN if none can be compared with it. */
function mostLost(draws: readonly Float64Array[], at: number, level: number): number {
  const rivals = draws.filter((own, i) => i !== at && own.length > 0);
  if (rivals.length === 0) return Number.NaN;
  const losses = draws[at].map((own, i) => Math.max(0, ...rivals.map((rival) => rival[i] - own)));
  return losses.sort()[Math.min(losses.length - 1, Math.floor(level * losses.length))];
}

/** Models whose numbers rest on too few independent units for a comparison. */
function unsureOf(rows: readonly ChoiceRow[], criteria: readonly Criterion[]): string | undefined {
  const found = rows.flatMap((row) => {
    if (!Number.isNaN(row.p_best)) return [];
    const one = criteria.map(({ metric }) => row.criteria[metric]).find((own) => own && isUnsure(own));
    return one === undefined ? [] : [{ name: row.name, note: one.note ?? "too few of them are known" }];
  });
  if (found.length === 0) return undefined;
  const numbers = found.length === 1 ? "the numbers" : "numbers";
  return `${numbers} of ${listed(found.map(({ name }) => name))} cannot show how others would differ (${found[0].note})`;
}

/** Models that may be the best, but whose floors are not shown to hold. */
function openFloors(rows: readonly ChoiceRow[]): string {
  const open = rows.filter((row) => !row.passes && row.p_best >= RIVAL);
  const said = open
    .slice(0, 2)
    .map(
      (row) =>
        ` ${say("choose.mayBe", { model: row.name, chance: chance(row.p_best), fails: row.fails.join("; ") })}`,
    );
  return (
    said.join("") + (open.length > 2 ? ` ${say("choose.moreMayBe", { count: String(open.length - 2) })}` : "")
  );
}

/** What would settle it: the spread of a difference falls with the square root of the calls. */
function settleText(
  { rows, draws, criteria, traffic, level }: Settled,
  first: ChoiceRow,
  rivals: ChoiceRow[],
): string {
  const own = draws[rows.indexOf(first)];
  const times = rivals.map((rival) => timesNeeded(own, draws[rows.indexOf(rival)], level));
  const most = Math.max(...times);
  if (!(most <= MOST_TIMES)) {
    const lost = expectedLoss(
      own,
      rivals.map((rival) => draws[rows.indexOf(rival)]),
    );
    const worth = inUnits(lost, criteria, first);
    return say("choose.tooClose", { model: first.name, worth });
  }
  const calls = Math.ceil(((most - 1) * traffic.calls) / 100) * 100;
  const days = (most - 1) * traffic.days;
  const wait =
    days >= 0.05
      ? `About ${daysText(days, "more ")} (${brief(calls)} calls)`
      : `About ${brief(calls)} more calls`;
  return say("choose.wait", { wait });
}

/**
 * How much better in utility the best rival is than a model, on average over the draws; 0 if the model is the best
 * itself.
 */
function expectedLoss(own: Float64Array, rivals: readonly Float64Array[]): number {
  let sum = 0;
  for (let i = 0; i < own.length; i++) sum += Math.max(0, ...rivals.map((rival) => rival[i] - own[i]));
  return sum / own.length;
}

/** How many times the calls it takes for the first to be better with the requested probability. */
function timesNeeded(a: Float64Array, b: Float64Array, level: number): number {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < a.length; i++) {
    const gap = a[i] - b[i];
    sum += gap;
    squares += gap * gap;
  }
  const mean = sum / a.length;
  const variance = squares / a.length - mean * mean;
  if (!(mean > 0)) return Number.POSITIVE_INFINITY;
  return Math.max(1, (normalQuantile(level) ** 2 * variance) / mean ** 2);
}
