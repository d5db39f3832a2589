/** The smallest pieces of zstd, put together by hand. */

/** A frame: its window as the format writes it (0 is 1 KB, 0x88 is 128 MB), and its blocks. */
export const frameOf = (window: number, ...blocks: Buffer[]) =>
  Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, window]), ...blocks]);

/** A block's head. */
function head(kind: number, size: number, isLast: boolean): Buffer {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntLE(size * 8 + kind * 2 + (isLast ? 1 : 0), 0, 3);
  return bytes;
}

/** A block of bytes as they are. */
export const rawBlock = (content: string | Uint8Array, isLast = false) =>
  Buffer.concat([head(0, content.length, isLast), Buffer.from(content)]);

/** A block that repeats a byte. */
export const repeatBlock = (count: number, byte = 32, isLast = false) =>
  Buffer.concat([head(1, count, isLast), Buffer.of(byte)]);

/** A compressed block from its content. */
export const packedBlock = (content: Uint8Array, isLast = true) =>
  Buffer.concat([head(2, content.length, isLast), Buffer.from(content)]);
