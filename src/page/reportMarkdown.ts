import { escapeMarkdown } from "./escape";
import { listMarkdown, partMarkdown } from "./part";
import type { Report } from "./report";

/**
 * Returns a report in Markdown, for tickets, wikis and chats; figures become their descriptions, notebooks are left
 * out.
 *
 * @example
 * reportMarkdown(await reportOf(await open(":memory:"), { title: "March" })).split("\n")[0] // "# March"
 */
export function reportMarkdown({ title, author, lead, parts }: Report): string {
  const { question, headline, points, more = [] } = lead;
  return `${[
    `# ${escapeMarkdown(title)}`,
    author === undefined ? "" : escapeMarkdown(author),
    question === undefined ? "" : escapeMarkdown(question),
    `**${escapeMarkdown(headline)}**`,
    listMarkdown(points),
    more.length === 0 ? "" : `## Every number\n\n${listMarkdown(more)}`,
    ...parts.map(partMarkdown),
  ]
    .filter(Boolean)
    .join("\n\n")}\n`;
}
