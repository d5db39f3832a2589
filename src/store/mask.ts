import { namesSecret, secretForms } from "./secretForms";

/** The kinds of personal data that are searched for, in the order they are removed. */
export const maskedKinds = ["key", "email", "iban", "card", "ip", "ssn", "phone"] as const;

export type MaskedKind = (typeof maskedKinds)[number];

/** A text without the personal data that was found, and how much of each kind there was. */
export interface Masked {
  text: string;
  counts: Record<MaskedKind, number>;
}

// Lengths are bounded everywhere, so that no text can keep a pattern busy. Word boundaries are ASCII only: scripts
// without spaces put an address or a number right next to a word.
const patterns: Record<MaskedKind, RegExp> = {
  key: new RegExp(secretForms.map(({ form }) => form).join("|"), "g"),
  email: /[\p{L}\p{N}][\p{L}\p{N}._%+'-]{0,63}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,5}/gu,
  iban: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/gi,
  card: /(?<![\p{Nd}.])\p{Nd}(?:[ -]?\p{Nd}){12,18}(?!\p{Nd})/gu,
  ip: /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)|(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi,
  ssn: /(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/g,
  phone:
    /(?<![\w.+\uff0b\p{Nd}])(?:[+\uff0b]\p{Nd}{1,3}[ ./-]?)?(?:\(\p{Nd}{1,5}\)[ ./-]?)?\p{Nd}{1,12}(?:[ ./-]\p{Nd}{1,8}){0,6}(?![\w\p{Nd}])/gu,
};

// Nothing is shorter than a@b.c, and everything searched for contains a sign or a digit, or follows a word.
const shortest = 5;
const mayHold = /[@\d:_.=-]|bearer|basic|a[ks]ia|[^\0-\x7f]/i;

const isReal: Partial<Record<MaskedKind, (found: string) => boolean>> = { iban, card, ip, phone };

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
  const without = (part: string, kind: MaskedKind) =>
    part.replace(patterns[kind], (found, ...more) => {
      if (isReal[kind]?.(found) === false) return found;
      if (kind !== "key" && isInId(part, more.at(-2) as number, found.length)) return found;
      counts[kind] += 1;
      const known = marks.get(kind)!;
      const value = found.toLowerCase();
      const mark = known.get(value) ?? `[${kind}-${known.size + 1}]`;
      known.set(value, mark);
      return mark;
    });
  const masked = (whole: string): string => {
    if (isJson(whole)) {
      let before = { said: "", end: 0 };
      return whole.replace(/"[^"\\]*(?:\\.[^"\\]*)*"/g, (quoted, at: number) => {
        const said: string = JSON.parse(quoted);
        const field = /^\s*:\s*$/.test(whole.slice(before.end, at)) ? before.said : "";
        before = { said, end: at + quoted.length };
        // A value is called what its field is called.
        const called = namesSecret(field) ? without(`${field}=${said}`, "key").slice(field.length + 1) : said;
        const left = called === said ? masked(said) : called;
        return left === said ? quoted : JSON.stringify(left);
      });
    }
    // Keys may run over several lines. In a text written with escapes, a word begins after "\n".
    return without(whole, "key")
      .split(/(\\[nrt])/)
      .map((part, at) => (at % 2 === 1 ? part : maskedKinds.reduce(without, part)))
      .join("");
  };
  return { text: masked(text), counts };
}

// An id of hexadecimal digits: a UUID, or a word of them as traces, hashes and commits have.
const id = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$|(?:^|-)(?=\d*[a-f])[\da-f]{16,128}(?:-|$)/i;
const longestId = 160;

/** True if what was found is part of an id, some of which have the check digit of a card or the form of a number. */
function isInId(text: string, at: number, length: number): boolean {
  const begin = /[\da-f-]*$/i.exec(text.slice(Math.max(0, at - longestId), at))?.[0].length ?? 0;
  const end = /^[\da-f-]*/i.exec(text.slice(at + length, at + length + longestId))?.[0].length ?? 0;
  const whole = text.slice(at - begin, at + length + end);
  return whole.length <= longestId && id.test(whole);
}

function isJson(text: string): boolean {
  if (!/^\s*[[{"]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** To ASCII digits: each script has its ten digits in a row, starting at a code point that ends in 0 or in 6. */
function inAscii(text: string): string {
  return text.replace("\uff0b", "+").replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0)!;
    const row = code & ~15;
    return String((code - row - (/\p{Nd}/u.test(String.fromCodePoint(row)) ? 0 : 6) + 10) % 10);
  });
}

function digitsOf(text: string): string {
  return inAscii(text).replace(/\D/g, "");
}

/**
 * Luhn's check digit (ISO/IEC 7812-1). A row of one repeated digit passes it but is not a card, and neither is what
 * begins with 1, like a time in milliseconds.
 */
function card(found: string): boolean {
  const digits = digitsOf(found);
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    sum += at % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0);
  }
  return sum % 10 === 0 && /^[2-689]/.test(digits) && !/^(\d)\1*$/.test(digits);
}

/**
 * The check digits of ISO 13616: letters count as 10 to 35, the first four go last, and the remainder by 97 is 1.
 */
function iban(found: string): boolean {
  const compact = found.replace(/ /g, "");
  let rest = 0;
  for (const character of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

function ip(found: string): boolean {
  if (found.includes(".")) return found.split(".").every((part) => Number(part) <= 255);
  // Times such as 10:30:00 have no more than two colons.
  const parts = found.split(":");
  return found.includes("::")
    ? parts.length > 3 || parts.some((part) => part.length > 2)
    : parts.length === 8;
}

/** With a plus, an area code in parentheses, a leading 0, or grouped like North American numbers; not a date. */
function phone(given: string): boolean {
  const found = inAscii(given);
  const digits = digitsOf(found).length;
  if (
    digits > 15 ||
    /^\d{4}[-./]\d{1,2}[-./]\d{1,2}|^\d{1,2}[-./]\d{1,2}[-./](?:\d{2}|(?:19|20)\d{2}(?: \d{1,2})?)$/.test(
      found,
    )
  )
    return false;
  if (found.startsWith("+")) return digits >= 8;
  if (/^\(\d{2,5}\)/.test(found)) return digits >= 7;
  return (
    /^(?:1[ .-])?\d{3}[ .-]\d{3}[ .-]\d{4}$/.test(found) ||
    (/^0\d/.test(found) && digits >= 9 && /[ ./-]/.test(found)) ||
    /^0[1-9]\d{8,9}$/.test(found)
  );
}
