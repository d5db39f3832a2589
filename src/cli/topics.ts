/** Options that several commands share, by the word under which the help explains them once. */
export const topics = {
  selection: "which calls are measured, and how they are grouped",
  statistics: "how sure the numbers are",
  rows: "the calls behind a row of the table",
  tables: "tables of scores, and the names of the models in them",
  files: "how the files given are read",
  requests: "how requests are sent",
  engine: "calls that stay in another database",
  output: "the store, and what is printed",
} as const;

/** The heading that options which the help explains once have in the parser. */
export type Topic = keyof typeof topics;

export const isTopic = (heading: string | undefined): heading is Topic =>
  heading !== undefined && Object.hasOwn(topics, heading);

/** The heading of the options that ask for another table of a command. */
export const viewsTitle = "Instead of that table:";

/** The heading of the options of these tables, which the page of each explains. */
export const ofViews = "Options of views:";

/** The heading of a command's own options. */
export const ownTitle = "Options:";
