import { callsNaming, conversationFacts } from "../../facts/conversations";
import type { Selection } from "../../facts/select";
import { taskFacts } from "../../facts/tasks";
import { FEW_CLUSTERS, FEWEST_CLUSTERS, fewerThan, fewNote } from "../../stats/clusterError";
import { type Estimate, noEnds, withNotes } from "../../stats/estimate";
import { stillFollowed } from "../../stats/stillFollowed";
import { daysText, grouped, percent } from "../../stats/text";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { creditOption } from "../options";
import { whyEmpty } from "../whyEmpty";

const sql = statements(__dirname, "conversationTurns.sql");

const idleOption = {
  value: "<hours>",
  about:
    "hours without a next turn after which a conversation is over (default: 99 of 100 next turns come sooner)",
  as: "number",
  check(caller: string, hours: number) {
    if (!(hours > 0)) throw new RangeError(`${caller} requires hours > 0, got ${String(hours)}`);
  },
} as const;
/** The share of the log's time from which pauses are so long that many are not seen to end. */
const longPause = 0.2;
/** The options of each view of turns. */
export const turnOptions = { credit: creditOption, idle: idleOption } as const;

/** Makes the tables of turns and their course; what a reader has to know of them, in sentences. */
export async function tabulateTurns(
  selection: Selection,
  { idle }: { idle?: number },
  most: number,
): Promise<string[]> {
  const { connection } = selection;
  const outside = await callsNaming(selection);
  await taskFacts(selection);
  await conversationFacts(selection);
  const [{ several }] = await rowsOf<{ several: boolean }>(connection, sql.several);
  await run(connection, several ? sql.of_tasks : sql.of_calls);
  type Pauses = Record<"usual" | "begins" | "ends", number | null>;
  const [{ usual, begins, ends }] = await rowsOf<Pauses>(connection, sql.pauses);
  const pause = idle === undefined ? usual : 3600 * idle;
  await run(connection, sql.placed, { cutoff: ends === null || pause === null ? null : ends - pause });
  await run(connection, sql.races);
  await run(connection, sql.course);
  await run(connection, `set variable most_turns = ${most}; ${sql.curve}`);
  const [{ conversations, open }] = await rowsOf<Record<"conversations" | "open", number>>(
    connection,
    `select count(*)::double as conversations, count(*) filter (not closed)::double as "open"
     from (select bool_or(last and seen) as closed from placed group by conversation)`,
  );
  if (conversations === 0)
    return [
      await whyEmpty(
        selection,
        `${outside.without === outside.calls ? "None of these calls names its conversation (conversation_id)" : "No conversation belongs to these calls"}: turns cannot be counted.`,
      ),
    ];
  return [
    several
      ? "A turn is a task with all its calls, or a call without a task. It failed if no call of it went well, or its task is not resolved."
      : "Every conversation is one task: a turn is an answering call that tries none again. It failed if that did not go well.",
    pause === null
      ? "No conversation has a second turn with a time: none counts as open at the log's end."
      : `A conversation goes on if its next turn comes within ${daysText(pause / 86_400)}${idle === undefined ? ", as 99 of 100 do" : ""} (idle sets it): ${grouped(open)} of ${grouped(conversations)} may go on after the log's end and are censored.${idle === undefined && begins !== null && ends !== null && pause > (ends - begins) * longPause ? ` That time is ${percent(pause / (ends - begins))} of the log: people who take longer are seen less often, and the curve may be too low; a longer log shows.` : ""}`,
    ...(outside.without > 0
      ? [
          `${grouped(outside.without)} of ${grouped(outside.calls)} calls name no conversation and are left out.`,
        ]
      : []),
  ];
}

/** A share of the curve where others have been censored before: the few that are still followed stand for all of these. */
export function atTail(
  share: Estimate,
  { kind, followed, before }: { kind: string; followed: number; before: number },
): Estimate {
  const counted = "conversations still followed";
  if (followed < FEWEST_CLUSTERS)
    return withNotes({ ...share, ...noEnds }, [fewerThan(FEWEST_CLUSTERS, counted, followed)]);
  const held = kind === "going" ? stillFollowed(share, { followed, before }) : share;
  return followed < FEW_CLUSTERS ? withNotes(held, [fewNote(followed, counted)]) : held;
}
