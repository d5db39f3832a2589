import type { Measure } from "../measure";
import { consistency } from "./consistency";
import { worstPrompts } from "./repeatsWorst";
import { singleShot } from "./singleShot";

export const measures: Measure[] = [...consistency.entries, ...worstPrompts.entries, ...singleShot.entries];
