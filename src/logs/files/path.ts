import { quoteText } from "../../store/quote";

/** A file's name as the engine's readers take it: what would be a glob's star or bracket is the letter itself. */
export function pathSql(file: string): string {
  return quoteText(file.replace(/[*?[]/g, (char) => `[${char}]`));
}
