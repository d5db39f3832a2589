import type { Selection } from "../facts/select";
import { rowsOf } from "../store/run";

/** What is said wherever no call meets what was asked for. */
export const noCallSelected = "No call is selected.";

/**
 * Why a measure's table is empty: that no call is selected or, if some are, what they lack. A sentence about what
 * calls lack is false where there are none.
 */
export async function whyEmpty({ connection }: Selection, lack: string): Promise<string> {
  const [{ calls }] = await rowsOf<{ calls: number }>(
    connection,
    "select count(*)::double as calls from selected where chosen",
  );
  return calls === 0 ? noCallSelected : lack;
}
