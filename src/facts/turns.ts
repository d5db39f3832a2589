import { run } from "../store/run";
import { statements } from "../store/statements";
import type { Selection } from "./select";

const sql = statements(__dirname, "turns.sql");

/** Makes the table `openings` of a selection: the length of each conversation's first turn. */
export async function openings({ connection }: Selection): Promise<void> {
  await run(connection, sql.openings);
}
