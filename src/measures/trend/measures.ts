import type { Measure } from "../measure";
import { trend } from "./trend";

export const measures: Measure[] = [...trend.entries];
