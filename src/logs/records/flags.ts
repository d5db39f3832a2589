/** Columns beside a record's own fields. Their names contain a blank, so that no log's field is taken for one. */
export const flags = {
  /** True if the record could not be read at all. */
  unreadable: '"record unreadable"',
  /** A mask of the leaves that could not be cast. */
  lost: '"record lost"',
  /** True for the first row that a record gives. */
  first: '"record first"',
} as const;
