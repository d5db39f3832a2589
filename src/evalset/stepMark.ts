import { sha256 } from "./review";

/** A step of a task on a sheet: its place from 1, its title there, and what the log knows it by ("call c7", "span s3"). */
export interface MarkedStep {
  place: number;
  title: string;
  step: string;
}

/** What stands for a step on a sheet: it shows no id, and fits no other task, place, title or step. */
export const stepMark = (task: string, { place, title, step }: MarkedStep): string =>
  sha256(["fieldnotes step", task, place, title, step].join("\n")).slice(0, 16);
