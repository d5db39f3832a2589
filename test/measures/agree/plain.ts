import type { Call } from "../calls";
import { keyOf, measure } from "../reference";
import type { Log } from "./hostile";
import { Saying } from "./said";

const failures = new Set(["ok", "timeout", "cancelled"]);

/** True for an answering call: not by a judge or for another purpose, and not an embedding. */
const answers = ({ role, operation }: Call) =>
  (role === undefined || role === null || role === "answer") && operation !== "embeddings";

/** A call that failed before it read or wrote a token costs nothing. */
const free = ({ cost, status, input_tokens, output_tokens }: Call) =>
  !isKnown(cost) && isKnown(status) && !failures.has(String(status)) && !input_tokens && !output_tokens;

const isKnown = (value: unknown) => value !== undefined && value !== null;
const total = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0);
const costOf = ({ cost }: Call) => Number(cost ?? 0);
const text = (value: Call[string]) => (isKnown(value) ? String(value) : "");

/** A call's place in its task: by start, those without a time first, then attempt, then order of the log. */
function inOrder(calls: readonly { call: Call; at: number }[]): Call[] {
  const number = (value: Call[string], none: number) => (isKnown(value) ? Number(value) : none);
  return [...calls]
    .sort(({ call: a, at: one }, { call: b, at: other }) => {
      const [first, second] = [text(a.started_at), text(b.started_at)];
      if (first !== second) return first < second ? -1 : 1;
      return (
        number(a.attempt, 1) - number(b.attempt, 1) ||
        number(a.ingest_id, 0) - number(b.ingest_id, 0) ||
        number(a.line, 0) - number(b.line, 0) ||
        one - other
      );
    })
    .map(({ call }) => call);
}

/** The median of type 7. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

/** A task with an answering call, whose row the task belongs to. */
interface Task {
  first: Call;
  calls: Call[];
  cost: number;
  attempts: number;
  outcome: boolean | undefined;
}

/** The tasks of a log by their definition, independent of any measure. */
export function tasksOf({ calls, tasks: outcomes }: Log): Task[] {
  const own = new Map<string, { call: Call; at: number }[]>();
  calls.forEach((call, at) => {
    if (isKnown(call.task_id))
      own.set(String(call.task_id), [...(own.get(String(call.task_id)) ?? []), { call, at }]);
  });
  return [...own].flatMap(([id, some]) => {
    const answering = some.filter(({ call }) => answers(call));
    if (answering.length === 0) return [];
    const known = outcomes.filter(({ task_id, resolved }) => task_id === id && resolved !== null);
    return [
      {
        first: inOrder(answering)[0],
        calls: some.map(({ call }) => call),
        cost: total(some.map(({ call }) => costOf(call))),
        attempts: answering.length,
        // Outcomes that contradict each other are none.
        outcome: known.every(({ resolved }) => resolved === known[0]?.resolved)
          ? (known[0]?.resolved ?? undefined)
          : undefined,
      },
    ];
  });
}

/** A few numbers about a log by their definitions, from plain arrays. */
export function plain(
  log: Log,
  { by, where = () => true }: { by: string[]; where?: (call: Call) => boolean },
): Saying {
  const said = new Saying("the definition");
  const chosen = log.calls.filter((call) => call.environment !== "evaluation" && where(call));
  const tasks = tasksOf(log).filter(({ first }) => first.environment !== "evaluation" && where(first));
  for (const group of new Set(chosen.map((call) => keyOf(by, call)))) {
    const own = chosen.filter((call) => keyOf(by, call) === group);
    const answering = own.filter(answers);
    const known = answering.filter(({ status }) => isKnown(status));
    const errors = known.filter(({ status }) => status !== "ok" && status !== "cancelled");
    said.say(group, "calls", { n: answering.length });
    said.say(group, "error_rate", { n: known.length, value: errors.length / known.length });
    const waits = answering.flatMap((call) => {
      const found = measure(call, "duration");
      return typeof found === "number" ? [found] : typeof found === "object" ? [found.atLeast] : [];
    });
    said.say(group, "duration_p50", { n: waits.length, ...(waits.length > 0 && { value: median(waits) }) });

    const ofGroup = tasks.filter(({ first }) => keyOf(by, first) === group);
    const settled = ofGroup.filter(({ outcome }) => outcome !== undefined);
    const resolved = settled.filter(({ outcome }) => outcome === true).length;
    // A number of money is stated where every cost is known and some call was billed: bounds are tested elsewhere.
    const isPriced = (calls: readonly Call[]) =>
      calls.every((call) => isKnown(call.cost) || free(call)) && total(calls.map(costOf)) > 0;
    const ofTasks = ofGroup.flatMap(({ calls }) => calls);
    said.say(group, "tasks", { n: ofGroup.length });
    said.say(group, "resolved", { n: resolved });
    said.say(group, "cost_per_call", {
      n: own.length,
      ...(isPriced(own) && mean(own.map(costOf), own.length)),
    });
    said.say(group, "cost_per_task", {
      n: ofGroup.length,
      ...(isPriced([...own, ...ofTasks]) &&
        mean(
          ofGroup.map(({ cost }) => cost),
          ofGroup.length,
        )),
    });
    said.say(group, "cost_per_resolved", {
      n: settled.length,
      ...(resolved > 0 &&
        isPriced([...own, ...ofTasks]) &&
        mean(
          settled.map(({ cost }) => cost),
          resolved,
        )),
    });
    said.say(group, "attempts_per_task", {
      n: ofGroup.length,
      value: total(ofGroup.map(({ attempts }) => attempts)) / ofGroup.length,
    });
    said.say(group, "resolve_rate", { n: settled.length, value: resolved / settled.length });
  }
  return said;
}

/** If no spending is known, the mean is 0 or unknown depending on the calls without a cost: left out here. */
function mean(costs: readonly number[], over: number): { value?: number } {
  const spent = total(costs);
  return spent > 0 ? { value: spent / over } : {};
}
