// The beginning says which template a prompt is of, and a regular expression over all of it would cost more than
// everything else that is read.
const looked = 400;

// What differs from one use of a template to the next: quoted texts, what has a digit in it (numbers, dates, ids),
// and words that begin with a capital (names, and the first word of a sentence).
const variable = [
  `"[^"]*"`,
  `“[^”]*”`,
  ` ''[^''\\n]*''`,
  `[A-Za-z0-9_-]*[0-9][A-Za-z0-9_.,:/%+@-]*`,
  `\\p{Lu}[\\pL''’-]*`,
].join("|");

/**
 * SQL for the hash of a prompt's template: of its first 400 characters, with quoted texts, numbers, dates, ids and
 * names left out, however many of them follow one another. A prompt of which hardly a word is left is its own
 * template.
 */
export function templateSql(prompt: string): string {
  // In a JSON text everything is quoted: there the quotes inside the texts are the ones that quote.
  const begin = `left(${prompt}, ${looked})`;
  const plain = `case when starts_with(${begin}, '[') or starts_with(${begin}, '{')
    then replace(replace(replace(${begin}, '\\"', chr(1)), '"', ' '), chr(1), '"') else ${begin} end`;
  const fixed = `regexp_replace(regexp_replace(${plain}, '${variable}', '#', 'g'), '(?:[\\s,;]*#)+', ' #', 'g')`;
  return `(case when length(replace(${fixed}, '#', '')) < 12 then md5(${prompt}) else md5(${fixed}) end)`;
}
