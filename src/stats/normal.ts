import { checkProbability } from "./checks";

function horner(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]!;
  return sum;
}

// Cody (1969), doi:10.1090/S0025-5718-1969-0247736-4: erf up to 0.46875, erfc up to 4, erfc beyond; lowest power
// first.
const ERF = [
  [3209.3775891384694, 377.485237685302, 113.86415415105016, 3.1611237438705655, 0.18577770618460315],
  [2844.236833439171, 1282.6165260773723, 244.02463793444417, 23.601290952344122, 1],
] as const;
const ERFC = [
  [
    1230.3393547979972, 2051.0783778260716, 1712.0476126340707, 881.952221241769, 298.6351381974001,
    66.11919063714163, 8.883149794388377, 0.5641884969886701, 2.1531153547440383e-8,
  ],
  [
    1230.3393548037495, 3439.3676741437216, 4362.619090143247, 3290.7992357334597, 1621.3895745666903,
    537.1811018620099, 117.6939508913125, 15.744926110709835, 1,
  ],
] as const;
const ERFC_TAIL = [
  [
    0.0006587491615298378, 0.016083785148742275, 0.12578172611122926, 0.36034489994980445,
    0.30532663496123236, 0.016315387137302097,
  ],
  [0.0023352049762686918, 0.06051834131244132, 0.5279051029514285, 1.8729528499234604, 2.568520192289822, 1],
] as const;
const INVERSE_ROOT_PI = 0.5641895835477563;

/** exp(-y^2) without the rounding error of y^2: y cut to sixteenths has an exact square. */
function expMinusSquare(y: number): number {
  const cut = Math.trunc(y * 16) / 16;
  return Math.exp(-cut * cut) * Math.exp(-(y - cut) * (y + cut));
}

/** The complementary error function of y >= 0.46875. */
function erfcPositive(y: number): number {
  if (y <= 4) return (expMinusSquare(y) * horner(ERFC[0], y)) / horner(ERFC[1], y);
  const s = 1 / (y * y);
  return (
    (expMinusSquare(y) * (INVERSE_ROOT_PI - (s * horner(ERFC_TAIL[0], s)) / horner(ERFC_TAIL[1], s))) / y
  );
}

/**
 * The standard normal distribution function, Phi(z).
 *
 * @remarks Method: Cody (1969), doi:10.1090/S0025-5718-1969-0247736-4; relative error about 1e-15 in the lower tail.
 * @example
 * normalCdf(0) // 0.5
 * normalCdf(1.96).toFixed(4) // "0.9750"
 */
export function normalCdf(z: number): number {
  const y = Math.abs(z) * Math.SQRT1_2;
  if (y <= 0.46875) return 0.5 + 0.5 * z * Math.SQRT1_2 * (horner(ERF[0], y * y) / horner(ERF[1], y * y));
  const tail = 0.5 * erfcPositive(y);
  return z < 0 ? tail : 1 - tail;
}

/**
 * The standard normal density.
 *
 * @example
 * normalDensity(0).toFixed(6) // "0.398942"
 */
export function normalDensity(z: number): number {
  return 0.3989422804014327 * Math.exp(-0.5 * z * z);
}

// Wichura (1988), algorithm AS 241, doi:10.2307/2347330; lowest power first.
const CENTRE = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
    67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.3133307016009, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852855,
  ],
] as const;
const SHOULDER = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
] as const;
const FAR = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.2965605718285049, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  [
    1, 0.5998322065558879, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
] as const;

/**
 * The standard normal quantile function, Phi^-1(p); -Infinity at 0, Infinity at 1.
 *
 * @remarks Method: Wichura (1988), AS 241, doi:10.2307/2347330; relative error about 1e-16.
 * @throws RangeError for p outside [0, 1]
 * @example
 * normalQuantile(0.5) // 0
 * normalQuantile(0.975).toFixed(6) // "1.959964"
 */
export function normalQuantile(p: number): number {
  checkProbability("normalQuantile", "p", p);
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * horner(CENTRE[0], r)) / horner(CENTRE[1], r);
  }
  const tail = q < 0 ? p : 1 - p;
  if (tail === 0) return q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const r = Math.sqrt(-Math.log(tail));
  const z =
    r <= 5
      ? horner(SHOULDER[0], r - 1.6) / horner(SHOULDER[1], r - 1.6)
      : horner(FAR[0], r - 5) / horner(FAR[1], r - 5);
  return q < 0 ? -z : z;
}
