import type { Span } from "./plainText";

// Cards. Digits between other characters are a group; groups joined by the same sign may be one number, and beside
// a card's there may be others: "4111 1111 1111 1111 12/26".
interface Group {
  at: number;
  end: number;
  /** What is between the group before and this one, if it may be within a number. */
  joint?: string;
  /** The same if a line ends there. */
  broken?: string;
}
const joints = / {1,2}| ?- ?|[.+]/y;
const lineEnd = /^ ?-? ?\r?\n *$/;
// The month and year to which a card is valid.
const expiry = /^\s{1,2}(?:0?[1-9]|1[0-2]) ?\/ ?(?:\d\d){1,2}(?!\d)/;
const longestCard = 19;
const shortestCard = 13;
// How cards print their digits; digit by digit, in twos and in threes only where nothing else is beside them.
const grouping = /^(?:(?:4-){3,4}[1-4]|4-6-[45]|5-5-5|8-8|6-1[03])$/;
const evenly = /^(?:(?:1-)+1|(?:2-)+[12]|(?:3-)+[1-3])$/;
// Fours of which some are not parted.
const partly = /^(?:4-4-8|4-8-4|8-4-4|4-12|12-4)$/;
// What a bare number begins with and how long it is, if it is a card of a scheme: otherwise one in ten would be.
const schemes: Record<number, RegExp> = {
  13: /^4/,
  14: /^3(?:0[0-59]|[689])/,
  15: /^3[47]/,
  16: /^(?:4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720|20[0-4])|35(?:2[89]|[3-8])|6(?:0(?:11|[678])|2|4[4-9]|5)|50(?:18|20|38|41|6|8|9)|5893|6304|6390|676[1-3]|6759|9792)/,
  17: /^(?:62[0-3]|50(?:18|20|38)|6304|6759|676[1-3])/,
  18: /^(?:62[0-3]|50(?:18|20|38)|6304|6759|676[1-3])/,
  19: /^(?:4|62[0-3]|50(?:18|20|38)|6304|6759|676[1-3])/,
};

/** The card numbers in a text with digits in ASCII, by their check digit, beginning, length and grouping. */
export function cards(text: string): Span[] {
  const groups: Group[] = [];
  for (const { 0: digits, index: at } of text.matchAll(/\d+/g)) {
    const before = groups[groups.length - 1]?.end ?? -1;
    joints.lastIndex = before;
    const joint =
      before >= 0 && joints.test(text) && joints.lastIndex === at ? text.slice(before, at).trim() : undefined;
    const between = before >= 0 && at - before < 9 ? text.slice(before, at) : "";
    const broken = lineEnd.test(between) ? between.trim() : undefined;
    groups.push({ at, end: at + digits.length, joint, broken });
  }
  const found: Span[] = [];
  for (let first = 0; first < groups.length; ) {
    const past = cardFrom(text, groups, first);
    if (past > first) found.push([groups[first].at, groups[past - 1].end]);
    first = Math.max(past, first + 1);
  }
  return found;
}

/** The group after the longest card that begins with a group; the same group if none does. */
function cardFrom(text: string, groups: readonly Group[], first: number): number {
  let digits = "";
  let sizes = "";
  let past = first;
  let breaks = 0;
  const sign = groups[first + 1]?.joint ?? groups[first + 2]?.joint;
  for (let at = first; at < groups.length; at++) {
    const { at: begin, end, joint, broken } = groups[at];
    if (at > first && joint === undefined) breaks++;
    if (breaks > 1 || (at > first && (sign === undefined || (joint ?? broken) !== sign))) break;
    if (digits.length + end - begin > longestCard || !/^[2-689]/.test(text[groups[first].at])) break;
    // Only a whole run may have small groups, except for the last.
    if (at > first && groups[first].joint !== undefined && groups[at - 1].end - groups[at - 1].at < 4) break;
    digits += text.slice(begin, end);
    sizes += `${at > first ? "-" : ""}${end - begin}`;
    if (digits.length < shortestCard) continue;
    const isWhole = groups[first].joint === undefined && groups[at + 1]?.joint === undefined;
    const isOfScheme = schemes[digits.length]?.test(digits);
    const isForm =
      at === first
        ? isOfScheme && !isOther(text, groups[first])
        : breaks > 0
          ? // Numbers in two lines may be a table: only what a card's groups would be, alone there, is one.
            /^4-(?:4-4|6)-/.test(sizes) && isAlone(text, groups, first, at) && isOfScheme
          : grouping.test(sizes)
            ? // A plus also adds.
              isOfScheme || (isWhole && sign !== "+")
            : isWhole && (evenly.test(sizes) || (partly.test(sizes) && isOfScheme));
    if (isForm && isCard(digits)) past = at + 1;
  }
  return past;
}

const isAlone = (text: string, groups: readonly Group[], first: number, last: number) =>
  isApart(groups[first]) &&
  (isApart(groups[last + 1]) || expiry.test(text.slice(groups[last].end, groups[last].end + 12)));
const isApart = (one?: Group) => one?.joint === undefined && one?.broken === undefined;

/**
 * True if digits are a part of a number, as in 0.4111111111111111, or named as the id of a trace, or go on a word that
 * names no card. At the beginning of a line, "0," is a field before another, but not where the text is nothing else.
 */
function isOther(text: string, { at, end }: Group): boolean {
  const before = text.slice(Math.max(0, at - 20), at);
  return (
    /(?:\d[A-Za-z]{1,8}|(?<![A-Za-z])(?!(?:ccn?|mc|pan)$)[A-Z]{2,3})$|(?:trace|span|parent)[_. -]?id["']?\s?[:=]?\s?["']?$/i.test(
      before,
    ) ||
    /(?:^|[^\p{L})])\.$|[^\d.,\n[]0,$/u.test(before) ||
    (text.startsWith("0,") && at === 2 && end === text.length) ||
    /^\.\d(?!\d\/\d)/.test(text.slice(end, end + 5))
  );
}

/**
 * Luhn's check digit (ISO/IEC 7812-1). A row of one repeated digit passes it but is not a card, and neither is what
 * begins with 1, like a time in milliseconds, or is an article's number (EAN-13).
 */
function isCard(digits: string): boolean {
  if (!/^[2-689]/.test(digits) || /^(\d)\1*$/.test(digits)) return false;
  let sum = 0;
  let article = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    sum += at % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0);
    article += at % 2 === 0 ? digit : digit * 3;
  }
  return sum % 10 === 0 && !(digits.length === 13 && article % 10 === 0);
}

// IBANs: how long each country's are, and whether they are digits throughout (n) or at first (n8). Of ISO 13616's registry, and of
// countries that use the form without being in it.
const ibanForms = new Map(
  (
    "AD24n8 AE23n AL28 AO25n AT20n AZ28 BA20n BE16n BF28 BG22 BH22 BI27n BJ28 BR29 BY28 CF27n CG27n CH21 CI28 CM27n CR22n CV25n CY28 " +
    "CZ24n DE22n DJ27n DK18n DO28 DZ26n EE20n EG29n ES24n FI18n FK18 FO18n FR27 GA27n GB22 GE22 GI23 GL18n GQ27n GR27 GT28 GW25 HN28 " +
    "HR21n HU28n IE22 IL23n IQ23 IR26n IS26n IT27 JO30 KM27n KW30 KZ20 LB28 LC32 LI21 LT20n LU20 LV21 LY25n MA28n MC27 MD24 ME22n " +
    "MG27n MK19 ML28 MN20n MR27n MT31 MU30 MZ25n NE28 NI28 NL18 NO15n OM23 PK24 PL28n PS29 PT25n QA29 RO24 RS22n RU33 SA24 SC31 " +
    "SD18n SE24n SI19n SK24n SM27 SN28 SO23n ST25n SV28 TD27n TG28 TL23n TN24n TR26 UA29 VA22n VG24 XK20n YE30"
  )
    .split(" ")
    .map((form) => [
      form.slice(0, 2),
      { length: Number(form.slice(2, 4)), digits: form[4] === undefined ? 0 : Number(form[5] ?? 99) },
    ]),
);

// A word may go on to it, as in IBANDE89..., or from it, as in ...00EUR.
const ibanBegin = /(?<=(?<![A-Za-z0-9])[A-Za-z]{0,12})[A-Za-z]{2}\d{2}|(?<![A-Za-z0-9])[A-Z]{2} \d{2}/g;
// Then it has as many digits as any that is in use: one in thousands of random ids would have the rest.
const fewestDigits = 10;
const wordAfter = /[A-Za-z]{0,12}(?![A-Za-z0-9])/y;
// What is between its characters: in print, in an address of the web, where a line ends.
const gap = / ?-?\r?\n {0,8}(?=[A-Za-z0-9])|[ .+-](?=[A-Za-z0-9])/y;

/** The IBANs in a text with digits in ASCII, by their country's length and their check digits. */
export function ibans(text: string): Span[] {
  const found: Span[] = [];
  let from = 0;
  for (const { index: at } of text.matchAll(ibanBegin)) {
    const end = at < from ? undefined : ibanEnd(text, at);
    if (end === undefined) continue;
    found.push([at, end]);
    from = end;
  }
  return found;
}

function ibanEnd(text: string, at: number): number | undefined {
  const form = ibanForms.get(text.slice(at, at + 2).toUpperCase());
  if (form === undefined) return undefined;
  let compact = "";
  let breaks = 0;
  let end = at;
  for (; compact.length < form.length; end++) {
    const sign = text[end];
    if (/[A-Za-z0-9]/.test(sign ?? "")) {
      // In print, a group of letters alone is one of the groups of four; any other is a word.
      if (
        /[^A-Za-z0-9]/.test(text[end - 1]) &&
        compact.length > 2 &&
        compact.length % 4 !== 0 &&
        /^[A-Za-z]+(?![A-Za-z0-9])/.test(text.slice(end, end + 40))
      )
        return undefined;
      compact += sign;
    } else {
      gap.lastIndex = end;
      if (!gap.test(text)) return undefined;
      if (text.slice(end, gap.lastIndex).includes("\n") && ++breaks > 1) return undefined;
      end = gap.lastIndex - 1;
    }
  }
  wordAfter.lastIndex = end;
  if (!wordAfter.test(text) || !/^\d*$/.test(compact.slice(4, 4 + form.digits))) return undefined;
  const isAmong = breaks > 0 || /[A-Za-z0-9]/.test((text[at - 1] ?? "") + (text[end] ?? ""));
  if (isAmong && compact.replace(/\D/g, "").length < fewestDigits) return undefined;
  return isIban(compact) ? end : undefined;
}

/**
 * The check digits of ISO 13616: letters count as 10 to 35, the first four go last, and the remainder by 97 is 1.
 */
function isIban(compact: string): boolean {
  let rest = 0;
  for (const character of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
