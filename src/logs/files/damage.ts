/** What is wrong with a file, in words that may be shown: a library's own say nothing to who has the file. */
export class DamageError extends Error {}

/** What an error says of a file, where it is told in our words. */
export const damageOf = (error: unknown) => (error instanceof DamageError ? error.message : "it is damaged");
