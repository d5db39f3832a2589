/**
 * What is wrong with a file, in words that may be shown: a library's own message means nothing to the file's
 * owner.
 */
export class DamageError extends Error {}

/** The file error in our words, if an error has one. */
export const damageOf = (error: unknown) => (error instanceof DamageError ? error.message : "it is damaged");
