import { checkWorld, defaultWorldText, type World } from "../../src/demo/world/world";

type Json = { [key: string]: unknown };

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function merged(value: unknown, changes: unknown): unknown {
  if (!isObject(value) || !isObject(changes)) return changes;
  const all = { ...value };
  for (const [key, change] of Object.entries(changes)) all[key] = merged(value[key], change);
  return all;
}

/** The default world with some fields changed; objects are merged, everything else is replaced. */
export function worldWith(changes: object): World {
  return checkWorld(merged(JSON.parse(defaultWorldText()), changes));
}

/**
 * A world with other parameters, in which other models are best: quillon-7 for the chat, orrery-swift for the review
 * of documents, tamarisk-mini for code.
 */
export function otherWorld(): World {
  const renamed: Record<string, string> = {
    "tamarisk-mini": "quillon-7",
    "quillon-7": "tamarisk-mini",
    "tamarisk-large": "orrery-swift",
    "orrery-swift": "tamarisk-large",
  };
  const text = defaultWorldText().replace(
    /"(tamarisk-mini|tamarisk-large|orrery-swift|quillon-7)"/g,
    (_, name) => `"${renamed[name]}"`,
  );
  const world = JSON.parse(text);
  for (const model of Object.values<Record<string, number>>(world.models)) {
    model.time_to_first_token *= 1.1;
    model.tokens_per_second *= 0.85;
    model.first_token_spread = 0.4;
    model.verbosity *= 1.05;
  }
  world.traffic.load_noise = 0.12;
  world.providers.quillon.incident_rate = 0.004;
  for (const work of Object.values<Record<string, unknown>>(world.workloads)) work.user_difficulty = 0.7;
  world.raters.judge = { sensitivity: 0.85, specificity: 0.993 };
  return checkWorld(world);
}

/** A world in which one model, quillon-7, is best for the chat and for code. */
export function sharedWinner(): World {
  return worldWith({
    models: {
      "quillon-7": {
        time_to_first_token: 0.24,
        stall_rate: 0.002,
        price_per_million: { input: 0.5, cache_read: 0.05, cache_creation: 0.6, output: 2 },
        providers: { quillon: { capacity: 14, error_rate: 0.003 } },
      },
    },
    workloads: { "chat-assistant": { resolve: { "quillon-7": 0.88 } } },
  });
}

/** A world in which all models are identical except for their names. */
export function noDifference(): World {
  const world = JSON.parse(defaultWorldText());
  const usual = "quillon-7";
  const same = <T>(names: Record<string, T>, value: T) =>
    Object.fromEntries(Object.keys(names).map((name) => [name, value]));
  world.models = same(world.models, world.models[usual]);
  world.study.models = same(world.study.models, world.study.models[usual]);
  for (const work of Object.values<Record<string, Record<string, number>>>(world.workloads)) {
    work.models = same(work.models, 1);
    work.resolve = same(work.resolve, work.resolve[usual]);
    work.hallucination = same(work.hallucination, work.hallucination["tamarisk-large"]);
  }
  for (const kind of Object.values<{ resolve?: Record<string, number> }>(
    world.workloads["coding-assistant"].kinds,
  ))
    if (kind.resolve !== undefined) kind.resolve = same(kind.resolve, kind.resolve[usual]);
  return checkWorld(world);
}

/**
 * Two weeks with the same models; in the second (release 4.3.0, no slower than 4.2.0) three times as many sessions
 * review documents.
 */
export function changedMix(): World {
  const second = "2026-03-09";
  const { share } = JSON.parse(defaultWorldText()).workloads["document-review"];
  const releases = [
    { name: "4.2.0", from: "2026-03-02", slowdown: 1 },
    { name: "4.3.0", from: second, slowdown: 1 },
  ];
  const names = ["chat-assistant", "document-review", "coding-assistant"];
  return worldWith({
    days: 14,
    calls: 14_000,
    mix: [{ from: second, shares: { "document-review": 3 * share } }],
    workloads: Object.fromEntries(names.map((name) => [name, { releases }])),
  });
}
