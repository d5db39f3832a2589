// The beginning shows which template a prompt is from, and a regular expression over all of it would cost more
// than reading everything else.
const looked = 400;

// What differs between uses of a template: quoted texts, anything with a digit in it (numbers, dates, ids), and
// words that begin with a capital (names, and the first word of a sentence).
const variable = [
  `"[^"]*"`,
  `“[^”]*”`,
  ` ''[^''\\n]*''`,
  `[A-Za-z0-9_-]*[0-9][A-Za-z0-9_.,:/%+@-]*`,
  `\\p{Lu}[\\pL''’-]*`,
].join("|");

// Neighbours, with the separators before each, are one: a list of names is as one name.
const variables = `(?:[\\s,;]*(?:#|${variable}))+`;

/**
 * SQL for the hash of a prompt's template: of its first 400 characters, without quoted texts, numbers, dates, ids
 * and names, however many of them follow one another. A prompt with hardly a word left is its own template.
 */
export function templateSql(prompt: string): string {
  // In JSON everything is quoted: there only the quotes inside the texts count.
  const plain = `case when not (starts_with(begin, '[') or starts_with(begin, '{')) then begin
    when contains(begin, '\\"') then replace(replace(replace(begin, '\\"', chr(1)), '"', ' '), chr(1), '"')
    else replace(begin, '"', ' ') end`;
  const fixed = once(
    "begin",
    `left(${prompt}, ${looked})`,
    `regexp_replace(${plain}, '${variables}', ' #', 'g')`,
  );
  // At most every second character is a "#". The prompt stays outside, where no column of it is hidden by the name.
  const enough = "length(fixed) >= 24 or length(replace(fixed, '#', '')) >= 12";
  return `coalesce(${once("fixed", fixed, `case when ${enough} then md5(fixed) end`)}, md5(${prompt}))`;
}

/** SQL of an expression over a named value, which the engine would otherwise compute at each of its uses. */
const once = (name: string, value: string, sql: string) =>
  `list_transform([${value}], lambda ${name}: ${sql})[1]`;
