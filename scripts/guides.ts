// The guides: a question, the command, its output for the demo company, how to read it, what it cannot say.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../src/cli/main";
import { ingestDemo } from "../src/demo/openDemo";
import { open } from "../src/store/open";

interface Guide {
  question: string;
  /** As typed after "fieldnotes". */
  command: string[];
  /** Which lines of the output are shown; the others are left out. */
  shows: (line: string, at: number) => boolean;
  read: string;
  cannot: string;
  /** Where to go next. */
  next: string;
}

/** Shows the first lines and the footnotes. */
const first = (lines: number) => (line: string, at: number) => at < lines || isNote(line);
const isNote = (line: string) => /^\([a-z]\) /.test(line);
const chat = ["--by", "model", "--where", "workload = 'chat-assistant'"];

/** By the name of the page. */
export const guides: Record<string, Guide> = {
  latency: {
    question: "How long do calls take, and how bad is the tail?",
    command: ["latency", ...chat],
    shows: first(8),
    read: "p95 is the wait that one call in twenty exceeds. The brackets hold the true value in 95 of 100 logs like this one; `∞` at an end says that the calls at hand do not bound it. Intervals of two models that do not overlap tell them apart; where they overlap, these calls leave it open.",
    cannot:
      "Whether a model is slow or got the longer answers: nothing here holds length equal (`compare` does). How long a timed-out call would have taken: it counts as at least its wait.",
    next: "`--metric ttft` for the first token, `--more` for the trimmed mean, p99 over p50 and the share of all waiting in the slowest 1 %, notebook 01.",
  },
  reliability: {
    question: "How often do calls fail?",
    command: ["reliability", ...chat],
    shows: first(9),
    read: "Shares of calls, with how many were looked at. Errors, timeouts and rate limits count as failures; cancelled calls stand apart. No failure among n calls is not a rate of 0: the upper end says how often failures may still happen.",
    cannot:
      "Whose fault a failure is. Failures come in bursts, and a week has few of them: the interval knows of the hours that were logged, not of the incident that was not.",
    next: "`fieldnotes error-bursts` tells when, `fallback-chains` what came after, notebook 03.",
  },
  cost: {
    question: "What does a resolved task cost?",
    command: ["cost", ...chat],
    shows: first(18),
    read: "All that was spent on a model's tasks, failed attempts and retries included, over the tasks that were resolved. A cheap call that seldom resolves anything is dear here. `unpriced` counts calls without a known price, which are left out, never taken for free.",
    cannot:
      "What a task would have cost with another model: tasks differ. Anything about tasks whose outcome nobody logged: the footnote says how far they could move the number.",
    next: "`fieldnotes cost-pairs` takes the difference between two models apart, notebook 02.",
  },
  quality: {
    question: "How good are the answers?",
    command: ["quality", "--score", "correct", "--by", "model"],
    shows: first(9),
    read: "The share of answers that the score calls right, with how many were judged. Answers of one prompt resemble each other, so prompts are what the interval counts as independent.",
    cannot:
      "Whether the judge is right: `quality --judge` measures that where people labelled a sample. Whether prompts that were judged are like those that were not.",
    next: "`--judge`, `--raters`, `--pairs` for two models on the same prompts, notebook 05.",
  },
  consistency: {
    question: "Is the answer the same when it is asked again?",
    command: ["consistency", "--by", "model", "--where", "environment = 'evaluation'", "--score", "correct"],
    shows: first(9),
    read: "pass@k: at least one of k runs passes, which is what a retry buys. pass^k: all k pass, which is what a user who asks every day lives with. The gap between the two is the inconsistency. pass@k is over all prompts that ran at least k times.",
    cannot:
      "Anything about prompts that ran once, save their part in pass@1. Whether production prompts vary as those of the study do.",
    next: "`fieldnotes consistency --worst` lists the prompts that vary most, notebook 04.",
  },
  "context-length": {
    question: "How long may the input get before quality falls?",
    command: ["context-length", "--where", "workload = 'document-review' and model = 'orrery-apex'"],
    shows: first(18),
    read: "Calls in bins of about as many, shortest first. Where the score of a long bin lies wholly below that of the short ones, length costs quality.",
    cannot:
      "That length is the cause: longer inputs may be harder ones. That a length holds because it is not shown to fail.",
    next: "`--floor 0.7` gives the longest context that surely holds a floor.",
  },
  agreement: {
    question: "Does the leaderboard's order hold on our own traffic?",
    command: ["agreement", "--where", "workload = 'chat-assistant'"],
    shows: (line, at) =>
      at < 3 || (at < 16 && /arena-rating .*(duration_p50|cost_per_resolved|resolve_rate)/.test(line)),
    read: "A row is a benchmark against a number of the logs. The correlation of the two orders is 1 where they are the same and -1 where one is the other reversed; `p first is best` is the chance that the model on top of the leaderboard is the best here. Only pairs of models that both sides tell apart can agree or disagree: all others leave it open, and are never counted as agreement.",
    cannot:
      "With a handful of models not much, whatever the correlation: the interval and p say how little. Why an order does not hold.",
    next: "`fieldnotes tiers` for models that a leaderboard does not tell apart, notebook 06.",
  },
  choose: {
    question: "Which model should this team take?",
    command: ["choose", "--profile", "chat"],
    shows: (line, at) => at < 9 || /(the best with a chance|leads|Only) /.test(line),
    read: "A profile names what counts, between good enough and of no use, and floors that must hold. `best, chance` is the chance that a model is the best by this profile, all doubts of the measures included. Where no chance passes the level, the choice is open, and the verdict says what would settle it.",
    cannot:
      "Whether the weights are right: they are the team's. What no log tells, such as where data is kept: list it under `unmeasured`.",
    next: "`fieldnotes profile new chat --out ours.json` to write your own ([profiles](../profiles.md)), notebook 07.",
  },
  compare: {
    question: "Did the switch change anything?",
    command: [
      "compare",
      "--switch",
      "2026-03-05",
      "--timezone",
      "Europe/Berlin",
      "--where",
      "workload = 'chat-assistant'",
    ],
    shows: first(10),
    read: "Before (a) and after (b), hour of the week against hour of the week. What changed because other work came in is told apart from what is left at the same mix: only that is the model's or the release's.",
    cannot:
      "That the switch was the cause: something else may have happened in the same hour. “Cannot tell” is no all-clear: see `plan` for what a week could have shown.",
    next: "`fieldnotes plan`, notebook 08.",
  },
  plan: {
    question: "What would settle it?",
    command: ["plan", "--where", "workload = 'chat-assistant'"],
    shows: first(10),
    read: "For each metric the smallest difference that a week of this traffic shows four times in five, and how many calls or tasks an arm of a test takes for the difference that is asked for.",
    cannot: "Anything about traffic unlike this week's. A plan from few users is rough, and says so.",
    next: "`fieldnotes plan --split` checks a running test.",
  },
  route: {
    question: "Which requests could a cheaper model take?",
    command: ["route", "--flagship", "orrery-apex", "--where", "workload = 'chat-assistant'"],
    shows: first(12),
    read: "A type of request goes to a cheaper model only where that model is shown to resolve about as many. What it would have saved stands with its interval.",
    cannot:
      "How a model would have done on requests that it never got. Few tasks move nothing: that is no proof that the flagship is needed.",
    next: "`--margin` says how much worse is still as good; `--cascade cheap,dear --validator SCORE` asks a cheap model first and sends on what a judge or a rule doubts, where the log tells what that would do.",
  },
};

const shell = (word: string) => (/^[\w./@^=-]+$/.test(word) ? word : `"${word}"`);

/** All guides by their page's name, from the demo company's store. */
export async function guideDocuments(): Promise<[string, string][]> {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-guides-"));
  const db = join(folder, "demo.duckdb");
  const store = await open(db);
  await ingestDemo(store);
  store.close();
  try {
    const pages: [string, string][] = [];
    for (const [name, guide] of Object.entries(guides))
      pages.push([name, pageOf(guide, await printed(guide.command, db))]);
    return [["README", indexPage()], ...pages];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pageOf({ question, command, shows, read, cannot, next }: Guide, output: string): string {
  const lines = output.trimEnd().split("\n");
  const shown = lines.filter(shows);
  const rest = lines.length > shown.length ? ["…"] : [];
  return [
    `# ${question}`,
    "",
    "```sh",
    `npx fieldnotes ${command.map(shell).join(" ")}`,
    "```",
    "",
    "```",
    ...shown.map((line) => line.trimEnd()),
    ...rest,
    "```",
    "",
    `**How to read it.** ${read}`,
    "",
    `**What it cannot say.** ${cannot}`,
    "",
    `**From here.** ${next}`,
    "",
  ].join("\n");
}

function indexPage(): string {
  const lines = Object.entries(guides).map(
    ([name, { question }]) => `- [${question}](${name}.md) \`${name}\``,
  );
  return [
    "# Guides",
    "",
    "A page for each question: the command, what it prints of the demo company's logs, how to read it, and what it cannot say.",
    "Written by `npm run docs guides` from the commands themselves. The numbers' meaning is explained in",
    "[the statistics in plain words](../statistics-in-plain-words.md).",
    "",
    ...lines,
    "",
  ].join("\n");
}

async function printed(command: readonly string[], db: string): Promise<string> {
  const write = process.stdout.write;
  let text = "";
  process.stdout.write = ((part: string) => {
    text += part;
    return true;
  }) as typeof write;
  try {
    await main([...command, "--db", db]);
  } finally {
    process.stdout.write = write;
  }
  if (process.exitCode) throw new Error(`fieldnotes ${command.join(" ")} ended with ${process.exitCode}`);
  return text;
}
