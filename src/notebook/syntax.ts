import { createRequire } from "node:module";
import type * as TypeScript from "@tslab/typescript-for-tslab";

let loaded: typeof TypeScript | undefined;

/** The same TypeScript that compiles the cells, tslab's own; it takes a quarter of a second to load. */
export function kernelTypeScript(): typeof TypeScript {
  if (loaded === undefined) {
    const fromTslab = createRequire(require.resolve("tslab/package.json"));
    loaded = fromTslab("@tslab/typescript-for-tslab") as typeof TypeScript;
  }
  return loaded;
}

/** A cell's text as a syntax tree. */
export function parseCell(source: string): TypeScript.SourceFile {
  const ts = kernelTypeScript();
  return ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
}
