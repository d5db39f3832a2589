import { readFileSync } from "node:fs";
import type { MaskedKind } from "../store/mask";
import { writeWhole } from "../store/wholeFile";

/** How an eval set came about: with the same logs and the same rule, the same set comes out anywhere. */
export interface Manifest {
  /** Version of this layout. */
  version: 1;
  seed: number;
  /** Examples asked for. */
  size: number;
  /** Share of the set that is edge cases. */
  edge_share: number;
  /** The predicate over calls, "" for all. */
  where: string;
  /** The rule in sentences. */
  rule: string[];
  /** Requests with a prompt that it was drawn from, and the period they were made in. */
  requests: number;
  from: string | null;
  to: string | null;
  /** Of the ids and prompts of all requests, whatever their order. */
  input_hash: string;
  items: number;
  /** What the set is worth for a rate of the traffic, since its examples stand for unequal numbers of requests. */
  effective_items: number;
  strata: { stratum: string; requests: number; items: number }[];
  edge: Record<string, { requests: number; items: number }>;
  near_duplicates: { rule: string; threshold: number; left_out: number };
  /** Values masked by kind; null where masking was off. */
  masked: Record<MaskedKind, number> | null;
  /** What the weights of the examples are. */
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

/** The manifest beside a set, undefined where there is none. */
export function readManifest(set: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(manifestFile(set), "utf8")) as Manifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new TypeError(`${manifestFile(set)} requires JSON (${(error as Error).message})`);
  }
}
