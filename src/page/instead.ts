import type { Lead } from "./page";

/** What a page says where calls compare nothing. */
export interface Instead extends Pick<Lead, "question" | "headline" | "points" | "more" | "figures"> {
  /** What the page is about, where that is not calls. */
  title?: string;
  /** True if calls have nothing to add. */
  isAll?: boolean;
}
