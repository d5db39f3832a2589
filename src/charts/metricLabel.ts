import { metric } from "../measures/metric";

/** The readable name of a production metric; for any other column, its own name. */
export function metricLabel(name: string): string {
  try {
    return metric(name).label;
  } catch {
    return name.replaceAll("_", " ");
  }
}
