import { judgedBy, scoreNames } from "../../facts/judgements";
import { raterKinds, ratersInOrder } from "../../facts/raters";
import type { Selection } from "../../facts/select";
import { listed } from "../../stats/text";
import { didYouMean } from "../../store/nearest";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/run";

export async function checkModels({ connection }: Selection, cheap: string, dear: string): Promise<void> {
  const rows = await rowsOf<{ model: string }>(
    connection,
    "select distinct model from selected where answers and model is not null order by model",
  );
  const known = rows.map(({ model }) => model);
  for (const model of [cheap, dear])
    if (!known.includes(model))
      throw new RangeError(
        `route requires a cascade of two of the log's models, got "${model}"${didYouMean(model, known) || `; there are ${known.slice(0, 10).join(", ")}`}`,
      );
}

/**
 * The table `verdicts`: the score, oriented so that higher is better; people cannot be asked before an answer is
 * sent.
 */
export async function validatorTable(
  store: Store,
  selection: Selection,
  name: string,
  low: boolean,
): Promise<void> {
  const { connection } = selection;
  const own = (await scoreNames(store)).find((one) => one.name === name);
  const kinds = Object.entries(own?.raters ?? {}).map(([rater, n]) => ({ rater, n }));
  const [first] = ratersInOrder(kinds.filter((kind) => !["human", "user", "outcome"].includes(kind.rater)));
  if (first === undefined)
    throw new RangeError(
      `route requires a validator that is known before an answer is sent on, got "${name}", which only ${listed(Object.keys(own?.raters ?? {}))} gave; name a judge's or a rule's score`,
    );
  const { rater } = first;
  await judgedBy(selection, name);
  await run(
    connection,
    `create or replace temp table verdicts as
     select subject, subject_id, ${low ? "-" : ""}value as value from judged where rater = $rater`,
    { rater },
  );
}

/** The table `goods`: how good an answer is, from 0 to 1, by the most authoritative kind of rater. */
export async function goodTable(selection: Selection, name: string, low: boolean): Promise<string> {
  const { connection } = selection;
  await judgedBy(selection, name);
  const found = await rowsOf<{ rater: string }>(connection, "select distinct rater from judged");
  const kinds = found.map(({ rater }) => rater);
  const rater = raterKinds.find((kind) => kinds.includes(kind)) ?? kinds[0] ?? "nobody";
  await run(
    connection,
    `create or replace temp table goods as
     select subject, subject_id, ${low ? "1 - value" : "value"} as value from judged where rater = $rater`,
    { rater },
  );
  return rater;
}
