// The two kinds of code that zstd writes its blocks in: https://www.rfc-editor.org/rfc/rfc8878#section-4
import { DamageError } from "./damage";

/** Bits that are read from their end towards their beginning, which is bit number `begin` of the data. */
export interface Bits {
  data: Uint8Array;
  begin: number;
  /** The number of the last bit that was read. */
  at: number;
}

export const damaged = () => new DamageError("damaged zstd data");

/** The place of the highest bit of a number, which is 1 or more. */
export const highest = (number: number) => 31 - Math.clz32(number);

/** Bits from some bytes: the highest 1 of the last byte only marks the end. */
export function bitsOf(data: Uint8Array, from: number, to: number): Bits {
  const last = data[to - 1];
  if (to <= from || last === 0) throw damaged();
  return { data, begin: 8 * from, at: 8 * (to - 1) + highest(last) };
}

/** The next bits as a number, at most 32; before the beginning they mean nothing. */
export function readBits(bits: Bits, count: number): number {
  if (count > 16) return readBits(bits, count - 16) * 65_536 + readBits(bits, 16);
  bits.at -= count;
  const { data, at } = bits;
  const byte = at >> 3;
  return ((data[byte] | (data[byte + 1] << 8) | (data[byte + 2] << 16)) >> (at & 7)) & ((1 << count) - 1);
}

/** A table of states: each stands for a symbol, and for a next state with the bits that follow. */
export interface States {
  log: number;
  symbols: Uint8Array;
  counts: Uint8Array;
  bases: Uint16Array;
}

/** The table in which only one symbol occurs, which takes no bits. */
export const statesOfOne = (symbol: number): States => ({
  log: 0,
  symbols: Uint8Array.of(symbol),
  counts: new Uint8Array(1),
  bases: new Uint16Array(1),
});

/** A table from how often each symbol occurs; -1 is less than once. */
export function statesFrom(shares: readonly number[], log: number): States {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const next = shares.map((share) => Math.abs(share));
  let high = size;
  for (const [symbol, share] of shares.entries()) if (share < 0) symbols[--high] = symbol;
  const step = (size >> 1) + (size >> 3) + 3;
  let place = 0;
  for (const [symbol, share] of shares.entries())
    for (let one = 0; one < share; one++) {
      symbols[place] = symbol;
      do place = (place + step) & (size - 1);
      while (place >= high);
    }
  if (place !== 0) throw damaged();
  const counts = new Uint8Array(size);
  const bases = new Uint16Array(size);
  for (let state = 0; state < size; state++) {
    const after = next[symbols[state]]++;
    counts[state] = log - highest(after);
    bases[state] = (after << counts[state]) - size;
  }
  return { log, symbols, counts, bases };
}

/** Reads a table; `end` is where what follows it begins. */
export function readStates(
  data: Uint8Array,
  from: number,
  to: number,
  most: { log: number; symbol: number },
): { states: States; end: number } {
  const log = (data[from] & 15) + 5;
  if (from >= to || log > most.log) throw damaged();
  let at = 8 * from + 4;
  const look = (count: number) => {
    const byte = at >> 3;
    return ((data[byte] | (data[byte + 1] << 8) | (data[byte + 2] << 16)) >> (at & 7)) & ((1 << count) - 1);
  };
  const shares: number[] = [];
  let left = 1 << log;
  while (left > 0) {
    if (at >= 8 * to || shares.length > most.symbol) throw damaged();
    const count = highest(left + 1) + 1;
    const short = (1 << (count - 1)) - 1;
    const saved = (1 << count) - 2 - left;
    let value = look(count);
    at += count;
    if ((value & short) < saved) {
      value &= short;
      at--;
    } else if (value > short) value -= saved;
    shares.push(value - 1);
    left -= Math.abs(value - 1);
    if (value !== 1) continue;
    for (let more = 3; more === 3 && shares.length <= most.symbol; ) {
      more = look(2);
      at += 2;
      for (let one = 0; one < more; one++) shares.push(0);
    }
  }
  const end = (at + 7) >> 3;
  if (left < 0 || shares.length > most.symbol + 1 || end > to) throw damaged();
  return { states: statesFrom(shares, log), end };
}

/** A prefix code: for any bits that may follow, the symbol they begin with, and how many bits it takes. */
export interface Prefixes {
  log: number;
  /** 16 times the symbol, plus its bits. */
  entries: Uint16Array;
}

/** Reads a prefix code. */
export function readPrefixes(
  data: Uint8Array,
  from: number,
  to: number,
): { prefixes: Prefixes; end: number } {
  const head = data[from];
  const isPlain = head >= 128;
  const end = from + 1 + (isPlain ? (head - 126) >> 1 : head);
  if (end > to) throw damaged();
  const weights = isPlain ? plainWeights(data, from + 1, head - 127) : packedWeights(data, from + 1, end);
  return { prefixes: prefixesOf(weights), end };
}

const plainWeights = (data: Uint8Array, from: number, count: number) =>
  Array.from({ length: count }, (_, at) => (data[from + (at >> 1)] >> (at % 2 === 0 ? 4 : 0)) & 15);

// Two states take turns until the bits are used up.
function packedWeights(data: Uint8Array, from: number, to: number): number[] {
  const { states, end } = readStates(data, from, to, { log: 6, symbol: 255 });
  const bits = bitsOf(data, end, to);
  const two = [readBits(bits, states.log), readBits(bits, states.log)];
  if (bits.at < bits.begin) throw damaged();
  const weights: number[] = [];
  for (let turn = 0; ; turn = 1 - turn) {
    const state = two[turn];
    weights.push(states.symbols[state]);
    two[turn] = states.bases[state] + readBits(bits, states.counts[state]);
    if (weights.length > 254) throw damaged();
    if (bits.at >= bits.begin) continue;
    weights.push(states.symbols[two[1 - turn]]);
    return weights;
  }
}

const longestPrefix = 11;

function prefixesOf(weights: number[]): Prefixes {
  const sum = weights.reduce((all, weight) => all + (weight > 0 ? 2 ** (weight - 1) : 0), 0);
  if (sum === 0 || sum >= 1 << longestPrefix) throw damaged();
  const log = highest(sum) + 1;
  const left = (1 << log) - sum;
  // The last symbol's weight is what makes the sum a power of two.
  if ((left & (left - 1)) !== 0) throw damaged();
  const all = [...weights, highest(left) + 1];
  const entries = new Uint16Array(1 << log);
  let place = 0;
  for (let weight = 1; weight <= log; weight++)
    for (const [symbol, own] of all.entries())
      if (own === weight) {
        const size = 1 << (weight - 1);
        entries.fill(16 * symbol + log + 1 - weight, place, place + size);
        place += size;
      }
  if (place !== 1 << log) throw damaged();
  return { log, entries };
}
