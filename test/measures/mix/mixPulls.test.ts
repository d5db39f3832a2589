import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pullsOf } from "../../../src/measures/mix/mixPulls";
import { basesOf, type UnitBase } from "../../../src/measures/mix/mixUnits";
import { open } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { fc } from "../../property";

interface Unit {
  second: boolean;
  cluster: number;
  hour: number;
  x: number;
  /** Two numbers that all units have, and one that not all have. */
  first: number;
  other: number;
  partly: number | null;
}

const number = fc.integer({ min: -20, max: 20 });
const unit: fc.Arbitrary<Unit> = fc.record({
  second: fc.boolean(),
  cluster: fc.nat(4),
  hour: fc.nat(5),
  x: fc.integer({ min: 1, max: 9 }),
  first: number,
  other: number,
  partly: fc.option(number, { nil: null }),
});

const metrics = ["first", "other", "partly"] as const;
/** Coefficients that differ by metric; weights and leverage are those of the units. */
const coefficients = {
  a: 2,
  b: 3,
  k: 0.5,
  t: { n: 0.1, x: 0.2, s: 0.7 },
  m: { n: 1, x: 0.1 },
  leverage: 0.01,
};
const timesOf = (metric: string) => metrics.indexOf(metric as never) + 1;

async function withUnits<T>(units: readonly Unit[], work: (found: Awaited<ReturnType<typeof pulls>>) => T) {
  const store = await open();
  try {
    const rows = units.map(
      ({ second, cluster, hour, x, first, other, partly }) =>
        `(1::ubigint, ${second}, 5::ubigint, ${cluster}::ubigint, ${hour}::bigint * 3600000000, ${x}::double, ${first}::double, ${other}::double, ${partly}::double)`,
    );
    await run(
      store.connection,
      `create temp table made as select *, 1 as weekday, 1 as hour_of_day, null::double as item_w
       from (values ${rows.join(", ")}) as _(g, second, stratum, cluster, hour, x, first, other, partly)`,
    );
    await run(
      store.connection,
      "create temp table week_weights as select unnest([true, false]) as second, 1 as weekday, 1 as hour_of_day, 1::double as w",
    );
    const { a, b, k, t, m, leverage } = coefficients;
    const lines = metrics.flatMap((metric) =>
      [true, false].map((second) => {
        const times = timesOf(metric);
        return `('${metric}', 1::ubigint, ${second}, 0, ${second ? 0 : times * a}, 0, ${second ? times * b : 0}, 0,
          ${second ? 0 : times * k}, 0, ${times * t.n}, ${times * t.x}, 0, ${times * t.s}, 0, 0, 0, ${second ? m.n : 0}, ${second ? m.x : 0}, ${second ? leverage : 0}, 0, 0)`;
      }),
    );
    await run(
      store.connection,
      `create temp table cells as select unnest(${JSON.stringify(metrics).replaceAll('"', "'")}) as metric, 1::ubigint as g, 5::ubigint as stratum, 0 as cell`,
    );
    await run(
      store.connection,
      `create temp table coefficients as from (values ${lines.join(", ")})
       as _(metric, g, second, cell, ac, ar, bc, br, ks, kr, tn, tx, txx, ts, txs, tr, txr, mn, mx, ln, lx, lxx)`,
    );
    return work(await pulls(store.connection));
  } finally {
    store.close();
  }
}

async function pulls(connection: Parameters<typeof basesOf>[0]) {
  const relation: UnitBase = {
    from: "made",
    weight: "coalesce(item_w, w, 0)",
    metrics: metrics.map((name) => ({ name, c: `"${name}"`, r: "1" })),
  };
  const bases = await basesOf(connection, relation);
  return { bases, ...(await pullsOf(connection, bases, { over: ["cluster", "hour", "both"], days: true })) };
}

/** By the definition, unit by unit. */
function defined(units: readonly Unit[], metric: (typeof metrics)[number], keyOf: (one: Unit) => string) {
  const { a, b, k, t, m, leverage } = coefficients;
  const times = timesOf(metric);
  const known = units.filter((one) => one[metric] !== null);
  const groups = new Map<string, Unit[]>();
  for (const one of known) {
    const key = `${one.second} ${keyOf(one)}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const made = [...groups].map(([key, own]) => {
    const sum = (of: (one: Unit) => number) => own.reduce((all, one) => all + of(one), 0);
    const second = own[0]?.second === true;
    return {
      unit: key.split(" ").slice(1).join(" "),
      second,
      m: own.length,
      u: second ? Math.abs(sum(({ x }) => m.n + m.x * x)) : 0,
      p: sum((one) => times * (second ? b : a) * Number(one[metric])),
      k: second ? 0 : sum((one) => times * k * Number(one[metric])),
      t:
        sum((one) => times * (t.n + t.x * one.x + t.s * Number(one[metric]))) /
        Math.sqrt(1 - Math.min(0.9, second ? leverage * own.length : 0)),
    };
  });
  const total = (second: boolean, of: "m" | "u") =>
    made.filter((one) => one.second === second).reduce((all, one) => all + one[of], 0);
  const units_ = new Map<string, Record<"a" | "b" | "k" | "t", number>>();
  for (const one of made) {
    const h = one.m / total(one.second, "m");
    const v = total(one.second, "u") === 0 ? 0 : one.u / total(one.second, "u");
    const left = 1 - Math.min(h, 0.9);
    const into = units_.get(one.unit) ?? { a: 0, b: 0, k: 0, t: 0 };
    into[one.second ? "b" : "a"] += one.p / left;
    into.k += one.k / left;
    into.t += one.t / (one.second ? Math.sqrt(1 - Math.min(v, 0.9)) : left);
    units_.set(one.unit, into);
  }
  const all = [...units_.values()];
  const product = (one: "a" | "b" | "k" | "t", other: "a" | "b" | "k" | "t") =>
    all.reduce((sum, numbers) => sum + numbers[one] * numbers[other], 0);
  return {
    clusters: all.length,
    aa: product("a", "a"),
    bt: product("b", "t"),
    kt: product("k", "t"),
    tt: product("t", "t"),
  };
}

const keys = {
  cluster: ({ cluster }: Unit) => String(cluster),
  hour: ({ hour }: Unit) => String(hour),
  both: ({ cluster, hour }: Unit) => `${cluster}:${hour}`,
};

describe("how far units pull the numbers of two sides", () => {
  test("is what its definition gives, whether metrics share their units and whether units are alone", () =>
    fc.assert(
      fc.asyncProperty(fc.array(unit, { minLength: 2, maxLength: 25 }), (units) =>
        withUnits(units, ({ covariances, bases }) => {
          const isShared = units.every(({ partly }) => partly !== null);
          const isUnknown = units.every(({ partly }) => partly === null);
          assert.equal(bases.length, isShared || isUnknown ? 1 : 2);
          for (const metric of isUnknown ? metrics.slice(0, 2) : metrics)
            for (const over of ["cluster", "hour", "both"] as const) {
              const found = covariances.find((one) => one.metric === metric && one.over === over);
              const expected = defined(units, metric, keys[over]);
              for (const [name, value] of Object.entries(expected)) {
                const given = Number(found?.[name as "aa"]);
                assert.ok(
                  Math.abs(given - value) <= 1e-9 * Math.max(1, Math.abs(value)),
                  `${metric} ${over} ${name}: ${given} for ${value}`,
                );
              }
            }
        }),
      ),
    ));
});
