import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { groupedBy } from "../../src/measures/rowKey";
import { recordLines } from "../recordLines";
import type { Verdict } from "./anyTally";

/** How far claims of one kind went in worlds of which everything is drawn. */
export interface AnyRow {
  /** Which ask counted it. */
  ask: string;
  command: string;
  id: string;
  worlds: number;
  /** Worlds in which one is settled, and those in which one that is settled is false. */
  settled: number;
  wrong: number;
  /** Worlds in which none is settled and one leads if an assumption holds, and those in which such a one is not so. */
  leads: number;
  misled: number;
}

const rankOf = (status: string) => (status === "settled" ? 2 : status === "leads if" ? 1 : 0);

/** The counts with those of another batch of worlds. */
export function addTo(
  rows: readonly AnyRow[],
  ask: string,
  worlds: number,
  verdicts: readonly Verdict[],
): AnyRow[] {
  const before = rows.filter((row) => row.ask === ask);
  const counted = (before[0]?.worlds ?? 0) + worlds;
  const sums = new Map(before.map((row) => [`${row.command} ${row.id}`, { ...row, worlds: counted }]));
  for (const [key, own] of groupedBy(verdicts, ({ command, id }) => `${command} ${id}`)) {
    const { command, id } = own[0];
    const none = { ask, command, id, worlds: counted, settled: 0, wrong: 0, leads: 0, misled: 0 };
    const row = sums.get(key) ?? none;
    sums.set(key, row);
    for (const ofWorld of groupedBy(own, ({ log }) => String(log)).values()) {
      const most = Math.max(...ofWorld.map(({ status }) => rankOf(status)));
      const isFalse = ofWorld.some(({ status, isTrue }) => rankOf(status) === most && !isTrue);
      if (most === 2) row.settled++;
      if (most === 2 && isFalse) row.wrong++;
      if (most === 1) row.leads++;
      if (most === 1 && isFalse) row.misled++;
    }
  }
  const isOwn = ({ command, id }: AnyRow) => ({ command, id });
  const sorted = [...rows.filter((row) => row.ask !== ask), ...sums.values()];
  return sorted.sort((a, b) => (JSON.stringify(isOwn(a)) < JSON.stringify(isOwn(b)) ? -1 : 1));
}

export const keepRows = (file: string, rows: readonly AnyRow[]): void =>
  writeFileSync(file, recordLines(rows));

/** The counts up to now. */
export const rowsIn = (file: string = join(__dirname, "anyResults.json")): AnyRow[] =>
  existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];

/** Why claims of a kind are false in more than 5 % of worlds, by command and id. */
const shortfalls: Record<string, string> = {};

const head = `## Claims in worlds of which everything is drawn

The worlds above are set. Those below are drawn, each with a seed of its own: two to four models, equal in everything in two worlds of five; 300
to 1,200 tasks; 6 to 90 users, who may differ; 10 to 28 days, which may differ, change in the middle, or be each model's own; outcomes that each
model reports by result, as few as 30 % of its failures; prices of which some are missing, or given as 0, up to all of a model's; costs of heavy
tails; more long tasks for one model than for another; three providers; boards of 4 to 12 models run one to three times, some of which have seen
the questions; 2 to 40 raters, who may differ in taste; and cascades whose answers were sent on at random, by score or by users. What is true is
counted over many tasks, users and days, or known. The 50 worlds of a batch lie in one store, whose highest price bounds unknown costs.

A world counts as "settled" if a claim of the kind stands as it is, and as "false" if one that does is not so; "leads if" if none is settled and one
rests on an assumption that it names, "not so" if that one is false, as is the assumption then. In at most 5 % of worlds may one be false. A
choice takes longest and is made in every second world. A row says in how many worlds its claim could be made. \`report\` stands for the findings on answers, cost, wait and failures; what a report says is worse than
an open best is counted by itself. Alerts of \`trend\` are promised by time, and counted in [trends](trends.md). Made by
\`node --import tsx test/calibration/anyClaims.ts ASK --from SEED --worlds 50 --write\`, a batch at a time, which adds to the counts; seeds from 0, 150, 200, 350, 500, 1000 and 3000 on.
`;

/** Whether a settled claim is false in more than 5 % of worlds. */
export const isFalseTooOften = ({ worlds, wrong }: AnyRow): boolean => wrong > 0.05 * worlds;

/** Whether the page says why. */
export const isNamed = ({ command, id }: AnyRow): boolean => `${command} ${id}` in shortfalls;

/** The counts as the second part of a page. */
export function anyPage(rows: readonly AnyRow[]): string {
  const share = (count: number, of: number) =>
    count === 0 ? "0" : `${count} (${((100 * count) / of).toFixed(1)} %)`;
  const often = rows
    .filter(isFalseTooOften)
    .map(({ command, id }) => `- ${command}, ${id}: ${shortfalls[`${command} ${id}`] ?? ""}`);
  return [
    head,
    ...(often.length === 0 ? [] : [`False more often than that:\n\n${often.join("\n")}\n`]),
    [
      "| command | claim | worlds | settled | false | leads if | not so |",
      "|---|---|--:|--:|--:|--:|--:|",
      ...rows.map(
        ({ command, id, worlds, settled, wrong, leads, misled }) =>
          `| ${[command, id, worlds, ...[settled, wrong, leads, misled].map((one) => share(one, worlds))].join(" | ")} |`,
      ),
    ].join("\n"),
    "",
  ].join("\n");
}
