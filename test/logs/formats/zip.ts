import { crc32, deflateRawSync } from "node:zlib";

/** A zip archive of texts, deflated or packed by another method. */
export function zip(
  members: Record<string, string>,
  { method = 8, pack = deflateRawSync }: { method?: number; pack?: (bytes: Buffer) => Buffer } = {},
): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(members)) {
    const path = Buffer.from(name);
    const bytes = Buffer.from(text);
    const packed = pack(bytes);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(method, 4);
    head.writeUInt32LE(crc32(bytes), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(path.length, 22);
    local.push(Buffer.from("PK\x03\x04"), head, path, packed);
    const entry = Buffer.alloc(16);
    entry.writeUInt32LE(offset, 12);
    central.push(
      Buffer.from("PK\x01\x02"),
      Buffer.from([20, 0]),
      head,
      Buffer.alloc(2),
      entry.subarray(4),
      path,
    );
    offset += 4 + head.length + path.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(members).length, 4);
  end.writeUInt16LE(Object.keys(members).length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from("PK\x05\x06"), end]);
}
