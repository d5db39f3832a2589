import type { Random } from "../../src/stats/random";

type Owner = Record<string, unknown>;

const odd: unknown[] = [
  null,
  "",
  "x",
  " ",
  -1,
  0,
  3.7,
  1e300,
  2 ** 53 + 1,
  true,
  [],
  {},
  [null],
  [[]],
  "\0",
  "NaN",
  "2025-13-45",
  "2025-01-01T00:00:00+02:00",
  "290000-01-01",
  "9223372036854775807",
  "\u202eabc",
  "'; drop table calls; --",
  "=1+1",
  "x".repeat(3_000),
  { type: "x", value: 1 },
];
// JSON text that no JavaScript value can produce.
const bare = [
  "NaN",
  "-Infinity",
  "1e400",
  "-0",
  "9007199254740993",
  '"\\ud83d"',
  '{"a":1,"a":2}',
  "[".repeat(40),
];

/** Picks things at random from a seed. */
export interface Dice {
  below(count: number): number;
  of<T>(list: readonly T[]): T;
}

export function dice(random: Random): Dice {
  const below = (count: number) => Math.floor(random.uniform() * count);
  return { below, of: (list) => list[below(list.length)] };
}

/** A record as a line of JSON: unchanged, with changed fields, or with damaged text. */
export function mutated(record: unknown, number: number, dice: Dice): Buffer {
  const copy = { of: structuredClone(record) };
  // Most records get their own id; a few share the id of another.
  const own = dice.below(20) === 0 ? dice.below(number + 1) : number;
  for (const [owner, key] of pathsOf(copy)) if (isId(key, owner[key])) owner[key] = `${owner[key]}-${own}`;
  for (let times = dice.below(3); times > 0; times--) change(copy, dice);
  const text = JSON.stringify(copy.of) ?? "null";
  const damage = dice.below(20);
  if (damage === 0) return Buffer.from(text.slice(0, dice.below(text.length)));
  if (damage === 1) return Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff, 0x7d])]);
  if (damage === 2)
    return Buffer.from(text.replace(/:(?:\d+(?:\.\d+)?|"[^"\\]*")/, () => `:${dice.of(bare)}`));
  return Buffer.from(text);
}

// Otherwise all records of a file would replace each other.
const isId = (key: string, value: unknown) => typeof value === "string" && value !== "" && /id$/i.test(key);

function change(copy: { of: unknown }, dice: Dice): void {
  const paths = pathsOf(copy).slice(1);
  if (paths.length === 0) return;
  const [owner, key] = dice.of(paths);
  const changes: (() => void)[] = [
    // A copy, because the inserted value may be changed too and must not affect later records.
    () => (owner[key] = structuredClone(dice.of(odd))),
    () => (owner[key] = String(owner[key])),
    () => (owner[key] = [{ [key]: owner[key] }]),
    () => (owner[key] = JSON.stringify(owner[key])),
    () => (owner[`${key}\0`] = 1),
    () => (owner[key.toUpperCase()] = owner[key]),
    () => {
      if (!Array.isArray(owner)) delete owner[key];
    },
    () => {
      const [other, name] = dice.of(paths);
      if (typeof other[name] !== "object") owner[key] = other[name];
    },
  ];
  dice.of(changes)();
}

/** A delimited text with some cells changed, cut or quoted. */
export function mutatedCells(text: string, dice: Dice): string {
  const lines = text.split("\n");
  for (let times = dice.below(6); times > 0; times--) {
    const at = 1 + dice.below(Math.max(1, lines.length - 1));
    const cells = (lines[at] ?? "").split(",");
    const value = dice.of(odd);
    cells[dice.below(cells.length)] = typeof value === "object" ? JSON.stringify(value) : String(value);
    lines[at] = dice.below(10) === 0 ? `${cells.join(",")},"` : cells.join(",");
  }
  return lines.join("\n");
}

function pathsOf(value: unknown): [Owner, string][] {
  if (value === null || typeof value !== "object") return [];
  return Object.keys(value).flatMap((key) => [
    [value as Owner, key] as [Owner, string],
    ...pathsOf((value as Owner)[key]),
  ]);
}
