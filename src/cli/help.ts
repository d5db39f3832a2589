import type { Command, Help, Option } from "commander";
import { commandOf, flagOf, functionOf, type Measure, type OptionTable } from "../measures/measure";
import { measures, viewsOf } from "../measures/measures";
import { listedByFew, sharedNames, sharedOptions } from "../measures/options";
import { spelled } from "./commandWords";
import { type Item, itemLines, pageHeight, shortened, textLines } from "./helpText";
import { optionOf, topicOf } from "./measureOptions";
import { isTopic, ofViews, type Topic, topics, viewsTitle } from "./topics";

const measured = new WeakMap<Command, Measure>();

/** Notes the measure that a command asks for, by its name; of what is none, nothing. */
export function ofMeasure(command: Command, name: string): void {
  const measure = measures.find((one) => commandOf(one) === name);
  if (measure !== undefined) measured.set(command, measure);
}

/** Every command of the program, but for those of explain, which are those of the measures again. */
export function commandsOf(program: Command): Command[] {
  return program.commands.flatMap((one) => [one, ...(one.name() === "explain" ? [] : commandsOf(one))]);
}

/** The view that the given words of a command name, or that alone has an option among them. */
export const viewIn = (command: Command, words: readonly string[]): Measure | undefined => {
  const measure = measured.get(command);
  if (measure === undefined) return undefined;
  const views = viewsOf(measure);
  const isNamed = (option: string) => words.includes(flagOf(option));
  const having = views.filter(({ options = {} }) => Object.keys(options).some(isNamed));
  return views.findLast(({ name }) => isNamed(name)) ?? (having.length === 1 ? having[0] : undefined);
};

/** A page of help: of the program, of a command, or of the view that its options name. */
export function pageOf(command: Command, helper: Help): string {
  const lines = command.parent === null ? programPage(command, helper) : commandPage(command, helper);
  return `${lines.join("\n")}\n`;
}

/** The commands in as many lines, so that they fit a screen. */
function programPage(program: Command, helper: Help): string[] {
  const commands = helper.visibleCommands(program);
  let before = "";
  const lines = commands.map((command) => {
    const group = command.helpGroup();
    const title = group === before ? "" : group;
    before = group;
    return `${title.padEnd(9)}${command.name().padEnd(13)}${shortened(command.description(), 78)}`;
  });
  return [
    `fieldnotes COMMAND: ${program.description()}`,
    "",
    ...lines,
    "COMMAND --help has its options and views; fieldnotes help WORD looks for any word.",
    `All commands: --db FILE (default: "${program.getOptionValue("db")}"), --json, --memory SIZE, --version.`,
  ];
}

const isShown = ({ hidden }: Option) => !hidden;
const itemOf = (helper: Help, option: Option): Item => [
  helper.optionTerm(option),
  // A list that is empty without it goes without saying.
  isEmpty(option.defaultValue) ? option.description : helper.optionDescription(option),
];
const isEmpty = (value: unknown) =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;

/** The page of a command, or of the view that its options name; longer texts give way to a page that fits a screen. */
function commandPage(command: Command, helper: Help): string[] {
  const given = command.options.flatMap((option) =>
    command.getOptionValueSource(option.attributeName()) === "cli" ? [String(option.long)] : [],
  );
  const view = viewIn(command, given);
  if (view !== undefined) return viewPage(command, view, helper);
  const whole = partsOf(command, helper, (about) => about);
  return whole.length <= pageHeight ? whole : partsOf(command, helper, (about) => shortened(about, 70));
}

/** Whether the page of its command has an option, neither that of a view nor the one that explains it for all. */
export const isOwn = ({ hidden, helpGroupHeading: group }: Option): boolean =>
  !hidden && !isTopic(group) && group !== viewsTitle && group !== ofViews;

function partsOf(command: Command, helper: Help, saying: (about: string) => string): string[] {
  const options = command.options.filter(isShown);
  const views = options.filter(({ helpGroupHeading }) => helpGroupHeading === viewsTitle);
  // Files to read without a store are in the line of usage, and in what all commands share.
  const others = helper.visibleArguments(command).filter((one) => one.name() !== "file");
  return [
    `Usage: ${helper.commandUsage(command)}`,
    ...textLines(command.description()),
    ...part("", [
      ...others.map((one): Item => [`<${one.name()}>`, helper.argumentDescription(one)]),
      ...options.filter(isOwn).map((option): Item => {
        const [term, about] = itemOf(helper, option);
        return [term, saying(about)];
      }),
    ]),
    ...part(
      `${viewsTitle.slice(0, -1)} (fieldnotes help ${spelled(command)} ${views[0]?.long} says more of one):`,
      views.map((option): Item => [helper.optionTerm(option), shortened(option.description, 74)]),
    ),
    ...part(
      "Commands:",
      helper.visibleCommands(command).map((one): Item => [one.name(), one.description()]),
    ),
    ...columnsIn(measured.get(command)),
    ...sharedPart(options),
  ];
}

function viewPage(command: Command, view: Measure, helper: Help): string[] {
  const words = view.words ?? {};
  const base = measured.get(command);
  const known = base === undefined ? [] : [...viewsOf(base).reverse(), base];
  const taken = Object.entries(
    Object.assign({}, ...known.map(({ options }) => options)) as OptionTable,
  ).filter(
    ([name]) =>
      (view.uses?.includes(name) || isShared(name)) &&
      view.options?.[name] === undefined &&
      view.fixed?.[name] === undefined,
  );
  const own = [...Object.entries(view.options ?? {}), ...taken].map(([name, one]) => optionOf(name, one));
  const worded = sharedNames
    .filter((name) => typeof words[name] === "string")
    .map((name) => optionOf(name, { ...sharedOptions[name], about: String(words[name]) }));
  const without = new Set([...Object.keys(view.fixed ?? {}), ...worded.map((one) => one.attributeName())]);
  const value = view.value === undefined ? "" : ` ${view.value}`;
  return [
    `Usage: fieldnotes ${commandOf(view)}${value} [options] [file...]`,
    ...textLines(view.about),
    ...part(
      "",
      [...own, ...worded].map((option) => itemOf(helper, option)),
    ),
    ...columnsIn(view),
    ...sharedPart(
      command.options.filter((one) => isShown(one) && !without.has(one.attributeName())),
      sharedTopic,
    ),
  ];
}

const part = (title: string, items: readonly Item[]): string[] =>
  items.length === 0 ? [] : ["", ...(title === "" ? [] : [title]), ...itemLines(items)];

/** What a measure needs, and the columns of its table. */
function columnsIn(measure: Measure | undefined): string[] {
  if (measure === undefined) return [];
  const { needs, columns = [] } = measure;
  const lines: Item[] = [["needs", `${needs.join(", ")}; in the library: ${functionOf(measure)}`]];
  if (columns.length > 0) lines.push(["columns", columns.join(", ")]);
  return ["", ...itemLines(lines)];
}

const isShared = (name: string) => sharedNames.some((one) => one === name);

const headingOf = ({ helpGroupHeading }: Option) => helpGroupHeading;

/** An option that a command says in its own words means in its views what it does elsewhere. */
const sharedTopic = (option: Option) => {
  const name = sharedNames.find((one) => !listedByFew.includes(one) && one === option.attributeName());
  return name === undefined ? headingOf(option) : topicOf(name);
};

/** The options that other commands have as well, in a line for each word that explains them. */
function sharedPart(options: readonly Option[], topicIn = headingOf): string[] {
  const items = (Object.keys(topics) as Topic[]).flatMap((topic): Item[] => {
    const flags = options.filter((one) => topicIn(one) === topic).map(({ long }) => String(long));
    return flags.length === 0 ? [] : [[topic, flags.join(" ")]];
  });
  return part("As other commands (fieldnotes help WORD, of the first words below, explains a line):", items);
}

/** The topics that explain an option, such as "--by", with what they say of it alone; undefined if none does. */
export function optionPage(program: Command, long: string, helper: Help): string | undefined {
  const options = commandsOf(program).flatMap((one) => one.options.filter((option) => option.long === long));
  const found = (Object.keys(topics) as Topic[]).filter((topic) =>
    options.some((one) => isShown(one) && one.helpGroupHeading === topic),
  );
  if (found.length === 0) return undefined;
  return found.map((topic) => topicPage(program, topic, helper, long)).join("\n\n");
}

/** The page that explains the options of several commands once, or one of them. */
export function topicPage(program: Command, topic: Topic, helper: Help, long?: string): string {
  const commands = commandsOf(program);
  const isOf = (option: Option) =>
    option.helpGroupHeading === topic && isShown(option) && (long === undefined || option.long === long);
  const takers = commands.filter((one) => one.options.some(isOf));
  const found = new Map<string, Item>();
  for (const option of takers.flatMap((one) => one.options.filter(isOf))) {
    if (found.has(option.flags)) continue;
    const [term, about] = itemOf(helper, option);
    found.set(option.flags, [term, `${about}${takersText(takers, option)}`]);
  }
  return [
    `${topic}: ${topics[topic]}`,
    ...part("", [...found.values()]),
    ...part("", [["taken by", takers.map(spelled).join(", ")]]),
  ].join("\n");
}

/** Which of the commands take an option, where not all do: those that do or those that do not, whichever are fewer. */
function takersText(commands: readonly Command[], { long }: Option): string {
  const takes = (command: Command) => command.options.some((one) => one.long === long && isShown(one));
  const [some, others] = [commands.filter(takes), commands.filter((one) => !takes(one))];
  if (others.length === 0) return "";
  const isFew = some.length <= others.length;
  return ` (${isFew ? "only" : "not"} ${(isFew ? some : others).map(spelled).join(", ")})`;
}

/** All commands with their views, and what they share, on one long page. */
export function longPage(program: Command, helper: Help): string {
  const lines = commandsOf(program).flatMap((command) => {
    const own = command.options.filter((one) => isShown(one) && !isTopic(one.helpGroupHeading));
    return ["", ...textLines(`fieldnotes ${spelled(command)}: ${command.description()}`)].concat(
      itemLines(own.map((option) => itemOf(helper, option))),
    );
  });
  const shared = (Object.keys(topics) as Topic[]).map((topic) => `\n${topicPage(program, topic, helper)}`);
  return [`fieldnotes: ${program.description()}`, ...lines, ...shared].join("\n");
}
