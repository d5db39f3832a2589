/** Something that a claim takes for granted, and that no interval shows. */
export type AssumptionId =
  | "outcomes-alike"
  | "one-way-reporting"
  | "prices-known"
  | "same-work"
  | "same-users"
  | "same-days"
  | "random-assignment"
  | "random-escalation"
  | "raters-alike"
  | "runs-alike"
  | "no-circle"
  | "length-or-difficulty"
  | "no-ceiling"
  | "gaps-alike"
  | "scores-exact"
  | "calls-independent"
  | "comparisons-independent"
  | "outcome-rule"
  | "nothing-unlogged";

/** The end of an interval, or all of the number, that a reservation is about. */
export type Side = "low" | "high" | "both";

/** A kind of reservation: the ends that it is about, whether these may still decide, and its sentence with blanks. */
export interface Kind {
  side: Side;
  decides: boolean;
  text: string;
  /** Where an end may carry a decision after all, as a multiple of its distance from the value. */
  reach?: number;
  /** The assumption that a verdict by these ends rests on. */
  needs?: AssumptionId;
  /** The same where it is of several quantiles. */
  several?: string;
}

const none = <const Text extends string>(text: Text) => ({ side: "both" as Side, decides: false, text });
const openAbove = <const Text extends string>(text: Text) => ({ side: "high" as Side, decides: false, text });
const mild = <const Text extends string>(text: Text) => ({ side: "both" as Side, decides: true, text });
const mildAbove = <const Text extends string>(text: Text) => ({ side: "high" as Side, decides: true, text });

/** Why there is no value, or no interval. */
export const noneKinds = {
  "none.counted": none("no {counted}"),
  "none.has": none("no {unit} has {what}"),
  "none.have": none("the {units} have no {what}"),
  "none.in-log": none("the log has no {what}"),
  "none.needs": none("needs {what}"),
  "none.known": none("{what} is not known"),
  "none.error": none("no standard error is known"),
  "none.infinite": none("infinite or too large values: no interval"),
  "none.tail": none("infinite values or zeros among the tail: no bootstrap interval"),
  "none.between": none("the quantile falls between -Infinity and Infinity"),
  "none.denominator": none("the denominator is 0: no ratio"),
  "none.statistic": none("the statistic of the sample is not a number"),
  "none.resamples": none("the statistic is not a number in {lost} of {of} resamples: no interval"),
  "none.same": none("{what} are the same: {so}"),
  "none.same-difference": none("the difference is the same on every item: no interval"),
  "none.constant": none("the series is constant"),
  "none.split": none("a split needs a prompt with 2 runs or more, has none"),
  "none.flat": none("all values are the same"),
  "none.apart": none("no {what}: no interval"),
  "none.chance": none("both raters always give the same label: chance explains all"),
  "none.order": none("no order to compare: all models have the same value on one side"),
  "none.comparison": none("nothing to compare"),
  "none.equal": none("nothing could be held equal"),
  "none.fit": none("no finite {what} fit"),
  "none.fall": none("not shown to fall"),
  "none.lost": none("it never lost, so its strength has no upper end"),
  "none.won": none("it never won, so its strength has no lower end"),
  "none.chain": none("no chain of wins and losses joins it with the others"),
  "none.baseline": none("the baseline has no strength"),
  "none.itself": none("it is what the others are compared with"),
  "none.scores": none("too many different scores to correct"),
  "none.judge": none("the judge may be no better than chance: label more items"),
  "none.errors": none("the judge's errors on the labelled items do not fit the others: no interval"),
  "none.rated": none("no {rater} gave this score"),
  "none.raters": none("given for two raters"),
  "none.pass": none("it is not known from which score a run passes"),
  "none.says": none("no run says whether its output {what}"),
  "none.verdicts": none("all of its verdicts are the same"),
  "none.waits": none("hits or misses have no wait"),
  "none.json": none("no output of the workload is JSON, by any model"),
  "none.benchmark": none("no benchmark can rank these models"),
  "none.rank": none("this benchmark cannot rank these models: no two of its scores differ significantly"),
  "none.tau": none(
    "a weighted tau over models as a sample has no interval: it needs the standard errors of one side",
  ),
  "none.bound": none("{quantile} is not bounded"),
  "none.steps": none("every {step} has the same value"),
  "none.step": none("a steady drift explains these {step}s as well as a step"),
  "none.saved": none("{file} has no number for {what}"),
  "none.number": none("{why}"),
  "none.flagship": none(
    "{model} has fewer than {needed} such tasks with a cost: what it would make of them is not known",
  ),
  "none.priced": none("{priced} of {n} tasks have a cost"),
  "none.lower-bound": openAbove("none of {trials} {counted}: a lower bound only"),
  "none.denominators": openAbove("the denominator is 0 in all {clusters} clusters: a lower bound only"),
} as const;

/** What there is too little of. Without an end there is nothing to decide by; a rough one may still decide. */
export const fewKinds = {
  "few.needed": none("{what} needs {needed} {counted}, has {has}"),
  "few.tasks": none("too few tasks for an interval"),
  "few.steps": none(
    "it takes {needed} {step}s, since fewer do not show how much {step}s vary, and there are {has}",
  ),
  "few.quantile": {
    ...mild("{quantile} needs {needed} {counted}, has {has}"),
    several: "{quantile} need {needed} {counted}, and there are {has}",
  },
  "few.bootstrap-high": openAbove("a bootstrap bound cannot pass the most extreme value seen"),
  "few.bootstrap-low": {
    side: "low",
    decides: false,
    text: "a bootstrap bound cannot pass the most extreme value seen",
  },
  "few.narrow": mild("{n} {counted}: below {few} the interval may be too narrow"),
  "few.denominator": mild(
    "the denominator rests on {effective} effective clusters: below {few} the interval may be too narrow",
  ),
  "few.denominators": mildAbove("the denominator is 0 in {share} of resamples"),
  "few.events": mild(
    "too few events among the {counted} to estimate the correlation within a cluster: {instead}",
  ),
  "few.one": mild("one {what} says little about others"),
  "few.others": mild("{n} {counted} say little about others"),
  "few.labels": mild("only {rare} of {n} items have a label other than the most frequent one"),
  "few.labelled": mild("none of the {n} that the judge calls {verdict} is labelled"),
  "few.runs": mild("the runs decide: how they vary rests on {degrees} degrees of freedom"),
  "few.large": mild("valid for large samples: {n} units, and {few} or more are better"),
  "few.models": mild("{models} models cannot show a correlation: even a perfect order may be chance"),
  "few.correlation": mild("with {models} models only correlations of {least} or more are beyond chance"),
} as const;

/** What a planned study cannot know, or how far it is. */
export const planKinds = {
  "plan.needs": none("a plan needs {what}"),
  "plan.share": none(
    "a share of {share} cannot be: the difference to find must leave one between 0 and 100 %",
  ),
  "plan.nothing": none("a factor changes nothing of 0: name a difference to find (--difference)"),
  "plan.hidden": mild(
    "calls without a known cost may make it {times} times as much: that hides this difference, however long the study",
  ),
  "plan.uneven": mild(
    "few clusters make most of the calls: in simulations with such users {found} % of studies planned for 80 % found the difference",
  ),
  "plan.ended": mild("the study has reached its end: the first look that says so is its answer"),
  "plan.part": mild("{share} of what the study takes"),
} as const;

/** What looks wrong in the log behind a number, and may make it another one: an end that it would move carries no verdict. */
export const doubtKinds = {
  "doubt.zero-waits": openAbove(
    "{zeros} of {of} successful calls have a {what} of 0, which may stand for an unknown one: the number may be higher",
  ),
  "doubt.waits": none(
    "{odd} of {of} calls have a {what} that cannot be, or an unknown status: the number may be lower or higher",
  ),
  "doubt.untimed": openAbove(
    "{untimed} timeouts or more have no {what} and are left out: the number may be higher",
  ),
  "doubt.zeros-within": {
    side: "low",
    decides: false,
    text: "{zeros} of {of} calls have a {what} of 0, which may stand for an unknown one: the share may be lower",
  },
  "doubt.statuses": {
    side: "low",
    decides: false,
    text: "{strange} of {of} calls have an unknown status, such as {example}, and count as errors: the rate may be lower",
  },
  "doubt.no-status": {
    side: "both",
    decides: false,
    text: "{without} of {of} calls have no status, and may have gone well or not: the rate may be lower or higher",
  },
  "doubt.no-status-of-none": openAbove(
    "{without} of {of} calls have no status, and may have gone well or not: the rate may be higher",
  ),
  "doubt.no-status-of-all": {
    side: "low",
    decides: false,
    text: "{without} of {of} calls have no status, and may have gone well or not: the rate may be lower",
  },
  "doubt.units": none(
    "{odd} of {of} calls are of a workload in which some wait many times as long as others, as if in milliseconds beside seconds",
  ),
  "doubt.dear": {
    side: "low",
    decides: false,
    text: "{dear} of {of} calls cost more than 0.001 dollars a token, which no price is: the number may be lower",
  },
  "doubt.cheap": openAbove(
    "{cheap} of {of} calls cost less than a dollar for 10 billion tokens, which no price is: the number may be higher",
  ),
  "doubt.roles": none(
    "{strange} calls in an unknown role, such as {example}, do not count as answers: the number may be another with them",
  ),
  "doubt.circle": none("one strength for each model does not explain these comparisons"),
} as const;

/** What was left out. */
export const leftOutKinds = {
  "left-out.values": mild("{values} left out"),
  "left-out.of": mild("{n} of {of} {counted} left out: {why}"),
  "left-out.early": mild("only the latest {used} of {n} values were used"),
  "left-out.runs": mild("{n} runs without a score left out"),
  "left-out.first": mild(
    "{model}, which the benchmark puts first, is left out: what following it costs is not known",
  ),
  "left-out.models": mild("left out, not known well enough: {models}"),
} as const;

/** How the number was made, and what that makes of it. */
export const methodKinds = {
  "method.equal": mild("all values are equal"),
  "method.resamples": mild("all resamples give the same value"),
  "method.bca": mild("the BCa correction is undefined here; percentile bounds are used instead"),
  "method.outside": mild("the estimate lies outside all resamples: percentile bounds"),
  "method.fieller": mild("{why}: Fieller's interval instead of a bootstrap from sums"),
  "method.not-drawn": mild(
    "Fieller's interval, since more than {most} ratios are not resampled; fewer rows (where) are",
  ),
  "method.unbounded": mild("the denominator is not clearly above 0: unbounded"),
  "method.extreme": mild("no sample bounds the {end} possible value"),
  "method.censored": mildAbove("at least this: the value itself is {cut}"),
  "method.censored-below": mildAbove("at least this: some shorter ones are only lower limits"),
  "method.censored-bound": mildAbove("the upper bound falls among censored values"),
  "method.limits": mildAbove("at least this: {n} of {of} values are only lower limits"),
  "method.cut": mild("the correction gives {given}, cut at {cut}"),
  "method.negative": mild("variance between prompts below 0 by chance: treat it as 0"),
  "method.skewed-means": mild(
    "the means of the prompts are skewed: the interval of their variance may be too narrow",
  ),
  "method.noise": mild(
    "noise of the measurements weakens the measured correlation; without it about {value} [{low}, {high}]",
  ),
  "method.noisy": mild("noise makes up {share} of the spread {where}"),
  "method.half-noise": mild("at least half of the spread between models on the {side}'s side is noise"),
  "method.exact": mild("both sides treated as exact"),
  "method.exact-scores": mild("no standard errors are known, so the scores are treated as exact"),
  "method.unranked": mild(
    "production cannot rank these models by this metric: no two of them differ significantly",
  ),
  "method.alone": mild("fewer than {needed} models: each value drawn from its own estimate alone"),
  "method.mix": mild("at the mix of all: {shift}"),
  "method.part-of-mix": mild("at the mix of all: {shift}, of {covered} of it"),
  "method.length-or-difficulty": none(
    "raw and controlled disagree: whether the judge likes long answers, or hard prompts have them, needs {needed} prompts answered by several models",
  ),
  "method.length-not-both": {
    ...mild(
      "right if length sways the judge or hard prompts have long answers, but not both: telling needs {needed} prompts answered by several models",
    ),
    needs: "length-or-difficulty",
  },
  "method.worst": mild("not known: {what}; the ends assume the worst and the best"),
  "method.costs-bounded": mild("some calls have no known cost: the ends count each at 0 or at its bound"),
  "method.calls-alone": mild("with {calls} calls that belong to no task"),
  "method.once": mild("no task was tried twice"),
  "method.one-turn": mild("no conversation had a second turn"),
  "method.same-turns": mild("every conversation had {turns} turns"),
  "method.at-most": mild("no slow call: at most the share of users who met one"),
  "method.declared-outcome": { ...mild("resolved by the declared rule {rule}"), needs: "outcome-rule" },
  "method.outside-row": mild("{spans} of {n} conversations have calls outside the row"),
  "method.picked-of": mild("picked from {of} {counted}: the interval holds for all of them together"),
  "method.picked": mild(
    "not a random sample: {labelled} of the labelled items were flagged by the judge, {all} of all items",
  ),
  "method.longest": mild("the longest bin seen ends at {tokens} tokens"),
  "method.as-long": openAbove(
    "at least this, as the calls show: the longest bin seen ends at {tokens} tokens",
  ),
} as const;
