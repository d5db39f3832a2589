import { createHash } from "node:crypto";
import { piecesOf } from "./pieces";

/** What identifies a file's content. */
export interface Fingerprint {
  sha256: string;
  /** Hash of the first bytes, at each of the given sizes: identifies a file that has only grown. */
  prefixes: Map<number, string>;
}

/** Hashes a file piece by piece, so that the engine can work at the same time. */
export async function fingerprint(file: string, prefixSizes: readonly number[] = []): Promise<Fingerprint> {
  const hash = createHash("sha256");
  const prefixes = new Map<number, string>();
  const wanted = [...new Set(prefixSizes)].sort((a, b) => a - b);
  let size = 0;
  for await (const piece of piecesOf(file)) {
    let hashed = 0;
    for (; wanted.length > 0 && wanted[0] <= size + piece.length; wanted.shift()) {
      hash.update(piece.subarray(hashed, wanted[0] - size));
      hashed = wanted[0] - size;
      prefixes.set(wanted[0], hash.copy().digest("hex"));
    }
    hash.update(piece.subarray(hashed));
    size += piece.length;
  }
  return { sha256: hash.digest("hex"), prefixes };
}
