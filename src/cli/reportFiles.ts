import { mkdirSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { toJson } from "../charts/text";
import type { RunNotebook } from "../page/notebook";
import { renderPage } from "../page/page";
import type { Report } from "../page/report";
import { reportMarkdown } from "../page/reportMarkdown";
import { tableCsv } from "../page/tableCsv";
import { writeWhole } from "../store/wholeFile";

/** Where a report's other forms are written. */
export function filesBeside(out: string) {
  const name = join(dirname(out), basename(out, extname(out)));
  return { markdown: `${name}.md`, data: `${name}.json`, folder: `${name}-tables` };
}

/** The report's other forms, beside the page: Markdown, JSON, and its tables as CSV. */
export function writeBeside(
  out: string,
  report: Report,
): { markdown: string; data: string; tables: string[] } {
  const { markdown, data, folder } = filesBeside(out);
  writeWhole(markdown, reportMarkdown(report));
  writeWhole(data, `${toJson(report)}\n`);
  mkdirSync(folder, { recursive: true });
  const tables = Object.entries(report.tables).map(([table, content]) => {
    const file = join(folder, `${table}.csv`);
    writeWhole(file, tableCsv(content));
    return file;
  });
  return { markdown, data, tables };
}

interface Link {
  title: string;
  href: string;
}

const nameOf = ({ path }: RunNotebook) => basename(path ?? "notebook", ".ipynb");

/** The page and one for each notebook, which link to each other. */
export function pagesOf(out: string, title: string, notebooks: readonly RunNotebook[]): Link[] {
  const own = notebooks.map((one) => ({ title: nameOf(one), href: `${nameOf(one)}.html` }));
  return [{ title, href: basename(out) }, ...own];
}

/** A page does not link to itself. */
export function withoutOwn(pages: readonly Link[], own: string): { title: string; href?: string }[] {
  return pages.map(({ title, href }) => ({
    title,
    ...(href === own ? {} : { href: encodeURIComponent(href) }),
  }));
}

export function writeSplit(out: string, notebooks: readonly RunNotebook[], pages: readonly Link[]): void {
  for (const one of notebooks) {
    const file = `${nameOf(one)}.html`;
    const page = { title: nameOf(one), notebooks: [one], pages: withoutOwn(pages, file) };
    writeWhole(join(dirname(out), file), renderPage(page));
  }
}
