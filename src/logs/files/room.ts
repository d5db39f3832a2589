import { statfsSync, statSync } from "node:fs";

/** The size limit for everything made from a file, all parts together. */
export interface Room {
  /** Takes a number of bytes from the limit. */
  take(bytes: number): void;
  /** Takes from it for one thing that is in memory as a whole, such as a member of an archive: at most 512 MB. */
  holding(): (bytes: number) => void;
  /** The same limit for something else that is made from the file, counted apart. */
  apart(): Room;
}

/** What is made from a file exceeds its limit. */
export class RoomError extends Error {}

// Logs shrink to a tenth, very monotonous ones to a fiftieth: what grows more is not a log, or is one worth asking
// about.
const usual = 100;
const least = 256 * 2 ** 20;
// Other programs write to the disk in the meantime.
const ofFree = 0.9;
const usuallyHeld = 512 * 2 ** 20;

/**
 * The size limit for what is unpacked from a file, or written from it, into a folder.
 *
 * @param most bytes; default: 100 times the file's own, at least 256 MB
 */
export function roomFor(file: string, folder: string, most?: number): Room {
  const mostBytes = most ?? Math.max(least, usual * statSync(file).size);
  const { bavail, bsize } = statfsSync(folder);
  const heldBytes = Math.max(usuallyHeld, most ?? 0);
  return limited({ mostBytes, heldBytes, free: bavail * bsize, folder, isUsual: most === undefined });
}

interface Limit {
  mostBytes: number;
  heldBytes: number;
  free: number;
  folder: string;
  isUsual: boolean;
}

const raise = "if you know what it is, raise the limit: --unpack 10GB";

function limited(limit: Limit): Room {
  const { mostBytes, heldBytes, free, folder, isUsual } = limit;
  let taken = 0;
  const take = (bytes: number) => {
    taken += bytes;
    if (taken > mostBytes)
      throw new RoomError(
        `it unpacks to more than ${sizeText(mostBytes)}${isUsual ? ", more than logs of its size do" : ""}; ${raise}`,
      );
    if (taken > ofFree * free)
      throw new RoomError(`it unpacks to more than the ${sizeText(free)} free in ${folder}`);
  };
  return {
    take,
    holding() {
      let held = 0;
      return (bytes) => {
        take(bytes);
        held += bytes;
        if (held > heldBytes)
          throw new RoomError(`a part of it unpacks to more than ${sizeText(heldBytes)}; ${raise}`);
      };
    },
    apart: () => limited(limit),
  };
}

const units = ["bytes", "KB", "MB", "GB", "TB"];

/** Bytes in words, such as "256 MB". */
export function sizeText(bytes: number): string {
  const at = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1024 ** at).toPrecision(3))} ${units[at]}`;
}

/** Bytes from a size in words, such as "10GB" or "512 MB"; NaN if it is not one. */
export function bytesIn(size: string): number {
  const [, number, unit = "B"] = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]?B)?\s*$/i.exec(size) ?? [];
  const at = ["B", "KB", "MB", "GB", "TB"].indexOf(unit.toUpperCase());
  return number === undefined ? Number.NaN : Math.floor(Number(number) * 1024 ** at);
}
