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

/**
 * SQL for the hash of a prompt's template: of its first 400 characters, without quoted texts, numbers, dates, ids
 * and names, however many of them follow one another. A prompt with hardly a word left is its own template.
 */
export function templateSql(prompt: string): string {
  // In JSON everything is quoted: there only the quotes inside the texts count.
  const begin = `left(${prompt}, ${looked})`;
  const plain = `case when starts_with(${begin}, '[') or starts_with(${begin}, '{')
    then replace(replace(replace(${begin}, '\\"', chr(1)), '"', ' '), chr(1), '"') else ${begin} end`;
  const fixed = `regexp_replace(regexp_replace(${plain}, '${variable}', '#', 'g'), '(?:[\\s,;]*#)+', ' #', 'g')`;
  return `(case when length(replace(${fixed}, '#', '')) < 12 then md5(${prompt}) else md5(${fixed}) end)`;
}
