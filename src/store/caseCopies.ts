// The parser writes out what a case compares once for each of its whens, so cases that compare cases make a tree
// without end, which nothing stops: their copies are counted before the engine parses them.

// The engine's tokens: comments, texts of three kinds, names in quotes, words, numbers, and single signs. Some spaces of
// Unicode part words, all other characters belong to them.
const letter =
  "A-Za-z_\\u0080-\\u009f\\u00a1-\\u1fff\\u200c-\\u202e\\u2030-\\u205e\\u2061-\\u2fff\\u3001-\\ufefe\\uff00-\\uffff";
const escaped = "'(?:[^'\\\\]|\\\\[^]|'')*'";
const tokens = new RegExp(
  [
    "--[^\\n\\r]*",
    "/\\*",
    `[eE]${escaped}(?:\\s*\\n\\s*${escaped})*`,
    "'(?:[^']|'')*'",
    `\\$((?:[${letter}][${letter}\\d]*)?)\\$[^]*?\\$\\1\\$`,
    '"(?:[^"]|"")*"',
    `[${letter}][${letter}\\d$]*`,
    "\\d[\\d_]*(?:\\.[\\d_]*)?",
    "[^\\s]",
  ].join("|"),
  "g",
);

interface Case {
  /** Parts of what it compares, and of the rest of it. */
  compared: number;
  parts: number;
  whens: number;
}

/** How many parts an SQL text has once each `case x when` has a copy of x for each of its whens. */
export function partsWithCopies(text: string): number {
  const open: Case[] = [{ compared: 0, parts: 0, whens: 0 }];
  const close = () => {
    const { compared, parts, whens } = open.pop() as Case;
    open[open.length - 1].parts += 1 + parts + compared * Math.max(1, whens);
  };
  let before = "";
  tokens.lastIndex = 0;
  for (let found = tokens.exec(text); found !== null; found = tokens.exec(text)) {
    const token = found[0];
    if (token.startsWith("--")) continue;
    if (token === "/*") {
      tokens.lastIndex = afterComment(text, tokens.lastIndex);
      continue;
    }
    // After a dot, a keyword is a name.
    const word = before === "." ? "" : token.toLowerCase();
    before = token;
    const inner = open[open.length - 1];
    if (word === "case") open.push({ compared: 0, parts: 0, whens: 0 });
    else if (word === "end" && open.length > 1) close();
    else if (word === "when") {
      if (inner.whens === 0) {
        inner.compared = inner.parts;
        inner.parts = 0;
      }
      inner.whens += 1;
    } else inner.parts += 1;
  }
  while (open.length > 1) close();
  return open[0].parts;
}

/** The place after a comment that begins before `from`; comments nest. */
function afterComment(text: string, from: number): number {
  const ends = /\/\*|\*\//g;
  ends.lastIndex = from;
  for (let depth = 1; depth > 0; ) {
    const found = ends.exec(text);
    if (found === null) return text.length;
    depth += found[0] === "/*" ? 1 : -1;
  }
  return ends.lastIndex;
}
