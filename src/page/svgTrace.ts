import { unlabel } from "../charts/label";
import { INK } from "../charts/palette";
import { escapeHtml } from "./escape";
import { symbolSvg } from "./symbol";

/** The estimated width of a letter, in pixels. */
export const LETTER = 6.6;

/** The estimated width of a text; a space is half a letter. */
export function widthOf(text: string): number {
  return LETTER * (text.length - (text.match(/\s/g)?.length ?? 0) / 2);
}

/** Maps a value to its position on an axis, in pixels. */
export interface Side {
  place: (value: number) => number;
  ticks: { at: number; text: string }[];
}

export type Trace = Record<string, unknown> & { x?: unknown[]; y?: unknown[] };

interface Bars {
  array?: number[];
  arrayminus?: number[];
}

/** The lines of a trace. */
export function pathsOf(trace: Trace, x: Side, y: Side): string {
  if (trace.yaxis === "y2" || !String(trace.mode ?? "").includes("lines")) return "";
  const look = (trace.line ?? {}) as { color?: string; width?: number; dash?: string; shape?: string };
  const path = pathOf(pixels(trace, x, y), look.shape === "hv");
  const dash = DASHES[look.dash ?? ""];
  const pattern = dash ? ` stroke-dasharray="${dash}"` : "";
  return path === ""
    ? ""
    : `<path d="${path}" fill="none" stroke="${safe(look.color)}" stroke-width="${Number(look.width) || 2}"${pattern}/>`;
}

const DASHES: Record<string, string> = { dash: "7 4", dot: "2 3", dashdot: "7 3 2 3" };

/** The points, intervals and words of a trace. */
export function marksOf(trace: Trace, x: Side, y: Side): string[] {
  if (trace.yaxis === "y2") return [];
  const marker = (trace.marker ?? {}) as { color?: string; size?: number; symbol?: string | string[] };
  const mode = String(trace.mode ?? "");
  const texts = trace.text as string[] | undefined;
  const places = pixels(trace, x, y);
  const positions = Array.isArray(trace.textposition) ? (trace.textposition as string[]) : [];
  const position = String(trace.textposition ?? "");
  // Words that would overlap their neighbours are left out.
  const room = (px: number, py: number) =>
    Math.min(...places.flatMap(([nx, ny]) => (ny === py && nx !== undefined && nx > px ? [nx - px] : [])));
  return places.flatMap(([px, py], at) => {
    if (px === undefined || py === undefined) return [];
    const text = plain(String(texts?.[at] ?? ""));
    const symbol = Array.isArray(marker.symbol) ? marker.symbol[at] : marker.symbol;
    const stroke = `stroke="${safe(marker.color)}" stroke-width="2"`;
    const [left, right] = endsOf(trace.x?.[at], trace.error_x, at, x);
    const [low, high] = endsOf(trace.y?.[at], trace.error_y, at, y);
    return [
      left === undefined || right === undefined ? "" : line(left, py, right, py, stroke),
      low === undefined || high === undefined ? "" : line(px, low, px, high, stroke),
      mode.includes("markers")
        ? symbolSvg(px, py, String(symbol ?? "circle"), safe(marker.color), (Number(marker.size) || 8) / 2)
        : "",
      mode.includes("text") && widthOf(text) + 12 <= room(px, py)
        ? beside(px, py + 4, text, positions[at] ?? position)
        : "",
    ];
  });
}

function pixels(trace: Trace, x: Side, y: Side): (readonly [number | undefined, number | undefined])[] {
  return (trace.x ?? []).map((value, at) => [toPixel(value, x), toPixel(trace.y?.[at], y)] as const);
}

function endsOf(value: unknown, error: unknown, at: number, along: Side): (number | undefined)[] {
  if (typeof error !== "object" || error === null) return [];
  const { array, arrayminus } = error as Bars;
  return [Number(value) - (arrayminus?.[at] ?? 0), Number(value) + (array?.[at] ?? 0)].map((end) =>
    toPixel(end, along),
  );
}

function toPixel(value: unknown, along: Side): number | undefined {
  const at = typeof value === "number" ? along.place(value) : Number.NaN;
  return Number.isFinite(at) ? Math.round(at * 10) / 10 : undefined;
}

function pathOf(
  points: readonly (readonly [number | undefined, number | undefined])[],
  steps: boolean,
): string {
  let path = "";
  let pen = false;
  for (const [px, py] of points) {
    if (px === undefined || py === undefined) pen = false;
    else {
      path += pen ? (steps ? `H${px}V${py}` : `L${px} ${py}`) : `M${px} ${py}`;
      pen = true;
    }
  }
  return path;
}

export function line(x1: number, y1: number, x2: number, y2: number, stroke: string): string {
  return `<path d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}" ${stroke}/>`;
}

/** Words to the side of a point that plotly's `textposition` names, by default to its right. */
function beside(x: number, y: number, text: string, position: string): string {
  if (position.endsWith("left")) return words(x - 4, y, text, "end");
  return position.endsWith("center") ? words(x, y, text, "middle") : words(x + 4, y, text, "start");
}

export function words(x: number, y: number, text: string, anchor: string, angle = 0): string {
  if (text === "") return "";
  const turned = angle === 0 ? "" : ` transform="rotate(${angle} ${round(x)} ${round(y)})"`;
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${turned}>${escapeHtml(text)}</text>`;
}

export function plain(markup: string): string {
  return unlabel(String(markup));
}

function round(x: number): number {
  return Number.isFinite(x) ? Math.round(x * 10) / 10 : 0;
}

/** Colours come from the library's palette; anything else is kept out of the markup. */
export function safe(color: unknown): string {
  return typeof color === "string" && /^(#[0-9a-f]{3,8}|rgba?\([\d., ]+\))$/i.test(color) ? color : INK;
}
