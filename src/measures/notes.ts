/**
 * Merges the notes of several tables: each appears once, and a note that is the start of a longer one is
 * dropped.
 *
 * @example
 * mergedNotes(["One user is one cluster.", "One user is one cluster, and hours are in it."]) // ["One user is one cluster, and hours are in it."]
 */
export function mergedNotes(notes: readonly string[]): string[] {
  const all = [...new Set(notes)];
  const goesOn = (one: string, note: string) =>
    one.startsWith(note.replace(/\.$/, "")) && /^[,;] /.test(one.slice(note.length - 1));
  const longer = (note: string) => all.some((one) => goesOn(one, note));
  return all.filter((note) => !longer(note));
}
