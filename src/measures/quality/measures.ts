import type { Measure } from "../measure";
import { controlled } from "./controlled";
import { flips } from "./flips";
import { judged } from "./judged";
import { paired } from "./paired";
import { quality } from "./quality";
import { qualityBeside } from "./qualityBeside";
import { raterAgreement } from "./qualityRaters";
import { refusals } from "./refusals";
import { structured } from "./structured";
import { validators } from "./validators";

export const measures: Measure[] = [
  ...quality.entries,
  ...paired.entries,
  ...flips.entries,
  ...judged.entries,
  ...controlled.entries,
  ...raterAgreement.entries,
  ...refusals.entries,
  ...structured.entries,
  ...validators.entries,
  ...qualityBeside.entries,
];
