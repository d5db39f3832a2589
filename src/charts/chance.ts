/** A chance in %, never rounded to none or to certainty: it is a share of draws. */
export function chance(p: number): string {
  if (p < 0.01) return "under 1 %";
  return p > 0.99 ? "over 99 %" : `${Math.round(100 * p)} %`;
}
