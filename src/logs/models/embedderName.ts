/** A pattern that the names of embedders match in lower case: text-embedding-3-small, embed-english-v3.0. */
export const embedderName = "embedding|\\bembed\\b";
