/** Draws a point's symbol, so that points differ by shape as well as by colour. */
export function symbolSvg(x: number, y: number, symbol: string, color: string, r: number): string {
  const paint = symbol.endsWith("-open")
    ? `fill="none" stroke="${color}" stroke-width="2"`
    : `fill="${color}"`;
  const shapes: Record<string, string> = {
    diamond: `M0 ${-r}L${r} 0L0 ${r}L${-r} 0Z`,
    square: `M${-r * 0.85} ${-r * 0.85}H${r * 0.85}V${r * 0.85}H${-r * 0.85}Z`,
    "triangle-up": `M0 ${-r}L${r} ${r}H${-r}Z`,
    "triangle-right": `M${r} 0L${-r} ${r}V${-r}Z`,
    "triangle-left": `M${-r} 0L${r} ${r}V${-r}Z`,
    x: `M${-r} ${-r * 0.6}L${-r * 0.6} ${-r}L0 ${-r * 0.4}L${r * 0.6} ${-r}L${r} ${-r * 0.6}L${r * 0.4} 0L${r} ${r * 0.6}L${r * 0.6} ${r}L0 ${r * 0.4}L${-r * 0.6} ${r}L${-r} ${r * 0.6}L${-r * 0.4} 0Z`,
    star: `M0 ${-r}L${r * 0.3} ${-r * 0.3}L${r} ${-r * 0.2}L${r * 0.45} ${r * 0.25}L${r * 0.6} ${r}L0 ${r * 0.55}L${-r * 0.6} ${r}L${-r * 0.45} ${r * 0.25}L${-r} ${-r * 0.2}L${-r * 0.3} ${-r * 0.3}Z`,
  };
  const shape = shapes[symbol.replace(/-open$/, "")];
  // Sums of fractions such as 4.5 * 0.6 have seventeen digits.
  const short = shape?.replace(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2))));
  return short
    ? `<path transform="translate(${x} ${y})" d="${short}" ${paint}/>`
    : `<circle cx="${x}" cy="${y}" r="${r}" ${paint}/>`;
}
