import { requestOf } from "../../src/measures/options";
import { sidesOf } from "../../src/page/reportMeasures";
import { findingsIn } from "../../src/page/sideFindings";
import { random } from "../../src/stats/random";
import { storeOf } from "../measures/calls";
import type { PageWorld } from "./pageWorlds";

/** How many logs of a world say that something is so, and in how many that is false. */
export interface PageCount {
  world: string;
  sentence: string;
  logs: number;
  said: number;
  wrong: number;
}

/** Who is said to be the best, and who to be worse than the best, on logs of a world. */
export async function tallySides(
  { name, calls, truth = () => 1 }: PageWorld,
  logs: number,
  from: number,
): Promise<PageCount[]> {
  const counts = { best: { said: 0, wrong: 0 }, worse: { said: 0, wrong: 0 } };
  const count = (of: keyof typeof counts, told: readonly boolean[]) => {
    if (told.length > 0) counts[of].said++;
    if (told.includes(true)) counts[of].wrong++;
  };
  for (let log = 0; log < logs; log++) {
    const store = await storeOf(calls(random(from + log)));
    try {
      const { metrics, atMix, pairs } = await sidesOf(store, requestOf("report", {}), { assume: [] });
      const found = findingsIn(metrics, atMix, [], pairs);
      const isWrong = (column: string, best: string, other: string) =>
        truth(other, column) <= truth(best, column);
      count(
        "best",
        found
          .filter(({ near }) => near.length === 0)
          .map(({ column, best, others }) => others.some((one) => isWrong(column, best.model, one.model))),
      );
      count(
        "worse",
        found.flatMap(({ column, best, others, near }) =>
          others
            .filter((one) => near.length > 0 && !near.includes(one))
            .map((one) => isWrong(column, best.model, one.model)),
        ),
      );
    } finally {
      store.close();
    }
  }
  return [
    { world: name, sentence: "is best by", logs, ...counts.best },
    { world: name, sentence: "is worse than the best", logs, ...counts.worse },
  ];
}
