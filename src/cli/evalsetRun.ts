import { existsSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { type Command, InvalidArgumentError } from "commander";
import { type Answer, writeAnswers } from "../evalset/answerFile";
import { type AskPrice, askPrices, type TokenPrice } from "../evalset/askPrice";
import { check } from "../evalset/check";
import { importLabels } from "../evalset/importLabels";
import { type Item, readSet } from "../evalset/item";
import { readOutputs } from "../evalset/outputs";
import { planRun, type RunOptions, type RunPlan, runSet, settled } from "../evalset/runSet";
import { writeScores } from "../evalset/scoreFile";
import { answerTooLong } from "../evalset/sent";
import { ingest } from "../logs/ingest";
import { progress } from "../notebook/progress";
import { brief, grouped } from "../stats/text";
import { open } from "../store/open";
import { type AskFlags, askOptions, withAskOptions } from "./evalsetRequests";
import { failed } from "./failure";
import { number, whole } from "./measureOptions";
import { print, say, tableText } from "./output";
import { withOwnStore } from "./ownStore";
import { ownTitle, type Topic } from "./topics";

interface RunFlags extends AskFlags {
  endpoint: string;
  keyEnv: string;
  provider?: string;
  promptVersion?: string;
  body?: Record<string, unknown>;
  stream: boolean;
  timeout: number;
  concurrency: number;
  rate?: number;
  retries: number;
  price?: TokenPrice;
  out?: string;
  yes?: boolean;
}

/** `fieldnotes evalset run`: asks the candidates. The one command that sends anything. */
export function addRunSet(evalset: Command): void {
  const command = evalset
    .command("run")
    .description(
      "ask the candidates at an OpenAI-compatible endpoint, check their answers and store them; states the cost and asks before it sends",
    )
    .argument("<set>", "the set, JSON lines")
    .requiredOption("--endpoint <url>", "base address, such as https://api.openai.com/v1");
  withAskOptions(command)
    .option(
      "--key-env <name>",
      "environment variable that holds the key, which is never stored",
      "OPENAI_API_KEY",
    )
    .option("--yes", "send without asking first")
    .option("--price <input,output>", "US dollars per million tokens; default: the store's prices", price)
    .option(
      "--prompt-version <name>",
      "a name for these instructions: a candidate is a model with its prompt",
    )
    .option("--body <json>", 'further fields of each request, such as {"reasoning_effort":"low"}', object)
    .option("--provider <name>", "the provider; default: taken from the address")
    .optionsGroup("requests" satisfies Topic)
    .option("--concurrency <number>", "questions in flight at a time", whole, 4)
    .option("--rate <number>", "maximum requests per minute", number)
    .option("--retries <number>", "retries if the service does not answer", whole, 4)
    .option("--timeout <seconds>", "longest wait for an answer", number, 120)
    .option("--no-stream", "do not stream; time to first token is then not measured")
    .optionsGroup(ownTitle)
    .option(
      "--out <file>",
      "file of answers; an interrupted run continues from it (default: SET.answers.jsonl)",
    )
    .action(async (set: string, _flags: unknown, used: Command) => {
      const flags = used.optsWithGlobals<RunFlags>();
      checkPace(flags);
      const items = readSet(set);
      const out = flags.out ?? `${set.replace(/\.jsonl$/i, "")}.answers.jsonl`;
      const key = process.env[flags.keyEnv];
      const options: RunOptions = { ...flags, ...askOptions(flags), key: key === "" ? undefined : key, out };
      const plan = planRun(items, options);
      const prices = await pricesOf(plan, options, flags.db);
      if (plan.asks.length > 0 && !(await isAgreed(plan, options, prices, flags))) return;
      const { answers, halt } = await ask(plan, options);
      const done = settled(items, answers);
      if (done.length > 0) writeAnswers(out, done);
      const table = await takeIn(items, { set, out, db: flags.db });
      const summary = outcomes(done);
      const refused = done.filter(({ last, error_type }) => last && error_type === answerTooLong).length;
      const open = plan.asks.length + plan.answered - summary.answered - refused;
      print(flags.json === true, { ...summary, open, halt: halt ?? null, prices, out, ...table }, () =>
        [
          ...(summary.answered === 0 ? [] : [tableText(table.checks)]),
          `${grouped(summary.answered)} of ${grouped(plan.asks.length + plan.answered)} questions are answered, in ${out} and ${flags.db}; ${grouped(summary.attempts - summary.answered)} attempts failed; ${costText(summary)}`,
          ...(refused > 0
            ? [`${grouped(refused)} more ended with an answer of more than 16 MB, and are not asked again.`]
            : []),
          ...(open > 0
            ? [
                `${halt === undefined ? "" : `Ended early: ${halt}. `}Run the same command again to ask the other ${grouped(open)}.`,
              ]
            : []),
          ...(summary.answered === 0
            ? []
            : [
                `Next: fieldnotes quality --score checks --where "environment = 'evaluation' and release = '${plan.run}'"; consistency, compare, latency and cost alike`,
              ]),
        ].join("\n"),
      );
      if (open > 0) process.exitCode = failed;
    });
}

function checkPace({ concurrency, retries, timeout, rate }: RunFlags): void {
  const refuse = (rule: string, got: number) => new RangeError(`evalset run requires ${rule}, got ${got}`);
  if (!(concurrency >= 1 && concurrency <= 256)) throw refuse("1 to 256 questions at a time", concurrency);
  if (!(retries >= 0 && retries <= 20)) throw refuse("0 to 20 retries", retries);
  if (!(timeout > 0 && timeout <= 86_400)) throw refuse("a timeout of 0 to 86400 seconds", timeout);
  if (rate !== undefined && !(rate > 0)) throw refuse("a rate above 0 requests a minute", rate);
}

/** Prices come from the store, if there is one. */
async function pricesOf(plan: RunPlan, options: RunOptions, db: string): Promise<AskPrice[]> {
  const store = await (existsSync(db) ? open(db, { readOnly: true }) : open(":memory:"));
  try {
    return await askPrices(store, plan.asks, { ...options, provider: plan.provider });
  } finally {
    store.close();
  }
}

/** Says what will be sent, where and at what cost, and asks for confirmation. */
async function isAgreed(
  { url, asks, answered }: RunPlan,
  { key }: RunOptions,
  prices: AskPrice[],
  { yes, keyEnv }: RunFlags,
): Promise<boolean> {
  say(
    `${grouped(asks.length)} ${asks.length === 1 ? "request" : "requests"} to ${url.origin}${url.pathname}${answered > 0 ? `; ${grouped(answered)} are answered already` : ""}; ${key === undefined ? `no key, since ${keyEnv} is not set` : `key from ${keyEnv}`}`,
  );
  for (const one of prices) say(`  ${priceLine(one)}`);
  if (yes) return true;
  if (!process.stdin.isTTY)
    throw new RangeError("evalset run requires --yes if no one can be asked, got none; nothing was sent");
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const said = await asking.question("Send them? [y/N] ").finally(() => asking.close());
  if (/^y(es)?$/i.test(said.trim())) return true;
  say("Nothing was sent.");
  return false;
}

function priceLine({ model, requests, cost, price, input_tokens, output_tokens }: AskPrice): string {
  const tokens = `about ${grouped(input_tokens)} tokens in${output_tokens === null ? "" : ` and ${grouped(output_tokens)} out`}`;
  if (cost !== null)
    return `${model}: ${grouped(requests)}, ${tokens}: about $${dollars(cost)} (price: ${price}; without retries)`;
  const why =
    output_tokens === null
      ? "no logged answer to this set shows how long answers are; --max-tokens limits them"
      : "the store has no price for it; ingest prices, or give --price INPUT,OUTPUT";
  return `${model}: ${grouped(requests)}, ${tokens}: cost not known (${why})`;
}

/** Asks with progress; the first Ctrl-C waits for questions in progress, the second ends at once. */
async function ask(plan: RunPlan, options: RunOptions) {
  const shown = progress("answers");
  let stopped = false;
  const stop = () => {
    if (stopped) process.exit(130);
    stopped = true;
    say("Waiting for the questions in flight; press Ctrl-C again to stop at once.");
  };
  process.on("SIGINT", stop);
  let done = 0;
  try {
    return await runSet(plan, options, {
      isStopped: () => stopped,
      onAnswer: () => shown.update(++done, plan.asks.length),
    });
  } finally {
    process.off("SIGINT", stop);
    shown.end();
  }
}

/** Imports the set, its answers and the results of the checks into the store. */
async function takeIn(items: Item[], { set, out, db }: { set: string; out: string; db: string }) {
  const outputs = existsSync(out) ? readOutputs(out, items) : [];
  const { table, scores } = check(items, outputs);
  const file = `${out.replace(/\.jsonl$/i, "").replace(/\.answers$/, "")}.scores.jsonl`;
  writeScores(file, scores);
  await withOwnStore(db, async (store) => {
    await importLabels(store, existsSync(out) ? [set, out] : [set]);
    if (scores.length > 0) await ingest(store, file);
  });
  return { checks: table, scores: file };
}

function outcomes(answers: readonly Answer[]) {
  const known = answers.flatMap(({ cost }) => cost ?? []);
  const answered = answers.filter(({ status }) => status === "ok");
  return {
    attempts: answers.length,
    answered: answered.length,
    /** Answers whose cost is not known: the service reported no tokens, or they have no price. */
    unpriced: answered.filter(({ cost }) => cost === null).length,
    cost: known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0),
  };
}

const dollars = (cost: number) => (cost === 0 || cost >= 0.1 ? cost.toFixed(2) : brief(cost));

function costText({ cost, answered, unpriced }: ReturnType<typeof outcomes>): string {
  if (cost === null) return "cost not known";
  const without =
    unpriced === 0
      ? ""
      : `, without ${grouped(unpriced)} of ${grouped(answered)} answers, whose tokens or price are not known`;
  return `cost $${dollars(cost)}${without}`;
}

function price(given: string): TokenPrice {
  const [input, output, ...rest] = given.split(",").map(number);
  if (output === undefined || rest.length > 0 || !(input >= 0 && output >= 0))
    throw new InvalidArgumentError(`expected two prices such as 0.15,0.60, got "${given}"`);
  return { input, output };
}

function object(given: string): Record<string, unknown> {
  try {
    const value = JSON.parse(given);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // told below
  }
  throw new InvalidArgumentError(`expected a JSON object, got "${given}"`);
}
