import { quoteText } from "../../store/quote";

/** A file's name as the engine's readers take it: a glob's star or bracket is escaped. */
export function pathSql(file: string): string {
  return quoteText(file.replace(/[*?[]/g, (char) => `[${char}]`));
}
