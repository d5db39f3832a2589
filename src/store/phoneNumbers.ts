import type { Span } from "./plainText";

// A run of what telephone numbers are written with, which may hold other numbers and dates besides: "on 5.3.2026
// 030 901820". Nothing can follow a run that would make it shorter, so none is read twice.
const run =
  /(?<![A-Za-z0-9+]|[A-Za-z0-9]_|[A-Z]-(?:\d{1,8}-)?|(?<![\d,])0,|[\d.]\.)(?:\(\+|[+(])?\d[\d ()./-]*/g;
const longest = 15;
/** Called a telephone's, a number needs no form. */
const called =
  /(?:phone|(?<![a-z])(?:tel|mobile|mobil|cell|fax|whatsapp|t[eé]l[eé]phone|tel[eé]fono?|telefone|telefoon|telefonnummer|handy|celular|m[oó]vil|cellulare|телефон))(?: ?(?:number|nummer|no|nr|is|ist|es))?\.?["']?[ \t]{0,2}[:=#]?[ \t]{0,2}["']?$/i;
/** How a number begins that is not called one. */
const begins = /\(?\+|\(\d|0[1-9]|00[1-9]|(?:1[ .-])?\(?\d{3}[).-]|(?:1 )?\d{3} \d{3}[ -]\d{4}/y;
/** True for what stands before a telephone number and says that it is one. */
export const namesPhone = (before: string): boolean => called.test(before);
const date =
  /^\(?\d{4}[-./]\d{1,2}[-./]\d{1,2}[.)]?$|^\(?\d{1,2}[-./]\d{1,2}[-./](?:\d{2}|(?:19|20)\d{2})[.)]?$/;

/** The telephone numbers in a text with digits, spaces and hyphens in ASCII. */
export function phones(text: string): Span[] {
  const found: Span[] = [];
  for (const { 0: whole, index } of text.matchAll(run)) {
    const words = wordsOf(text, whole, index);
    const isCalled = namesPhone(text.slice(Math.max(0, index - 40), index));
    for (let first = 0; first < words.length; ) {
      const last = lastOf(text, words, first, isCalled && first === 0);
      if (last !== undefined) found.push(trimmed(text, [words[first][0], words[last][1]]));
      first = (last ?? first) + 1;
    }
  }
  return found;
}

/** What stands between the spaces of a run, without what belongs to a time or to a word with letters. */
function wordsOf(text: string, whole: string, index: number): Span[] {
  const words = [...whole.matchAll(/[^ ]+/g)].map(
    ({ 0: word, index: at }): Span => [index + at, index + at + word.length],
  );
  const end = words[words.length - 1][1];
  const after = text.slice(end, end + 4);
  const isGlued =
    (text[end - 1] !== "/" && /^(?!x\d|ext)(?:[A-Za-z]|_\w|:\d)/.test(after)) ||
    (/^,\d{1,2}(?!\d)/.test(after) && /\d{1,3}(?:[ .]\d{3})+$/.test(text.slice(end - 12, end)));
  const isTime = /\d:$/.test(text.slice(Math.max(0, index - 2), index));
  return words.slice(isTime ? 1 : 0, isGlued ? -1 : undefined);
}

/** The last word of the longest number that begins with a word, if one does. */
function lastOf(text: string, words: readonly Span[], first: number, isCalled: boolean): number | undefined {
  begins.lastIndex = words[first][0];
  if (!isCalled && !begins.test(text)) return undefined;
  // Behind a date, a year or a small number begins another; behind a longer one may be the rest of it.
  const isFree =
    first === 0 ||
    date.test(text.slice(...words[first - 1])) ||
    /^(?:\d{1,2}|(?:19|20)\d{2})[.)]?$/.test(text.slice(...words[first - 1]));
  let digits = 0;
  let last: number | undefined;
  for (let at = first; at < words.length; at++) {
    const [begin, end] = words[at];
    const word = text.slice(begin, end);
    if (date.test(word) || (at > first && begin - words[at - 1][1] > 1)) break;
    digits += word.replace(/\D/g, "").length;
    if (digits > longest) break;
    const given = text.slice(...trimmed(text, [words[first][0], end]));
    if (digits >= 7 && (isCalled || isPhone(given, isFree))) last = at;
    // A bracket that holds more than an area code ends it.
    if (word.endsWith(")") && !/\(\d{1,5}\)$/.test(word)) break;
  }
  return last;
}

/** Without the signs around a number that belong to the sentence. */
function trimmed(text: string, [at, end]: Span): Span {
  const given = text.slice(at, end);
  const open = given.startsWith("(") && !/^\(\d{1,5}\)/.test(given) ? 1 : 0;
  const tail = /[ ./(-]*$/.exec(given)![0].length;
  const bare = given.slice(open, given.length - tail);
  const closing = bare.endsWith(")") && bare.split(")").length > bare.split("(").length ? 1 : 0;
  return [at + open, end - tail - closing];
}

/** With a plus, an area code in parentheses, a leading 0, or grouped like North American numbers; not an amount. */
function isPhone(written: string, isFree: boolean): boolean {
  const found = written.replace(/ ?([-/]) ?/g, "$1");
  const digits = found.replace(/\D/g, "").length;
  if (
    /^\+?\d{1,12}(?: \d{3})*\.\d{1,2}$|^\+\d{1,3}(?:\.\d{3})+$|^\+\d{1,3}(?: \d{3}){1,2}(?: \d{1,2})?$|^\+\d(?: \d{3}){3}(?: \d{1,2})?$/.test(
      found,
    )
  )
    return false;
  if (found.startsWith("+")) return digits >= 8;
  if (/^\((?:\d{2,5}|0)\)/.test(found)) return digits >= 7;
  if (/^(?:1[.-])?(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[ .-]\d{4}$/.test(found)) return true;
  if (!isFree || /^(\d)(?:\D|\1)*$|^\d{2}-\d{5}-\d{5}/.test(found)) return false;
  if (/^(?:1 )?\d{3} \d{3}[ -]\d{4}$/.test(found)) return true;
  if (/^00[1-9]/.test(found)) return digits >= 8;
  if (!/^0[1-9]/.test(found) || /[()]/.test(found)) return false;
  return (digits >= 9 && /[ ./-]/.test(found)) || /^0[1-9]\d{8,9}$/.test(found);
}
