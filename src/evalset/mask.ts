/** The kinds of personal data that are looked for, in the order they are taken out. */
export const maskedKinds = ["key", "email", "iban", "card", "ip", "phone"] as const;

export type MaskedKind = (typeof maskedKinds)[number];

/** A text without the personal data that was found, and how much of each kind was. */
export interface Masked {
  text: string;
  counts: Record<MaskedKind, number>;
}

// Lengths are bounded everywhere, so that no text can keep a pattern busy.
const patterns: Record<MaskedKind, RegExp> = {
  key: new RegExp(
    [
      "-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\\s\\S]{0,8000}?-----END [A-Z ]{0,30}PRIVATE KEY-----",
      "\\b(?:sk|pk|rk)[-_](?:[A-Za-z0-9]{1,12}[-_]){0,3}[A-Za-z0-9_-]{16,200}",
      "\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b",
      "\\bgh[pousr]_[A-Za-z0-9]{20,255}|\\bgithub_pat_[A-Za-z0-9_]{20,255}|\\bglpat-[A-Za-z0-9_-]{16,64}",
      "\\bxox[abprs]-[A-Za-z0-9-]{10,200}|\\bAIza[A-Za-z0-9_-]{30,45}|\\bhf_[A-Za-z0-9]{20,64}",
      "\\beyJ[A-Za-z0-9_-]{8,2000}\\.[A-Za-z0-9_-]{8,4000}\\.[A-Za-z0-9_-]{8,2000}",
      "(?<=\\b[Bb]earer )[A-Za-z0-9._~+/-]{16,2000}=*",
    ].join("|"),
    "g",
  ),
  email: /[\p{L}\p{N}][\p{L}\p{N}._%+-]{0,63}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,5}/gu,
  iban: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g,
  card: /(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d])/g,
  ip: /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)|(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi,
  phone: /(?<![\w.+])(?:\+\d{1,3}[ ./-]?)?(?:\(\d{1,5}\)[ ./-]?)?\d{1,12}(?:[ ./-]\d{1,8}){0,6}(?!\w)/g,
};

const isReal: Partial<Record<MaskedKind, (found: string) => boolean>> = { iban, card, ip, phone };

/**
 * Takes personal data out of a text: e-mail addresses, telephone numbers, card numbers (Luhn), IBANs (mod 97), IP
 * addresses and the usual forms of API keys. The same value becomes the same mark: [email-1].
 *
 * This is best effort: names, addresses and whatever has no fixed form stay. Read a set before it is passed on.
 *
 * @example
 * mask("ask ann@example.com or +44 20 7946 0958").text // "ask [email-1] or [phone-1]"
 */
export function mask(text: string): Masked {
  const counts = Object.fromEntries(maskedKinds.map((kind) => [kind, 0])) as Record<MaskedKind, number>;
  let out = text;
  for (const kind of maskedKinds) {
    const marks = new Map<string, string>();
    out = out.replace(patterns[kind], (found) => {
      if (isReal[kind]?.(found) === false) return found;
      counts[kind] += 1;
      const value = found.toLowerCase();
      const mark = marks.get(value) ?? `[${kind}-${marks.size + 1}]`;
      marks.set(value, mark);
      return mark;
    });
  }
  return { text: out, counts };
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

/** Luhn's check digit (ISO/IEC 7812-1). A row of one digit passes it and is no card. */
function card(found: string): boolean {
  const digits = digitsOf(found);
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    sum += at % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0);
  }
  return sum % 10 === 0 && !/^(\d)\1*$/.test(digits);
}

/** The check digits of ISO 13616: letters as 10 to 35, the first four last, the rest of 97 is 1. */
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

/** With a plus, an area code in parentheses, a leading 0, or grouped as North American numbers are; no date. */
function phone(found: string): boolean {
  const digits = digitsOf(found).length;
  if (digits > 15 || /^\d{4}[-./]\d{1,2}[-./]\d{1,2}|^\d{1,2}[-./]\d{1,2}[-./]\d{2,4}$/.test(found))
    return false;
  if (found.startsWith("+")) return digits >= 8;
  if (/^\(\d{2,5}\)/.test(found)) return digits >= 7;
  return (
    /^(?:1[ .-])?\d{3}[ .-]\d{3}[ .-]\d{4}$/.test(found) ||
    (/^0\d/.test(found) && digits >= 9 && /[ ./-]/.test(found))
  );
}
