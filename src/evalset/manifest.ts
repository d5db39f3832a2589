import { readFileSync } from "node:fs";
import type { MaskedKind } from "../store/mask";
import { writeWhole } from "../store/wholeFile";

/** How an eval set was made: the same logs and the same rule give the same set anywhere. */
export interface Manifest {
  /** Version of this layout. */
  version: 1;
  seed: number;
  /** Number of examples requested. */
  size: number;
  /** Share of the set that is edge cases. */
  edge_share: number;
  /** The predicate over calls, "" for all. */
  where: string;
  /** The rule in sentences. */
  rule: string[];
  /** The requests with a prompt that it was drawn from, and their period. */
  requests: number;
  from: string | null;
  to: string | null;
  /** A hash of the ids and prompts of all requests, in any order. */
  input_hash: string;
  items: number;
  /** The effective sample size for a rate of the traffic, since examples represent unequal numbers of requests. */
  effective_items: number;
  strata: { stratum: string; requests: number; items: number }[];
  edge: Record<string, { requests: number; items: number }>;
  near_duplicates: { rule: string; threshold: number; left_out: number };
  /** Number of values masked, by kind; null if masking was off. */
  masked: Record<MaskedKind, number> | null;
  /** What the weights of the examples mean. */
  weights: string;
  canary: string;
}

/** The manifest's file beside a set: reviews.jsonl has reviews.manifest.json. */
export function manifestFile(set: string): string {
  return `${set.replace(/\.jsonl$/i, "")}.manifest.json`;
}

/** Writes the manifest beside its set, and returns its path. */
export function writeManifest(set: string, manifest: Manifest): string {
  const file = manifestFile(set);
  writeWhole(file, `${JSON.stringify(manifest, null, 2)}\n`);
  return file;
}

/** The manifest beside a set, or undefined if there is none. */
export function readManifest(set: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(manifestFile(set), "utf8")) as Manifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new TypeError(`${manifestFile(set)} requires JSON (${(error as Error).message})`);
  }
}
