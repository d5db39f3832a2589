import { existsSync, mkdirSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { escapeMarkdown } from "../page/escape";
import { pathFrom, shippedNotebooks, withStore } from "./copies";
import { type Notebook, parseNotebook, readNotebook, writeNotebook } from "./read";

/** Options of a new notebook. */
export interface CreateOptions {
  /** Path of the store that it reads. */
  db: string;
  /** A notebook of this package to start from, by its name or number: "02" or "02-cost-per-resolved-task". */
  from?: string;
}

/**
 * Creates a notebook that reads a store, and returns its path; an existing file is never overwritten.
 *
 * @param name the notebook's name or path, with or without .ipynb
 * @throws if the file exists, the store doesn't, or the notebook to start from is unknown
 */
export function createNotebook(name: string, { db, from }: CreateOptions): string {
  const file = resolve(name.endsWith(".ipynb") ? name : `${name}.ipynb`);
  if (existsSync(file))
    throw new RangeError(`new requires a file name that is free, got ${file}, which exists`);
  if (!existsSync(db))
    throw new RangeError(
      `new requires a store, got ${db}, which does not exist; make it with: fieldnotes ingest FILE`,
    );
  const begun = from === undefined ? template(basename(file, ".ipynb")) : readNotebook(beginning(from));
  mkdirSync(dirname(file), { recursive: true });
  writeNotebook(file, withStore(begun, pathFrom(dirname(file), resolve(db))));
  return file;
}

function beginning(from: string): string {
  const paths = shippedNotebooks();
  const names = paths.map((path) => basename(path, ".ipynb"));
  const at = names.findIndex((one) => one === from.replace(/\.ipynb$/, "") || one.slice(0, 2) === from);
  if (at < 0) throw new RangeError(`new requires --from one of ${names.join(", ")}, got ${from}`);
  return paths[at];
}

const markdown = (source: string) => ({ cell_type: "markdown", metadata: {}, source });
const code = (source: string, tags?: string[]) => ({
  cell_type: "code",
  metadata: tags === undefined ? {} : { tags },
  source,
  outputs: [],
  execution_count: null,
});

/** A starter notebook: the store, what is in it, one measure and its figure. */
function template(title: string): Notebook {
  return parseNotebook({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { display_name: "fieldnotes (TypeScript)", language: "typescript", name: "fieldnotes" },
      language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/typescript" },
    },
    cells: [
      markdown(`# ${escapeMarkdown(title)}\n\nThe question, and which calls it is about.`),
      code(
        'const db = ""; // the store\nconst where = ""; // which calls, such as "workload = \'chat\'"; empty: all but evaluation runs',
        ["parameters"],
      ),
      code(
        'import { doctor, latency, open, query, quantileFigure, show } from "fieldnotes";\n' +
          "const store = await open(db, { readOnly: true });\n" +
          "const which = { where: where || undefined };\n" +
          "const found = await doctor(store);\n" +
          "show(found.columns.filter(({ filled }) => filled > 0));",
      ),
      markdown("## A measure\n\nEach number with its interval, n and what counts as independent."),
      code(
        'const table = await latency(store, { ...which, by: "model", q: [0.5, 0.95] });\n' +
          'show(table, quantileFigure(table, { title: "How long calls take" }));',
      ),
      markdown("## A question of your own\n\nSQL over the store; docs/schema.md has the tables."),
      code(
        'show(await query(store, "select model, count(*) as calls from calls group by model order by calls desc"));',
      ),
    ],
  });
}
