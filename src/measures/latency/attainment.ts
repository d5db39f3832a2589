import { clusterSampleRate } from "../../facts/grain";
import type { Estimate } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { columnDoubts } from "../columnDoubts";
import { defineMeasure, type Result } from "../define";
import { doubted } from "../doubted";
import { type GroupKey, ratiosOf } from "../estimate/ratios";
import type { Keyed, Row } from "../table";
import { noCallSelected } from "../whyEmpty";
import { noOddWaits, type OddWaits, oddWaitsOf } from "./oddWaits";

const sql = statements(__dirname, "attainment.sql");

/** An option that is a list of limits. */
const limitsOption = (name: string, about: string) =>
  ({
    value: "<seconds>",
    about,
    as: "numbers",
    check(caller: string, limits: readonly number[]) {
      if (!Array.isArray(limits))
        throw new TypeError(
          `${caller} requires ${name} as a list of seconds, such as [10], got ${String(limits)}`,
        );
      const impossible = limits.filter((most) => !(Number.isFinite(most) && most > 0));
      if (impossible.length > 0)
        throw new RangeError(`${caller} requires limits > 0 seconds, got ${name} ${String(impossible[0])}`);
    },
  }) as const;

/** The share of calls within each limit. */
export type AttainmentRow = Keyed<{
  calls: number;
  /** The share, by limit: "time to first token <= 0.4 s". */
  within: Record<string, Estimate>;
}>;

/**
 * How often calls keep within time limits: the share that a service level objective counts.
 *
 * A call that failed, timed out or was refused has kept no limit (but a timeout has kept the limit for the
 * first token if that came in time); cancelled calls, and calls without the metric, are left out. n counts
 * the calls that remain.
 *
 * @remarks Method: Wilson's interval on the effective number of independent calls.
 * @returns a table with a row for each group of `by`
 * @throws RangeError for a limit that is not above 0, and for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await latencyAttainment(store, { by: "model", duration: [5] });
 * rows[0].within["duration <= 5 s"].value.toFixed(2) // "0.22"
 */
export const latencyAttainment = defineMeasure({
  name: "attainment",
  of: "latency",
  was: "attainment",
  about: "the share of calls within promised limits on time to first token and duration",
  needs: ["duration"],
  options: {
    firstToken: limitsOption("firstToken", "limits on the time to the first token (default: 0.4,2)"),
    duration: limitsOption("duration", "limits on the duration (default: 10)"),
  },
  selects: { hours: true },
  async table({ store, request, selection, options }): Promise<Result<AttainmentRow>> {
    const { connection, by, clusterBy, hours } = selection;
    const limits = limitsOf(options);
    await run(connection, `set variable limits = ${quoteText(JSON.stringify(limits))}`);
    const groups = await rowsOf<Group>(connection, sql.rows);
    const every = clusterSampleRate(
      groups.reduce((sum, { calls }) => sum + calls, 0),
      groups.length,
    );
    const ratios = await ratiosOf(selection, sql.sums, { ...options, hours, every, clusterBy, whole: true });
    const odd = {
      duration: await oddWaitsOf(selection, "duration"),
      time_to_first_token: await oddWaitsOf(selection, "time_to_first_token"),
    };
    // Of the usual limits, those on a number that no call has would be columns without a value.
    const known = limits.filter(
      ({ name, isUsual }) => !isUsual || groups.some(({ g }) => ratios.size(g, name) > 0),
    );
    const shown = known.length > 0 ? known : limits;
    const without = new Set(limits.filter((limit) => !shown.includes(limit)).map(({ metric }) => metric));
    const doubtedBy = await columnDoubts(store, request, by);
    const rows = groups.map(({ g, by: values, calls, ...zeros }) => ({
      ...(by.length === 0 ? {} : values),
      calls,
      within: Object.fromEntries(
        shown.map(({ name, metric }) => {
          const what = metric.replaceAll("_", " ");
          const about = { n: ratios.size(g, name), unit: "1", counted: `calls with a ${what}` };
          const rate = keptByZeros(ratios.rate(g, name, about), { zeros: zeros[metric], what });
          const known = keptByOdd(rate, odd[metric].get(g) ?? noOddWaits, what);
          return [name, doubtedBy?.(values, known, "share") ?? known];
        }),
      ),
    }));
    return {
      rows,
      notes: [
        rows.length === 0
          ? noCallSelected
          : "Failed calls and timeouts count as outside every limit; cancelled calls are left out.",
        ...[...without].map(
          (metric) => `No call has a ${metric.replaceAll("_", " ")}: its usual limits are left out.`,
        ),
      ],
      behind: {
        from: "select g, at_row, lasted as amount from selected",
        amount: { name: "duration", sum: "all waiting", first: "slowest" },
        n: ({ calls }) => calls,
      },
    };
  },
});

/** One group, and how many of its calls that went well have a 0 for a wait. */
type Group = { g: GroupKey; by: Row; calls: number } & Record<"duration" | "time_to_first_token", number>;

/** A share of calls within a limit, doubted below for waits of 0, which may stand for unknown ones: each may be outside. */
function keptByZeros(rate: Estimate, { zeros, what }: { zeros: number; what: string }): Estimate {
  if (zeros === 0) return rate;
  return doubted(rate, { less: zeros / rate.n }, reserve("doubt.zeros-within", { zeros, of: rate.n, what }));
}

/** The same, doubted for waits that may be others: each may be within, or outside. Those of no known status count as outside. */
function keptByOdd(rate: Estimate, { lost, strange, late }: OddWaits, what: string): Estimate {
  const { value, n } = rate;
  const less = (value * lost + late) / (n + lost);
  const more = ((1 - value) * lost + strange + late) / (n + lost);
  const numbers = { odd: lost + strange + late, of: n + lost, what };
  return lost + strange + late === 0 ? rate : doubted(rate, { less, more }, reserve("doubt.waits", numbers));
}

function limitsOf({
  firstToken,
  duration,
}: {
  firstToken?: readonly number[];
  duration?: readonly number[];
}) {
  const isUsual = firstToken === undefined && duration === undefined;
  const usual = isUsual ? { firstToken: [0.4, 2], duration: [10] } : undefined;
  const limits = [
    ["time_to_first_token", firstToken ?? usual?.firstToken ?? []],
    ["duration", duration ?? usual?.duration ?? []],
  ] as const;
  return limits.flatMap(([metric, seconds]) =>
    seconds.map((most) => ({ name: `${metric.replaceAll("_", " ")} <= ${most} s`, metric, most, isUsual })),
  );
}
