import { say } from "./output";

/** Exit codes: 0 done, 1 failed, 2 wrong usage. */
export const failed = 1;
export const wrongUsage = 2;

/** What the caller asked for wrongly: every such error says what is required and what was given. */
function isUsage(error: unknown): boolean {
  return (error instanceof RangeError || error instanceof TypeError) && / requires? /.test(error.message);
}

/** Says an error in one line on stderr and returns the exit code that fits it. */
export function report(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  say(`fieldnotes: ${message.replace(/\s*\n\s*/g, " ")}`);
  if (process.env.FIELDNOTES_DEBUG && error instanceof Error) say(error.stack ?? "");
  return isUsage(error) ? wrongUsage : failed;
}
