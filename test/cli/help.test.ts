import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Command } from "commander";
import { spelled } from "../../src/cli/commandWords";
import { commandsOf, isOwn, pageOf, topicPage } from "../../src/cli/help";
import { pageHeight, pageWidth } from "../../src/cli/helpText";
import { commandLine } from "../../src/cli/main";
import { addMeasure } from "../../src/cli/measures";
import { type Topic, topics } from "../../src/cli/topics";
import { commandOf } from "../../src/measures/measure";
import { measures } from "../../src/measures/measures";
import { sharedNames } from "../../src/measures/options";
import { fieldnotes } from "./command";

const program = commandLine();
const help = async (...words: string[]) => {
  const { code, stdout, stderr } = await fieldnotes(["help", ...words], ".");
  assert.equal(code, 0, stderr);
  return stdout;
};

/** A page fits a screen. */
function fits(page: string, what: string): void {
  const lines = page.trimEnd().split("\n");
  assert.ok(lines.length <= pageHeight, `${what}: ${lines.length} lines`);
  for (const line of lines) assert.ok(line.length <= pageWidth, `${what}: ${line}`);
}

test("at most 36 commands are at the top, each in a line of one screen", () => {
  assert.ok(program.commands.length <= 36, `${program.commands.length} commands`);
  const page = program.helpInformation();
  fits(page, "fieldnotes");
  for (const command of program.commands)
    assert.match(page, new RegExp(`^.{9}${command.name()} +\\S+`, "m"), command.name());
});

describe("a page of help fits a screen", () => {
  for (const command of commandsOf(program))
    test(`of ${command.name()}, with at most 15 options of its own`, () => {
      fits(command.helpInformation(), command.name());
      const own = command.options.filter(isOwn).map((one) => one.attributeName());
      const ownOnly = own.filter((name) => !sharedNames.includes(name as never));
      assert.ok(ownOnly.length <= 15, ownOnly.join(", "));
    });
  for (const topic of Object.keys(topics) as Topic[])
    test(`of what ${topic} means`, () => fits(topicPage(program, topic, program.createHelp()), topic));
  test("of each view, with its options and what it shows", async () => {
    for (const view of measures.filter(({ of }) => of !== undefined)) {
      const page = await help(...commandOf(view).split(" "));
      fits(page, commandOf(view));
      assert.match(page, new RegExp(`^Usage: fieldnotes ${commandOf(view)}\\b`));
      for (const [name, { value }] of Object.entries(view.options ?? {}))
        assert.ok(
          page.includes(`--${name.replace(/[A-Z]/g, (x) => `-${x.toLowerCase()}`)} ${value ?? ""}`),
          name,
        );
    }
  });
});

test("the page of each view lists every option that the view takes", async () => {
  for (const command of commandsOf(program))
    for (const view of measures.filter(({ of }) => of === spelled(command))) {
      const page = await help(...commandOf(view).split(" "));
      const views = measures.filter(({ of }) => of === view.of);
      const base = measures.find((one) => commandOf(one) === view.of);
      // Options of its tables of scores are those of a hand-written command, not of its views.
      if (base?.ownCommand) continue;
      const own = [base, ...views].flatMap((one) => Object.keys(one?.options ?? {}));
      for (const option of command.options) {
        const name = option.attributeName();
        if (option.hidden || views.some((one) => `--${one.name}` === option.long)) continue;
        const isRefused =
          view.fixed?.[name] !== undefined ||
          (own.includes(name) && !sharedNames.includes(name as never) && view.uses?.includes(name) !== true);
        const isListed = new RegExp(`${option.long}(?![\\w-])`).test(page);
        assert.equal(isListed, !isRefused, `${commandOf(view)} ${option.long}`);
      }
    }
});

test("every option of every command is on its page, on that of a view or in a topic, and on the long page", async () => {
  const long = await help("--all");
  const shared = Object.keys(topics).map((topic) => topicPage(program, topic as Topic, program.createHelp()));
  for (const command of commandsOf(program))
    for (const option of command.options) {
      if (option.hidden) continue;
      assert.ok(long.includes(option.flags), `${command.name()} ${option.flags}`);
      const explained = isOwn(option) ? [command.helpInformation()] : [...shared, long];
      assert.ok(
        explained.some((page) => page.includes(option.flags)),
        `${command.name()} ${option.flags}`,
      );
    }
});

test("--help of a view is its page, and that of an old name as well", async () => {
  const page = await help("latency", "--exposure");
  assert.equal((await fieldnotes(["latency", "--exposure", "--help"], ".")).stdout, page);
  assert.equal((await fieldnotes(["exposure", "--help"], ".")).stdout, page);
  const tiers = await fieldnotes(["cost", "--tiers", "--help"], ".");
  assert.equal(tiers.stdout, await help("cost", "--tiers"), "no value of an option that needs one");
  assert.match(page, /--slow <seconds>/);
  assert.doesNotMatch(page, /--by\b|--cluster/, "what it refuses");
});

/** A question of someone who knows none of the names, and the command that answers it. */
const questions: [string, string][] = [
  ["truncated", "quality --refusals"],
  ["tail", "latency --exposure"],
  ["loops", "trajectories"],
  ["provider", "latency --between"],
  ["bursts", "reliability --bursts"],
  ["bill", "cost --growth"],
  ["month", "cost --monthly"],
  ["flips", "quality --flips"],
  ["tiers", "benchmark tiers"],
  ["judge", "quality --judge"],
  ["in flight", "throughput --load"],
  ["critical path", "latency --stages"],
  ["icc", "consistency"],
  ["retry-after", "reliability --retry-after"],
  ["json", "quality --structured"],
];

describe("a word finds the command or view that is about it", () => {
  const document = readFileSync(join(__dirname, "..", "..", "docs", "measures.md"), "utf8");
  for (const [word, command] of questions)
    test(`${word}: ${command}, in the help and in docs/measures.md`, async () => {
      const found = (await help(...word.split(" "))).split("\n").slice(0, 5).join("\n");
      assert.match(found, new RegExp(`fieldnotes ${command}( |$)`, "m"));
      const row = document.split("\n").find((line) => line.startsWith(`| \`fieldnotes ${command}`));
      for (const one of word.split(/\W/)) assert.ok(row?.includes(one), row);
    });
});

test("words that no definition has find their command", async () => {
  for (const [word, command] of [
    ["hallucination", "quality"],
    ["drift", "trend"],
    ["outage", "reliability"],
    ["regression", "check"],
    ["budget", "cost --monthly"],
    ["spearman", "agreement"],
    ["weighted_tau", "agreement"],
    ["effectiveContext", "quality --floor"],
    ["429", "reliability"],
    ["slo", "latency --attainment"],
    ["ci", "check"],
    ["kappa", "quality --raters"],
    ["pareto", "cost --tiers"],
  ])
    assert.match(await help(word), new RegExp(`fieldnotes ${command}( |$)`, "m"), word);
  assert.doesNotMatch(await help("slo"), /--exposure/, "a short word is a whole one");
});

test("an option that commands share is explained alone, and one of a view by the view's page", async () => {
  assert.match(
    await help("--timezone"),
    /^selection: .*\n\n {2}--timezone <name> [^-]*\n\n {2}taken by {2}latency/,
  );
  const turns = await help("trajectories", "--turns");
  for (const words of [
    ["--help", "--outcome-rule"],
    ["--outcome-rule", "--help"],
  ])
    assert.equal((await fieldnotes(["trajectories", ...words], ".")).stdout, turns, words.join(" "));
});

test("an option in full finds the views that have it, and people who give up the turns", async () => {
  assert.match(await help("--outcome-rule"), /^ *fieldnotes trajectories --turns /m);
  assert.match((await help(..."where do people give up".split(" "))).split("\n")[0], /trajectories --turns /);
});

test("a question finds its command though no definition has all of its words", async () => {
  for (const [question, command] of [
    ["why do heavy users meet slow answers", "latency --exposure"],
    ["how many days does an a/b test take", "plan"],
    ["is the cheaper model good enough at the same quality", "cost --tiers"],
    ["how does it behave on a long context of 30,000 tokens", "quality --by-length"],
    ["do retries pay", "reliability --fallbacks"],
    ["which answers were cut off", "quality --refusals"],
    ["what does a user cost a month", "cost --monthly"],
    ["are slow answers abandoned", "latency --by-outcome"],
    ["which model gets more expensive over time", "cost --growth"],
    ["how often do we hit rate limits", "reliability"],
    ["why are answers wrong", "causes"],
    ["did the new prompt make it worse", "compare"],
  ]) {
    const lines = (await help(...question.split(" "))).split("\n");
    const first = lines.find((line) => line.startsWith("  fieldnotes ")) ?? "";
    assert.match(first, new RegExp(`fieldnotes ${command}( |$)`), question);
  }
  const [lead] = (await help("why", "do", "heavy", "users", "wait")).split("\n");
  assert.equal(lead, 'None has all of "why heavy users wait"; nearest first:');
});

test("a word that nothing has is answered with the nearest ones, in one line", async () => {
  const { code, stderr, stdout } = await fieldnotes(["help", "latencie"], ".");
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(
    stderr,
    /^fieldnotes: help knows no command or word "latencie"; did you mean "latency"[^\n]*\n$/,
  );
  const wrong = await fieldnotes(["truncated"], ".");
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /^fieldnotes: unknown command 'truncated'.*fieldnotes help truncated\)\n$/);
});

test("what the help does not know is said, with what is meant", async () => {
  const said = async (...words: string[]) => (await fieldnotes(words, ".")).stderr;
  assert.match(await said("help", "latency", "--foo"), /^fieldnotes: latency has no view --foo/);
  assert.match(await said("help", "benchmark", "foo"), /^fieldnotes: benchmark has no command foo/);
  assert.match(await said("help", "cost", "latency"), /^fieldnotes: cost has no view latency/);
  assert.match(await said("benchmark", "foo"), /^fieldnotes: benchmark has no command "foo"; it has tiers, /);
  assert.match(await said("benchmark", "saturation"), /; did you mean "benchmark tiers"\?/);
  assert.match(await said("help", "benchmark", "saturation"), /; did you mean "benchmark tiers"\?/);
  assert.match(await said("saturation"), /did you mean "throughput --load" or "benchmark tiers"\?/);
  assert.match(await said("evalset", "foo"), /^fieldnotes: evalset has no command "foo"; it has /);
  assert.match(await said("kernel"), /did you mean "lab --install-kernel"/);
  assert.match(await said("cost-pair"), /did you mean "cost --pairs"/);
  assert.match(await said("expsoure"), /did you mean "latency --exposure"/);
  assert.match(await said("latency", "exposure"), /did you mean --exposure\?/);
  assert.doesNotMatch(await said("help", "foo"), /did you mean/);
});

test("a topic says which commands take an option that not all take, and no default that is empty", () => {
  const page = (topic: Topic) => topicPage(program, topic, program.createHelp()).replace(/\s+/g, " ");
  assert.match(page("rows"), /--of <side>.*\(only compare\)/);
  assert.match(page("statistics"), /--cluster [^-]*\((only|not) /);
  for (const command of commandsOf(program))
    assert.doesNotMatch(command.helpInformation(), /default: (\[\]|\{\})/);
  assert.doesNotMatch(page("tables"), /default: (\[\]|\{\})/);
});

test("an option that is added to a measure's definition is on its page, listed nowhere else", () => {
  const latency = measures.find(({ name }) => name === "latency");
  assert.ok(latency);
  const options = { ...latency.options, newOne: { about: "said by a definition alone" } };
  const own = new Command("fieldnotes").configureHelp({ formatHelp: pageOf });
  addMeasure(own, { ...latency, options }, () => Promise.resolve());
  assert.match(own.commands[0].helpInformation(), /--new-one +said by a definition alone/);
});
