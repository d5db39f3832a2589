/** Where something begins in a text, and where it ends. */
export type Span = readonly [at: number, end: number];

/** A text as numbers are looked for in it, and where a span of it stands in the text as given. */
export interface PlainText {
  plain: string;
  spanOf(span: Span): Span;
}

// Spaces and hyphens that writers put into numbers, signs that nobody sees, digits of any script, and signs as addresses
// of the web write them.
const unseen = "\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060\\u2066-\\u2069\\ufeff";
const space = "\\u00a0\\u2000-\\u200a\\u202f\\u205f\\u3000";
const hyphen = "\\u2010-\\u2013\\u2212\\ufe63\\uff0d";
const encoded = "%(?:2[0-9A-Fa-f]|3[A-Fa-f]|0[9ADad])";
const odd = new RegExp(`[${unseen}]+|[${space}${hyphen}\\uff0b]|(?!\\d)\\p{Nd}|${encoded}`, "gu");
const mayBeOdd = new RegExp(`[^\\0-\\x7f]|${encoded}`);
const kinds: [RegExp, string][] = [
  [new RegExp(`^[${unseen}]`), ""],
  [new RegExp(`^[${space}]`), " "],
  [new RegExp(`^[${hyphen}]`), "-"],
  [/^\uff0b/, "+"],
];

const plainSign = (sign: string): string =>
  sign.startsWith("%")
    ? decodeURIComponent(sign)
    : (kinds.find(([kind]) => kind.test(sign))?.[1] ?? digitOf(sign));

/** Turns a text's digits, spaces, hyphens, plus signs and encoded signs into ASCII, and takes out what is invisible. */
export function plainText(text: string): PlainText {
  let plain = "";
  let from = 0;
  // From which place in the plain text on its characters stand how much further on in the text.
  const shifts: [from: number, by: number][] = [[0, 0]];
  if (mayBeOdd.test(text))
    for (const { 0: sign, index } of text.matchAll(odd)) {
      plain += text.slice(from, index) + plainSign(sign);
      from = index + sign.length;
      if (from - plain.length !== shifts[shifts.length - 1][1])
        shifts.push([plain.length, from - plain.length]);
    }
  const placeOf = (place: number) => {
    let low = 0;
    let high = shifts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (shifts[middle][0] <= place) low = middle;
      else high = middle;
    }
    return place + shifts[low][1];
  };
  // The last character's own place: an invisible sign after it is not part of the span.
  return { plain: plain + text.slice(from), spanOf: ([at, end]) => [placeOf(at), placeOf(end - 1) + 1] };
}

/** Each script has its ten digits in a row, starting at a code point that ends in 0 or in 6. */
function digitOf(digit: string): string {
  const code = digit.codePointAt(0)!;
  const row = code & ~15;
  return String((code - row - (/\p{Nd}/u.test(String.fromCodePoint(row)) ? 0 : 6) + 10) % 10);
}
