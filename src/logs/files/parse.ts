// Python writes numbers that are none bare; in a string the same letters are text.
const bare = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/**
 * The value of a JSON text, also of one with NaN or Infinity in it, which Python's json writes and the engine reads:
 * such a value is null. Undefined where the text is no JSON.
 */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (!/NaN|Infinity/.test(text)) return undefined;
  }
  try {
    return JSON.parse(text.replace(bare, (part) => (part.startsWith('"') ? part : "null")));
  } catch {
    return undefined;
  }
}
