import { type Random, random } from "../../stats/random";
import type { World } from "../world/world";
import type { Task } from "./call";
import { offsetMinutes } from "./clock";
import { drawHours } from "./hours";
import { type Lane, type Lanes, layLanes, place } from "./lane";
import { runTask, type Window } from "./outcome";
import { createQueue } from "./queue";
import { drawUsers, type Users } from "./users";

interface Session {
  number: number;
  lane: Lane;
  user: number;
  users: Users;
  /** Tasks still to come. */
  left: number;
  /** Tasks so far. */
  turn: number;
  /** Tokens of the conversation so far. */
  history: number;
}

/** The days of a world in microseconds since the epoch. */
export function windowOf(world: World): Window {
  const from = (Date.parse(`${world.start}T00:00:00Z`) - offsetMinutes(world.utc_offset) * 60_000) * 1000;
  return { from, to: from + world.days * 86_400_000_000 };
}

function drawSession(
  number: number,
  at: number,
  lanes: Lanes,
  users: Map<string, Users>,
  source: Random,
): Session {
  const { streams } = lanes.mixes[lastBefore(lanes.mixes, at)];
  const stream = streams.items[place(streams.cumulative, source.uniform())];
  const people = users.get(stream)!;
  const user = place(people.cumulative, source.uniform());
  const models = lanes.models.get(stream)!;
  const model = models.items[place(models.cumulative, source.uniform())];
  const served = lanes.lanes.get(stream)!.get(model)!;
  const lane = served.items[place(served.cumulative, source.uniform())];
  const { tasks_per_session } = lane.work;
  // Geometric with that mean, from 1.
  const more =
    tasks_per_session > 1
      ? Math.floor(Math.log(1 - source.uniform()) / Math.log(1 - 1 / tasks_per_session))
      : 0;
  return { number, lane, user, users: people, left: 1 + more, turn: 0, history: 0 };
}

/** Mean over the sessions' streams, at their initial shares. */
function mean({ mixes: [{ streams }], all }: Lanes, of: (lane: Lane) => number): number {
  let sum = 0;
  streams.items.forEach((name, index) => {
    const share = streams.cumulative[index] - (index === 0 ? 0 : streams.cumulative[index - 1]);
    sum += share * of(all.find((lane) => lane.stream === name)!);
  });
  return sum;
}

/** Index of the last one that began before; 0 if none did. */
function lastBefore(periods: readonly { from: number }[], at: number): number {
  let last = 0;
  while (last + 1 < periods.length && periods[last + 1].from <= at) last++;
  return last;
}

function drawTask(number: number, session: Session, startedAt: number): Task {
  const { lane, user } = session;
  return {
    number,
    lane,
    user,
    session: session.number,
    turn: session.turn,
    release: lastBefore(lane.variants.releases, startedAt),
    pipeline: 0,
    startedAt,
    resolved: null,
    endedAt: startedAt,
    calls: [],
    stages: [],
  };
}

/**
 * Draws the traffic of a world, task by task in order of start; only the open sessions are held in memory.
 *
 * Sessions arrive according to the hours' demand; in each, tasks follow one another. Users, hours and traffic are drawn
 * from three streams of the seed, so that each seed changes all of them.
 *
 * @param calls the exact number of calls; arrivals adapt to what is left, and the last task is cut short
 * @example
 * [...traffic(readWorld().world, { seed: 1, calls: 100 })].flatMap((task) => task.calls).length // 100
 */
export function* traffic(
  world: World,
  { seed, calls, lanes = layLanes(world) }: { seed: number; calls: number; lanes?: Lanes },
): Generator<Task, void, undefined> {
  const window = windowOf(world);
  const people = random(seed, 1);
  const drawn = new Map(
    Object.entries(world.workloads).map(([name, work]) => [name, drawUsers(work, people)]),
  );
  const users = new Map(lanes.all.map(({ stream, workload }) => [stream, drawn.get(workload)!]));
  const hours = drawHours(world, lanes.slots, random(seed, 2));
  const source = random(seed, 3);
  const pending = createQueue<Session>();
  let made = 0;
  let tasks = 0;
  let sessions = 0;
  let waiting = 0;
  let passed = 0;
  const usualTasks = mean(lanes, ({ work }) => work.tasks_per_session);
  // The gap to the next of the k sessions still expected, spread over the remaining demand. The calls per session are
  // estimated on the way, starting from a guess that counts as a hundred sessions.
  const nextArrival = () => {
    const callsPerTask = (made + 140) / (tasks + 100);
    const tasksPerSession = (tasks + waiting + 100 * usualTasks) / (sessions + 100);
    const expected = (calls - made - waiting * callsPerTask) / (callsPerTask * tasksPerSession);
    passed = 1 - (1 - passed) * (1 - source.uniform()) ** (1 / Math.max(1, expected));
    const hour = place(hours.cumulative, passed);
    const before = hour === 0 ? 0 : hours.cumulative[hour - 1];
    const part = (passed - before) / (hours.cumulative[hour] - before);
    return Math.min(window.to - 1, window.from + Math.floor((hour + part) * 3_600e6));
  };
  let arrival = nextArrival();
  while (made < calls) {
    // Open sessions go first, so that sessions at the very end cannot pile up before them.
    if (pending.length() === 0 || arrival < pending.next()) {
      const session = drawSession(sessions++, arrival, lanes, users, source);
      waiting += session.left;
      pending.add(arrival, session);
      arrival = nextArrival();
      continue;
    }
    const at = pending.next();
    const session = pending.take();
    waiting--;
    session.left--;
    if (at >= window.to) {
      waiting -= session.left;
      continue;
    }
    const { work, variants } = session.lane;
    const { releases, pipelines } = variants;
    const task = drawTask(tasks++, session, at);
    if (pipelines.items.length > 1) task.pipeline = place(pipelines.cumulative, source.uniform());
    const { pipeline } = pipelines.items[task.pipeline];
    const spread = work.input_tokens.spread * source.normal();
    const size = session.users.size[session.user];
    const said = Math.max(1, Math.round(work.input_tokens.median * Math.exp(size / 2 + spread)));
    const known = work.system_tokens + pipeline.system_tokens + session.history;
    const difficulty = session.users.difficulty[session.user] + source.normal();
    // Hard tasks get longer answers.
    const request = {
      input: known + said,
      prefix: known,
      size: size + 0.1 * difficulty + Math.log(pipeline.output),
      slowdown: releases[task.release].slowdown,
    };
    runTask(task, request, difficulty, lanes, hours, window, source);
    if (made + task.calls.length > calls) {
      task.calls.length = calls - made;
      task.resolved = null;
      const last = task.calls[task.calls.length - 1];
      task.endedAt = last.startedAt + last.duration;
      task.stages = task.stages.filter((stage) => stage.startedAt < task.endedAt);
    }
    for (const call of task.calls) call.number = made++;
    if (session.left > 0) {
      const answered =
        task.calls.length > 0 ? Math.max(0, task.calls[task.calls.length - 1].outputTokens) : 0;
      session.history += Math.round(work.history * (said + answered));
      pending.add(task.endedAt + Math.round(1e6 * work.pause * source.exponential()), session);
    }
    if (task.calls.length === 0) continue;
    session.turn++;
    yield task;
  }
}
