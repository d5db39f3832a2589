import type { AssumptionId } from "./reservationKinds";

/** What a verdict takes for granted, as a clause. */
export const assumed: Record<AssumptionId, string> = {
  "outcomes-alike": "outcomes are reported alike",
  "one-way-reporting": "one side reports all that the other does",
  "same-users": "users are alike",
  "same-days": "days are alike",
  "random-assignment": "tasks of one type and length were given to models at random",
  "random-escalation": "answers of about the same score were sent on at random",
  "raters-alike": "raters judge alike",
  "runs-alike": "models that ran once vary from run to run as the others do",
  "no-circle": "preferences do not go round in a circle",
  "length-or-difficulty": "length sways the judge or hard prompts have long answers, not both",
  "no-ceiling": "scores come near no highest value",
  "gaps-alike": "no clean model's gap is far out by chance",
  "scores-exact": "scores have no error",
  "outcome-rule": "the declared rule tells what is resolved",
  "calls-independent": "calls are independent of each other",
  "comparisons-independent": "comparisons whose rater or prompt is not known are independent of each other",
  "same-work": "the work is alike",
  "prices-known": "missing prices are like the others",
  "nothing-unlogged": "nothing unlogged favours one side",
};
