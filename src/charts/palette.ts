/**
 * Six colours that stay apart for readers with any of the common colour vision deficiencies and reach a contrast of
 * 3 to 1 on white and on near-black, so one figure serves light and dark pages. Order: blue, orange, violet, sage,
 * crimson, mauve. Colour is never the only difference: every series also has its own symbol and line pattern.
 */
export const PALETTE = ["#3178c6", "#d9730d", "#7744dd", "#889977", "#dd0044", "#995577"] as const;

/** For text and lines, legible on light and dark; a page overrides it with its own ink. */
export const INK = "#757a82";
export const GRID = "rgba(128, 134, 142, 0.22)";
export const CLEAR = "rgba(0, 0, 0, 0)";

const SYMBOLS = ["circle", "diamond", "square", "triangle-up", "x", "star"] as const;
const DASHES = ["solid", "dash", "dot", "dashdot"] as const;

/** The look of series number `at`: colours repeat after six, with another symbol and line pattern; symbols after 36, open. */
export function styleOf(at: number): { color: string; symbol: string; dash: string } {
  const round = Math.floor(at / PALETTE.length);
  return {
    color: PALETTE[at % PALETTE.length]!,
    symbol: `${SYMBOLS[(at + round) % SYMBOLS.length]!}${Math.floor(round / SYMBOLS.length) % 2 === 1 ? "-open" : ""}`,
    dash: DASHES[round % DASHES.length]!,
  };
}

/** The same colour, more transparent: for intervals behind their values. */
export function faint(color: string, opacity: number = 0.35): string {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return `rgba(${r}, ${g}, ${b}, ${opacity})`;
}
