import { select } from "../../facts/select";
import { grouped, percent } from "../../stats/text";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/run";
import type { MeasureRequest } from "../options";
import type { OtherPrices, Repriced } from "./repriced";

type Asked = OtherPrices & { tokens: readonly number[] };

/** How calls are priced, and what has no other price. */
export function repriceNotes(options: Asked, { models, unlisted, unpriced, keeps }: Repriced): string[] {
  const unknown = models.filter(({ price }) => price === null);
  const priced = unlisted.filter((name) => !unknown.some(({ model }) => model === name));
  const names = unknown.slice(0, 3).map(({ model }) => model);
  const more = unknown.length > 3 ? ", ..." : "";
  return [
    answersNote(options),
    ...(options.as === undefined && priced.length > 0
      ? [`Not in the list, and left at the store's prices: ${priced.join(", ")}.`]
      : []),
    ...(unknown.length > 0 ? [`No price there: ${names.join(", ")}${more}.`] : []),
    ...(unpriced > 0
      ? [
          `${grouped(unpriced)} calls without a price there, or without tokens, ${keeps ? "keep their logged cost" : "are left out"}.`,
        ]
      : []),
  ];
}

/** The note for calls that no list could price. */
export async function unpricedNotes(store: Store, request: MeasureRequest): Promise<string[]> {
  const selection = await select(store, request, { by: [] });
  try {
    const [{ calls, counted }] = await rowsOf<{ calls: number; counted: number }>(
      selection.connection,
      "select count(*)::double as calls, count(input_tokens)::double as counted from selected where chosen",
    );
    return calls > 0 && counted === 0 ? ["No call has its input tokens: no list can price it."] : [];
  } finally {
    selection.close();
  }
}

/** Says how calls are priced, in a sentence or two. */
function answersNote({ prices, as, caching, tokens: [least, most] }: Asked): string {
  if (caching !== undefined) {
    const others = caching < 1 ? ", and as many of the others written to it as were" : "";
    const what =
      caching === 0
        ? "Repriced without caching"
        : `Repriced with ${percent(caching)} of the input tokens read from a cache${others}`;
    const whose = prices === undefined ? "the store's prices" : `the prices of ${prices}`;
    return `${what}, against caching as logged, both at ${whose}. A model without a price for cached tokens reads them at the full one. \`saved\` is for the calls of the log; its interval is of traffic like it.`;
  }
  if (as === undefined)
    return `The same calls at the prices of ${prices}: tokens, retries and caching as logged.`;
  const tokens =
    least === 1 && most === 1
      ? "the tokens of the logged model"
      : `${least} to ${most} times the tokens of the logged model`;
  return `Every answer priced as ${as}'s, with ${tokens} and retries as logged: its own answers may be longer or shorter, and how often it would be tried again and whether it would resolve the same tasks is not known. The interval has none of that.`;
}
