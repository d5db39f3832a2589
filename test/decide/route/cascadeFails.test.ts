import assert from "node:assert/strict";
import { test } from "node:test";
import { noneTaken } from "../../../src/decide/route/cascadeFails";

test("why no threshold is taken is one sentence, whatever the thresholds fail by", () => {
  const worse = { text: "5 points worse than large", verb: "is" } as const;
  const may = { text: "may be 3 points worse than large", verb: "" } as const;
  const untold = { text: "the score is not shown to tell good answers from bad ones" };
  assert.equal(noneTaken([may, worse]), "even the strictest threshold is 5 points worse than large");
  assert.equal(noneTaken([worse, may]), "even the strictest threshold may be 3 points worse than large");
  assert.equal(noneTaken([may, may]), may.text);
  assert.equal(noneTaken([worse, untold]), untold.text);
});
