import { existsSync, readFileSync } from "node:fs";
import { writeWhole } from "../store/wholeFile";
import type { CheckScore } from "./check";

/** Writes what checks found as JSON lines to ingest; an earlier such file is replaced, even if it was ingested. */
export function writeScores(file: string, scores: readonly CheckScore[]): void {
  writeWhole(file, scores.map((score) => `${JSON.stringify(score)}\n`).join(""), { isOwn: isOfChecks(file) });
}

function isOfChecks(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    return lines.every((line) => (JSON.parse(line) as Partial<CheckScore>).rater_id === "evalset");
  } catch {
    return false;
  }
}
