import { criterionValue, keeps } from "../../src/decide/profile/criterion";
import type { Profile } from "../../src/decide/profile/profile";
import { readProfile } from "../../src/decide/profile/readProfile";
import type { TruthRow } from "../../src/demo/truth/truthMeasures";

/** What is known about a world: its long run, and each model's context limit. */
export interface Known {
  rows: readonly TruthRow[];
  models: Readonly<Record<string, { effective_context: number }>>;
}

const workloads: Readonly<Record<string, string>> = {
  chat: "chat-assistant",
  review: "document-review",
  coding: "coding-assistant",
};

/** The three teams, each with its whole workload. */
export const teams: readonly Profile[] = Object.keys(workloads).map((name) => {
  const { sub_workloads: _, ...whole } = readProfile(name);
  return whole;
});

function trueValue({ rows, models }: Known, metric: string, workload: string, model: string): number {
  if (metric === "effective_context") return models[model].effective_context;
  const row = rows.find(
    ({ by }) => Object.keys(by).length === 2 && by.workload === workload && by.model === model,
  );
  return row?.measures[metric.replace(/_p(\d+)$/, ".0.$1")].value as number;
}

/** What each model is truly worth to a team, the best first: only those whose true values meet the floors. */
export function trueUtilities(profile: Profile, known: Known): { model: string; utility: number }[] {
  const workload = workloads[profile.name];
  const value = (metric: string, model: string) => trueValue(known, metric, workload, model);
  return Object.keys(known.models)
    .filter((model) => (profile.floors ?? []).every((floor) => keeps(value(floor.metric, model), floor)))
    .map((model) => ({
      model,
      utility: profile.criteria.reduce(
        (sum, one) => sum + one.weight * criterionValue(value(one.metric, model), one),
        0,
      ),
    }))
    .sort((a, b) => b.utility - a.utility);
}
