import { type Random, random } from "../stats/random";

/** A made-up model in conversations: how often an answer is good, and how often people leave after each kind. */
interface Talker {
  good: number;
  /** After a good answer, the share of people who are done; after a bad one, of those who give up. */
  done: number;
  gives_up: number;
  /** USD per 1,000 tokens read. */
  price: number;
}

/**
 * What is planted in the log of conversations: with the small model people need more turns and give up more often. Whoever
 * does not give up after a bad answer asks the same again in mostly the same words, or moves on. Some talks are under way when
 * the log ends.
 */
const world = {
  models: {
    "sorrel-mini": { good: 0.6, done: 0.5, gives_up: 0.35, price: 0.001 },
    "sorrel-large": { good: 0.8, done: 0.6, gives_up: 0.15, price: 0.01 },
  } satisfies Record<string, Talker>,
  asks_again: 0.6,
  /** Tokens read in the first turn, and more in each turn after it. */
  context: { first: 400, more: 300 },
} as const;

const conversations = 500;
const users = 150;
const begun = Date.UTC(2026, 5, 1);
const span = 2 * 86_400_000;
const subjects =
  "invoice parcel password contract flight refund battery garden recipe lesson printer ticket camera bicycle concert window";
const wordList =
  `${subjects} monday account number address please change cancel find check write explain compare shorten
translate again open closed missing broken late early wrong right blue green large small new old first last price offer
delivery colour size receipt letter story email answer summary table list page date time room team music water paper light
market river coffee winter summer travel health school office budget engine signal mirror pocket ladder basket`.split(
    /\s+/,
  );

/** Seven different words, of which the first two are those of the whole conversation. */
function request(rng: Random, subject: readonly string[], keep: readonly string[] = subject): string[] {
  const words = new Set(keep);
  while (words.size < 7) words.add(wordList[rng.integer(wordList.length)]);
  return [...words];
}

/** The calls and outcomes of the log. */
export function conversationsLog(seed: number): Record<"calls" | "tasks", object[]> {
  const rng = random(seed);
  const calls: object[] = [];
  const tasks: object[] = [];
  for (const [model, { good, done, gives_up, price }] of Object.entries(world.models))
    for (let talk = 0; talk < conversations; talk++) {
      const id = {
        conversation_id: `${model}-${talk}`,
        user_id: `user-${rng.integer(users)}`,
        workload: "support",
      };
      const subject = request(rng, [], []).slice(0, 2);
      let words = request(rng, subject);
      let clock = begun + rng.uniform() * span;
      for (let turn = 0, goesOn = true; goesOn && clock <= begun + span; turn++) {
        const task_id = `${id.conversation_id}-${turn}`;
        const isGood = rng.uniform() < good;
        const input_tokens = world.context.first + world.context.more * turn;
        calls.push({
          ...{ ...id, task_id, call_id: task_id, model, provider: "sorrel", status: "ok", input_tokens },
          ...{ output_tokens: 200, duration: Number((2 + rng.exponential()).toFixed(3)) },
          started_at: new Date(clock).toISOString(),
          cost: Number(((price * input_tokens) / 1000).toFixed(8)),
          prompt: words.join(" "),
        });
        tasks.push({ task_id, conversation_id: id.conversation_id, workload: id.workload, resolved: isGood });
        goesOn = rng.uniform() >= (isGood ? done : gives_up);
        const again = !isGood && rng.uniform() < world.asks_again;
        words = request(rng, subject, again ? words.slice(0, 5) : subject);
        clock += 20_000 + 300_000 * rng.exponential();
      }
    }
  return { calls, tasks };
}

/** What follows from it for one model: shares by turn, after a turn, and of later requests. */
function truthOf({ good, done, gives_up, price }: Talker) {
  const [resolves, leaves] = [good * done, (1 - good) * gives_up];
  const on = 1 - resolves - leaves;
  return {
    failed: 1 - good,
    left_after_failed: gives_up,
    left_after_others: done,
    rephrased: (((1 - good) * (1 - gives_up)) / on) * world.asks_again,
    turns: [1, 2, 3, 4, 5].map((turn) => ({
      turn,
      going: on ** turn,
      resolved: (resolves / (1 - on)) * (1 - on ** turn),
      given_up: (leaves / (1 - on)) * (1 - on ** turn),
      cost_per_turn: (price * (world.context.first + world.context.more * (turn - 1))) / 1000,
    })),
  };
}

/** What is planted in the log, and what follows from it. */
export const conversationsTruth = () => ({
  planted: world,
  models: Object.fromEntries(Object.entries(world.models).map(([name, one]) => [name, truthOf(one)])),
});
