/** A seeded source of random numbers; the same seed and stream give the same numbers everywhere. */
export interface Random {
  /** 32 random bits as a whole number in [0, 2^32). */
  bits(): number;
  /** Fills `words` with the next `words.length` results of `bits`: three times as fast as one at a time. */
  fill(words: Uint32Array): void;
  /** Uniform on [0, 1), 53 bits. */
  uniform(): number;
  /** A whole number in [0, n), each equally likely. */
  integer(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** Exponential with mean 1. */
  exponential(): number;
  /** Gamma with the given shape > 0 and scale 1. */
  gamma(shape: number): number;
}

/** One round of splitmix32: a bijection of 32 bits that scatters neighbouring numbers. */
export function mix(z: number): number {
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

function checkKey(name: string, key: number): void {
  if (!Number.isSafeInteger(key) || key < 0)
    throw new RangeError(`random requires ${name} to be a whole number >= 0, got ${String(key)}`);
}

/**
 * A generator of random numbers (xoshiro128**) with independent streams.
 *
 * @remarks Method: Blackman & Vigna (2021), doi:10.1145/3460772; normals by Marsaglia's polar method; gamma by
 * Marsaglia & Tsang (2000), doi:10.1145/358407.358414.
 * @param seed a whole number >= 0 (default 1)
 * @param stream a whole number >= 0 (default 0): work split into chunks takes one stream per chunk, so that the
 * result does not depend on which worker computes which chunk
 * @throws RangeError for a seed or stream that is negative or not whole
 * @example
 * random(7).uniform().toFixed(4) // "0.2999"
 * random(7, 0).integer(1000) // 299
 * random(7, 1).integer(1000) // 11
 */
export function random(seed = 1, stream = 0): Random {
  checkKey("seed", seed);
  checkKey("stream", stream);
  // The four key words enter one after the other, so that two (seed, stream) pairs with the same sum never share a
  // state.
  let key = 0x9e3779b9;
  for (const word of [
    seed >>> 0,
    Math.floor(seed / 4294967296),
    stream >>> 0,
    Math.floor(stream / 4294967296),
  ])
    key = mix((key + 0x9e3779b9) ^ mix((word + 0x85ebca6b) | 0));
  let low = mix(key ^ mix(stream | 0) ^ mix(seed ^ 0x5bf03635));
  const state = [0, 0, 0, 0].map((_, index) => {
    low = (low + 0x9e3779b9) | 0;
    return mix(low ^ (index & 1 ? key : 0)) | 0;
  }) as [number, number, number, number];
  let [a, b, c, d] = state;
  if ((a | b | c | d) === 0) a = 1;
  let spare = Number.NaN;

  function bits(): number {
    const r = Math.imul(b, 5);
    const result = Math.imul((r << 7) | (r >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  }

  function fill(words: Uint32Array): void {
    // Local copies: variables captured by a closure are slow to access.
    let [p, q, r, s] = [a, b, c, d];
    for (let i = 0; i < words.length; i++) {
      const x = Math.imul(q, 5);
      words[i] = Math.imul((x << 7) | (x >>> 25), 9);
      const t = q << 9;
      r ^= p;
      s ^= q;
      q ^= r;
      p ^= s;
      r ^= t;
      s = (s << 11) | (s >>> 21);
    }
    [a, b, c, d] = [p, q, r, s];
  }

  function uniform(): number {
    const high = bits() >>> 5;
    return (high * 67108864 + (bits() >>> 6)) / 9007199254740992;
  }

  function integer(n: number): number {
    if (!(n >= 1)) throw new RangeError(`integer requires n >= 1, got ${String(n)}`);
    if (n > 2097152) return Math.floor(uniform() * n);
    // Lemire's multiplication, exact in a double below 2^21, rejecting the few values that would be favoured.
    for (;;) {
      const product = bits() * n;
      const result = Math.floor(product / 4294967296);
      const rest = product - result * 4294967296;
      if (rest >= n || rest >= 4294967296 % n) return result;
    }
  }

  function normal(): number {
    if (!Number.isNaN(spare)) {
      const kept = spare;
      spare = Number.NaN;
      return kept;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * factor;
      return u * factor;
    }
  }

  function exponential(): number {
    return -Math.log(1 - uniform());
  }

  function gamma(shape: number): number {
    if (!(shape > 0) || shape === Number.POSITIVE_INFINITY)
      throw new RangeError(`gamma requires a finite shape > 0, got ${String(shape)}`);
    // Shape below 1: a gamma of shape + 1 times a power of a uniform.
    if (shape < 1) return gamma(shape + 1) * (1 - uniform()) ** (1 / shape);
    const third = shape - 1 / 3;
    const scale = 1 / Math.sqrt(9 * third);
    for (;;) {
      const x = normal();
      const root = 1 + scale * x;
      if (root <= 0) continue;
      const v = root * root * root;
      const u = 1 - uniform();
      if (Math.log(u) < 0.5 * x * x + third - third * v + third * Math.log(v)) return third * v;
    }
  }

  return { bits, fill, uniform, integer, normal, exponential, gamma };
}
