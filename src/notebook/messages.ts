import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** One message of the Jupyter protocol (version 5.3), without its routing. */
export interface Message {
  header: { msg_id: string; msg_type: string; [key: string]: unknown };
  parent: { msg_id?: string; [key: string]: unknown };
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
}

const DELIMITER = "<IDS|MSG>";

function sign(key: string, parts: (string | Uint8Array)[]): string {
  const hash = createHmac("sha256", key);
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** A request to the kernel with its own id. */
export function request(type: string, content: Record<string, unknown>, session: string): Message {
  const header = {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: "fieldnotes",
    version: "5.3",
    date: new Date().toISOString(),
  };
  return { header, parent: {}, metadata: {}, content };
}

/** The frames of a message on the wire, signed with the connection's key. */
export function encodeMessage(key: string, message: Message): string[] {
  const parts = [message.header, message.parent, message.metadata, message.content].map((part) =>
    JSON.stringify(part),
  );
  return [DELIMITER, sign(key, parts), ...parts];
}

/** Parses a message from its frames; throws if they are not a message or the signature is wrong. */
export function decodeMessage(key: string, frames: Uint8Array[]): Message {
  const start = frames.findIndex((frame) => Buffer.from(frame).toString("latin1") === DELIMITER);
  if (start < 0 || frames.length < start + 6) throw new Error("a frame that is not a Jupyter message");
  const parts = frames.slice(start + 2, start + 6);
  const expected = Buffer.from(sign(key, parts));
  const given = Buffer.from(frames[start + 1]!);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
    throw new Error("a Jupyter message with a wrong signature");
  }
  const [header, parent, metadata, content] = parts.map((part) =>
    JSON.parse(Buffer.from(part).toString("utf8")),
  );
  return { header, parent, metadata, content };
}
