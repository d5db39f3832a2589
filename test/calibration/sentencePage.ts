import { holdingBack, type SentenceId, sentences } from "../../src/stats/sentences";
import type { SentenceRow } from "./sentenceTally";

const head = `# How often each sentence is false

\`compare\` and \`choose\` answer in sentences. Each is a template with an id in the code; here each is counted on made-up logs
whose truth is known. "Said" counts the logs of a world in which the sentence is said, "false" those in which what it says is
not so; of every world's logs at most 5 % may hold a false sentence. Sentences that hold back, that something is open or what
was seen and no more, stand below with how often they are said. In "two equal models" any best is false. Made by
\`node --import tsx test/calibration/sentences.ts --write\`; the worlds are in \`test/calibration/sentenceWorlds.ts\`.
`;

/** The counts as a page: sentences that claim something, then those that hold back. */
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
  const by = (ids: readonly SentenceId[]) => ids.flatMap((id) => rows.filter((row) => row.id === id));
  const all = Object.keys(sentences) as SentenceId[];
  const claims = all.filter((id) => !holdingBack.includes(id));
  return [
    head,
    `## Sentences that say that something is so\n\n${table(by(claims))}\n`,
    `## Sentences that hold back\n\n${table(by(holdingBack))}\n`,
  ].join("\n");
}
