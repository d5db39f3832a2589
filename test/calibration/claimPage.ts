import type { ClaimRow } from "./claimTally";
import { claimWorlds } from "./claimWorlds";

const head = `# How far verdicts stand

\`check\`, \`compare\`, \`choose\`, \`route\` and a report without a profile say how far each verdict stands: it is settled, it leads if an assumption holds
that the log does not show, it is open, or it is not to be decided. Here each is counted on made-up logs whose truth is known. Some of these
have a fault that an interval does not show: failures that are reported less often, missing prices, days that differ, few users, costs of
heavy tails, extremes picked from many. Some have none.

"Settled" counts the logs of a world in which a verdict stands as it is, "false" those in which such a one is not so: at most 5 in 100
may be. "Leads if" counts the logs in which none is settled and one rests on an assumption that it names, "not so" those in which that
verdict is false, as is the assumption there. In all others it is open. "Equal" models are so in everything; a limit is on the true mean. Made by
\`node --import tsx test/calibration/claims.ts --write\`; the worlds are in \`test/calibration/claimWorlds.ts\`.
`;

/** Whether a settled verdict is false in more than 5 % of a world's logs. */
export const isTooOften = ({ logs, wrong }: ClaimRow): boolean => wrong > 0.05 * logs;

/** The counts as a page, world by world. */
export function claimsPage(rows: readonly ClaimRow[]): string {
  const often = rows.filter(isTooOften).map(({ world, verdict }) => {
    const reason = claimWorlds.find(({ name }) => name === world)?.shortfall;
    return `- ${verdict} (${world})${reason === undefined ? "" : `: ${reason}`}`;
  });
  const share = (count: number, logs: number) =>
    count === 0 ? "0" : `${count} (${((100 * count) / logs).toFixed(0)} %)`;
  const table = (some: readonly ClaimRow[]) =>
    [
      "| verdict | settled | false | leads if | not so |",
      "|---|--:|--:|--:|--:|",
      ...some.map(
        ({ verdict, logs, settled, wrong, leads, misled }) =>
          `| ${[verdict, ...[settled, wrong, leads, misled].map((count) => share(count, logs))].join(" | ")} |`,
      ),
    ].join("\n");
  const parts = claimWorlds.flatMap(({ name }) => {
    const own = rows.filter(({ world }) => world === name);
    return own.length === 0
      ? []
      : [`## ${name[0].toUpperCase()}${name.slice(1)}\n\n${own[0].logs} logs.\n\n${table(own)}\n`];
  });
  return [
    head,
    ...(often.length === 0 ? [] : [`False more often than that:\n\n${often.join("\n")}\n`]),
    ...parts,
  ].join("\n");
}
