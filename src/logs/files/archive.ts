import { createWriteStream } from "node:fs";
import type { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Entry, ZipFile } from "yauzl";

// What a member may unpack to: more is no log but an attack, or needs to be unpacked by hand.
const largestMember = 512 * 2 ** 20;
const zstd = 93;

/**
 * Writes the samples of an Inspect log (.eval, a zip of JSON members) as JSON lines: each sample in a record of the
 * form that the .json log has, with the run's header. A log of a run that was cut off has its header in the journal.
 */
export async function archiveRecords(
  file: string,
  to: string,
  zstdDecoder: () => Promise<Transform>,
): Promise<void> {
  const archive = await opened(file);
  const out = createWriteStream(to);
  try {
    const members = await entries(archive);
    const header = members.find(({ fileName }) => fileName === "header.json");
    const begun = header ?? members.find(({ fileName }) => fileName === "_journal/start.json");
    if (begun === undefined) {
      throw new Error(
        "a zip archive is read where it is an Inspect log (.eval, with header.json): unpack it and ingest the folder",
      );
    }
    const read = async (entry: Entry) => oneLine(await bytesOf(archive, entry, zstdDecoder));
    const run = JSON.parse((await read(begun)) || "{}") as Record<string, unknown>;
    const status = header === undefined ? { status: "started" } : {};
    const start = JSON.stringify({ ...run, ...status, samples: undefined }).slice(0, -1);
    const samples = members.filter(({ fileName }) => /^samples\/[^/]+\.json$/.test(fileName));
    for (const entry of samples) {
      // A member that is damaged costs its own record alone: the line is then no JSON.
      const line = await read(entry).catch(() => "");
      if (!out.write(`${start}${start.length > 1 ? "," : ""}"samples":[${line || "\u0001"}]}\n`))
        await new Promise<void>((done) => out.once("drain", () => done()));
    }
    if (samples.length === 0) out.write(`${start}${start.length > 1 ? "," : ""}"samples":[]}\n`);
  } finally {
    archive.close();
    await new Promise<void>((done) => out.end(() => done()));
  }
}

async function opened(file: string): Promise<ZipFile> {
  const { open } = await import("yauzl");
  return new Promise((done, fail) => {
    open(file, { lazyEntries: true, autoClose: false }, (error, archive) => {
      if (error || archive === undefined) fail(new Error(`the zip archive is damaged (${error?.message})`));
      else done(archive);
    });
  });
}

function entries(archive: ZipFile): Promise<Entry[]> {
  const found: Entry[] = [];
  return new Promise((done, fail) => {
    archive.on("entry", (entry: Entry) => {
      found.push(entry);
      archive.readEntry();
    });
    archive.once("end", () => done(found.sort((a, b) => (a.fileName < b.fileName ? -1 : 1))));
    archive.once("error", fail);
    archive.readEntry();
  });
}

async function bytesOf(
  archive: ZipFile,
  entry: Entry,
  zstdDecoder: () => Promise<Transform>,
): Promise<Buffer> {
  const isZstd = entry.compressionMethod === zstd;
  const stream = await new Promise<Readable>((done, fail) => {
    const options = isZstd ? { decompress: null, decodeFileData: false } : {};
    archive.openReadStream(entry, options as never, (error, one) => {
      if (error || one === undefined) fail(error);
      else done(one);
    });
  });
  const pieces: Buffer[] = [];
  let size = 0;
  const collect = async (source: AsyncIterable<unknown>) => {
    for await (const piece of source) {
      size += (piece as Buffer).length;
      if (size > largestMember)
        throw new Error(`${entry.fileName} unpacks to more than ${largestMember} bytes`);
      pieces.push(piece as Buffer);
    }
  };
  if (isZstd) await pipeline(stream, await zstdDecoder(), collect);
  else await pipeline(stream, collect);
  return Buffer.concat(pieces);
}

// JSON on one line: a line break stands between its parts only, where a space does as well.
function oneLine(bytes: Buffer): string {
  return bytes.toString("utf8").replace(/[\r\n]+/g, " ");
}
