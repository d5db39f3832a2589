import { describe, test } from "node:test";
import { asked, everywhere, withPrompts } from "./agree/everywhere";
import { small } from "./agree/hold";
import { hostile } from "./agree/hostile";

describe("a metric is one number with one n and one interval, of which thorough tests try more logs", () => {
  for (const place of ["measures", "the outcome as a score", "check"])
    test(
      place,
      small(asked, (store, own) => everywhere(store, own, [place]), {
        logs: hostile.map(withPrompts),
        numRuns: 1,
      }),
    );
});
