import { metric } from "../measures/metric";

/** A metric of production by the words that people read; a column of a table by its name. */
export function metricLabel(name: string): string {
  try {
    return metric(name).label;
  } catch {
    return name.replaceAll("_", " ");
  }
}
