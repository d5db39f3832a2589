import { reportOf } from "../../src/page/report";
import type { Store } from "../../src/store/open";
import { quick } from "./asked";

/**
 * The numbers of a report over part of the log, where it says that the calls are, and how often its first part and its
 * chapters say how to have what it leaves out.
 */
export async function reported(store: Store) {
  const { parts, lead, engine, tables, ...report } = await reportOf(store, {
    by: "model",
    where: "workload = 'chat' or workload like '%''x%'",
    since: "2025-03-02",
    profiles: [quick],
  });
  const { points, ...said } = lead;
  const left = [points, parts].map((all) => JSON.stringify(all).split("draw --engine URL").length - 1);
  const { plan: study, ...others } = tables;
  // Rounding in the last digit may decide a simulated study.
  const studies = study.rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith("mde_"))),
  );
  return { engine, left, numbers: { ...report, ...said, tables: others, studies } };
}
