// Figures label numbers as well and stand before pages in the pipeline, so the code lies there: one place for both.
export {
  estimateText,
  formatCount,
  formatEstimate,
  formatNumber,
  type NumberOptions,
} from "../charts/number";
export { formatUnit } from "../charts/unit";
