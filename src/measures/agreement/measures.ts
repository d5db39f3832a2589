import type { Measure } from "../measure";
import { agreement } from "./agreement";
import { progressOverReleases } from "./progressOverReleases";
import { sideBySide } from "./sideBySide";

const of = "agreement";
const needs = ["benchmarks"];

export const measures: Measure[] = [
  {
    name: "agreement",
    about: "whether a benchmark's order of models holds in production, or in any column of a table",
    run: agreement,
    needs,
    ownCommand: true,
  },
  {
    name: "side-by-side",
    of,
    about: "one line per question: what benchmarks say, what production says, do they agree",
    run: sideBySide,
    needs,
  },
  {
    name: "releases",
    of,
    about: "whether a release that gained on a benchmark gained in production",
    run: progressOverReleases,
    needs,
  },
];
