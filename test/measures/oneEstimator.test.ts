import { test } from "node:test";
import { asked, everywhere, someTasks } from "./agree/everywhere";
import { hold } from "./agree/hold";

// Rows for single users have too few calls for intervals.
const options = asked.map((one) => ({ ...one, by: one.by.filter((name) => name !== "user_id") }));

test("a metric is one number with one n and one interval, in a table of metrics as in its measure", () =>
  hold(someTasks, options, (store, own) => everywhere(store, own, ["measures"]), { numRuns: 1, tries: 0 }));
