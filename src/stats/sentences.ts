/**
 * The sentences that state what follows from a log, by id, with the blanks in braces. How often each is false where it
 * could be is counted on simulated logs and published in docs/simulations/sentences.md.
 */
export const sentences = {
  "compare.changed": "b ({b}) against a ({a}), at the same mix: {changes}.",
  "compare.users":
    "At the same mix, but with different users: {changes}. Users on both sides do not show it, so it may be the users.",
  "compare.days":
    "At the same mix, but on other days, too few or too uneven to tell how much days differ: {changes}. It may be the days.",
  "compare.outcomes": "If outcomes are reported alike, which this log does not show: {changes}.",
  "compare.work": "If the work is alike: {changes}.",
  "compare.oneWay": "If one side reports all that the other does: {changes}.",
  "compare.control": "If {control} was not changed itself, which moved further than these calls: {changes}.",
  "compare.disowned": "Not claimed: {changes}.",
  "compare.otherWay": "Not claimed, since it is the other way as measured: {changes}.",
  "compare.nothing": "Nothing to compare{why}.",
  "compare.moved": "The mix changed as well, and moved {changes}.",
  "compare.mix":
    "The mix changed and moved {changes}. Beyond that no change of the model is shown: at the same mix {within}.",
  "compare.none": "No metric differs measurably between a ({a}) and b ({b}): at the same mix {within}.",
  "compare.untested": "Nothing could be tested between a ({a}) and b ({b}): {why}.",
  "compare.point": "{direction} from {at} on",
  "choose.only": "{model} is the only model{place}, with nothing to compare it to: {facts}.",
  "choose.best": "{model}{place}: {facts}; the best with a chance of {chance}.",
  "choose.onlyPasses": "Only {model} passes{place}: {facts}{sure}.",
  "choose.onlyShown": "Only {model} is shown to meet the floors{place}",
  "choose.leads": "{model} leads{place}, but not conclusively",
  "choose.open": "{model} leads{place}, but {why}: the choice is open.",
  "choose.between": "Cannot tell between {models}{place}",
  "choose.likely":
    "{model} is most likely to meet every floor and be the best ({chance}): more calls would narrow its bounds.",
  "choose.mayBe": "{model} may be the best ({chance}), but is not shown to pass: {fails}.",
  "choose.moreMayBe": "So may {count} more.",
  "choose.givesUp": "Until it is settled, {model} gives up at most {worth} ({level}{others}).",
  "choose.ahead": "Until it is settled, {model} is ahead, but this log does not bound what it may give up.",
  "choose.keep":
    "Until more is known, keep what is in use: this log does not bound what any of them gives up.",
  "choose.tooClose":
    "They are too close for these logs to tell apart: taking {model} gives up as much as {worth} on average.",
  "choose.wait": "{wait} would settle it, if they differ as they seem to.",
  "choose.leftOpen": "Left open{place}: {why}.",
  "choose.none": "No model passes{place}: {why}.",
  "choose.nothing": "No call{place} is selected: there is nothing to choose from.",
  "choose.take": "Take {models}.",
  "choose.noneTaken": "Nothing is settled: {open}.",
  "choose.noProfile": "No profile has an answer.",
  "route.saved": "{amount} would have been saved{span}, {share}, against {model} for all{part}: {where}.",
  "route.open": "No saving is shown{span}: {amount}, against {model} for all{part}: {where}.",
  "route.stays": "No cheaper model is shown to {keep}: all stays with {model}{part}.",
  "route.others": "Of all others: {why}.",
  "route.assigned":
    "It holds if tasks of one type and length were given to models at random, which the log does not show (--assume random-assignment).",
  "route.unreported": "Not shown, since outcomes are unknown: {moves}.",
  "route.only": "{model} is the only model in the log: there is nothing to route to.",
  "route.nothing": "Nothing can be routed on this log: {who} tasks with a cost.",
  "cascade.accept":
    "accept{place} {cheap}'s answers with {validator} {end} and send on the other {share}: {amount} less than {dear} alone, {quality}",
  "cascade.alike":
    "It holds while answers without a result are up to {times} times as often good, or bad, as others of about the same score.",
  "cascade.costs":
    "The saving holds if an answer that was sent on costs as much as others of about the same score would.",
  "cascade.rest": "No threshold is taken for {names}.",
  "cascade.none":
    "No threshold of {validator} is shown to save anything within {margin} points of {dear}: all stays with {dear}.",
  "cascade.cannot": "Cannot tell what a cascade of {cheap} and {dear} would do. {why}",
  "shortlist.part": "{kept} of {all} models stay; each of the other {left} is {worse}.",
  "shortlist.more": "{kept} stay and not {size}, since the scores cannot separate them.",
  "shortlist.all": "All {all} models stay: none is shown to be {worse}.",
  "cost.unlike":
    "Tasks without a known outcome ({share}) are not like the others: {found} times those of tasks with one. Their outcomes may differ too.",
  "time.spells":
    "what calls share in time counts as {spells} independent spells: below {few} the interval may be too narrow, and a longer log has more",
  "time.hours": "half of the tail lies in {hours} of {of} hours, and another log may have none like it",
  "mean.skewed": "very skewed: rare, more extreme values may be missing from the sample, so read the {end}",
  "latency.first": "{model} is best by mean but not by {tail}, where {other} is ({sure}).",
  "deciles.every": "{a} is lower than {b} at every decile.",
  "deciles.crossing":
    "{a} is lower than {b} at {lower}, and higher at {higher}: neither is lower throughout.",
  "deciles.some": "{a} is clearly lower than {b} at {places} alone.",
  "deciles.none": "{a} and {b} are not distinguishable at any decile.",
  "cost.notWorse": "{some} not shown to be worse than {best}{cheaper} ({level}).",
  "cost.saves":
    "{some} not shown to be worse than {best}; {model}, the cheapest of these, {saves}, and may be worse by up to {loss} ({level}).",
  "cost.least": "{model} resolves tasks at the lowest cost, {cost}, less than every other",
  "cost.leastIf": "if {assumed}, {model} resolves tasks at the lowest cost, {cost}",
  "cost.leastOpen": "open between {model}, which measured the lowest ({cost}), and {near}",
  "report.everything": "{model} is best in everything these logs measure.",
  "report.first": "{model} is best by {labels}{worse}",
  "report.thoughFails": ", though {share} of its calls fail{where}",
  "report.worse": ", but worse than {best} by {label}{where}",
  "report.firstIf": "if {assumed}, {model} is best by {labels}{worse}",
  "report.bestIf": "if {assumed}, {model} is best by {label}{where}, {facts}; next is {next}, {its}{lost}",
  "report.openQuality": "No model is shown to be best by {labels}; ",
  "report.cannot": "These logs cannot separate the models yet.",
  "report.best": "{model} is best by {label}{where}, {facts}; next is {next}, {its}",
  "report.front": "{front} may be the best by {label}{where}, {ends}; the other {count} are {word}",
  "report.worst": "{worse} {are} {word} by {label}{where} than {best}, {fact}",
  "report.failing": "Every model fails in at least {share} of its calls.",
  "report.none": "no model is shown to be best{where}; the measured {label} runs from {ends}",
  "report.bestIn": "{model} is best by {label} for {where}",
  "report.noneIn": "no model is shown to be best by {label} in any of {count} workloads",
  "report.next": "{fact} with {model}, the next is {its} with {next}",
  "report.against": "{fact} with {model}, against {its} with {next}",
  "report.alike": "{fact} with {model}, not distinguishable from {near}",
  "report.meanwhile": "{model}, ahead as measured{where}, gives up at most {worth}",
  "report.meanwhileSafer":
    "{model}{where}, which gives up at most {worth}; of {best}, ahead as measured, it may be more",
  "report.unbounded": "this log does not bound what {model}, ahead as measured{where}, gives up",
  "judged.picked":
    "What a {truth} labelled is not a random sample{where}: {shares}. `labels` are shown as picked.",
} as const;

export type SentenceId = keyof typeof sentences;

/** The sentences among these that hold back: they say that something is open, or only what was seen. */
export const holdingBack: readonly SentenceId[] = [
  "compare.none",
  "compare.untested",
  "compare.days",
  "compare.disowned",
  "compare.otherWay",
  "choose.only",
  "choose.leads",
  "choose.open",
  "choose.between",
  "deciles.none",
  "cost.notWorse",
  "report.openQuality",
  "report.cannot",
  "report.none",
  "report.noneIn",
  "report.alike",
  "route.open",
];

/** Those that stand beside a verdict: why it is open, what would settle it, what to do meanwhile, how often a leader's calls fail, or that there is nothing to judge. */
export const besideVerdicts: readonly SentenceId[] = [
  "compare.nothing",
  "choose.likely",
  "choose.mayBe",
  "choose.moreMayBe",
  "choose.givesUp",
  "choose.ahead",
  "choose.keep",
  "choose.tooClose",
  "choose.wait",
  "choose.leftOpen",
  "choose.none",
  "choose.nothing",
  "choose.take",
  "choose.noneTaken",
  "choose.noProfile",
  "report.meanwhile",
  "report.meanwhileSafer",
  "report.unbounded",
  "report.thoughFails",
];

/**
 * A sentence with its blanks filled in.
 *
 * @example
 * say("compare.point", { direction: "slower", at: "2026-03-09" }) // "slower from 2026-03-09 on"
 */
export function say(id: SentenceId, values: Readonly<Record<string, string>>): string {
  return sentences[id].replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined)
      throw new TypeError(`say requires "${name}" for ${id}, got ${Object.keys(values)}`);
    return value;
  });
}
