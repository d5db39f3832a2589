import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

/** What a file's content is known by. */
export interface Fingerprint {
  sha256: string;
  /** Hash of the first bytes, at each of the asked sizes: tells a file that has only grown. */
  prefixes: Map<number, string>;
}

const pieceSize = 1 << 20;

/** Hashes a file, piece by piece, so that the engine can work beside it. */
export async function fingerprint(file: string, prefixSizes: readonly number[] = []): Promise<Fingerprint> {
  const hash = createHash("sha256");
  const prefixes = new Map<number, string>();
  const wanted = [...new Set(prefixSizes)].sort((a, b) => a - b);
  let size = 0;
  const handle = await open(file);
  try {
    const buffer = Buffer.allocUnsafe(pieceSize);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, pieceSize);
      if (bytesRead === 0) break;
      let hashed = 0;
      for (; wanted.length > 0 && wanted[0] <= size + bytesRead; wanted.shift()) {
        hash.update(buffer.subarray(hashed, wanted[0] - size));
        hashed = wanted[0] - size;
        prefixes.set(wanted[0], hash.copy().digest("hex"));
      }
      hash.update(buffer.subarray(hashed, bytesRead));
      size += bytesRead;
    }
  } finally {
    await handle.close();
  }
  return { sha256: hash.digest("hex"), prefixes };
}
