import { escapeMarkdown } from "./escape";
import { listMarkdown, partMarkdown } from "./part";
import type { Report } from "./report";

/**
 * Returns a report in Markdown, for tickets, wikis and chats; figures become their descriptions, notebooks are left
 * out.
 *
 * @example
 * const store = await openDemo({ log: "cascade" });
 * reportMarkdown(await reportOf(store)).split("\n")[2] // "Which of the 2 models is best for support? Measured on 1,579 calls from 2026-06-01 to 2026-06-14."
 */
export function reportMarkdown({ title, author, lead, parts }: Report): string {
  const { question, headline, rests, points, more = [] } = lead;
  return `${[
    `# ${escapeMarkdown(title)}`,
    author === undefined ? "" : escapeMarkdown(author),
    question === undefined ? "" : escapeMarkdown(question),
    `**${escapeMarkdown(headline)}**`,
    rests === undefined ? "" : escapeMarkdown(rests),
    listMarkdown(points),
    more.length === 0 ? "" : `## Every number\n\n${listMarkdown(more)}`,
    ...parts.map(partMarkdown),
  ]
    .filter(Boolean)
    .join("\n\n")}\n`;
}
