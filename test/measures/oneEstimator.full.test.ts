import { describe, test } from "node:test";
import { asked, everywhere, places, withPrompts } from "./agree/everywhere";
import { large, small } from "./agree/hold";
import { hostile } from "./agree/hostile";

describe("a metric is one number with one n and one interval, wherever it is shown", {
  concurrency: 2,
}, () => {
  for (const place of Object.keys(places))
    test(
      `${place} of small logs`,
      small(asked, (store, own) => everywhere(store, own, [place]), {
        logs: hostile.map(withPrompts),
        numRuns: place === "report" ? 2 : 4,
      }),
    );
  for (const place of ["measures", "the outcome as a score", "check"])
    test(
      `${place} of larger logs`,
      large(asked, (store, own) => everywhere(store, own, [place])),
    );
});
