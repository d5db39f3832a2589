import { random } from "../../src/stats/random";
import type { Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { type Call, storeOf } from "../measures/calls";

const words =
  "account address amount answer archive balance batch board border bridge budget cable canvas carrier charge claim clause client column contract copper credit cycle damage debit deposit detail device dinner draft engine entry escrow event export factor fault field figure filter forest garden glass grant harbor hinge hotel import index invoice island item journal kettle ladder ledger lemon letter level limit margin market meadow meter mirror notice number object offer office orange order outage owner packet panel parcel pattern payment pencil period permit phone planet policy portal prefix price profit query quota radio range rate record refund region release rental repair report request river rocket salary sample scale season seller sensor series server shadow shelf signal silver socket source spring station status stone street supply switch system table target tax tenant ticket timber token tool train transfer travel trial tunnel union update valley value vendor vessel video voucher wagon wallet weather window winter yield zone".split(
    " ",
  );

/** The log of a small company: three workloads, users with unequal use, and every edge case. */
export async function trafficStore(
  count = 2000,
  { prompts = true, duplicates = 0.1 }: { prompts?: boolean; duplicates?: number } = {},
): Promise<Store> {
  const r = random(7);
  const calls: Call[] = [];
  const texts: { call_id: string; prompt: string; output: string }[] = [];
  const scores: { id: string; value: number }[] = [];
  const pick = () => words[Math.floor(r.uniform() * words.length)];
  let last = "";
  for (let at = 0; at < count; at++) {
    const workload = at % 10 < 6 ? "chat" : at % 10 < 9 ? "review" : "coding";
    const length = 15 + Math.floor(40 * r.uniform() ** 2);
    const prompt =
      r.uniform() < duplicates && last !== "" ? `${last} please` : Array.from({ length }, pick).join(" ");
    last = prompt;
    const task = {
      call_id: `call-${at}`,
      task_id: `task-${at}`,
      user_id: `user-${Math.floor(40 * r.uniform() ** 3)}`,
      workload,
      model: at % 2 === 0 ? "orrery" : "quillon",
      attempt: 1,
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 600_000).toISOString(),
      input_tokens: length * 2 + Math.floor(20 * r.uniform()),
      duration: 1,
      finish_reason: at % 250 === 17 ? "content_filter" : "stop",
      status: at % 40 === 3 ? "error" : "ok",
    };
    calls.push(task);
    texts.push({ call_id: task.call_id, prompt, output: `about ${pick()} and ${pick()}` });
    if (at % 50 === 9) {
      calls.push({ ...task, call_id: `again-${at}`, attempt: 2 });
      texts.push({ call_id: `again-${at}`, prompt, output: "second try" });
    }
    if (at % 30 === 5) scores.push({ id: task.call_id, value: at % 60 === 5 ? 0 : 1 });
  }
  const store = await storeOf(calls);
  if (prompts)
    await run(
      store.connection,
      `insert into texts by name select one.* from
       (select unnest(from_json($texts::json, '[{"call_id":"VARCHAR","prompt":"VARCHAR","output":"VARCHAR"}]')) as one)`,
      { texts: JSON.stringify(texts) },
    );
  await run(
    store.connection,
    `insert into scores by name select 'call' as subject, one.id as subject_id, 'thumbs' as name, 'user' as rater, one.value
     from (select unnest(from_json($scores::json, '[{"id":"VARCHAR","value":"DOUBLE"}]')) as one)`,
    { scores: JSON.stringify(scores) },
  );
  return store;
}
