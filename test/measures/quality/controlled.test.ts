import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { qualityControlled } from "../../../src/measures/quality/controlled";
import { random } from "../../../src/stats/random";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import { withCalls } from "../calls";

const strength: Record<string, number> = { "gpt-4o": 0.4, "claude-3-opus": 0.2, "llama-3-70b": -0.2 };
const wordy: Record<string, number> = { "gpt-4o": 0, "claude-3-opus": 0, "llama-3-70b": 1.3 };
const lengthOdds = 1.2;
const ownOdds = 0.9;
const logistic = (x: number) => 1 / (1 + Math.exp(-x));

interface Said {
  call_id: string;
  model: string;
  user_id: string;
  output_length: number;
  judge: string;
  value: number;
}

/** Verdicts of judges who like long answers and those of their own family; users differ in what they ask. */
function world(seed: number, n = 900, judges = ["gpt-4-turbo", "claude-3-sonnet"]): Said[] {
  const source = random(seed);
  const models = Object.keys(strength);
  const users = Array.from({ length: 60 }, () => 0.5 * source.normal());
  return Array.from({ length: n }, (_, at) => {
    const model = models[at % models.length];
    const user = Math.floor(60 * source.uniform());
    const log = 5 + wordy[model] + 0.5 * source.normal();
    const judge = judges[Math.floor(judges.length * source.uniform())];
    const own = judge.split("-")[0] === model.split("-")[0] ? ownOdds : 0;
    const chance = logistic(strength[model] - 0.5 + users[user] + lengthOdds * (log - 5) + own);
    const value = Number(source.uniform() < chance);
    return {
      call_id: `c${at}`,
      model,
      user_id: `u${user}`,
      output_length: Math.round(Math.exp(log)),
      judge,
      value,
    };
  });
}

async function told(all: readonly Said[], options: { control: string; cluster?: string }) {
  const calls = all.map(({ judge, value, ...call }) => ({
    ...call,
    started_at: "2026-03-02 10:00:00",
    status: "ok",
  }));
  return withCalls(calls, async (store) => {
    await run(
      store.connection,
      `insert into scores by name select 'call' as subject, one.call_id as subject_id, 'good' as name, one.value as value,
         'judge' as rater, one.judge as rater_id
       from (select unnest(from_json($rows::json, '[{"call_id":"VARCHAR","value":"DOUBLE","judge":"VARCHAR"}]')) as one)`,
      { rows: JSON.stringify(all.map(({ call_id, value, judge }) => ({ call_id, value, judge }))) },
    );
    return qualityControlled(store, { score: "good", by: "model", ...options });
  });
}

describe("a judge's rates with what sways it held equal", () => {
  thorough("put the model first that is, where the judge's liking for length put another", async () => {
    const { rows, notes } = await told(world(1, 1500), { control: "output_length,family" });
    const first = (name: "raw" | "controlled") =>
      [...rows].sort((a, b) => b[name].value - a[name].value)[0].model;
    assert.equal(first("raw"), "llama-3-70b");
    assert.equal(first("controlled"), "gpt-4o");
    const odds = (what: RegExp) => {
      const note = notes.find((one) => what.test(one)) ?? "";
      return [...note.matchAll(/\d+\.?\d*/g)].map(([one]) => Number(one));
    };
    const [, low, high] = odds(/twice as long/);
    assert.ok(low <= 2 ** lengthOdds * 1.05 && high >= 2 ** lengthOdds * 0.9, `${low} to ${high}`);
    const [, lowOwn, highOwn] = odds(/own family/);
    assert.ok(lowOwn > 1 && highOwn >= Math.exp(ownOdds) * 0.9, `${lowOwn} to ${highOwn}`);
    assert.ok(notes.some((note) => /[12] of 3 pairs of rows change their order/.test(note)));
  });

  test("say where a family cannot be told from quality, and where a model's verdicts are alike", async () => {
    const one = world(2, 600, ["gpt-4-turbo"]).map((said) =>
      said.model === "claude-3-opus" ? { ...said, value: 1 } : said,
    );
    const { rows, notes } = await told(one, { control: "output_length,family" });
    assert.ok(notes.some((note) => /all judges are of one family/.test(note)));
    const same = rows.find(({ model }) => model === "claude-3-opus");
    assert.match(same?.controlled.note ?? "", /all of its verdicts are the same/);
    assert.ok(rows.filter(({ controlled }) => Number.isFinite(controlled.low)).length === 2);
  });

  test("tell length from difficulty by the prompts that several models answered", async () => {
    const all = world(4, 600);
    const apart = await told(all, { control: "output_length" });
    assert.ok(apart.notes.some((note) => /Fewer than 30 prompts were answered by several models/.test(note)));
    const shared = all.map((said, at) => ({ ...said, prompt_id: `p${Math.floor(at / 3)}` }));
    const { rows, notes } = await told(shared, { control: "output_length" });
    assert.ok(!notes.some((note) => /answered by several models/.test(note)));
    assert.deepEqual(
      [...new Set(rows.map(({ controlled }) => controlled.method))],
      ["logistic-standardised"],
    );
  });

  test("refuse a control that there is not", async () => {
    await assert.rejects(told(world(3, 60), { control: "output_lenght" }), /did you mean "output_length"/);
    await assert.rejects(told(world(3, 60), { control: "order" }), /order of two answers is in preferences/);
  });
});

thorough("intervals of controlled rates cover what a long run comes to", async (t) => {
  const long = await told(world(1e6, 60_000), { control: "output_length,family" });
  const truth = new Map(long.rows.map(({ model, controlled }) => [model, controlled.value]));
  let [covered, all] = [0, 0];
  for (let seed = 1; seed <= 80; seed++) {
    const { rows } = await told(world(seed, 600), { control: "output_length,family" });
    for (const {
      model,
      controlled: { low, high },
    } of rows) {
      covered += Number(low <= truth.get(model)! && truth.get(model)! <= high);
      all += 1;
    }
  }
  t.diagnostic(`covered ${(covered / all).toFixed(3)} of ${all}`);
  assert.ok(covered / all > 0.92, `${covered / all}`);
});

test("a score beyond 0 to 1 has no controlled rate, and the reason is its range", async () => {
  const stars = world(5, 120).map((one, at) => ({ ...one, value: at % 4 === 0 ? 1 : 1 + (at % 5) }));
  const { rows } = await told(stars, { control: "output_length" });
  assert.equal(rows.length, 3);
  for (const { controlled: held } of rows)
    assert.deepEqual([held.value, held.note], [Number.NaN, "needs scores from 0 to 1"]);
});
