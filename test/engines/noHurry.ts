/** Why tests that send hundreds of statements to Trino are skipped, or false: they are run by hand, since CI would take minutes. */
export const noHurry =
  process.env.FIELDNOTES_TRINO_WHOLE === undefined && "it takes minutes: FIELDNOTES_TRINO_WHOLE=1 runs it";
