import type { MeasureRequest } from "../../measures/options";
import { qualityValidator, type ValidatorRow } from "../../measures/quality/validators";
import { rowKey } from "../../measures/rowKey";
import type { Table } from "../../measures/table";
import type { Estimate } from "../../stats/estimate";
import type { Store } from "../../store/open";
import type { Verification } from "../profile/profile";
import type { Choice } from "./chooseTable";
import { brief } from "./chooseText";

/** What an output check would catch for each model, and what that means for the top one. */
export interface Verified {
  table?: Table<ValidatorRow>;
  text: string;
}

/** What a profile's verification layer is worth to a choice; if the log cannot show it, the text says why. */
export async function verified(
  store: Store,
  { score, validator }: Verification,
  { rows, by }: Choice,
  request: MeasureRequest,
): Promise<Verified> {
  let table: Table<ValidatorRow>;
  try {
    table = await qualityValidator(store, { ...request, by, score, validator });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { text: `What the check "${validator}" catches is unknown: ${error.message}.` };
  }
  const [first] = rows;
  const own = table.rows.find((row) => rowKey(by, row) === rowKey(by, first));
  if (own === undefined)
    return {
      table,
      text: `How many of ${first?.name}'s errors the check "${validator}" catches is unknown.`,
    };
  const { n, truth, flagged, error_before, residual_error } = own;
  return {
    table,
    text:
      `With the check "${validator}" ${share(residual_error)} of what ${first.name} says is still wrong (${score}), ` +
      `against ${share(error_before)} without it; the check stops ${share(flagged)} of the answers. This is based on ${n} of them that ` +
      `${truth === "judge" ? "a judge" : truth === "human" ? "people" : truth} looked at as well.`,
  };
}

function share({ value, low, high }: Estimate): string {
  if (Number.isNaN(value)) return "an unknown share";
  const [middle, from, to] = [value, low, high].map((one) => brief(100 * one));
  return Number.isNaN(low) || Number.isNaN(high) ? `${middle} %` : `${middle} % [${from}, ${to}]`;
}
