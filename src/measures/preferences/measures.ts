import type { Measure } from "../measure";
import { preferences } from "./preferences";

export const measures: Measure[] = [
  {
    name: "preferences",
    about: "which model raters prefer, of two answers side by side: win rates, ratings and ranks",
    run: preferences,
    needs: ["preferences"],
    ownCommand: true,
  },
];
