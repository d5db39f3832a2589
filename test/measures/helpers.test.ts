import assert from "node:assert/strict";
import { test } from "node:test";
import { everything } from "../../src/facts/request";
import { select } from "../../src/facts/select";
import { helpersAmong, helpersNote } from "../../src/measures/helpers";
import { withCalls } from "./calls";

test("who only embeds or judges helps; who answers now and then, or in evaluation runs alone, does not", () =>
  withCalls(
    [
      { model: "embeds", operation: "embeddings" },
      { model: "judges", role: "judge" },
      { model: "both", operation: "embeddings" },
      { model: "both" },
      { model: "evaluated", environment: "evaluation" },
      { model: "answers" },
    ],
    async (store) => {
      const selection = await select(store, everything, { by: "model", population: "all" });
      try {
        const found = (await helpersAmong(selection)).map(({ model }) => model).sort();
        assert.deepEqual(found, ["embeds", "judges"]);
      } finally {
        selection.close();
      }
    },
  ));

test("they are named", () => {
  assert.match(helpersNote(["embeds"]), /^embeds is no candidate: its calls are /);
  assert.match(helpersNote(["embeds", "judges"]), /^embeds, judges are no candidates: their calls are /);
});
