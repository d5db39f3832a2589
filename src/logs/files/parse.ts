import { deepest } from "./depth";

// Python writes NaN and Infinity bare; inside a string the same letters are text.
const bare = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/**
 * The value of a JSON text, also of one with NaN or Infinity in it, which Python's json writes and the engine
 * reads: such a value is null, and so is what nests deeper than any field. Undefined if the text is not JSON.
 *
 * @param infinite keeps Infinity and -Infinity as numbers
 */
export function parsedJson(text: string, infinite = false): unknown {
  if (nestsDeep(text)) return undefined;
  try {
    return cutBelow(JSON.parse(text));
  } catch {
    if (!/NaN|Infinity/.test(text)) return undefined;
  }
  try {
    const plain = text.replace(bare, (part) => {
      if (part.startsWith('"')) return part;
      return infinite ? part.replace("Infinity", "1e999").replace(/-?NaN/, "null") : "null";
    });
    return cutBelow(JSON.parse(plain));
  } catch {
    return undefined;
  }
}

// Whatever goes down into a value, or only writes it as a text, has an end here.
const deepestValue = 200;

function cutBelow(value: unknown, levels = deepestValue): unknown {
  if (value === null || typeof value !== "object") return value;
  if (levels === 0) return null;
  const parts = value as Record<string, unknown>;
  for (const name of Array.isArray(value) ? value.keys() : Object.keys(value))
    if (typeof parts[name] === "object") parts[name] = cutBelow(parts[name], levels - 1);
  return value;
}

/** True for JSON text that nests deeper than the given levels; default: deeper than any record of a log. */
export function nestsDeep(text: string, levels = deepest): boolean {
  if (text.length <= levels) return false;
  let depth = 0;
  let isText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isText) {
      if (code === 92) at += 1;
      else if (code === 34) isText = false;
    } else if (code === 34) isText = true;
    else if (code === 91 || code === 123) {
      depth += 1;
      if (depth > levels) return true;
    } else if (code === 93 || code === 125) depth -= 1;
  }
  return false;
}
