import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Notebook, type Output, parseNotebook } from "../../src/notebook/read";

export const checkout = join(__dirname, "..", "..");

/** A notebook of code cells; a cell given as [tag, source] carries that tag. */
export function notebookOf(...sources: (string | [tag: string, source: string])[]): Notebook {
  const cells = sources.map((given, index) => {
    const [tag, source] = typeof given === "string" ? [undefined, given] : given;
    return {
      id: `cell-${index + 1}`,
      cell_type: "code",
      source,
      metadata: tag === undefined ? {} : { tags: [tag] },
      outputs: [],
      execution_count: null,
    };
  });
  const kernelspec = { name: "fieldnotes", display_name: "fieldnotes (TypeScript)", language: "typescript" };
  return parseNotebook({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells });
}

/** A folder that is removed when the file's tests are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "notebook-test-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What a cell printed to stdout. */
export function printed(outputs: Output[] | undefined): string {
  return (outputs ?? [])
    .map((output) => (output.output_type === "stream" && output.name === "stdout" ? output.text : ""))
    .join("");
}

/** The data of a cell's displays. */
export function displayed(outputs: Output[] | undefined): Record<string, unknown>[] {
  return (outputs ?? []).flatMap((output) => (output.output_type === "display_data" ? [output.data] : []));
}
