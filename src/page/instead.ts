import type { Lead } from "./page";

/** What a page says where calls compare nothing; without a headline, beside what they compare. */
export interface Instead
  extends Pick<Lead, "points" | "more" | "figures">,
    Partial<Pick<Lead, "question" | "headline">> {
  /** What the page is about, where that is not calls. */
  title?: string;
  /** True if calls have nothing to add. */
  isAll?: boolean;
}
