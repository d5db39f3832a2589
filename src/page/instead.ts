import type { Lead } from "./page";

/** What a page says where calls compare nothing. */
export interface Instead extends Pick<Lead, "headline" | "points" | "more" | "figures"> {
  /** True if calls have nothing to add. */
  isAll?: boolean;
}
