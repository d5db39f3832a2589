import { metric } from "../measures/metric";
import { disowning } from "../stats/reservation";
import { say } from "../stats/sentences";
import { brief, levelText } from "../stats/text";
import { failsMostly } from "./failing";
import { type Finding, isOpen, type Side, short } from "./sideSentences";

/** Maximum number of workloads of which it is said what to use there. */
const MOST_NAMED = 3;

/**
 * How much better than one model another may be at most, by the ends of both, whatever their unknown outcomes are; NaN where one of
 * these may not decide, or a number is not known.
 *
 * @param used the model; by default the one ahead as measured
 */
function mostGivenUp({ column, best, others, left }: Finding, used: Side = best): number {
  if (left.length > 0) return Number.NaN;
  const end = ({ estimate: { reservations, worst_case, ...ends } }: Side, at: "low" | "high") =>
    disowning(reservations, at).length > 0
      ? Number.NaN
      : Math[at === "low" ? "min" : "max"](ends[at], worst_case?.[at] ?? ends[at]);
  const isLower = metric(column).better === "lower";
  const losses = [best, ...others].flatMap((one) =>
    one === used ? [] : [isLower ? end(used, "high") - end(one, "low") : end(one, "high") - end(used, "low")],
  );
  return Math.max(0, ...losses);
}

/** A model whose loss is bounded this much nearer than that of the one ahead is the one to use meanwhile. */
const SAFER = 0.5;

/** What to use while it is open who is best: the one ahead as measured, unless little is known of it and more of another. */
function usedMeanwhile(finding: Finding): { used: Side; most: number } {
  const most = mostGivenUp(finding);
  const bounded = finding.others.map((used) => ({ used, most: mostGivenUp(finding, used) }));
  const least = Math.min(...bounded.map((one) => one.most).filter(Number.isFinite));
  const safer = bounded.find((one) => one.most === least);
  const isSafer = safer !== undefined && (least < SAFER * most || !Number.isFinite(most));
  return isSafer ? safer : { used: finding.best, most };
}

/** False if even the model that fails least fails in most of its calls: none is one to use. */
const hasUsable = ({ column, best }: Finding): boolean =>
  column !== "error_rate" || !failsMostly(best.estimate);

/** What to use while it is open who is best, and what that may give up at most: by one metric of each workload; nothing bounds it across days of models' own. */
export function meanwhile(found: readonly Finding[], { ownDays }: { ownDays: boolean }): string[] {
  const open = found.filter((one) => isOpen(one) && hasUsable(one));
  if (open.length === 0) return [];
  const said = open.slice(0, MOST_NAMED).map((finding) => {
    const { best, label, workload } = finding;
    const where = workload === "" ? "" : ` for ${workload}`;
    const { used, most } = usedMeanwhile(finding);
    if (ownDays || !Number.isFinite(most)) return say("report.unbounded", { model: best.model, where });
    const worth =
      best.estimate.unit === "1"
        ? `${brief(100 * most)} points of ${label}`
        : short(label, { ...best.estimate, value: most });
    return used === best
      ? say("report.meanwhile", { model: best.model, where, worth })
      : say("report.meanwhileSafer", { model: used.model, where, worth, best: best.model });
  });
  return [`Meanwhile: ${said.join("; ")} (${levelText(open[0].best.estimate.level)}).`];
}
