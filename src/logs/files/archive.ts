import type { Readable } from "node:stream";
import type { Entry, ZipFile } from "yauzl";
import { jsonFaultText } from "../../store/withoutText";
import { writing } from "./pieces";
import { type Room, RoomError } from "./room";
import { unzstd } from "./zstd";

const zstd = 93;

/**
 * Writes the samples of an Inspect log (.eval, a zip of JSON files) as JSON lines: each sample is a record in the
 * form of the .json log, with the run's header. The log of an interrupted run has its header in the journal.
 */
export async function archiveRecords(file: string, to: string, room: Room): Promise<void> {
  const archive = await opened(file);
  try {
    const files = await entries(archive);
    const header = files.find(({ fileName }) => fileName === "header.json");
    const begun = header ?? files.find(({ fileName }) => fileName === "_journal/start.json");
    if (begun === undefined && files.some(({ fileName }) => fileName === "xl/workbook.xml"))
      throw new Error(
        "it is an Excel workbook, which is not read: save the sheet as CSV (in Excel: File, Save As, CSV UTF-8)",
      );
    if (begun === undefined) {
      throw new Error(
        "only a zip archive that is an Inspect log (.eval, with header.json) can be read: unpack it and ingest the folder",
      );
    }
    const read = async (entry: Entry) => oneLine(await bytesOf(archive, entry, room));
    const run = headerOf(
      begun.fileName,
      await read(begun).catch((error) => {
        if (error instanceof RoomError) throw error;
        throw damage(`${begun.fileName}: ${(error as Error).message}`);
      }),
    );
    const status = header === undefined ? { status: "started" } : {};
    const start = JSON.stringify({ ...brief(run), ...status, samples: undefined }).slice(0, -1);
    const headers = room.apart();
    const withSamples = (samples: string) => {
      headers.take(start.length);
      return `${start}${start.length > 1 ? "," : ""}"samples":[${samples}]}\n`;
    };
    const samples = files.filter(({ fileName }) => /^samples\/[^/]+\.json$/.test(fileName));
    await writing(to, async (write) => {
      // A damaged member costs only its own record: the line is then not JSON.
      const readOrNone = (entry: Entry) =>
        read(entry).catch((error) => {
          if (error instanceof RoomError) throw error;
          return "";
        });
      for (const entry of samples) write(withSamples((await readOrNone(entry)) || "\u0001"));
      if (samples.length === 0) write(withSamples(""));
    });
  } finally {
    archive.close();
  }
}

function headerOf(name: string, text: string): object {
  let header: unknown;
  try {
    header = JSON.parse(text || "{}");
  } catch (error) {
    throw damage(`${name} is not JSON: ${jsonFaultText(error)}`);
  }
  if (header === null || typeof header !== "object" || Array.isArray(header))
    throw damage(`${name} is not a JSON object`);
  return header;
}

const damage = (why: string) => new Error(`the zip archive is damaged (${why}); export it again`);

// Every sample's line repeats the header: parts of it that grow with the number of samples are left out.
const longestPart = 4_096;
function brief(run: object, depth = 2): object {
  const parts = Object.entries(run).flatMap(([name, part]: [string, unknown]) => {
    if (JSON.stringify(part).length <= longestPart) return [[name, part]];
    const isRecord = part !== null && typeof part === "object" && !Array.isArray(part);
    return isRecord && depth > 1 ? [[name, brief(part, depth - 1)]] : [];
  });
  return Object.fromEntries(parts);
}

async function opened(file: string): Promise<ZipFile> {
  const { open } = await import("yauzl");
  return new Promise((done, fail) => {
    open(file, { lazyEntries: true, autoClose: false }, (error, archive) =>
      error ? fail(damage(error.message)) : done(archive),
    );
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
    archive.once("error", (error) => fail(damage(error.message)));
    archive.readEntry();
  });
}

async function bytesOf(archive: ZipFile, entry: Entry, room: Room): Promise<Buffer> {
  const isZstd = entry.compressionMethod === zstd;
  const options = isZstd ? { decompress: null, decodeFileData: false } : {};
  const stream = await new Promise<Readable>((done, fail) => {
    archive.openReadStream(entry, options as never, (error, one) => (error ? fail(error) : done(one)));
  });
  const pieces: Buffer[] = [];
  const hold = room.holding();
  // Not through a pipeline, which may tell of the stream's end in place of why there is no room.
  for await (const piece of isZstd ? unzstd(stream) : (stream as AsyncIterable<Buffer>)) {
    hold(piece.length);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

// JSON on one line: line breaks occur only between its parts, where a space does as well.
function oneLine(bytes: Buffer): string {
  return bytes.toString("utf8").replace(/[\r\n]+/g, " ");
}
