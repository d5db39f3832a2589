import { formatEstimate } from "../charts/number";
import type { Check } from "../decide/check/check";
import type { CheckRow } from "../decide/check/checkRow";
import { groupOf } from "../decide/check/checkRow";
import type { Row } from "../measures/table";
import { escapeMarkdown, escapeXml } from "../page/escape";

/** The number of a limit as text; the limit itself says what a dollar pays for, or which baseline's multiple it is. */
export const valueText = ({ value, measured }: CheckRow): string =>
  formatEstimate({
    ...value,
    unit: measured === undefined ? value.unit?.replace(/^USD\/.*$/, "USD") : "times",
  });

/** One line for each limit that does not pass: the limit and the reason. */
export function openLines({ by, rows }: Check): string[] {
  return rows
    .filter(({ verdict }) => verdict !== "pass")
    .map((row) => {
      const group = groupOf(row, by);
      return `${row.verdict}: ${row.limit}${group === "" ? "" : `, ${group}`}: ${row.why}`;
    });
}

/** A check as Markdown, for a pull request or a ticket. */
export function checkMarkdown(found: Check): string {
  const { name, result, verdict, by, rows, notes } = found;
  const groups = by.filter((one) => one !== "limit");
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  const bullets = (lines: readonly string[]) =>
    lines.length === 0 ? [] : ["", ...lines.map((one) => `- ${escapeMarkdown(one)}`)];
  return [
    `**${escapeMarkdown(`${name}: ${result}.`)}** ${escapeMarkdown(verdict)}`,
    ...bullets(openLines(found)),
    "",
    line([...groups, "limit", "value", "verdict"]),
    line([...groups, "", "", ""].map(() => "---")),
    ...rows.map((row: CheckRow & Row) =>
      line([...groups.map((one) => String(row[one] ?? "")), row.limit, valueText(row), row.verdict]),
    ),
    ...bullets(notes),
    "",
  ].join("\n");
}

/**
 * A check as JUnit XML, which most CI systems show: a limit that fails is a failure, one that cannot be decided is an
 * error, or skipped with `allowUnknown`.
 */
export function checkJunit({ name, by, rows }: Check, { allowUnknown = false } = {}): string {
  const open = rows.filter(({ verdict }) => verdict === "cannot tell").length;
  const counts = {
    tests: rows.length,
    failures: rows.filter(({ verdict }) => verdict === "fail").length,
    errors: allowUnknown ? 0 : open,
    skipped: allowUnknown ? open : 0,
  };
  const cases = rows.map((row) => {
    const group = groupOf(row, by);
    const title = `<testcase classname="${escapeXml(name)}" name="${escapeXml(group === "" ? row.limit : `${row.limit}, ${group}`)}"`;
    if (row.verdict === "pass") return `  ${title}/>`;
    const kind = row.verdict === "fail" ? "failure" : allowUnknown ? "skipped" : "error";
    return `  ${title}><${kind} message="${escapeXml(row.why)}"/></testcase>`;
  });
  const attributes = Object.entries(counts).map(([key, n]) => `${key}="${n}"`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${escapeXml(name)}" ${attributes.join(" ")}>`,
    ...cases,
    "</testsuite>",
    "",
  ].join("\n");
}
