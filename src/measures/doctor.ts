import { drawWay } from "../engines/refused";
import { rehearsal } from "../engines/rehearse";
import { unclustered } from "../facts/cluster";
import { drawnNote, drawnShare } from "../facts/drawn";
import { likeOutcome } from "../facts/judgements";
import { contradictionNotes, taskCounts } from "../facts/outcomes";
import { everything } from "../facts/request";
import { select } from "../facts/select";
import { unpairedNote } from "../logs/complete/pairSides";
import { unitQuestions } from "../logs/complete/units";
import { emptiedIn, emptiedText } from "../logs/load/emptied";
import { recordsOfFiles } from "../logs/load/fates";
import { contestedNotes } from "../logs/models/benchmarkSources";
import { defined } from "../stats/defined";
import { checkStore, type Store } from "../store/open";
import { rowsOf } from "../store/run";
import { statements } from "../store/statements";
import { waitQuestions } from "./columnDoubts";
import { type Diagnosis, filledAttributes, filledColumns } from "./diagnosis";
import { type Oddities, type Unpriced, type Warning, warnings, warningsOf } from "./doctorWarnings";
import { type Filled, measurable, type Overview } from "./measurable";
import { commandOf } from "./measure";
import { measures } from "./measures";
import { engineOf, refusalOf } from "./onEngines";

const sql = statements(__dirname, "doctor.sql");

/** What to look at. */
export interface DoctorOptions {
  /** On another engine, also what each measure would read there. Default true. */
  scans?: boolean;
}

/** Prompts that were answered more than once, and what looks wrong by the facts of the calls. */
async function byFacts(
  store: Store,
): Promise<{ repeats: number; prompts: Diagnosis["prompts"]; odd: Oddities; like: string }> {
  const { connection, close } = await select(store, everything, {
    by: [],
    cluster: unclustered,
    population: "all",
  });
  try {
    const [{ repeats }] = await rowsOf<{ repeats: number }>(connection, sql.repeats);
    const [prompts] = await rowsOf<Diagnosis["prompts"]>(connection, sql.prompts);
    const [odd] = await rowsOf<Oddities>(connection, sql.oddities);
    return { repeats, prompts, odd, like: await likeOutcome(connection) };
  } finally {
    close();
  }
}

/**
 * Checks a store: what it holds, what looks wrong, and which measures are not available and why. Changes
 * nothing.
 *
 * @example
 * const store = await openDemo();
 * (await doctor(store)).calls // 8920
 */
export async function doctor(store: Store, { scans = true }: DoctorOptions = {}): Promise<Diagnosis> {
  checkStore("doctor", store);
  const { connection } = store;
  type Counts = Omit<Overview, "tools" | "repeats" | "tasks" | "with_outcome"> &
    Record<"task_rows" | "conversation_scores" | "conversation_calls" | "conversation_ids", number>;
  const [counts] = await rowsOf<Counts>(connection, sql.overview);
  const { repeats, prompts, odd, like } = await byFacts(store);
  const overview = { ...counts, ...(await taskCounts(connection)), repeats };
  // A store opened read-only may date from before tools were kept.
  const [{ tools }] = await rowsOf<{ tools: number }>(connection, sql.tools).catch(() => [{ tools: 0 }]);
  const models = await rowsOf<{ model: string }>(connection, sql.models);
  const columns = await filledColumns(store, overview.calls);
  const filled: Filled = (column) => columns.find((one) => one.column === column)?.filled ?? 0;
  const [clock] = await rowsOf<{ timed: number; whole: number }>(connection, sql.same_second);
  const [doubles] = await rowsOf<{ calls: number }>(connection, sql.doubles);
  const unpriced = odd.unpriced === 0 ? [] : await rowsOf<Unpriced>(connection, sql.unpriced);
  const { calls, tasks, scores, preferences, from, to } = overview;
  const drawn = await drawnShare(connection);
  const measures =
    calls + tasks + preferences === 0
      ? { can: [], cannot: [] }
      : onEngine(store, measurable({ ...overview, tools }, odd, filled));
  return defined({
    calls,
    tasks,
    scores,
    conversations: {
      count: counts.conversation_ids,
      calls: counts.conversation_calls,
      scores: counts.conversation_scores,
      outcomes: overview.conversation_outcomes,
    },
    evaluation: odd.evaluation,
    models: models.map(({ model }) => model),
    from,
    to,
    columns,
    attributes: [
      ...(await filledAttributes(connection, "calls", overview.calls)),
      ...(await filledAttributes(connection, "tasks", counts.task_rows)),
      ...(await filledAttributes(connection, "scores", overview.scores)),
    ],
    prompts,
    unpriced,
    records: await recordsOfFiles(connection),
    warnings:
      calls + tasks + scores + preferences === 0
        ? [
            ...warningsOf("no_calls", ["the store holds no calls yet: add some with fieldnotes ingest FILE"]),
            ...(overview.benchmarks === 0
              ? []
              : warningsOf("contested_benchmarks", await contestedNotes(connection))),
          ]
        : [
            ...warningsOf("drawn", drawn === undefined ? [] : [drawnNote(drawn)]),
            ...warnings(calls, odd, clock, doubles.calls, unpriced),
            ...warningsOf("like_outcome", overview.with_outcome > 0 || like === "" ? [] : [like]),
            ...warningsOf("contradictions", await contradictionNotes(connection)),
            ...(store.engine === undefined
              ? [...(await foundByIngest(connection)), ...warningsOf("units", await waitQuestions(store))]
              : []),
          ],
    ...measures,
    drawn,
    ...(store.engine === undefined || !scans ? {} : { scans: await scansOf(store, measures.can) }),
  });
}

/** What an ingest says of its files, of all files: questions and what was left empty. */
async function foundByIngest(connection: Store["connection"]): Promise<Warning[]> {
  return [
    ...warningsOf("emptied", (await emptiedIn(connection)).map(emptiedText)),
    ...warningsOf("units", await unitQuestions(connection)),
    ...warningsOf("contested_benchmarks", await contestedNotes(connection)),
    ...warningsOf("unpaired", await unpairedNote(connection)),
  ];
}

/** Of the measures that the log allows, those that its engine can run. */
function onEngine(
  { engine }: Store,
  { can, cannot }: ReturnType<typeof measurable>,
): ReturnType<typeof measurable> {
  if (engine === undefined) return { can, cannot };
  const refused = can.flatMap((command) => {
    const measure = measures.find((one) => commandOf(one) === command);
    const why = measure && refusalOf(measure, engineOf(engine));
    return why === undefined ? [] : [{ measure: command, why: `${why}; ${drawWay}` }];
  });
  const without = new Set(
    refused.flatMap(({ measure }) => [
      measure,
      ...Object.keys(measures.find((one) => commandOf(one) === measure)?.parts ?? {}),
    ]),
  );
  return {
    can: can.filter((one) => !without.has(one)),
    cannot: [...cannot, ...refused],
  };
}

async function scansOf(store: Store, can: readonly string[]): Promise<Diagnosis["scans"]> {
  const { reads, close } = await rehearsal(store);
  const [known] = await rowsOf<{ name: string }>(store.connection, sql.a_score);
  const score = known?.name ?? "resolved";
  try {
    const scans: Diagnosis["scans"] = [];
    for (const measure of measures) {
      const name = commandOf(measure);
      if (!can.includes(name)) continue;
      const preset = Object.entries(measure.options ?? {}).map(([key, one]) => [
        key,
        one.default ?? (key === "score" ? score : undefined),
      ]);
      const options = Object.fromEntries(preset.filter(([, value]) => value !== undefined));
      scans.push({
        measure: name,
        ...(await reads((rehearsed) => measure.run(rehearsed, options as never))),
      });
    }
    return scans;
  } finally {
    close();
  }
}
