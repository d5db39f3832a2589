import { besideVerdicts, holdingBack, type SentenceId, sentences } from "../../src/stats/sentences";
import { anyPage, rowsIn } from "./anyPage";
import type { SentenceRow } from "./sentenceTally";

const head = `# How often each sentence is false

\`compare\` and \`choose\` answer in sentences, \`latency\`, \`distribution\` and \`cost\` add some to their numbers, and a report without a profile says who
is the best by what. Each sentence is a template with an id in the code;
here each is counted on made-up logs whose truth is known. "Said" counts the logs of a world in which the sentence is said, "false" those in which what it says is
not so; of every world's logs at most 5 % may hold a false sentence. Sentences that hold back, that something is open or what
was seen and no more, stand below with how often they are said. In "two equal models" any best is false, and in a log whose hours and days share nothing, every note about time
is. A report makes many comparisons: its sentences count as false in every log in which any of them is. Made by
\`node --import tsx test/calibration/sentences.ts --write\`; the worlds are in \`test/calibration/\`, in the files whose names end in "Tally" and "Worlds".
`;

/** The sentences counted here; those of route and of judges have their own pages. */
export const countedIds = (Object.keys(sentences) as SentenceId[]).filter(
  (id) =>
    /^(compare|choose|deciles|cost|latency|time|mean|report)\./.test(id) && !besideVerdicts.includes(id),
);

/** Whether a sentence that claims something is false in more than 5 % of a world's logs. */
export const isTooOften = ({ id, logs, wrong }: SentenceRow): boolean =>
  !holdingBack.includes(id) && wrong > 0.05 * logs;

/** The counts as a page: sentences that make a claim, those that don't, and claims in worlds of which everything is drawn. */
export function sentencesPage(rows: readonly SentenceRow[]): string {
  const table = (some: readonly SentenceRow[]) =>
    [
      "| sentence | world | logs | said | false |",
      "|---|---|---|---|---|",
      ...some.map(
        ({ id, world, logs, said, wrong }) =>
          `| \`${id}\` ${sentences[id]} | ${world} | ${logs} | ${said} | ${wrong} (${((100 * wrong) / logs).toFixed(1)} %) |`,
      ),
    ].join("\n");
  // A sentence that is never said in a world needs no row there, as long as it has one somewhere.
  const by = (ids: readonly SentenceId[]) =>
    ids.flatMap((id) => {
      const own = rows.filter((row) => row.id === id);
      const heard = own.filter(({ said }) => said > 0);
      return heard.length > 0 ? heard : own.slice(0, 1);
    });
  const all = countedIds;
  const claims = all.filter((id) => !holdingBack.includes(id));
  const uncounted = all.filter((id) => !rows.some((row) => row.id === id)).map((id) => `\`${id}\``);
  const often = rows.filter((row) => isTooOften(row)).map(({ id, world }) => `\`${id}\` (${world})`);
  return [
    head,
    ...(often.length === 0 ? [] : [`False more often than that: ${often.join(", ")}.\n`]),
    ...(uncounted.length === 0 ? [] : [`Not counted yet: ${uncounted.join(", ")}.\n`]),
    `## Sentences that say that something is so\n\n${table(by(claims))}\n`,
    `## Sentences that hold back\n\n${table(by(holdingBack))}\n`,
    anyPage(rowsIn()),
  ].join("\n");
}
