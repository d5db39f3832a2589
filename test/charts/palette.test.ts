import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faint, INK, PALETTE, styleOf } from "../../src/charts/palette";

type Color = [number, number, number];

/** Red, green and blue from 0 to 1, in linear light. */
function light(hex: string): Color {
  return [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as Color;
}

/** WCAG 2.2 contrast ratio. */
function contrast(a: string, b: string): number {
  const [bright, dim] = [a, b]
    .map(light)
    .map(([r, g, blue]) => 0.2126 * r + 0.7152 * g + 0.0722 * blue)
    .sort((x, y) => y - x) as [number, number];
  return (bright + 0.05) / (dim + 0.05);
}

/** Machado, Oliveira & Fernandes 2009, severity 1 (https://doi.org/10.1109/TVCG.2009.113). */
const VISION: Record<string, Color[]> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** CIE 1976 L*a*b*, white point D65. */
function lab([r, g, b]: Color): Color {
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

describe("the palette", () => {
  test("reaches a contrast of 3 to 1 on white and on the dark page", () => {
    for (const color of PALETTE) {
      for (const paper of ["#ffffff", "#15181c"])
        assert.ok(contrast(color, paper) >= 3, `${color} on ${paper}`);
    }
    assert.ok(contrast(INK, "#ffffff") >= 4 && contrast(INK, "#15181c") >= 4);
  });

  test("stays apart for readers with each common colour vision deficiency", () => {
    for (const [kind, matrix] of Object.entries(VISION)) {
      const seen = PALETTE.map((color) =>
        lab(
          matrix.map((row) =>
            Math.max(
              0,
              row.reduce((sum, weight, at) => sum + weight * light(color)[at]!, 0),
            ),
          ) as Color,
        ),
      );
      for (let i = 0; i < seen.length; i++) {
        for (let j = 0; j < i; j++) {
          const distance = Math.hypot(...seen[i]!.map((part, at) => part - seen[j]![at]!));
          assert.ok(distance >= 20, `${PALETTE[i]} and ${PALETTE[j]} differ by ${distance} under ${kind}`);
        }
      }
    }
  });

  test("gives each of 60 series a look of its own, by colour and symbol alone", () => {
    const looks = Array.from({ length: 60 }, (_, at) => {
      const { color, symbol } = styleOf(at);
      return `${color} ${symbol}`;
    });
    assert.equal(new Set(looks).size, 60);
    assert.equal(faint("#3178c6", 0.5), "rgba(49, 120, 198, 0.5)");
  });
});
