/** Marks of an answer that may sway a rater beside what it says. */
export const styles = ["length", "lists", "headings", "bold"] as const;
export type Style = (typeof styles)[number];
