/** Style features of an answer that may sway a rater besides its content. */
export const styles = ["length", "lists", "headings", "bold"] as const;
export type Style = (typeof styles)[number];
