import { allotted, signed } from "../evalset/causeDraw";
import { reviewId } from "../evalset/review";
import { stepMark } from "../evalset/stepMark";
import { nothingWrong, type TaskKind } from "../measures/causes/causeFrame";
import { type Random, random } from "../stats/random";

/** A planted cause: how often a task of each model fails from it, and where its trace shows it. */
interface Planted {
  name: string;
  definition: string;
  rule?: string;
  shares: Record<Model, number>;
  /** The first step that went wrong: its title on a sheet, its place in the task, and what its id ends in. */
  step: string;
  place: number;
  id: string;
  /** What the reader writes of it. */
  notes: readonly string[];
}
type Model = "sorrel-mini" | "sorrel-large";

/**
 * What is planted in the log of causes: five causes, of which rules find three; a search also fails in some tasks that are
 * resolved all the same.
 */
const world = {
  causes: [
    {
      name: "search failed",
      definition:
        "The answer rests on a search that ended in an error; not: the search found the wrong page.",
      rule: "list_contains(failed_tools, 'search')",
      shares: { "sorrel-mini": 0.12, "sorrel-large": 0.05 },
      step: "Tool search",
      place: 2,
      id: "search-0",
      notes: [
        "search timed out, answered from memory",
        "the search ended in an error and the answer ignores it",
        "search error, no second try",
        "no search result came back, answer made up",
      ],
    },
    {
      name: "wrong policy",
      definition: "The answer states a policy that is not, or no longer, in force.",
      shares: { "sorrel-mini": 0.05, "sorrel-large": 0.05 },
      step: "Call",
      place: 3,
      id: "answer",
      notes: [
        "states the old refund policy",
        "refund window is wrong, policy changed",
        "quotes a policy that is no longer in force",
      ],
    },
    {
      name: "looped",
      definition: "The same use of a tool again and again, until the task was given up.",
      rule: "looped",
      shares: { "sorrel-mini": 0.03, "sorrel-large": 0.005 },
      step: "Tool search",
      place: 4,
      id: "search-1",
      notes: ["same search four times, then gave up", "repeats the same search again and again"],
    },
    {
      name: "request misread",
      definition: "The answer is to another request than the one that was made.",
      shares: { "sorrel-mini": 0.02, "sorrel-large": 0.02 },
      step: "Call",
      place: 1,
      id: "ask-0",
      notes: [
        "answers another question than the one asked",
        "customer asked to cancel, answer explains how to upgrade",
        "misread the question",
      ],
    },
    {
      name: "cut off",
      definition: "The answer ends before it is complete.",
      rule: "finish_reason = 'length'",
      shares: { "sorrel-mini": 0.01, "sorrel-large": 0.01 },
      step: "Call",
      place: 3,
      id: "answer",
      notes: ["answer stops in the middle of a sentence", "cut off before the last step"],
    },
  ] satisfies Planted[],
  search_fails_otherwise: 0.04,
} as const;

const [tasks, users, size] = [2000, 400, 200];
const begun = Date.UTC(2026, 5, 1);

const priceOf = (model: Model) => (model === "sorrel-mini" ? 0.002 : 0.01);

interface Task {
  task_id: string;
  model: Model;
  cause: Planted | undefined;
  searchFails: boolean;
}

function tasksOf(rng: Random): Task[] {
  return Array.from({ length: tasks }, (_, at): Task => {
    const model = rng.uniform() < 0.5 ? "sorrel-mini" : "sorrel-large";
    let left = rng.uniform();
    const cause = world.causes.find(({ shares }) => (left -= shares[model]) < 0);
    const searchFails = cause?.name === "search failed" || rng.uniform() < world.search_fails_otherwise;
    return { task_id: `task-${at}`, model, cause, searchFails };
  });
}

/** The calls, stages and outcomes of the log: a call, a search, and a call that answers. */
export function causesLog(seed: number): Record<"calls" | "spans" | "tasks", object[]> {
  const rng = random(seed);
  const all = tasksOf(rng);
  const calls: object[] = [];
  const spans: object[] = [];
  const outcomes = all.map(({ task_id, model, cause, searchFails }, at) => {
    let clock = begun + Math.floor((at / tasks) * 21 * 86_400_000);
    const of = { task_id, workload: "support", user_id: `user-${rng.integer(users)}` };
    const call = (place: string, finish_reason: string) => {
      const call_id = `${task_id}-${place}`;
      calls.push({
        ...{ ...of, call_id, model, provider: "sorrel", status: "ok", finish_reason },
        ...{ input_tokens: 900, output_tokens: 200, cost: priceOf(model) },
        ...{
          started_at: new Date(clock).toISOString(),
          duration: Number((1 + rng.exponential()).toFixed(3)),
        },
      });
      clock += 5_000;
    };
    const uses = cause?.name === "looped" ? 4 : 1;
    for (let use = 0; use < uses; use++) {
      call(`ask-${use}`, "tool_calls");
      const span = { span_id: `${task_id}-search-${use}`, task_id, stage: "search", tool: "search" };
      const started_at = new Date(clock).toISOString();
      const status = searchFails && use === 0 ? "error" : "ok";
      spans.push({ ...span, started_at, duration: 0.4, status, arguments_hash: `query-${at}` });
      clock += 2_000;
    }
    call("answer", cause?.name === "cut off" ? "length" : "stop");
    return { task_id, workload: of.workload, resolved: cause === undefined };
  });
  return { calls, spans, tasks: outcomes };
}

/**
 * Causes with rules, and what a made-up reader found in a sheet of them, as `causes import` reads it: with causes, and with
 * notes alone.
 */
export function causesFiles(seed: number): Record<"causes" | "causes-reader" | "causes-notes", object> {
  const rng = random(seed);
  const all = tasksOf(rng).map((task) => ({ ...task, kind: kindOf(task), place: rng.uniform() }));
  const kinds = allotted(
    [...new Set(all.map(({ kind }) => kind))].map((kind) => ({
      kind,
      tasks: all.filter((one) => one.kind === kind).length,
    })),
    size,
  );
  const drawn = kinds.flatMap(({ kind, drawn: n }) =>
    all
      .filter((one) => one.kind === kind)
      .sort((a, b) => a.place - b.place)
      .slice(0, n),
  );
  const read = drawn
    .map(({ task_id, kind, cause }) => ({ id: reviewId(task_id), kind, cause, task_id }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const draw = signed({
    seed,
    where: "",
    until: "",
    kinds,
    tasks: read.map(({ id, kind }) => ({ id, kind })),
  });
  const labels = read.map(({ id, cause, task_id }) => ({
    ...{ id, cause: cause?.name ?? nothingWrong, note: "", step: cause?.step ?? "" },
    ...(cause === undefined ? {} : { place: cause.place, mark: markOf(task_id, cause) }),
  }));
  const own = random(seed);
  const noted = read.map(({ cause }, at) => ({
    ...labels[at],
    ...(cause === undefined ? {} : { cause: "", note: cause.notes[own.integer(cause.notes.length)] }),
  }));
  const saved = { fieldnotes: "causes", draw, rater_id: "made-up reader" };
  return {
    causes: {
      causes: world.causes.map(({ name, definition, rule }: Planted) => ({ name, definition, rule })),
    },
    "causes-reader": { ...saved, labels },
    "causes-notes": { ...saved, labels: noted },
  };
}

const markOf = (task_id: string, { step: title, place, id }: Planted): string =>
  stepMark(task_id, { place, title, step: `${id.startsWith("search") ? "span" : "call"} ${task_id}-${id}` });

const kindOf = ({ cause, searchFails }: Task): TaskKind =>
  cause !== undefined ? "not resolved" : searchFails ? "failed step" : "other";

/** What is planted in the log, and how often each cause is in it. */
export function causesTruth(seed = 1) {
  const all = tasksOf(random(seed));
  const failed = all.filter(({ cause }) => cause !== undefined).length;
  const shares = world.causes.map(({ name }): [string, Record<string, number>] => {
    const has = all.filter(({ cause }) => cause?.name === name).length;
    return [
      name,
      {
        share_of_failed: has / failed,
        share_of_tasks: has / tasks,
        resolved_at_most: (tasks - failed + has) / tasks,
      },
    ];
  });
  return {
    planted: world,
    resolved: (tasks - failed) / tasks,
    causes: Object.fromEntries(shares),
    began: beganTruth(all),
  };
}

/** Where failed tasks first went wrong, and what of their cost came after that: a task of a loop has five calls, others two. */
function beganTruth(all: readonly Task[]): Record<string, { share_of_failed: number; cost_after: number }> {
  const failed = all.flatMap(({ cause, model }) => {
    if (cause === undefined) return [];
    const calls = cause.name === "looped" ? 5 : 2;
    // Calls have odd places, searches even ones.
    return [{ step: cause.step, calls, after: calls - Math.ceil(cause.place / 2), price: priceOf(model) }];
  });
  const steps = [...new Set(failed.map(({ step }) => step))];
  return Object.fromEntries(
    steps.map((step) => {
      const own = failed.filter((one) => one.step === step);
      const cost = (of: "calls" | "after") => own.reduce((sum, one) => sum + one[of] * one.price, 0);
      return [
        step,
        { share_of_failed: own.length / failed.length, cost_after: cost("after") / cost("calls") },
      ];
    }),
  );
}
