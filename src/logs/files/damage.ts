/**
 * What is wrong with a file, in words that may be shown: a library's own message means nothing to the file's
 * owner.
 */
export class DamageError extends Error {}

/** The file error in our words, if an error has one. */
export const damageOf = (error: unknown) => (error instanceof DamageError ? error.message : "it is damaged");

/** A record that is longer than any reader takes. */
export class TooLongError extends Error {}

/** What is wrong with such a record, and the line that stands for it. */
export const tooLong = "is longer than 32 MB: what it lists belongs in records of its own";
export const tooLongLine = JSON.stringify([tooLong]);
