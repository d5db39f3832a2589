import { mix } from "../../stats/random";
import type { Task } from "../traffic/call";
import type { Lane } from "../traffic/lane";

// Ids come from a number and a seed, not from the random stream, so that writing a log changes no draw.

const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hex(word: number): string {
  return bytes[word >>> 24] + bytes[(word >>> 16) & 255] + bytes[(word >>> 8) & 255] + bytes[word & 255];
}

/** Names things of one run by their numbers. */
export interface Names {
  /** An id of 32 hexadecimal digits for a task. */
  task(number: number): string;
  /** An id of 16 hexadecimal digits for each call or stage of a task: 0, 1, 2, ... */
  span(task: number, part: number): string;
  session(number: number): string;
  /** An id of 16 hexadecimal digits for an answer of the study and for its task. */
  answer(number: number): string;
  trial(number: number): string;
  /** True for about the given share of the tasks. */
  sampled(task: number, share: number): boolean;
}

/** Names for a run with this seed: different numbers have different names. */
export function names(seed: number): Names {
  const key = mix(mix((seed >>> 0) + 0x9e3779b9) ^ Math.floor(seed / 4294967296));
  // Each word is a bijection of the number, so no two numbers share it; the others only make the name longer.
  const word = (number: number, salt: number) => hex(mix((number ^ key) + Math.imul(salt, 0x9e3779b9)));
  return {
    task: (number) => word(number, 1) + word(number, 2) + word(number, 3) + word(number, 4),
    span: (task, part) => word(task, 5) + hex(mix(part) ^ mix(task + key)),
    session: (number) => word(number, 6) + word(number, 7),
    answer: (number) => word(number, 9) + word(number, 10),
    trial: (number) => word(number, 11) + word(number, 12),
    sampled: (task, share) => mix((task ^ key) + Math.imul(8, 0x9e3779b9)) < share * 4294967296,
  };
}

/** "chat-0012" for the user of rank 12 in the chat assistant. */
export function userName(workload: string, user: number): string {
  return `${workload.split("-")[0]}-${String(user + 1).padStart(4, "0")}`;
}

/** The dated name under which a model answers. */
export function responseModel(lane: Lane): string {
  return `${lane.model}-${lane.spec.snapshot}`;
}

/** The id that a call has once its log is read: in traces, the span alone does not identify it. */
export function callName(names: Names, { number, stages, lane }: Task, part: number): string {
  // Part 0 is the span of the whole task.
  const span = names.span(number, stages.length + 1 + part);
  return lane.work.format === "otlp" ? `${names.task(number)}:${span}` : span;
}
