// The guides: a question, the command, its output for the demo company, how to read it, what it cannot say.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../src/cli/main";
import { ingestDemo } from "../src/demo/openDemo";
import { ingestSmallLog, type SmallLog } from "../src/demo/smallLog";
import { open } from "../src/store/open";

interface Guide {
  question: string;
  /** The log it is asked of, if not the company's week. */
  log?: SmallLog;
  /** As typed after "fieldnotes". */
  command: string[];
  /** What is typed between reading the log and it. */
  before?: string[];
  /** Which lines of the output are shown; the others are left out. */
  shows: (line: string, at: number) => boolean;
  read: string;
  cannot: string;
  /** What the same logs tell besides. */
  also?: string;
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
    read: "p95 is the wait that one call in twenty exceeds. The brackets contain the true value in 95 of 100 logs like this one; `∞` means that these calls set no limit on that side. If the intervals of two models do not overlap, the models differ; if they overlap, these calls leave it open.",
    cannot:
      "Whether a model is slow or got the longer answers: nothing here holds length equal (`compare` does). How long a timed-out call would have taken: it counts as at least its wait.",
    next: "`--metric ttft` for the first token, `--more` for the trimmed mean, p99 over p50 and the share of all waiting in the slowest 1 %, notebook 01.",
  },
  reliability: {
    question: "How often do calls fail?",
    command: ["reliability", ...chat],
    shows: first(9),
    read: "Shares of calls, with the number of calls. Errors, timeouts and rate limits count as failures; cancelled calls are listed separately. No failure among n calls is not a rate of 0: the upper end says how often failures may still happen.",
    cannot:
      "Whose fault a failure is. Failures come in bursts, and a week has few of them: the interval covers the hours that were logged, not the incident that was not.",
    next: "`fieldnotes reliability --bursts` shows when (the worst hour pays for being picked, and retries of one user count as far as they fail together), `--fallbacks` what came after, notebook 03.",
  },
  cost: {
    question: "What does a resolved task cost?",
    command: ["cost", ...chat],
    shows: first(18),
    read: "All that was spent on a model's tasks, failed attempts and retries included, over the tasks that were resolved. A cheap call that seldom resolves anything is expensive here. `unpriced` counts calls without a known price, which are left out, never counted as free.",
    cannot:
      "What a task would have cost with another model: tasks differ. Anything about tasks whose outcome nobody logged: the footnote says how far they could move the number.",
    also: "**Whole conversations.** `fieldnotes cost --grain conversation` counts conversations instead of tasks: what was spent on a model in those that it had a part in, turns, seconds waited, and the share resolved. What a conversation over several models or workloads cost stays where it was spent, so that the rows add up to the bill. Its outcome is the logged one, or that of its last task, and counts for the row that answered first (`--credit last`: last). Each number says how many conversations other rows have a part in: where these are many, read what was spent, not what was resolved, since nobody knows which of the models did it. `latency --grain conversation` adds up the waits until a conversation is resolved, `reliability --grain conversation` counts those in which a call failed. In a profile, `compare`, `trend`, `check` and `plan` these are `cost_per_conversation`, `cost_per_resolved_conversation`, `conversation_resolve_rate`, `turns_per_conversation` and `time_per_conversation`.",
    next: "`fieldnotes cost --pairs` breaks down the difference between two models, notebook 02.",
  },
  quality: {
    question: "How good are the answers?",
    command: ["quality", "--score", "correct", "--by", "model"],
    shows: first(9),
    read: "The share of answers that the score calls right, with how many were judged. Answers to one prompt resemble each other, so the interval counts prompts as independent, not answers.",
    cannot:
      "Whether the judge is right: `quality --judge` measures that where people labelled a sample. Whether it is the judge of last month: `quality --drift` measures that where it was given the same answers again. Whether the prompts that were judged are like those that were not.",
    also: "**Whether the judge moved.** Let the judge score some of last month's answers again, picked at random, and ingest its scores with their times: `fieldnotes quality --drift --score correct` says by how much it scores the same answers higher or lower than before, and `compare` and `trend` then leave a change of that score open if the judge moved between the sides. It assumes that the answers judged again were not picked by their first score; where they look as if they were, it decides nothing. A judge that had not moved was said to have in 4 to 5 of 100 logs, but in 61 where it has better and worse days: judge on several days. 50 answers judged again showed a move of .05 of a number in 94 of 100 logs, 100 answers one of 15 points of a pass rate in 59 ([counted](../simulations/drift.md)).",
    next: "`--judge`, `--drift`, `--raters`, `--pairs` for two models on the same prompts, notebook 05.",
  },
  causes: {
    question: "Why do tasks fail, and what would a fix be worth?",
    log: "causes",
    before: ["causes import causes/causes-reader.json"],
    command: ["causes", "--by", "model"],
    shows: (line, at) => at < 16 || /^(Failed|Settled|Not settled|No cause|\d+ of)/.test(line),
    read: "`causes sheet` draws failed tasks, doubtful ones (looped, with a failed step, dear) and some others onto `causes.html`. A person opens the page, reads each task step by step, names what went wrong, or writes a note, and marks the first wrong step, and saves a file, which `causes import` reads. (This log and its reader are made up; `causes/causes-reader.json` is what the page would have saved.) In the table each task read stands for as many as its chance of being drawn says. `share_of_failed` is how often the cause is the one among failed tasks, `share_of_tasks` among all; `resolved_at_most` is the share of tasks that would be resolved if the cause vanished and nothing else went wrong in them. Fix first what is settled to be first; if nothing is, a line says how many more tasks to read. Between models, or from the last release to the one before (`--by release`), a cause is said to differ only where that holds with every difference that was looked at paid for.",
    cannot:
      "Whether the reader is right: have two people read the same sheet, and `agreement` says how far they agree on each cause. What a fix will bring: without this cause a task may still fail from another. It assumes that the tasks not read are like those that were read of their kind, so read in the page's order, which is random. Of sheets of 100 and 300 tasks, 94 to 97 of 100 intervals held the true share, also where users have a cause of their own; a wrong cause was settled as the first in none, or in 3 of 100 sheets where two causes are equally frequent. With 100 tasks and five causes the first was settled in 23 of 100: do not count on it ([counted](../simulations/causes.md)).",
    also: "**Notes first, names later.** Whoever does not know the causes yet writes notes alone: on the sheet a note is enough. `fieldnotes causes code causes/causes-notes.json` (notes of the made-up reader) writes `coding.html`, a page that sends nothing, on which each note is a card. Put the cards in causes by dragging or by keys, where the page offers notes with similar words; rename, merge and split causes, make one a part of another, say of each when a task has it and when not, and pick up to two examples. The page saves one file, `causes-coded.json`, with the causes and the notes that are in them: keep it under version control. `fieldnotes causes import causes/causes-notes.json --causes causes-coded.json` then reads each note as its cause, so that `fieldnotes causes` gives the shares, and `causes sheet --causes causes-coded.json` offers the causes to the next readers. If you change a definition, the import says which tasks were read under the old one, and `causes code causes/causes-notes.json --causes causes-coded.json` shows their notes again; until then they count as they did. If a reader says something else of a task later, that counts, not the cause that the note was put in before. Notes of two readers of one task stay apart. While a note has no cause, `causes` gives no shares, since tasks with a note differ from those without. That a cause is a part of another only orders the list.\n\n**Rules, and a judge.** `--rules causes/causes.json` is a list of causes, each with a definition and, where one is known, a `rule`: an SQL predicate that holds for some call of the task (`finish_reason = 'length'`), or for the whole task (`looped`, `failed_step`, `steps`, `tool_uses`, `task_cost`, and the lists `tools`, `failed_tools`, `stages`, `failed_stages`, as in `list_contains(failed_tools, 'search')`). A judge's labels are scores `cause` of tasks in the log. Both divide the tasks that nobody read into those with a label and those without, and what readers found in each part is what counts: of eight causes, 93 to 98 of 100 intervals held the true share (92 to 95 that of causes rarer than 2 in 100) with rules and judges that were half wrong, that told nothing, or that named another cause; good rules made the interval of the first cause 17 points wide instead of 24, the others hardly changed it. **Held fixed.** A limit on `cause:NAME` in `check` holds the share of tasks with a cause down, where tasks of that traffic were read. **Between two sides.** `compare --metric cause:NAME` holds the shares of two sides against each other as measured, since so few tasks cannot be brought to one mix: a cause is claimed to differ only where work, users and days are alike, or declared to be. It needs many readings: of 600 made-up logs without a difference none was claimed, and a first cause that was gone from one side was seen in none of 150 with 300 tasks read, in all with 1,000 ([counted](../simulations/causes.md)). `causes --by` looks at failed tasks alone and sees more. `trend` takes no causes: too few tasks of a day or week are read. **What a fix is worth.** `fieldnotes causes --worth --by model` says beside `resolved_at_most` what a resolved task would cost, and a task would take, at least, if the cause vanished: as if each task with it had been resolved, at no cost and in no time. A line says what they are today. No fix reaches these bounds, since a task costs money and time without the cause as well; what they tell is which fix cannot be worth the work. Where some call has no known cost, no task a known time, or none a known outcome, there is no number, and the reason stands in its place. Of 50 sheets of 100 tasks in each of four made-up worlds 94 to 97 of 100 intervals held the bound that reading every task would give ([counted](../simulations/causes.md)). **Where it began.** The page saves which step a reader marked first. `fieldnotes causes --began` says in which kind of step failed tasks first went wrong, and what share of their cost and of the time of their calls came after it: what stopping right after that step would have saved. Each interval is at least as wide as if a task were spent before that step or after it as a whole, so it is often wider than it need be: 97 to 100 of 100 held the share in the whole log ([counted](../simulations/causes.md)). **Labels you have.** `causes --score failure_mode` reads labels that people gave to tasks or calls in another tool, as its export has them (categorical annotations of Langfuse, feedback given in LangSmith's app, Phoenix annotations by a human); nobody drew those tasks, so shares are of the labelled ones alone, and what a fix is worth is left open.",
    next: "`causes sheet --causes ours.json` gives readers your own list of causes, with a definition each. `fieldnotes trajectories` counts loops and failed steps without a reader. `fieldnotes report` has a chapter on the first three causes; notebook 12.",
  },
  conversations: {
    question: "Where do people give up in a conversation?",
    log: "conversations",
    command: ["trajectories", "--turns", "4", "--by", "model"],
    shows: (line, at) => at < 12 || /^(A turn|A conversation)/.test(line),
    read: "A row is a turn: how many conversations come to it, the share that go on after it, and the shares that were resolved or given up by then, of conversations whose outcome is known. Its cost is that of all its calls; the context is what was read before the first answer. A conversation is over when no next turn has come for the time that the last line states, and what may still go on at the log's end counts until then. The intervals are of each turn alone, with users as clusters where known.",
    cannot:
      "Why people left: done, or fed up, and nobody said which. What those would have done that are still under way, if they are unlike the rest. A turn is a task; in a log of messages alone it is an answer.",
    also: "**What follows a failure.** `fieldnotes trajectories --conversations --by model` says after how many turns half of the conversations, and nine of ten, are over, how often people leave after a turn that failed and after others, and how often they ask the same again (texts have to be kept: `ingest --text keep`). A request asks the same again if at least half of the words of it and the one before are in both; beside it stands how often that is so of requests in two conversations, which are false alarms. \n\n**What counts as resolved.** What the log says of the whole conversation, or else of its last task. Where it says neither, `--outcome-rule` declares it: `left-after-failure` (unless the last answer failed), `left-midway` (unless the last answer was cancelled, cut off or waited for a tool: abandoned in the middle), `came-back` (unless the user begins another of the same workload within a day), `score:NAME` (a score of thumbs) or `no-score:NAME` (handed to a person). The output, and every verdict that rests on the rule, says so: whether it is right, no log shows. Labels by people of a sample, scores named `resolved` of conversations by `human`, correct it as they correct a judge: `fieldnotes cost --grain conversation --outcome-rule came-back` then has a column `corrected`, which comparisons and limits of the share resolved use, and `quality --judge --score resolved` with the same options says how often the rule is right.\n\n**Models compared by conversations.** `--grain conversation` makes the metrics of `compare`, `choose`, `trend`, `check`, `plan` and `agreement` count conversations. Money and time stay where they were spent; `--credit` says whether the outcome counts for the model that answered first, last, or for all that answered.",
    next: "`fieldnotes cost --grain conversation` for what conversations cost and how many are resolved, notebook 11.",
  },
  consistency: {
    question: "Is the answer the same when it is asked again?",
    command: ["consistency", "--by", "model", "--where", "environment = 'evaluation'", "--score", "correct"],
    shows: first(9),
    read: "pass@k: at least one of k runs passes, which is what a retry buys. pass^k: all k pass, which is what a user who asks every day lives with. The gap between the two is the inconsistency. pass@k and pass^k are over the prompts that ran at least twice, and at least k times; the pass rate is over all runs.",
    cannot:
      "Anything about prompts that ran once, except for the pass rate. Whether production prompts vary like those of the study.",
    next: "`fieldnotes consistency --worst` lists the prompts that vary most, notebook 04.",
  },
  "context-length": {
    question: "How long may the input get before quality falls?",
    command: ["quality", "--by-length", "--where", "workload = 'document-review' and model = 'orrery-apex'"],
    shows: first(18),
    read: "Calls in bins of about equal size, shortest inputs first. If the score of a bin of long inputs lies wholly below that of short ones, quality falls with length.",
    cannot:
      "That length is the cause: longer inputs may be harder ones. That a length is fine because it is not shown to fail.",
    next: "`--floor 0.7` gives the longest context that surely meets a floor, at one level for all bins: where five of six lay 2 points below it, it named one of them in 2 of 100 logs.",
  },
  agreement: {
    question: "Does the leaderboard's order hold on our own traffic?",
    command: ["agreement", "--where", "workload = 'chat-assistant'"],
    shows: (line, at) =>
      at < 3 || (at < 16 && /arena-rating .*(duration_p50|cost_per_resolved|resolve_rate)/.test(line)),
    read: "A row is a benchmark against a number of the logs. The correlation of the two orders is 1 where they are the same and -1 where one is the other reversed; `p first is best` is the chance that the model on top of the leaderboard is the best here, `regret` what it falls short of the best by, and `regret random` what a model picked at random does. Only pairs of models that both sides can separate can agree or disagree: all others leave it open, and never count as agreement.",
    cannot:
      "With a handful of models not much, whatever the correlation: the interval and p say how little. Why an order does not hold.",
    next: "`fieldnotes benchmark tiers` for models that a leaderboard cannot separate, notebook 06.",
  },
  choose: {
    question: "Which model should this team take?",
    command: ["choose", "--profile", "chat"],
    shows: (line, at) => at < 9 || /(the best with a chance|leads|Only) /.test(line),
    read: "A profile says what counts, on a scale from good enough to of no use, and which floors must hold. `best, chance` is the chance that a model is the best by this profile, given all uncertainty in the measures. If no chance reaches the level, the choice is open, and the verdict says what would settle it.",
    cannot:
      "Whether the weights are right: they are the team's. What no log shows, such as where data is kept: list it under `unmeasured`.",
    next: "`fieldnotes profile new chat --out ours.json` to write your own ([profiles](../profiles.md)), notebook 07.",
  },
  compare: {
    question: "Did the switch change anything?",
    log: "switch",
    command: ["compare", "--switch", "2026-06-29", "--where", "model = 'sorrel'"],
    shows: first(10),
    read: "Before (a) and after (b), hour of the week against hour of the week. The effect of a change in the work is separated from what is left at the same mix, and what the days did to birch, which nobody switched, is taken off: only the rest is due to the new version, which is 1.2 times as slow (`truth.json` beside the log).",
    cannot:
      "That the switch was the cause: something else may have happened in the same hour. Days differ, and an answer says what a change was held against. “Against birch, which ran on the same days”: another model among the calls that `--where` leaves out, which was not switched, kept its share of the traffic and had the same good and bad days before; what they share is taken off; where that model moved further than the one compared, the answer rests on its not having been changed; with less than two weeks a side, on its days being alike as well, unless the days show it without that. “Against 11 earlier weeks”: the weeks after against as many before, beside how far weeks were apart anyway; it takes eight, and the median day of the weeks has to show two thirds of the change, since a few holidays move a mean. “From the days themselves”: from five days a side on, what days share and carry over is told from these. Below two weeks a side that takes half the error rate, with more a lower one the more of a day carries over to the next, and with fewer than five days, as in the week of the demo company, a change stands only if days are alike (`--assume same-days` declares that they are). With four weeks a side and days that differ by 20 %, a control finds a change of 10 % in eight of ten logs and the days alone in one; a settled change is false in at most 5 of 100 logs, and in 9 where days carry over by .95 and nothing else is in the log. Two models on the same days are compared day by day, which takes for granted that what each has of days of its own does not carry over: where that differs by 10 % and carries over by .8, they seem to differ in 41 of 100 logs. After a switch, three days of holidays in the one week after it may still be taken for it ([counted](../simulations/switches.md)). Where outcomes are unknown, “resolves more” is settled if it holds whatever they are; “if one side reports all that the other does” has Lee's bounds (`one_way`, with the share that either side reports), and `--assume one-way-reporting` declares it: false in 5 of 100 logs whose failures are reported less after the switch, a change of 10 points found in all with a tenth unknown and in six of ten with six tenths; wrong where one side reports fewer failures and more successes ([counted](../simulations/reporting.md)). Less than that rests on outcomes being reported alike, and says from which reporting on it is lost. Of an unlogged cause, how far it would have to shift the odds takes everything else for alike: of a p95 that such a cause alone had moved, it asked for too much in 5 of 100 logs. “Cannot tell” is not an all-clear: see `plan` for what a week could have shown.",
    next: "`fieldnotes plan`, notebook 08.",
  },
  plan: {
    question: "What would settle it?",
    command: ["plan", "--where", "workload = 'chat-assistant'"],
    shows: first(10),
    read: "For each metric the smallest difference that a week of this traffic would show four times in five, and how many calls or tasks each arm of a test needs for the difference you want to detect.",
    cannot:
      "Anything about traffic unlike this week's. A plan from few users is rough, and says so: of studies planned for 80 %, 61 in 100 found a difference of costs per task and 69 one of p95 where few users who come again and again make most calls (40 and 64 if looked at every week), and the power stated for such traffic says so; 73 to 87 in 100 where users are even ([counted](../simulations/plan.md)).",
    next: "`fieldnotes plan --split` checks a running test.",
  },
  route: {
    question: "Which requests could a cheaper model take?",
    command: ["route", "--flagship", "orrery-apex", "--where", "workload = 'chat-assistant'"],
    shows: first(12),
    read: "A type of request goes to a cheaper model only where that model is shown to resolve about as many. The saving comes with an interval.",
    cannot:
      "How a model would have done on requests that it never got. If too few tasks keep requests on the flagship, that does not prove that the flagship is needed.",
    next: "`--margin` says how much worse still counts as good enough; [`--cascade`](cascade.md) asks a cheap model first and sends on what a judge or a rule doubts, if the log shows what that would do.",
  },
  cascade: {
    question: "Would it do to ask a cheap model first, and a dear one only in doubt?",
    log: "cascade",
    command: [
      "route",
      "--cascade",
      "sorrel-mini,sorrel-large",
      "--validator",
      "check",
      "--assume",
      "random-escalation",
    ],
    shows: (line, at) =>
      at < 10 ||
      /^Replayed|^$|^Every threshold|^workload {2}threshold {2}passed|^support {7}\S+ +\S+ \[/.test(line),
    read: "A check scores each answer of the cheap model, and what it scores below the threshold goes on to the dear one. Each threshold is replayed from the log: what it would have cost, and how often the answer would have been good. The one taken saves most of those that are shown to lose at most 5 points against the dear model alone.",
    cannot:
      "How the dear model would have done where it was never asked. Here one task in three went on to it at random, whatever the score, which `--assume random-escalation` declares. Without that the bounds allow for answers without a result to be up to 3 times as often good, or bad, as others of about the same score: here the threshold would be 0.7, and stand up to 4.7 times. Where users sent on 60 % of the bad answers and 15 % of the good ones, thresholds taken as if at random were wrong in nearly all logs ([counted](../simulations/cascade.md)). If only doubtful answers went on, the thresholds above are unknown, and said to be.",
    next: "`truth.json` beside this log has the true cost and quality of every threshold. `--margin` sets the loss that you accept. `fieldnotes quality --score liked --controlled output_length` shows a judge of the same log who likes long answers: at equal length the models change their order. Liking is told from difficulty by the requests that both models answered; without such requests the two look alike ([counted](../simulations/controls.md)).",
  },
};

const shell = (word: string) => (/^[\w./@^=-]+$/.test(word) ? word : `"${word}"`);

/** All guides by their page's name, from the demo company's store. */
export async function guideDocuments(): Promise<[string, string][]> {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-guides-"));
  const made = new Set<string>();
  const storeOf = async (log: SmallLog | undefined) => {
    const name = log ?? "demo";
    const db = join(folder, `${name}.duckdb`);
    if (made.has(name)) return db;
    const store = await open(db);
    await (log === undefined ? ingestDemo(store) : ingestSmallLog(store, log));
    store.close();
    made.add(name);
    return db;
  };
  try {
    const pages: [string, string][] = [];
    for (const [name, guide] of Object.entries(guides)) {
      const db = await storeOf(guide.log);
      pages.push([name, pageOf(guide, await printed(guide.command, db))]);
    }
    return [["README", indexPage()], ...pages];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pageOf(
  { question, log, before = [], command, shows, read, cannot, also, next }: Guide,
  output: string,
): string {
  const lines = output.trimEnd().split("\n");
  const shown = lines.filter(shows);
  while (shown.at(-1) === "") shown.pop();
  const rest = lines.length > shown.length ? ["…"] : [];
  return [
    `# ${question}`,
    "",
    "```sh",
    ...(log === undefined
      ? [`npx fieldnotes ${command.map(shell).join(" ")}`]
      : [
          `npx fieldnotes demo --log ${log} --out ${log}`,
          `npx fieldnotes ingest ${log} --db ${log}.duckdb`,
          ...[...before, command.map(shell).join(" ")].map(
            (typed) => `npx fieldnotes ${typed} --db ${log}.duckdb`,
          ),
        ]),
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
    ...(also === undefined ? [] : [also, ""]),
    `**Next.** ${next}`,
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
    "A page for each question: the command, what it prints for the demo company's logs, how to read it, and what it cannot say.",
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
