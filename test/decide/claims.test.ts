import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { claimsPage, isTooOften } from "../calibration/claimPage";
import type { ClaimRow } from "../calibration/claimTally";
import { claimWorlds } from "../calibration/claimWorlds";

const root = join(__dirname, "..", "..");
const counted: ClaimRow[] = JSON.parse(
  readFileSync(join(root, "test", "calibration", "claimResults.json"), "utf8"),
);

test("no settled verdict is false in more than 5 % of the logs of a world, but where the page says why", () =>
  assert.deepEqual(
    counted.filter(
      (row) => isTooOften(row) && claimWorlds.find(({ name }) => name === row.world)?.shortfall === undefined,
    ),
    [],
  ));

test("the page of claims is that of the counts", () =>
  assert.equal(readFileSync(join(root, "docs", "simulations", "claims.md"), "utf8"), claimsPage(counted)));
