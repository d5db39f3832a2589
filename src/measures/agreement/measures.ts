import type { Measure } from "../measure";
import { agreement } from "./agreement";
import { progressOverReleases } from "./progressOverReleases";
import { sideBySide } from "./sideBySide";

export const measures: Measure[] = [
  ...agreement.entries,
  ...sideBySide.entries,
  ...progressOverReleases.entries,
];
