import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { describe, test } from "node:test";
import { scoreByOneKind, subjectScoresView } from "../../src/facts/judgements";
import { aboutTasksView, conversationOutcomesRead, outcomesView } from "../../src/facts/outcomes";
import { everything, type SelectOptions } from "../../src/facts/request";
import { select } from "../../src/facts/select";
import { tasksRead, taskTables } from "../../src/facts/tasks";
import { openings } from "../../src/facts/turns";
import { sourcedScores } from "../../src/logs/models/benchmarkSources";
import { sumTables } from "../../src/measures/cost/costRatios";
import { ratioSums } from "../../src/measures/estimate/duckdbRatios";
import { durationView } from "../../src/measures/latency/number";
import { callUnits, waitsView } from "../../src/measures/mix/mixUnits";
import { open, type Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { statements } from "../../src/store/statements";

const source = join(__dirname, "..", "..", "src");
const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".sql"))
  .sort();
/** Files of expressions, with what has the columns that they read. */
const expressions: Record<string, string> = {
  [join("facts", "basics.sql")]: "calls",
  [join("facts", "terms.sql")]: "facts",
};
const statementsOf = (file: string) =>
  Object.entries(statements(source, file)).map(([name, sql]) => [
    name,
    file in expressions ? `select\n${sql}\nfrom ${expressions[file]}` : sql,
  ]);
/** Statements that create what others read are run; all others are only explained. */
const makes = /^(--.*\n)*\s*(create|insert)/;

const cut = statements(source, "measures", "estimate", "bins.sql");

const binned = "create or replace temp view binned as from cut_rows";
const clustered = (table: string) => `create or replace temp view clustered as from ${table}`;

/** A value for every parameter: an empty list for JSON, else a number. */
function parametersOf(sql: string): Record<string, string | number> {
  return Object.fromEntries(
    [...sql.matchAll(/\$(\w+)(::json)?/g)].map(([, name, isJson]) => [name, isJson ? "[]" : 1]),
  );
}

const sided =
  "create or replace temp view sided as select *, true as second, model as bare_model from selected";
const ofMix = statements(source, "measures", "mix", "mix.sql");
const ofWork = statements(source, "measures", "mix", "sameWork.sql");

const ofConversations = statements(source, "facts", "conversations.sql");
const parted = [
  tasksRead,
  conversationOutcomesRead[0],
  "create or replace temp view parted as select *, false as side from turns",
].join(";\n");

const unpricedGroups = () =>
  [
    "create or replace temp view chosen_tasks as from task_costs",
    sumTables(false),
    statements(source, "measures", "cost", "cost.sql").unpriced_groups,
  ].join("; ");

/** The table of conversations, with the parts that rows have in them. */
const conversationParts = () =>
  [parted, ofConversations.ends_asked, ofConversations.conversations].join(";\n").replace(/\$\w+/g, "1");

/** Statements generated from the table of metrics, or of another file, by the statement that reads them first. */
const ofMetrics: Record<string, () => string> = {
  "tasks.sql task_facts": () => tasksRead,
  "corrections.sql of_units": () => {
    const { subjects } = statements(source, "measures", "quality", "corrections.sql");
    return `create or replace temp view units as ${subjects}`;
  },
  "mix.sql candidates_counted": () => sided,
  "mix.sql call_sides": () =>
    [ofWork.no_items, ofWork.not_asked, ofWork.item_sides, ofWork.item_weights]
      .join(";\n")
      .replace(/\$\w+/g, "1"),
  "sameWork.sql wholes": () => [sided, ofMix.candidates_counted].join(";\n"),
  "mix.sql task_units": callUnits,
  "mix.sql conversation_units": conversationParts,
  "latency.sql time_to_resolution": conversationParts,
  "conversationTurns.sql several": conversationParts,
  "corrections.sql conversations": conversationParts,
  "judgements.sql given_of_conversations": () => conversationOutcomesRead[0],
  "judgeDrift.sql dated": () => statements(source, "measures", "quality", "judgeHistory.sql").timed,
  "judgeHistory.sql times": () =>
    "create or replace temp view sided_subjects as select subject, subject_id, false as side from judgements",
  "conversations.sql ends_asked": () => parted,
  "mix.sql gap_properties": () =>
    "create or replace temp table wholes as select distinct g, '' as whole from call_units",
  "mix.sql histogram": () => waitsView(["duration"]),
  "choose.sql products": () =>
    "create or replace temp view terms as select 0 as dim, 0 as unit, 1::double as c, 1::double as r",
  "plan.sql users": () =>
    "create or replace temp view plan_units as select g, cluster, begun, 1::double as c, 1::double as r from selected",
  "cost.sql rows": () => sumTables(false),
  "fallbackChains.sql rows": unpricedGroups,
  "trajectories.sql rows": unpricedGroups,
  "refusals.sql ended": () =>
    "create or replace temp view asked as select *, false as judged, true as harmless from selected",
  "benchmarkScores.sql scores": () => `create or replace temp view sourced as ${sourcedScores}`,
  "draw.sql unit": () => "create or replace temp view named_units as select *, user_id as named from calls",
  "distribution.sql order_statistics": () => "create or replace temp view within_reach as from bucketed",
  "places.sql ranked": () => "create or replace temp table unplaced_facts as from facts limit 0",
  "cascade.sql tries": () =>
    ["verdicts", "goods"]
      .map(
        (name) => `create or replace temp table ${name} as select subject, subject_id, value from judgements`,
      )
      .join("; "),
  "preferences.sql groups": () =>
    'create or replace temp view chosen_comparisons as select 0 as "by", * from compared',
  "costGrains.sql of_tasks": () =>
    `create or replace temp view chosen_tasks as from task_costs; ${sumTables(true)}`,
};

/** Files whose statements read what those of another file create. */
const after: Record<string, string> = {
  "decide/compare/compare.sql": "measures/mix/mix.sql",
  "decide/compare/compareItems.sql": "measures/mix/mix.sql",
  "decide/compare/control.sql": "measures/mix/mix.sql",
  "decide/compare/timeline.sql": "measures/mix/mix.sql",
  "evalset/compareWithTraffic.sql": "evalset/requests.sql",
  "measures/consistency/outputForms.sql": "measures/consistency/consistency.sql",
  "measures/causes/causes.sql": "measures/service/trajectories.sql",
  "measures/cost/cost.sql": "measures/cost/costGrains.sql",
  "measures/estimate/bins.sql": "measures/service/throughput.sql",
  "measures/latency/tailShape.sql": "measures/estimate/distribution.sql",
  "measures/mix/mix.sql": "measures/mix/sameWork.sql",
  "measures/mix/weeks.sql": "measures/cost/billGrowth.sql",
  "measures/quality/judged.sql": "measures/quality/corrections.sql",
  ...Object.fromEntries(
    ["controlled", "judgeDrift", "paired", "quality", "qualityBeside", "qualityRaters", "validators"].map(
      (name) => [`measures/quality/${name}.sql`, "measures/quality/qualitySubjects.sql"],
    ),
  ),
  "measures/service/trace.sql": "measures/service/stages.sql",
};

/** Binds a file's statements on a new selection, after another file's statements that create what they read. */
async function bind(store: Store, options: SelectOptions, file: string, earlier?: string): Promise<void> {
  const selection = await select(store, everything, options);
  const { connection, close } = selection;
  try {
    await run(connection, durationView);
    await ratioSums(
      connection,
      "select g, 'any' as kind, hash(cluster) as unit, count(*)::double as c, 1::double as r from selected group by g, cluster",
    );
    const before = earlier === undefined ? [] : statementsOf(earlier).filter(([, sql]) => makes.test(sql));
    await run(connection, "set variable score = 'resolved'");
    await aboutTasksView(connection);
    if (file.startsWith("facts")) await outcomesView(connection);
    else {
      await taskTables(selection);
      await subjectScoresView(connection);
      await scoreByOneKind("test", selection, "resolved");
    }
    await openings(selection);
    await selection.sample(1);
    const all = [
      ...before.map((one) => [earlier as string, ...one] as const),
      ...statementsOf(file).map((one) => [file, ...one] as const),
    ];
    for (const [of, name, sql] of all) {
      const made = ofMetrics[`${basename(of)} ${name}`];
      if (made !== undefined) await run(connection, made());
      const one = makes.test(sql) ? sql : `explain ${sql}`;
      // Values are binned, and rows clustered, as soon as they exist.
      const rows = ["endings", "bill_weighed"].filter((table) => sql.includes(`temp table ${table}`));
      const next = sql.includes("temp table unbinned") ? [cut.bins, binned] : rows.map(clustered);
      for (const each of [one, ...next])
        await run(connection, each, parametersOf(each)).catch((error: Error) => {
          throw new Error(`${name}: ${error.message}`);
        });
    }
  } finally {
    close();
  }
}

test("there are .sql files to look at", () =>
  assert.ok(files.includes(join("measures", "estimate", "distribution.sql"))));

describe("the engine takes every statement, whatever rows are told apart by and count as independent", () => {
  for (const file of files) {
    for (const options of [{ by: "" }, { by: "workload,model,day" }, { by: "cache_hit", cluster: "hour" }]) {
      test(`${file}, ${JSON.stringify(options)}`, async () => {
        assert.ok(statementsOf(file).length > 0, "no statement is named");
        const store = await open(":memory:");
        try {
          await bind(store, options, file, after[file.split(sep).join("/")]);
        } finally {
          store.close();
        }
      });
    }
  }
});

describe("statements are static", () => {
  for (const file of files) {
    test(file, () => {
      const text = readFileSync(join(source, file), "utf8");
      assert.doesNotMatch(text, /\$\{/, "nothing is put into the text");
      assert.doesNotMatch(text, /approx_quantile|reservoir_quantile|random\(|current_timestamp|now\(/);
      const named = text.match(/^-- name: .*$/gm) ?? [];
      assert.deepEqual(
        named.map((line) => line.slice("-- name: ".length)),
        Object.keys(statements(source, file)),
        "every name opens one statement",
      );
    });
  }
});
