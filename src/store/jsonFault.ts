const space = /[ \t\r\n]*/y;
const scalar =
  /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

interface Fault {
  at: number;
  wants: string;
}

/**
 * Where a text stops being JSON, for the person editing it; undefined if it is JSON.
 *
 * Engines describe the position in their own words, and some not at all.
 *
 * @example
 * jsonFault('{\n  "name": "x"\n  "criteria": []\n}') // 'line 3 requires a comma or }, got "criteria": []'
 */
export function jsonFault(text: string): string | undefined {
  const fault = faultOf(text);
  if (fault === undefined) return undefined;
  const line = text.slice(0, fault.at).split("\n").length;
  const rest = text.slice(fault.at).split("\n", 1)[0].trim();
  return `line ${line} requires ${fault.wants}, got ${rest === "" ? "the end of the file" : rest.slice(0, 40)}`;
}

function faultOf(text: string): Fault | undefined {
  let at = 0;
  const skip = () => {
    space.lastIndex = at;
    space.test(text);
    at = space.lastIndex;
  };
  const take = (sign: string) => {
    skip();
    if (text[at] !== sign) return false;
    at++;
    return true;
  };
  const one = (): boolean => {
    skip();
    scalar.lastIndex = at;
    if (!scalar.test(text)) return false;
    at = scalar.lastIndex;
    return true;
  };
  const wants = (what: string): Fault => {
    skip();
    return { at, wants: what };
  };
  const entries = (close: string, named: boolean): Fault | undefined => {
    if (take(close)) return undefined;
    while (true) {
      if (named) {
        skip();
        if (text[at] !== '"' || !one()) return wants("a name in double quotes");
        if (!take(":")) return wants("a colon");
      }
      const fault = value();
      if (fault !== undefined) return fault;
      if (take(close)) return undefined;
      if (!take(",")) return wants(`a comma or ${close}`);
    }
  };
  const value = (): Fault | undefined => {
    if (take("{")) return entries("}", true);
    if (take("[")) return entries("]", false);
    return one() ? undefined : wants("a value: a number, true, false, null, [, { or a text in double quotes");
  };
  const fault = value();
  if (fault !== undefined) return fault;
  skip();
  return at === text.length ? undefined : wants("nothing more");
}
