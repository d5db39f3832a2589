// Figures also label numbers and come before pages in the layers, so the one copy of the code is there.
export {
  estimateText,
  formatCount,
  formatEstimate,
  formatGiven,
  formatNumber,
  type NumberOptions,
} from "../charts/number";
export { formatUnit } from "../charts/unit";
