import { number, object } from "./shape";

/** A log-normal size: its median, and the standard deviation of its logarithm. */
export interface Size {
  median: number;
  spread: number;
}

export const size = object<Size>({
  median: number(0, Number.POSITIVE_INFINITY, { above: true }),
  spread: number(0, 4),
});
