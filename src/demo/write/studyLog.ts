import { type Random, random } from "../../stats/random";
import type { Call } from "../traffic/call";
import { clock } from "../traffic/clock";
import { drawHours } from "../traffic/hours";
import { type Lane, layLanes } from "../traffic/lane";
import { serve } from "../traffic/service";
import { windowOf } from "../traffic/traffic";
import { type Answer, drawStudy, type Study } from "../world/study";
import type { World } from "../world/world";
import { type Names, responseModel } from "./name";
import { scoresHeader } from "./scoresCsv";

/** The files of a study, as text. */
export interface StudyLog {
  calls: string;
  tasks: string;
  scores: string;
}

const hour = 3_600_000_000;

/** A model's lane for a study, without caches, since repeats must be answered anew. */
function laneOf(lanes: Lane[], study: Study, model: string): Lane {
  const lane = lanes.find((one) => one.workload === study.workload && one.model === model);
  if (lane === undefined)
    throw new RangeError(`world requires world.study.models to serve ${study.workload}, got ${model}`);
  return { ...lane, work: { ...lane.work, cache_hit_rate: 0, cancel_rate: 0, stream: false } };
}

/** Asks until an answer is complete. */
function ask(
  lane: Lane,
  input: number,
  hours: ReturnType<typeof drawHours>,
  at: number,
  from: number,
  source: Random,
) {
  const last = hours.cumulative.length - 1;
  for (let when = at; ; ) {
    const request = { input, prefix: 0, size: 0, slowdown: 1 };
    const call = serve(lane, request, hours, Math.min(last, Math.floor((when - from) / hour)), when, source);
    if (call.status === "ok" && call.finishReason === "stop") return call;
    when += call.duration + 1_000_000;
  }
}

/**
 * Draws a study of a world: each model is asked one prompt after the other, starting at one o'clock on the first night.
 */
export function studyLog(world: World, study: Study, names: Names, seed: number): StudyLog {
  const lanes = layLanes(world);
  const hours = drawHours(world, lanes.slots, random(seed, 2));
  const source = random(seed, 5);
  const { from } = windowOf(world);
  const answers = drawStudy(study, (model) => world.models[model].json_valid, source);
  const { input_tokens, system_tokens } = world.workloads[study.workload];
  const inputs = Array.from(
    { length: study.prompts },
    () =>
      system_tokens + Math.round(input_tokens.median * Math.exp((input_tokens.spread / 2) * source.normal())),
  );
  const iso = clock(0, "T");
  const log: StudyLog = {
    calls: "",
    tasks: "task_id,workload,prompt_id,trial,resolved\n",
    scores: scoresHeader,
  };
  let model = "";
  let at = 0;
  // The usual answer to a prompt has the same length every time.
  let usual = 0;
  answers.forEach((answer, number) => {
    if (answer.model !== model) at = from + hour;
    if (answer.repeat === 0) usual = 0;
    model = answer.model;
    const lane = laneOf(lanes.all, study, model);
    const call = ask(lane, inputs[answer.prompt], hours, at, from, source);
    at = call.startedAt + call.duration + 500_000;
    const fresh = Math.round(4.1 * call.outputTokens);
    if (answer.variant === 0 && usual === 0) usual = fresh;
    const ids = { call_id: names.answer(number), task_id: names.trial(number) };
    const prompt = promptName(study, answer.prompt);
    const length = answer.variant === 0 ? usual : fresh;
    // Equal only for the same text: the usual answer takes its hash from the first repeat of its prompt.
    const words = answer.variant === 0 ? 2 * (number - answer.repeat) : 2 * number + 1;
    const hash = names.answer(words) + names.trial(words);
    const correct = answer.quality >= study.pass;
    log.calls += `${JSON.stringify(record(study, ids, call, answer, length, hash, iso(call.startedAt)))}\n`;
    log.tasks += `${ids.task_id},${study.workload},${prompt},${answer.repeat + 1},${correct}\n`;
    const end = `${iso(call.startedAt + call.duration)}Z`;
    log.scores += `call,${ids.call_id},quality,${answer.quality},rule,rubric,${end}\n`;
    log.scores += `call,${ids.call_id},correct,${correct ? 1 : 0},rule,rubric,${end}\n`;
  });
  return log;
}

const promptName = ({ workload }: Study, prompt: number) =>
  `${workload}-${String(prompt + 1).padStart(3, "0")}`;

function record(
  study: Study,
  ids: { call_id: string; task_id: string },
  call: Call,
  answer: Answer,
  length: number,
  hash: string,
  startedAt: string,
) {
  const { model, provider } = call.lane;
  return {
    ...ids,
    workload: study.workload,
    environment: "evaluation",
    operation: call.lane.operation,
    prompt_id: promptName(study, answer.prompt),
    model,
    request_model: model,
    response_model: responseModel(call.lane),
    provider,
    started_at: `${startedAt}Z`,
    duration: call.duration / 1e6,
    input_tokens: call.inputTokens,
    output_tokens: call.outputTokens,
    cost: call.cost,
    cost_source: "log",
    status: call.status,
    finish_reason: call.finishReason,
    output_length: length,
    output_hash: hash,
    json_valid: answer.jsonValid,
  };
}
