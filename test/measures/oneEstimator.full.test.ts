import { describe, test } from "node:test";
import { asked, everywhere, places, someTasks, withPrompts } from "./agree/everywhere";
import { small } from "./agree/hold";
import { hostile } from "./agree/hostile";

describe("a metric is one number with one n and one interval, wherever it is shown", {
  concurrency: 2,
}, () => {
  for (const place of Object.keys(places))
    test(
      `${place} of small logs`,
      small(asked, (store, own) => everywhere(store, own, [place]), {
        logs: hostile.map(withPrompts),
        numRuns: 2,
      }),
    );
  for (const place of Object.keys(places))
    test(
      `${place} of larger logs`,
      small(asked, (store, own) => everywhere(store, own, [place]), { logs: someTasks, numRuns: 2 }),
    );
});
