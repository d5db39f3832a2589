import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { numberIn } from "../../../src/logs/files/tableCell";
import { columnOf } from "../../../src/measures/benchmark/benchmarkColumn";
import { matchNames } from "../../../src/measures/benchmark/benchmarkNames";
import { readScores, scoreColumn } from "../../../src/measures/benchmark/benchmarkTable";

const here = mkdtempSync(join(tmpdir(), "fieldnotes-scores-"));
after(() => rmSync(here, { recursive: true, force: true }));
const file = (name: string, text: string | Buffer) => {
  const path = join(here, name);
  writeFileSync(path, text);
  return path;
};

describe("a table of scores", () => {
  test("keeps every row of a messy CSV: a line break in a header, short rows, blanks, quotes", () => {
    const path = file(
      "messy.csv",
      '\uFEFFModel,"Elo\n[Feb]",MMLU,"BBH, cot\r\n(3-shot)"\r\na,1200,80.5 %,\r\nb,"1,100"\r\n\r\n"c, ""the"" one",,-,3\r\nd\r\n',
    );
    const { model, columns, rows, notes } = readScores(path);
    assert.deepEqual([model, columns], ["Model", ["Elo [Feb]", "MMLU", "BBH, cot (3-shot)"]]);
    assert.deepEqual(
      rows.map((row) => [row.Model, ...columns.map((column) => numberIn(row[column]))]),
      [
        ["a", 1200, 80.5, Number.NaN],
        ["b", 1100, Number.NaN, Number.NaN],
        ['c, "the" one', Number.NaN, Number.NaN, 3],
        ["d", Number.NaN, Number.NaN, Number.NaN],
      ],
    );
    assert.match(notes.join(" "), /2 of 4 rows are shorter/);
  });

  test("with decimal commas has the same numbers, and says so", () => {
    const semicolons = file(
      "semicolons.csv",
      "\uFEFFmodell;punkte;elo;offen\na;80,5 %;1.200,5;1.100\nb;70;1.100;\nc;0,25;900;950\n",
    );
    const { rows, notes } = readScores(semicolons);
    assert.deepEqual(
      rows.map((row) => [row.punkte, row.elo, row.offen].map(numberIn)),
      [
        [80.5, 1200.5, 1100],
        [70, 1100, Number.NaN],
        [0.25, 900, 950],
      ],
    );
    assert.match(notes.join(" "), /decimal commas/);
    // A thousands separator isn't read as a decimal comma, and with a decimal point anywhere ambiguous cells stay as
    // they are.
    const thousands = readScores(file("thousands.csv", 'model,elo,x\na,"1,250",0.5\nb,"1,100",0.25\n'));
    assert.deepEqual(
      thousands.rows.map((row) => numberIn(row.elo)),
      [1250, 1100],
    );
    assert.deepEqual(thousands.notes, []);
  });

  test("is read from UTF-16 and from Markdown", () => {
    const text = "model,x\na,1\nb,2\n";
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
    const marked = "| model | x |\n|---|:-:|\n| a | 1 |\n| b | 2 |\n";
    for (const path of [file("wide.csv", bytes), file("table.md.csv", marked)])
      assert.deepEqual(
        readScores(path).rows.map((row) => [String(row.model).trim(), numberIn(row.x)]),
        [
          ["a", 1],
          ["b", 2],
        ],
        path,
      );
  });

  test("tells where an error behind a ± is not used", () => {
    const { rows, notes } = readScores(file("spread.csv", "model,x\na,80.1 ± 0.4\nb,79 (±1)\n"));
    assert.deepEqual(
      rows.map((row) => numberIn(row.x)),
      [80.1, 79],
    );
    assert.match(notes.join(" "), /what follows ± in x is not used/);
  });

  test("says which line it could not read", () => {
    const { rows, notes } = readScores(file("broken.csv", 'model,x\na,1\nb,"2\nc,3\n'));
    assert.deepEqual(
      rows.map((row) => row.model),
      ["a", "c"],
    );
    assert.match(notes.join(" "), /broken\.csv: line 3 is left out/);
  });

  test("is read from JSON, JSON lines and compressed files alike", () => {
    const expected = [
      { model: "a", x: 1 },
      { model: "b", x: 2 },
    ];
    const lines = expected.map((row) => JSON.stringify(row)).join("\n");
    for (const [name, text] of [
      ["a.json", JSON.stringify(expected)],
      ["a.jsonl", `${lines}\nno json\n`],
      ["a.jsonl.gz", gzipSync(lines)],
    ] as const)
      assert.deepEqual(readScores(file(name, text)).rows, expected, name);
  });

  test("without rows, or not there, is a clear mistake", () => {
    assert.throws(
      () => readScores(file("empty.csv", "model,x\n")),
      /a table with a header and rows, got none/,
    );
    assert.throws(() => readScores(join(here, "none.csv")), /ENOENT/);
    assert.throws(() => readScores([]), /at least one table/);
    const long = file("long.csv", "model,benchmark,score\na,X,1\nb,X,2\na,Y,80\nb,Y,90\n");
    assert.throws(() => readScores(long), /one row per model, got several benchmarks \(X, Y\)/);
  });
});

describe("several tables", () => {
  const first = file("board.csv", "model,score\nGPT-4o-20240513,1\nLlama-2-70b-chat-hf,2\nmine,3\n");
  const second = file(
    "other.csv",
    "llm_model,score,extra\ngpt-4o-2024-05-13,4,5\nllama-2-70b,6,7\nMINE,8,9\nnew,10,11\n",
  );

  test("are joined in full by the model, and columns of one name keep apart", () => {
    const { columns, rows, notes } = readScores([first, second]);
    assert.deepEqual(columns, ["board.score", "other.score", "extra"]);
    const of = (model: string) => rows.find((row) => row.model === model)!;
    assert.equal(of("GPT-4o-20240513")["other.score"], "4", "what a name means");
    assert.equal(of("mine").extra, "9", "spelling without case");
    assert.equal(of("llama-2-70b")["board.score"], undefined, "a base model is not its chat model");
    assert.equal(rows.length, 5);
    assert.match(notes.join(" "), /gpt-4o-2024-05-13 = GPT-4o-20240513/);
  });

  test("can be joined by spelling alone, by names that are told to be the same, and narrowed", () => {
    assert.equal(readScores([first, second], { exact: true }).rows.length, 6);
    const result = readScores([first, second], { same: { "llama-2-70b": "Llama-2-70b-chat-hf" } });
    assert.equal(result.rows.length, 4);
    const few = readScores([first, second], { models: ["gpt-4o-2024-05-13", "mine", "nobody"] });
    assert.deepEqual(
      few.rows.map((row) => row.model),
      ["GPT-4o-20240513", "mine"],
    );
    assert.match(few.notes.join(" "), /Not in the tables: nobody\./);
    assert.throws(() => readScores(first, { models: ["nobody"] }), /models that the tables have/);
  });

  test("can be narrowed to the models that all of them have", () => {
    const { rows, notes } = readScores([first, second], { shared: true });
    assert.deepEqual(
      rows.map((row) => row.model),
      ["GPT-4o-20240513", "mine"],
    );
    assert.match(notes.join(" "), /2 of 5 models are in every table/);
    const other = file("strangers.csv", "model,z\nnobody,1\n");
    assert.throws(() => readScores([first, other], { shared: true }), /tables that share a model/);
  });

  test("lose no row that names a model twice", () => {
    const twice = file("twice.csv", "model,y\nmine,1\nmine,2\n");
    const { rows } = readScores([first, twice]);
    assert.deepEqual(
      rows.filter((row) => row.model === "mine").map((row) => row.y),
      ["1", "2"],
    );
  });

  test("a column goes by its name in any case, its file's name, or a near miss", () => {
    const scores = readScores([first, file("arena_2024.csv", "model,elo\nmine,1\n")]);
    assert.equal(scoreColumn("f", "o", scores, "ELO"), "elo");
    assert.equal(scoreColumn("f", "o", scores, "arena"), "elo");
    assert.throws(() => scoreColumn("f", "o", scores, "elos"), /did you mean "elo"\?/);
    assert.throws(() => columnOf("f", "o", ["MMLU (5-shot)"], "mmlu"), /did you mean "MMLU \(5-shot\)"\?/);
  });
});

test("cells are numbers by their form alone", () => {
  for (const [cell, value] of [
    ["87.3 %", 87.3],
    ["−4", -4],
    ["1'234'567", 1234567],
    ["1\u202f234.5", 1234.5],
    ["1_000", Number.NaN],
    ["12 34", Number.NaN],
    ["—", Number.NaN],
    ["3 of 5", Number.NaN],
  ] as const)
    assert.equal(numberIn(cell), value, cell);
});

test("names of models match one to one, or not at all", () => {
  const known = ["claude-3-haiku", "Claude-3-Haiku-20240307", "gemini-pro", "yi-34b-chat"];
  assert.deepEqual(matchNames(["gemini-1.0-pro", "YI-34B-Chat", "unknown", "claude-3-haiku"], known), [
    "gemini-pro",
    "yi-34b-chat",
    undefined,
    "claude-3-haiku",
  ]);
  // Another release is used if it is the only one of its name, and only if requested.
  assert.deepEqual(matchNames(["gpt-4o", "o1"], ["gpt-4o-2024-05-13"]), [undefined, undefined]);
  const any = { anyRelease: true };
  assert.deepEqual(matchNames(["gpt-4o", "o1"], ["gpt-4o-2024-05-13"], any), [
    "gpt-4o-2024-05-13",
    undefined,
  ]);
  const two = ["gpt-4o-2024-05-13", "gpt-4o-2024-08-06"];
  assert.deepEqual(matchNames(["gpt-4o"], two, any), [undefined]);
  assert.deepEqual(matchNames([two[0], "gpt-4o-2024-11-20"], two, any), [two[0], undefined]);
  // Two spellings of one model match the same known name.
  assert.deepEqual(matchNames(["gemini-1.0-pro", "google/gemini-1.0-pro"], known), [undefined, undefined]);
});
