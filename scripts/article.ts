// What an article on benchmarks and production asks for, claim by claim: the command that answers it, the notebook
// cell, and the place in the report. test/article.full.test.ts runs every command on the demo company.

/** One claim, and where it is answered. */
export interface Claim {
  id: string;
  claim: string;
  /** As typed after "fieldnotes". */
  command: string;
  /** What it prints, if that is no JSON: test/articleShows.ts holds the rest. */
  says?: RegExp;
  /** A notebook's number and its cell's id. */
  cell?: string;
  /** The title of a chapter of the report, or "verdict" for its head. */
  page?: string;
}

const why = "Why: the criteria, and how each model does on them";
const change = "What would change it";
const paid = "What a resolved task costs";
const boards = "What the benchmarks say, and what production says";
const data = "Data quality";
const side = "The models side by side";
const again = "How to reproduce the numbers";
const verdict = "verdict";

const chat = `--where "workload = 'chat-assistant'"`;
const study = `--where "environment = 'evaluation'" --score correct --by model`;

export const claims: Claim[] = [
  {
    id: "A1",
    claim: "p50, p95 and p99 on the dashboard",
    command: `latency ${chat} --by model`,
    cell: "01 table",
    page: side,
  },
  {
    id: "A2",
    claim: "even p99.9 at high scale",
    command: `latency ${chat} --by model --q 0.999`,
    cell: "01 table",
  },
  {
    id: "A3",
    claim: "the average is a comforting lie",
    command: `latency ${chat} --by model --more`,
    cell: "01 mean",
  },
  {
    id: "A4",
    claim: "latency is a distribution with a shape",
    command: `latency --distribution ${chat} --by model`,
    cell: "01 histogram",
  },
  {
    id: "A5",
    claim: "a tighter tail beats a better average",
    command: "latency --by workload,model --more",
    cell: "01 deciles",
    page: why,
  },
  {
    id: "A6",
    claim: "the first token decides how fast it feels",
    command: `latency --attainment ${chat} --by model`,
    cell: "01 first",
    page: side,
  },
  {
    id: "A7",
    claim: "the same model is faster elsewhere",
    command: "latency --between",
    cell: "03 providers",
  },
  {
    id: "A8",
    claim: "p99 spiked in the Tuesday peak",
    command: `latency --where "model = 'orrery-swift'" --by weekday,hour --timezone Europe/Berlin --q 0.99`,
    cell: "03 week",
  },
  {
    id: "A9",
    claim: "heavy users meet the tail again and again",
    command: "latency --exposure",
    cell: "03 exposure",
  },
  {
    id: "A10",
    claim: "waiting costs engagement",
    command: "latency --by-outcome --by workload",
    cell: "03 waiting",
  },
  {
    id: "A11",
    claim: "it feels slower after a swap",
    command: `compare ${chat} --switch 2026-03-05`,
    cell: "08 table",
  },
  {
    id: "B1",
    claim: "tokens a second and concurrency are the ceiling",
    command: "throughput --load --by model",
    cell: "03 load",
  },
  {
    id: "B2",
    claim: "throughput on your own traffic pattern",
    command: "throughput --by model",
    cell: "03 carried",
  },
  {
    id: "B3",
    claim: "rate limits, timeouts and errors",
    command: "reliability --by model",
    cell: "03 failures",
    page: side,
  },
  { id: "B4", claim: "fallbacks", command: "reliability --fallbacks", cell: "02 chains" },
  {
    id: "C1",
    claim: "the price a million tokens is a sticker",
    command: "cost --pairs --by workload,model",
    cell: "02 table",
    page: paid,
  },
  {
    id: "C2",
    claim: "cost of an inference",
    command: "latency --distribution --metric cost_per_call --by model",
    cell: "02 grains",
  },
  {
    id: "C3",
    claim: "cost of a task that was resolved",
    command: "cost --by workload,model",
    cell: "02 resolved",
    page: paid,
  },
  {
    id: "C4",
    claim: "the cheaper model may be dearer in the end",
    command: "cost --pairs --by workload,model",
    cell: "02 reversed",
    page: paid,
  },
  {
    id: "C5",
    claim: "cost of a conversation",
    command: "choose --profile chat",
    cell: "02 grains",
    page: side,
  },
  {
    id: "C6",
    claim: "route kinds of requests to tiers",
    command: 'route --flagship orrery-apex --floor "resolve_rate>=0.6"',
    cell: "07 parts",
  },
  {
    id: "C7",
    claim: "a flagship costs several times a mid-tier model",
    command: "cost --tiers resolve_rate",
    cell: "02 equal",
    page: paid,
  },
  {
    id: "C8",
    claim: "what the volume makes of the price",
    command: "cost --monthly 30000 --by workload,model",
    cell: "02 bill",
  },
  { id: "C9", claim: "the bill balloons", command: "cost --growth --at 2026-03-05", cell: "02 growth" },
  {
    id: "D1",
    claim: "hallucination, measured in your domain",
    command: "quality --score hallucination",
    cell: "05 fault-table",
    page: side,
  },
  {
    id: "D2",
    claim: "an eval set from real traffic and edge cases",
    command: "evalset build --size 50 --out set.jsonl",
    says: /50 examples in set\.jsonl/,
  },
  {
    id: "D3",
    claim: "queries, tickets and documents, without personal data",
    command: "evalset build --size 50 --seed 2 --out other.jsonl",
    says: /Masking finds/,
  },
  {
    id: "D4",
    claim: "say what a good answer is",
    command: "evalset check set.jsonl",
    says: /belong to items without checks/,
  },
  {
    id: "D5",
    claim: "automated checks and people",
    command: "evalset review set.jsonl --out sheet.html",
    says: /answers in sheet\.html/,
  },
  {
    id: "D6",
    claim: "private, so not contaminated",
    command: "benchmark contamination --public competition-math-2024 --private competition-math-2026",
    cell: "06 contamination",
  },
  { id: "D7", claim: "the set reflects the real distribution", command: "evalset compare set.jsonl" },
  {
    id: "D8",
    claim: "run it again at every switch",
    command: "evalset requests set.jsonl --for openai-batch --model a b --repeats 3",
    cell: "08 verdict",
  },
  {
    id: "D9",
    claim: "a floor of correctness comes first",
    command: "choose --profile review",
    cell: "07 tables",
    page: why,
  },
  {
    id: "D10",
    claim: "a verification layer",
    command: "quality --validator supported --score hallucination",
    cell: "05 check-table",
  },
  {
    id: "D11",
    claim: "code that passes on one's own repository",
    command: `quality --where "workload = 'coding-assistant' and operation = 'chat'" --score correct --by model`,
    cell: "04 passing-figure",
  },
  { id: "D12", claim: "content policies", command: "quality --refusals", cell: "05 endings-figure" },
  {
    id: "D13",
    claim: "structured output and tool calls",
    command: "quality --structured",
    cell: "05 structure-figure",
  },
  {
    id: "E1",
    claim: "the same prompt a thousand times",
    command: `consistency ${study}`,
    cell: "04 overview",
  },
  {
    id: "E2",
    claim: "variance breaks structured output",
    command: `consistency --where "environment = 'evaluation'" --score json_valid --by model`,
    cell: "04 form-figure",
  },
  {
    id: "E3",
    claim: "consistent beats a higher peak",
    command: `consistency ${study}`,
    cell: "04 worst-figure",
  },
  {
    id: "E4",
    claim: "single-shot scores hide it",
    command: `consistency --single-shot ${study}`,
    cell: "04 single-figure",
  },
  {
    id: "E5",
    claim: "natural repeats in the logs",
    command: "consistency --by workload,model",
    cell: "04 production-table",
  },
  {
    id: "F1",
    claim: "how it behaves on 30,000 tokens",
    command: "quality --slope --by model",
    cell: "03 slope",
  },
  {
    id: "F2",
    claim: "the middle of a long document",
    command: "quality --beside evidence_position --score hallucination --by model",
    cell: "05 beside-code",
  },
  {
    id: "F3",
    claim: "capacity is no guarantee of quality",
    command: "quality --by model --floor 0.7",
    cell: "03 length",
  },
  {
    id: "F4",
    claim: "messy prompts of real users",
    command: "quality --beside messy --score hallucination --by model",
    cell: "05 beside-code",
  },
  {
    id: "G1",
    claim: "benchmark ranks against production",
    command: "agreement --metric resolve_rate",
    cell: "06 heatmap",
    page: boards,
  },
  {
    id: "G2",
    claim: "does one validate the other",
    command: "agreement --metric resolve_rate",
    cell: "06 heatmap",
    page: boards,
  },
  {
    id: "G3",
    claim: "scores within rounding of one another",
    command: "benchmark tiers",
    cell: "06 tiers",
    page: boards,
  },
  {
    id: "G4",
    claim: "contaminated questions",
    command: "benchmark contamination --public competition-math-2024 --private competition-math-2026",
    cell: "06 contamination",
  },
  {
    id: "G5",
    claim: "benchmarks make a shortlist",
    command: "benchmark shortlist --benchmark arena-rating",
    cell: "06 shortlist",
    page: boards,
  },
  {
    id: "G6",
    claim: "the usual benchmarks, from a table",
    command: "benchmark tiers",
    cell: "06 boards",
    page: boards,
  },
  { id: "G7", claim: "models by family and release", command: "models" },
  {
    id: "G8",
    claim: "one table with both sides",
    command: "agreement --side-by-side",
    cell: "06 side",
    page: boards,
  },
  {
    id: "G9",
    claim: "gains of a release do not always carry over",
    command: "agreement --releases",
    cell: "06 releases-table",
  },
  {
    id: "G10",
    claim: "choosing by charts is a coin flip",
    command: "agreement --metric cost_per_resolved --by workload,model",
    cell: "06 following",
  },
  {
    id: "H1",
    claim: "no best model without a workload",
    command: "choose --profile chat",
    cell: "07 answers",
    page: verdict,
  },
  {
    id: "H2",
    claim: "weights say whether someone is waiting",
    command: "choose --profile chat",
    cell: "07 weights",
    page: change,
  },
  {
    id: "H3",
    claim: "a chat team with thin margins",
    command: "choose --profile chat",
    cell: "07 tables",
    page: why,
  },
  {
    id: "H4",
    claim: "a finance team that cannot have inventions",
    command: "choose --profile review",
    cell: "07 tables",
    page: why,
  },
  {
    id: "H5",
    claim: "a tools team with two kinds of work",
    command: "choose --profile coding",
    cell: "07 parts",
    page: why,
  },
  {
    id: "H6",
    claim: "three teams, three models, none the leader",
    command: "choose --profile coding",
    cell: "07 leader",
    page: verdict,
  },
  { id: "H7", claim: "test the top two for a week", command: "plan", cell: "08 power", page: change },
  {
    id: "H8",
    claim: "terms of privacy and other declared criteria",
    command: "choose --profile eu.json",
    cell: "07 answers",
    page: why,
  },
  {
    id: "H9",
    claim: "tails, cost of a resolved task and hallucination decide",
    command: "report --no-notebooks --out report.html",
    says: /report: report\.html/,
    cell: "07 answers",
    page: verdict,
  },
  { id: "I1", claim: "a model is one part of a pipeline", command: "latency --stages", cell: "03 stages" },
  {
    id: "I2",
    claim: "aggressive caching",
    command: "latency --cache-mixture --by workload",
    cell: "03 mixture",
  },
  {
    id: "I3",
    claim: "a good system around a lesser model",
    command: "quality --pipeline",
    cell: "02 pipeline",
  },
  {
    id: "I4",
    claim: "a tight prompt",
    command: `cost --where "workload = 'document-review'" --by prompt_version,model`,
    cell: "02 table",
  },
  {
    id: "J1",
    claim: "nobody instruments latency or cost of a task",
    command: "doctor",
    cell: "02 known",
    page: data,
  },
  {
    id: "J2",
    claim: "it takes days, not months",
    command: "demo --out logs --truth-calls 0",
    says: /logs/,
    cell: "00 e86f71f0",
  },
  {
    id: "J3",
    claim: "share what a notebook shows",
    command: "run 01-latency.ipynb --db fieldnotes.duckdb --out out",
    says: /01-latency/,
    page: again,
  },
  {
    id: "J4",
    claim: "reports that are made again",
    command: "report --no-notebooks --against last.json --out again.html",
    says: /report: again\.html/,
    page: again,
  },
  { id: "J5", claim: "exported logs of many tools", command: "formats" },
];

/** A profile with a declared criterion, used by H8. */
export const declaredProfile = {
  name: "eu",
  workload: "chat-assistant",
  criteria: [{ metric: "duration_p95", weight: 1, good: 1, bad: 30 }],
  unmeasured: [
    {
      name: "region",
      values: { "tamarisk-mini": "EU", "orrery-swift": "US" },
      one_of: ["EU"],
      by: "Legal",
      on: "2026-02-11",
    },
  ],
};

/** docs/article.md. */
export function articleDocument(): string {
  const table = claims.map(({ id, claim, command, cell, page }) => {
    const at = cell?.split(" ");
    const shown = [id, claim, `\`${command.replaceAll("|", "\\|")}\``];
    return `| ${[...shown, at === undefined ? "" : `${at[0]}, \`${at[1]}\``, page === verdict ? "the verdict" : (page ?? "")].join(" | ")} |`;
  });
  return [
    "# What benchmarks leave out, claim by claim",
    "",
    "An article, “Production vs Synthetic: Why AI Model Benchmark Metrics Don't Predict Real-World Performance in 2026”, says what to",
    "measure in place of benchmarks. Each row is one of its claims, with the command that answers it for your logs (after `fieldnotes`),",
    "the cell of a notebook, and the chapter of the report where it changes the decision. A test runs every command on the demo company",
    "and holds what it says against what is planted there (`test/articleShows.ts`).",
    "",
    "| | what is claimed | command | notebook, cell | on the page |",
    "|---|---|---|---|---|",
    ...table,
    "",
    "## Where the demo company has nothing to show",
    "",
    "No demo model has two releases on a benchmark (G9), its names are invented (G7), and a week of 7,000 calls has too few in flight for a",
    "knee (B1): the test measures other logs too, for B1 a week of 120,000 calls of the same company. Its services do not say how long to",
    "wait (`reliability --retry-after`, B3): notebook 03 shows that for a log that does.",
    "",
  ].join("\n");
}
