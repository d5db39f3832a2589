import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ingest } from "../../../src/logs/ingest";
import { preferences } from "../../../src/measures/preferences/preferences";
import { open } from "../../../src/store/open";
import { root, skipUnless } from "../../dist";
import { near } from "../../same";

const cases = join(root, "..", "shared", "cases");
const skip = skipUnless("cases", existsSync(cases), "the folder of real files");

test("AlpacaEval's published win rate and standard error come out of its annotations", { skip }, async () => {
  const store = await open(":memory:");
  try {
    await ingest(store, join(cases, "alpaca_eval", "annotations_claude-2.1_concise.json"));
    const { rows } = await preferences(store, { baseline: "gpt-4-turbo-2023-11-06" });
    const { win_rate } = rows.find(({ model }) => model.startsWith("claude"))!;
    near(100 * win_rate.value, 9.22712524063354, "win rate", 1e-9);
    const logit = (p: number) => Math.log(p / (1 - p));
    const reach = (logit(win_rate.high) - logit(win_rate.low)) / 2;
    const error = (reach / 1.962933) * win_rate.value * (1 - win_rate.value);
    near(100 * error, 0.8921752289142333, "standard error", 1e-5);
  } finally {
    store.close();
  }
});
