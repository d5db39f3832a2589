import { columnsOf, schema, schemaVersion, type TableName } from "../src/store/schema";

const unknownCosts = `## What a call without a known cost counts as

A call that may have cost something and has no known cost counts at 0 at the lower end of every cost, and at the most that it
may have cost at the upper end: its tokens times the highest price per token that calls of the store were charged (of each
model what 99 of 100 of its calls stay below, then the highest of the models). Where its tokens are not known, it is as much
as 999 of 1,000 calls with a cost stay below; where no call has a cost, or most calls of a row have none, the upper end is
open. Prices of the table prices that no call here was charged do not count: a public list names models far dearer than any in the log. A model is the cheapest,
or on a front, only by its upper end; a row none of whose own billed calls has a known cost has no cost at all.

Known to be 0 are a call that failed before a token was read and has no cost, a failed call with a logged cost of 0, an
answer from a response cache, and a call whose model has a list price of 0. A logged cost of 0 on any other call that did not fail
is not known, with or without tokens: a local model whose every cost is 0 has no known price until a list gives it one of 0.
A price list does not price a call that timed out or was cancelled without output tokens by its input alone:
its cost is not known.
`;

const outcomes = `## What the outcome of a task is, and the score of an answer

A task is resolved or not by the one outcome that its files state. Where files disagree, the newest counts (\`resolved_at\`), then
the file or format that \`fieldnotes ingest --outcomes-from tickets.csv,langfuse\` names first; if they still disagree, the
outcome is unknown. \`ingest\`, \`doctor\` and every table with such outcomes say how many there are. Of several outcomes in one
file it says the newest, without dates the last; a file that changes says what it says now, and the order of ingest decides
nothing. An outcome without a task_id is that of its conversation, by the same rule.

The score of an answer is that of one kind of rater, never a mean over kinds: of the kinds that judged what is selected, the one
that judged most in the whole log (ties: outcome, people, rules, judges, users), unless \`--rater\` names one. Several judgements
of one thing by one kind count as their mean; of those by one rater at several times the newest counts (on another engine, all), and
\`quality --drift\` compares them.
`;

/** The tables and columns as a Markdown page. */
export function schemaDocument(): string {
  const sections = (Object.keys(schema) as TableName[]).map((table) => {
    const rows = Object.entries(columnsOf(table)).map(
      ([name, c]) => `| \`${name}\` | ${c.type} | ${c.about} |`,
    );
    return `## ${table}\n\n${schema[table].about}.\n\n| column | type | holds |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
  return [
    "# The tables of a store\n",
    "Seconds, US dollars, UTC. A column the log does not have is empty, never zero. Other fields of a log are kept in",
    'calls under their own names: `"attributes.tenant"` ([exports.md](exports.md)); those of a file of tasks or scores, in tasks and scores.',
    `Written from \`src/store/schema.ts\` (version ${schemaVersion}) by \`npm run docs\`.\n`,
    ...sections,
    outcomes,
    unknownCosts,
  ].join("\n");
}
