// What an article on benchmarks and production asks for, claim by claim: the command that answers it, the notebook
// cell, and the place in the report. test/article.full.test.ts runs every command on the demo company.

/** One claim, and where it is answered. */
export interface Claim {
  id: string;
  claim: string;
  /** As typed after "fieldnotes"; absent if no command answers it. */
  command?: string;
  /** What the command says about the demo company. */
  says?: RegExp;
  /** A notebook's number and its cell's id. */
  cell?: string;
  /** The title of a chapter of the report, or "verdict" for its head. */
  page?: string;
  /** What is missing. */
  missing?: string;
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

type Row = [id: string, claim: string, command: string, says: RegExp, cell?: string, page?: string];

const rows: Row[] = [
  [
    "A1",
    "p50, p95 and p99 on the dashboard",
    `latency ${chat} --by model`,
    /p50, s +p95, s +p99, s/,
    "01 table",
    side,
  ],
  [
    "A2",
    "even p99.9 at high scale",
    `latency ${chat} --by model --q 0.999`,
    /p99\.9 needs [\d,]+ (to [\d,]+ )?calls/,
    "01 table",
  ],
  [
    "A3",
    "the average is a comforting lie",
    `latency ${chat} --by model --more`,
    /trimmed mean, s[\s\S]*slowest share, %/,
    "01 mean",
  ],
  [
    "A4",
    "latency is a distribution with a shape",
    `distribution ${chat} --by model`,
    /is lower than .* at every decile/,
    "01 histogram",
  ],
  [
    "A5",
    "a tighter tail beats a better average",
    "latency --by workload,model --more",
    /best by mean but not by p95/,
    "01 deciles",
    why,
  ],
  [
    "A6",
    "the first token decides how fast it feels",
    `attainment ${chat} --by model`,
    /time to first token/,
    "01 first",
    side,
  ],
  ["A7", "the same model is faster elsewhere", "variance-by-provider", /slowdown/, "03 providers"],
  ["A8", "p99 spiked in the Tuesday peak", "latency --by weekday,hour --q 0.99", /Tue +\d+/, "03 week"],
  ["A9", "heavy users meet the tail again and again", "exposure", /met slow/, "03 exposure"],
  ["A10", "waiting costs engagement", "outcome-by-latency --by workload", /outcome/, "03 waiting"],
  ["A11", "it feels slower after a swap", "compare --switch 2026-03-05", /at the same mix/, "08 table"],
  [
    "B1",
    "tokens a second and concurrency are the ceiling",
    "load-curve --by provider",
    /p95 (shows no knee up to|has a knee between)/,
    "03 load",
  ],
  ["B2", "throughput on your own traffic pattern", "throughput --by model", /peak to mean/, "03 carried"],
  [
    "B3",
    "rate limits, timeouts and errors",
    "reliability --by model",
    /rate limited rate, %|rate-limited/,
    "03 failures",
    side,
  ],
  ["B4", "fallbacks", "fallback-chains", /fallback|answered/i, "02 chains"],
  ["C1", "the price a million tokens is a sticker", "doctor", /calls/, "02 table", paid],
  ["C2", "cost of an inference", "distribution --metric cost_per_call --by model", /p50, USD/, "02 grains"],
  [
    "C3",
    "cost of a task that was resolved",
    "cost --by workload,model",
    /cost per resolved, USD/,
    "02 resolved",
    paid,
  ],
  [
    "C4",
    "the cheaper model may be dearer in the end",
    "cost-pairs --by workload,model",
    // More expensive per call, but cheaper per resolved task.
    /quillon-7-lite +tamarisk-mini +0\.9\d+ +1\.\d+ \[1\.\d+, 1\.\d+\] +0\.\d+ \[0\.\d+, 0\.\d+\]/,
    "02 reversed",
    paid,
  ],
  ["C5", "cost of a conversation", "choose --profile chat", /cost per conversation, USD/, "02 grains", side],
  [
    "C6",
    "route kinds of requests to tiers",
    'route --flagship orrery-apex --floor "resolve_rate>=0.6"',
    /resolve rate: lower bound \d+ %, below 60 %/,
    "07 parts",
  ],
  [
    "C7",
    "a flagship costs several times a mid-tier model",
    "cost --equal-quality resolve_rate",
    /the cheapest of these, saves \d+ %/,
    "02 equal",
    paid,
  ],
  ["C8", "what the volume makes of the price", "cost --by workload,model", /total cost/, "02 bill"],
  ["C9", "the bill balloons", "bill-growth --at 2026-03-05", /from cost per call/, "02 growth"],
  [
    "D1",
    "hallucination, measured in your domain",
    "quality --score hallucination",
    /mean, %/,
    "05 fault-table",
    side,
  ],
  [
    "D2",
    "an eval set from real traffic and edge cases",
    "evalset build --size 50 --out set.jsonl",
    /50 examples in set\.jsonl/,
  ],
  [
    "D3",
    "queries, tickets and documents, without personal data",
    "evalset build --size 50 --seed 2 --out other.jsonl",
    /Masking finds/,
  ],
  ["D4", "say what a good answer is", "evalset check set.jsonl", /checks/],
  [
    "D5",
    "automated checks and people",
    "evalset review set.jsonl --out sheet.html",
    /answers in sheet\.html/,
  ],
  [
    "D6",
    "private, so not contaminated",
    "contamination --public competition-math-2024 --private competition-math-2026",
    /gap/,
    "06 contamination",
  ],
  ["D7", "the set reflects the real distribution", "evalset compare set.jsonl", /workload/],
  [
    "D8",
    "run it again at every switch",
    "evalset requests set.jsonl --for openai-batch --model a b --repeats 3",
    /300 requests/,
    "08 verdict",
  ],
  [
    "D9",
    "a floor of correctness comes first",
    "choose --profile review",
    /hallucination: upper bound|the best with a chance/,
    "07 tables",
    why,
  ],
  [
    "D10",
    "a verification layer",
    "quality --validator supported --score hallucination",
    // Fewer errors behind the check than before it.
    /residual error, % +caught, %[\s\S]*quillon-7-lite +\d+ +human .* 23 \[16, 31\].* 14 \[9, 23\]/,
    "05 check-table",
  ],
  [
    "D11",
    "code that passes on one's own repository",
    `consistency ${study}`,
    /pass at 1, %/,
    "04 passing-figure",
  ],
  ["D12", "content policies", "quality --refusals", /refus/i, "05 endings-figure"],
  [
    "D13",
    "structured output and tool calls",
    "quality --structured",
    /json valid, %[\s\S]*quillon-7-lite +\d+ +87\.1 \[83\.5, 90\.0\]/,
    "05 structure-figure",
  ],
  ["E1", "the same prompt a thousand times", `consistency ${study}`, /variance within/, "04 overview"],
  [
    "E2",
    "variance breaks structured output",
    `consistency --where "environment = 'evaluation'" --score json_valid --by model`,
    // Valid once, and valid each of four times.
    /pass hat 4, %[\s\S]*quillon-7-lite .* 92\.2 \[86\.2, 94\.4\] .* 72 \[61, 80\]/,
    "04 form-figure",
  ],
  ["E3", "consistent beats a higher peak", `consistency ${study}`, /worst, %/, "04 worst-figure"],
  ["E4", "single-shot scores hide it", `consistency --single-shot ${study}`, /wrong, %/, "04 single-figure"],
  [
    "E5",
    "natural repeats in the logs",
    "consistency --by workload,model",
    /prompts +repeats/,
    "04 production-table",
  ],
  [
    "F1",
    "how it behaves on 30,000 tokens",
    "context-length --slope --by model",
    /falls from about|not shown to fall up to/,
    "03 slope",
  ],
  [
    "F2",
    "the middle of a long document",
    "quality --beside evidence_position --score hallucination --by model",
    /0\.333 to 0\.667/,
    "05 beside-code",
  ],
  [
    "F3",
    "capacity is no guarantee of quality",
    "context-length --by model --floor 0.7",
    /holds up to [\d,]+ tokens/,
    "03 length",
  ],
  [
    "F4",
    "messy prompts of real users",
    "quality --beside messy --score hallucination --by model",
    /messy|beside +n/,
    "05 beside-code",
  ],
  [
    "G1",
    "benchmark ranks against production",
    "agreement --metric resolve_rate",
    /spearman/,
    "06 heatmap",
    boards,
  ],
  [
    "G2",
    "does one validate the other",
    "agreement --metric resolve_rate",
    /agrees|disagrees|cannot tell/,
    "06 heatmap",
    boards,
  ],
  ["G3", "scores within rounding of one another", "tiers", /tier/i, "06 tiers", boards],
  [
    "G4",
    "contaminated questions",
    "contamination --public competition-math-2024 --private competition-math-2026",
    /suspect|p holm|verdict/i,
    "06 contamination",
  ],
  [
    "G5",
    "benchmarks make a shortlist",
    "shortlist --benchmark arena-rating",
    /orrery-apex .* yes [\s\S]*tamarisk-large .* no /,
    "06 shortlist",
    boards,
  ],
  ["G6", "the usual benchmarks, from a table", "tiers", /arena-rating/, "06 boards", boards],
  ["G7", "models by family and release", "models", /quillon-7/],
  ["G8", "one table with both sides", "agreement --side-by-side", /benchmarks say/, "06 side", boards],
  [
    "G9",
    "gains of a release do not always carry over",
    "agreement --releases",
    /two of its releases|verdict/,
    "06 releases-table",
  ],
  [
    "G10",
    "choosing by charts is a coin flip",
    "agreement --metric cost_per_resolved --by workload,model",
    /regret/,
    "06 following",
  ],
  [
    "H1",
    "no best model without a workload",
    "choose --profile chat",
    /chat-assistant/,
    "07 answers",
    verdict,
  ],
  ["H2", "weights say whether someone is waiting", "choose --profile chat", /utility/, "07 weights", change],
  ["H3", "a chat team with thin margins", "choose --profile chat", /cost per conversation/, "07 tables", why],
  [
    "H4",
    "a finance team that cannot have inventions",
    "choose --profile review",
    /hallucination/,
    "07 tables",
    why,
  ],
  [
    "H5",
    "a tools team with two kinds of work",
    "choose --profile coding",
    /coding-assistant/,
    "07 parts",
    why,
  ],
  [
    "H6",
    "three teams, three models, none the leader",
    "choose --profile coding",
    /best with a chance/,
    "07 leader",
    verdict,
  ],
  ["H7", "test the top two for a week", "plan", /week/, "08 power", change],
  [
    "H8",
    "terms of privacy and other declared criteria",
    "choose --profile eu.json",
    /said by Legal, 2026-02-11/,
    "07 answers",
    why,
  ],
  [
    "H9",
    "tails, cost of a resolved task and hallucination decide",
    "report --no-notebooks --out report.html",
    /report: report\.html/,
    "07 answers",
    verdict,
  ],
  ["I1", "a model is one part of a pipeline", "stages", /critical|share/i, "03 stages"],
  ["I2", "aggressive caching", "cache-hits --mixture --by workload", /hits in tail, %/, "03 mixture"],
  ["I3", "a good system around a lesser model", "pipeline-effects", /lesser|better/i, "02 pipeline"],
  ["I4", "a tight prompt", "cost --by prompt_version,model", /cost per resolved/, "02 table"],
  [
    "J1",
    "nobody instruments latency or cost of a task",
    "doctor",
    /cannot|Cannot|can be measured/,
    "02 known",
    data,
  ],
  ["J2", "it takes days, not months", "demo --out logs", /logs/, "00 e86f71f0"],
  ["J3", "share what a notebook shows", "run --help", /as one page/, undefined, again],
  ["J4", "reports that are made again", "report --help", /--since/, undefined, again],
  ["J5", "exported logs of many tools", "formats", /langfuse[\s\S]*litellm|litellm[\s\S]*langfuse/i],
];

/** Claims that are only partly met, with the missing part. */
const missing: Record<string, string> = {
  B3: "the demo company's services do not say how long to wait, so there `reliability --retry-after` says only that nobody was told",
  C8: "a month's bill at so many users has a function (`monthlyBill`) and a cell, and no command",
  G9: "no demo model has two releases on a benchmark, so the demo shows that there is nothing to tell",
};

export const claims: Claim[] = rows.map(([id, claim, command, says, cell, page]) => ({
  id,
  claim,
  command,
  says,
  ...(cell === undefined ? {} : { cell }),
  ...(page === undefined ? {} : { page }),
  ...(missing[id] === undefined ? {} : { missing: missing[id] }),
}));

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
    const shown = [id, claim, command === undefined ? "not there" : `\`${command.replaceAll("|", "\\|")}\``];
    return `| ${[...shown, at === undefined ? "" : `${at[0]}, \`${at[1]}\``, page === verdict ? "the verdict" : (page ?? "")].join(" | ")} |`;
  });
  const half = claims.filter((one) => one.missing !== undefined);
  return [
    "# What benchmarks leave out, claim by claim",
    "",
    "An article, “Production vs Synthetic: Why AI Model Benchmark Metrics Don't Predict Real-World Performance in 2026”, says what to",
    "measure in place of benchmarks. Each row is one of its claims, with the command that answers it for your logs (after `fieldnotes`),",
    "the cell of a notebook, and the chapter of the report where it changes the decision. A test runs every command on the demo company.",
    "",
    "| | what is claimed | command | notebook, cell | on the page |",
    "|---|---|---|---|---|",
    ...table,
    "",
    "## What is not there, or in part",
    "",
    ...half.map(({ id, missing }) => `- ${id}: ${missing}.`),
    "",
  ].join("\n");
}
