import { createHash } from "node:crypto";
import type { DuckDBConnection } from "@duckdb/node-api";
import { grouped } from "../stats/text";
import { type MaskedKind, mask, maskedKinds } from "../store/mask";
import type { Store } from "../store/open";
import { rowsOf, run } from "../store/run";
import { type Candidate, type Drawn, draw } from "./draw";
import type { Item } from "./item";
import type { Manifest } from "./manifest";
import { nearDuplicateRule } from "./nearDuplicates";
import { requestStatements, selectRequests } from "./requests";
import { type Cell, targetsOf } from "./targets";

/** Options of drawing an eval set. */
export interface BuildOptions {
  /** Number of examples. Default 300. */
  size?: number;
  /** Share of the set that is edge cases: disliked, errored, retried, rare and longest. Default 0.2. */
  edge?: number;
  /** A predicate over the columns of calls, in SQL. */
  where?: string;
  /** Default 1. */
  seed?: number;
  /** Whether to remove personal data from the prompts, as far as `mask` finds it. Default true. */
  mask?: boolean;
  /** Jaccard index at or above which two prompts are near-duplicates and one is left out, in (0, 1]. Default 0.8. */
  similar?: number;
}

/** An eval set and how it was made. */
export interface EvalSet {
  items: Item[];
  manifest: Manifest;
  notes: string[];
}

/**
 * How many candidates are searched for distinct prompts, as multiples of the size: at first, and if that was not
 * enough.
 */
const pools = [4, 16];

/**
 * Draws an eval set from the prompts of the logs: strata of the requests in proportion, and a quota of edge cases.
 *
 * A request is the first answering call of its task. Strata are workload by length (thirds) by use of the user (thirds
 * of the requests) by time (thirds of the period). A request that is an edge case is drawn as one and not from its
 * stratum. Among near-duplicate prompts the first one drawn represents all. `weight` of an item is the number of
 * requests it stands for, the inverse of its inclusion probability: a rate weighted by it is a rate of the traffic.
 *
 * @remarks Method: stratified random sampling ordered by SHA-256 of seed and id, so the same logs give the same set
 * anywhere.
 * @returns items with the answer, format, sources and checks still to be filled in, and the manifest
 * @throws Error if no prompts are stored; RangeError for an invalid size, share or threshold
 * @example
 * const store = await openDemo();
 * (await build(store, { size: 50 })).items.length // 50
 */
export async function build(store: Store, options: BuildOptions = {}): Promise<EvalSet> {
  const { size = 300, edge = 0.2, where, seed = 1, mask: masking = true, similar = 0.8 } = options;
  checkBuild(size, edge, similar, seed);
  const { selection, summary } = await selectRequests(store, "build", where);
  try {
    const { connection } = selection;
    const cells = await cellsOf(connection, { size, edge });
    const masked = Object.fromEntries(maskedKinds.map((kind) => [kind, 0])) as Record<MaskedKind, number>;
    let drawn: Drawn = { kept: [], leftOut: 0 };
    for (const factor of pools) {
      const candidates = await rowsOf<Candidate>(connection, requestStatements.candidates, {
        targets: JSON.stringify(cells),
        seed,
        factor,
        most: factor * size,
      });
      drawn = draw(candidates, cells, { size, similar });
      if (drawn.kept.length >= size || drawn.kept.length + drawn.leftOut >= summary.requests) break;
    }
    const canary = `fieldnotes-canary-${hashOf(`${summary.input_hash} ${seed} ${size}`, 32)}`;
    const items = drawn.kept.map(({ candidate, weight }): Item => {
      const { text, counts } = masking
        ? mask(candidate.prompt)
        : { text: candidate.prompt, counts: undefined };
      for (const kind of counts === undefined ? [] : maskedKinds) masked[kind] += counts![kind];
      return {
        item_id: `item-${hashOf(candidate.call_key, 12)}`,
        prompt: text,
        expected: "",
        format: "",
        sources: [],
        workload: candidate.workload,
        stratum: candidate.edge === null ? candidate.stratum : `edge / ${candidate.edge}`,
        weight,
        checks: [],
        call_id: candidate.call_id,
        canary,
      };
    });
    const count = (cell: Cell) =>
      drawn.kept.filter(
        ({ candidate }) => candidate.cell === cell.cell && (candidate.edge !== null) === cell.edge,
      ).length;
    const sum = items.reduce((total, { weight }) => total + weight, 0);
    const squares = items.reduce((total, { weight }) => total + weight * weight, 0);
    const effective = Math.round((sum * sum) / squares);
    const manifest: Manifest = {
      version: 1,
      seed,
      size,
      edge_share: edge,
      where: where ?? "",
      rule,
      requests: summary.requests,
      from: summary.from,
      to: summary.to,
      input_hash: summary.input_hash,
      items: items.length,
      effective_items: effective,
      strata: cells
        .filter((cell) => !cell.edge)
        .map((cell) => ({ stratum: cell.cell, requests: cell.requests, items: count(cell) })),
      edge: Object.fromEntries(
        cells
          .filter((cell) => cell.edge)
          .map((cell) => [cell.cell, { requests: cell.requests, items: count(cell) }]),
      ),
      near_duplicates: { rule: nearDuplicateRule, threshold: similar, left_out: drawn.leftOut },
      masked: masking ? masked : null,
      weights: "requests that an example represents: the inverse of its inclusion probability",
      canary,
    };
    return { items, manifest, notes: notesOf(manifest, summary.calls - summary.calls_with_prompt) };
  } finally {
    selection.close();
  }
}

/** The cells with their targets. A kind that the strata would yield as often anyway is not an edge case. */
async function cellsOf(connection: DuckDBConnection, { size, edge }: { size: number; edge: number }) {
  for (;;) {
    const cells = targetsOf(await rowsOf<Cell>(connection, requestStatements.cells), { size, edge });
    const requests = cells.reduce((sum, cell) => sum + cell.requests, 0);
    const usual = cells
      .filter((cell) => cell.edge && cell.target <= (Math.min(size, requests) * cell.requests) / requests)
      .filter((cell) => cell.target < cell.requests)
      .map(({ cell }) => cell);
    if (usual.length === 0) return cells;
    await run(connection, requestStatements.plain, { kinds: JSON.stringify(usual) });
  }
}

const rule = [
  "A request is the first answering call of its task that has its prompt stored.",
  "An edge case is, in this order, a request whose user gave a score of 0 or less (disliked), whose task had an error or timeout (errored), of a kind (workload, prompt version, finish reason, script) below 1 % of requests (rare), longer than 99 % of its workload's (longest), or whose task was tried again (retried); a kind that the strata would give as often anyway does not count.",
  "All other requests are stratified by workload, thirds of length within it, thirds of requests by how much their user asks, and thirds of the period.",
  "Edge cases get their share of the set, split evenly over the kinds that have enough; strata get the rest in proportion.",
  "Within each, requests are ordered by SHA-256 of seed and call id (of what a call holds, where the log has no ids).",
];

function notesOf(manifest: Manifest, withoutPrompt: number): string[] {
  const { items, size, requests, effective_items, masked, near_duplicates } = manifest;
  const count = (n: number) => grouped(n);
  const notes: string[] = [];
  if (items < size)
    notes.push(
      requests <= size
        ? `${count(items)} of ${count(size)} examples: there are ${count(requests)} requests with a prompt.`
        : `${count(items)} of ${count(size)} examples: no more of the prompts considered differ enough.`,
    );
  if (near_duplicates.left_out > 0)
    notes.push(
      `${count(near_duplicates.left_out)} near-duplicates were left out; their weight went to the example they resemble.`,
    );
  if (withoutPrompt > 0)
    notes.push(`${count(withoutPrompt)} calls have no stored prompt: the set cannot represent them.`);
  if (items > 0 && effective_items < items)
    notes.push(
      `For a rate of the traffic the ${count(items)} examples are worth ${count(effective_items)}, since they represent unequal numbers of requests.`,
    );
  notes.push(
    masked === null
      ? "Personal data was not masked."
      : "Masking finds what has a fixed form (e-mail, telephone, card, IBAN, IP and US social security numbers, keys) and is best effort: read the set before it is passed on.",
  );
  return notes;
}

function hashOf(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

function checkBuild(size: number, edge: number, similar: number, seed: number): void {
  if (!(Number.isSafeInteger(size) && size >= 1 && size <= 10_000))
    throw new RangeError(`build requires a whole size from 1 to 10000, got ${String(size)}`);
  if (!(edge >= 0 && edge <= 1)) {
    const hint = edge > 1 && edge <= 100 ? `; did you mean ${edge / 100}?` : "";
    throw new RangeError(
      `build requires 0 <= edge <= 1, the share of edge cases, got ${String(edge)}${hint}`,
    );
  }
  if (!(similar > 0 && similar <= 1))
    throw new RangeError(`build requires 0 < similar <= 1, a Jaccard index, got ${String(similar)}`);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`build requires a whole seed, got ${String(seed)}`);
}
