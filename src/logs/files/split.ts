import { piecesOf, writing } from "./pieces";

const [quote, backslash, comma, space, tab, newline, carriageReturn] = Buffer.from('"\\, \t\n\r');
const [openArray, openRecord, closeArray, closeRecord] = Buffer.from("[{]}");
const lineEnd = Buffer.from("\n");

/**
 * Writes the values of a JSON array, a JSON document or a sequence of documents as JSON lines, one value per line.
 * A single array is opened: each of its elements becomes a line. Nothing is parsed, so that a damaged element
 * costs only one line, and one nested 100,000 deep costs nothing.
 */
export async function splitJson(file: string, to: string): Promise<void> {
  await writing(to, async (write) => {
    let depth = 0; // inside the opened array, or the file
    let inArray = false;
    let inString = false;
    let escaped = false;
    let inValue = false;
    let begun = false; // anything has been seen
    for await (const bytes of piecesOf(file)) {
      let from = 0; // the start of the current value's piece
      const endValue = (at: number) => {
        if (inValue) {
          write(bytes.subarray(from, at));
          write(lineEnd);
        }
        inValue = false;
      };
      for (let at = 0; at < bytes.length; at++) {
        const byte = bytes[at];
        const isBreak = byte === newline || byte === carriageReturn;
        // A bare line break in a string is not valid JSON; as a space it keeps the value on one line, to be judged
        // there.
        if (isBreak) bytes[at] = space;
        if (inString) {
          if (escaped) escaped = false;
          else if (byte === backslash) escaped = true;
          else if (byte === quote) inString = false;
          continue;
        }
        const isSpace = isBreak || byte === space || byte === tab;
        if (!begun && !isSpace) {
          begun = true;
          inArray = byte === openArray;
          if (inArray) continue;
        }
        if (depth === 0) {
          const ends = inArray && byte === closeArray;
          if (ends || (byte === comma && (inArray || !inValue)) || (isSpace && !(inArray && inValue))) {
            endValue(at);
            if (ends) inArray = false;
            continue;
          }
          if (!inValue) from = at;
          inValue = true;
        }
        if (byte === quote) inString = true;
        else if (byte === openArray || byte === openRecord) depth += 1;
        else if (byte === closeArray || byte === closeRecord) {
          depth -= 1;
          if (depth <= 0 && !inArray) {
            depth = 0;
            endValue(at + 1);
          }
        }
      }
      if (inValue) write(bytes.subarray(from));
    }
    if (inValue) write(lineEnd);
  });
}
