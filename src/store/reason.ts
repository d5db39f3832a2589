/** What the engine says of a failure, without the position in a statement that nobody wrote. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [said] = message.split(/\n\s*(?:LINE \d+:|Candidate)/);
  return said.replace(/\s+/g, " ").trim().slice(0, 300);
}
