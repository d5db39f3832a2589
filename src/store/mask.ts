import { cards, ibans } from "./accountNumbers";
import { namesPhone, phones } from "./phoneNumbers";
import { plainText, type Span } from "./plainText";
import { namesSecret, secretPattern } from "./secretForms";

/** The kinds of personal data that are searched for, in the order they are removed. */
export const maskedKinds = ["key", "email", "iban", "card", "ip", "ssn", "phone"] as const;

export type MaskedKind = (typeof maskedKinds)[number];

/** A text without the personal data that was found, and how much of each kind there was. */
export interface Masked {
  text: string;
  counts: Record<MaskedKind, number>;
}

// Lengths are bounded everywhere, so that no text can keep a pattern busy.
const email =
  /[\p{L}\p{N}][\p{L}\p{N}._%+'-]{0,63}(?:[@\uff20]|%40)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,5}/gu;
// Word boundaries are ASCII only: scripts without spaces put a number right next to a word.
const ip =
  /(?<!\d|(?<![A-Za-z])\.)(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)|(?:(?<![A-Za-z0-9:]|[A-Za-z0-9]_)|(?<=[g-z]\w{0,9}:))(?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|(?<=::))(?![A-Za-z0-9]|_\w|:[\w:])/gi;
const ssn =
  /(?<![A-Za-z0-9-]|[A-Za-z0-9]_)(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![A-Za-z0-9-]|_\w)|(?<=(?:\bssn|\bsocial security(?: number| no\.?)?)(?: is)?[:=# ]{0,3})(?!000|666|9)\d{3}[ -]?(?!00)\d{2}[ -]?(?!0000)\d{4}(?!\d)/gi;

// An id of hexadecimal digits: a UUID, or a word of them as traces, hashes and commits have. Some have the check
// digit of a card or the form of a telephone number. Digits after "cc" are a card's.
const id =
  /(?<![A-Za-z0-9])(?!cc\d{13,19}(?![A-Za-z0-9]))(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|(?=\d*[a-f])[\da-f]{16,128})(?![A-Za-z0-9])/gi;

/** What is found in a plain text, in the order it is looked for; ids stay. */
const numbers: [MaskedKind | "id", (plain: string) => Span[]][] = [
  ["iban", ibans],
  ["id", (plain) => spansOf(plain, id)],
  ["card", cards],
  ["ip", (plain) => spansOf(plain, ip).filter(([at, end]) => isIp(plain.slice(at, end)))],
  ["ssn", (plain) => spansOf(plain, ssn)],
  ["phone", phones],
];

// Nothing is shorter than a@b.c, and everything searched for contains a sign or a digit, or follows a word.
const shortest = 5;
const mayHoldNumber = /[\d:]|[^\0-\x7f]/;
const jsonValue = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\w.+-])\d{7,19}(?![\d.eE])/g;
const namesNumber = (name: string) => namesPhone(name) || /ssn=$|social_?security(?:_?number)?=$/i.test(name);
const mayHold = /[@\d:_.=-]|bearer|basic|a[ks]ia|[^\0-\x7f]/i;

/**
 * Takes personal data out of a text: e-mail addresses, telephone numbers, card numbers (Luhn), IBANs (mod 97), IP
 * addresses, US social security numbers, the usual forms of API keys, and anything named as a password or token.
 * The same value always becomes the same mark: [email-1]. JSON stays JSON: its strings are masked by their decoded
 * text.
 *
 * This is best effort: names, addresses and anything without a fixed form stay. Read a set before you pass it on.
 *
 * @example
 * mask("ask ann@example.com or +44 20 7946 0958").text // "ask [email-1] or [phone-1]"
 */
export function mask(text: string): Masked {
  const counts = Object.fromEntries(maskedKinds.map((kind) => [kind, 0])) as Record<MaskedKind, number>;
  if (text.length < shortest || !mayHold.test(text)) return { text, counts };
  const marks = new Map(maskedKinds.map((kind) => [kind, new Map<string, string>()]));
  const markOf = (kind: MaskedKind, value: string): string => {
    counts[kind] += 1;
    const known = marks.get(kind)!;
    const mark = known.get(value) ?? `[${kind}-${known.size + 1}]`;
    known.set(value, mark);
    return mark;
  };
  // Keys may run over several lines. In a text written with escapes, a word begins after "\n".
  const unmarked = (whole: string): string =>
    whole
      .replace(secretPattern, (found) => markOf("key", found.toLowerCase()))
      .split(/(\\[nrt])/)
      .map((part, at) =>
        at % 2 === 1
          ? part
          : withoutNumbers(
              part.replace(email, (found) => markOf("email", found.toLowerCase())),
              markOf,
            ),
      )
      .join("");
  const masked = (whole: string): string =>
    isJson(whole) ? inJson(whole, masked, unmarked) : unmarked(whole);
  return { text: masked(text), counts };
}

/** JSON whose texts, and numbers that are somebody's, are masked; a value is called what its field is called. */
function inJson(whole: string, masked: (text: string) => string, unmarked: (text: string) => string): string {
  let before = { said: "", end: 0 };
  return whole.replace(jsonValue, (value, at: number) => {
    const isText = value.startsWith('"');
    const said: string = isText ? JSON.parse(value) : value;
    const field = /^\s*:\s*$/.test(whole.slice(before.end, at)) ? before.said : "";
    before = { said: isText ? said : "", end: at + value.length };
    const name = `${field}=`;
    const called = namesSecret(field) || namesNumber(name) ? unmarked(name + said) : name + said;
    const left = called.startsWith(name) && called !== name + said ? called.slice(name.length) : masked(said);
    return left === said ? value : JSON.stringify(left);
  });
}

function withoutNumbers(text: string, markOf: (kind: MaskedKind, value: string) => string): string {
  if (!mayHoldNumber.test(text)) return text;
  const { plain, spanOf } = plainText(text);
  let rest = plain;
  const found: { kind: MaskedKind; span: Span }[] = [];
  for (const [kind, spansIn] of numbers) {
    const spans = spansIn(rest);
    if (kind !== "id") for (const span of spans) found.push({ kind, span });
    rest = replaced(rest, spans, ([at, end]) => "\n".repeat(end - at));
  }
  found.sort((a, b) => a.span[0] - b.span[0]);
  const kinds = found.map(({ kind }) => kind);
  const values = found.map(({ span }) => plain.slice(...span).toLowerCase());
  return replaced(
    text,
    found.map(({ span }) => spanOf(span)),
    (_, place) =>
      markOf(kinds[place], kinds[place] === "ip" ? values[place] : values[place].replace(/[^a-z0-9+]/g, "")),
  );
}

function replaced(text: string, spans: readonly Span[], by: (span: Span, place: number) => string): string {
  const parts: string[] = [];
  let from = 0;
  for (const [place, span] of spans.entries()) {
    parts.push(text.slice(from, span[0]), by(span, place));
    from = span[1];
  }
  return parts.length === 0 ? text : parts.join("") + text.slice(from);
}

const spansOf = (text: string, pattern: RegExp): Span[] =>
  [...text.matchAll(pattern)].map(({ 0: found, index }): Span => [index, index + found.length]);

function isJson(text: string): boolean {
  if (!/^\s*[[{"]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isIp(found: string): boolean {
  if (found.includes(".")) return found.split(".").every((part) => Number(part) <= 255);
  // Times such as 10:30:00 have no more than two colons.
  const parts = found.split(":");
  return found.includes("::")
    ? parts.length > 3 || parts.some((part) => part.length > 2)
    : parts.length === 8;
}
