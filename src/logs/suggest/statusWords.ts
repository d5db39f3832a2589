import { quoteText } from "../../store/quote";
import { isStatus } from "../records/canonical";
import { failureCases, kindOfWord } from "../records/failure";
import type { Field } from "./fields";
import { withoutAccents } from "./foreignWords";
import { outcomeOf } from "./outcomeWords";

/**
 * The words of other languages for two of a call's statuses; English ones are read without a mapping, and the kinds of
 * failure have words of their own.
 */
const statuses: Record<"ok" | "error", RegExp> = {
  ok: /^(succes|reussie?|terminee?|exito|exitos[oa]|correct[oa]|completad[oa]|erfolg(reich)?|riuscit[oa]|successo|sucesso|concluid[oa])$/,
  error:
    /^((en )?erreur|echec|echouee?|fall[oa]|fallid[oa]|fehler(haft)?|fehlgeschlagen|errore|fallit[oa]|erro|falha|falhou)$/,
};

function meaningOf(word: string): string | undefined {
  const found = Object.entries(statuses).find(([, one]) => one.test(withoutAccents(word)));
  return found?.[0] ?? kindOfWord(word);
}

/** The status of a call by its words, those of other languages in ours. */
export function callStatus({ name, value, isText, values }: Field): string {
  const words = [...new Set(values.map((one) => String(one).trim().toLowerCase()))];
  const meant = words.flatMap((word) => {
    const found = isStatus(word) ? undefined : meaningOf(word);
    return found === undefined ? [] : `when ${quoteText(word)} then ${quoteText(found)}`;
  });
  if (!isText || meant.length === 0) return value;
  return `case lower(trim(${name})) ${meant.join(" ")} else ${name} end`;
}

const plainError = "'error'";
const flags = {
  no: /^(no?|false|f|0|nein|nee|non|nao|falso|faux|falsch)$/,
  yes: /^(yes|y|true|t|1|ja|oui|si|sim|vrai|verdadero|verdadeiro|wahr|vero|x)$/,
};
const noError = /^(none|null|nil|n\/?a|-+|keine?r?|aucune?|ningun[oa]?|nessun[oa]?|nenhuma?)$/;
const namesError =
  /err|exception|fail|time.?d?.?out|limit|refus|denied|invalid|abort|cancel|unavailable|overload|exceed|reset|^[45]\d\d\b/;

/** What the words of a field say of a call, as a sample has them. */
export interface SuccessWords {
  words: string[];
  /** Those of a call that succeeded, and of one that failed. */
  good: string[];
  bad: string[];
  /** Words that nobody can interpret. */
  unknown: string[];
  /** True if some word is a plain yes or no: a word that no sample has then says nothing. */
  isFlag: boolean;
}

/** True if a word of another language is the status of a call that failed. */
const isFailed = (word: string) =>
  statuses.error.test(withoutAccents(word)) || kindOfWord(word) !== undefined;
const ofFailure = /^(is_|has_)?(err(or)?|failed|failure)$/;

/** Whether the calls behind the words of a field succeeded; its name says whether "yes" is success or failure. */
export function successWords({ said, values }: Field): SuccessWords {
  const words = [...new Set(values.map((one) => String(one).trim().toLowerCase()))].sort();
  const isFailure = ofFailure.test(said.what) || /^(err|exception|failure)/.test(said.what);
  const is = (what: RegExp) => (word: string) => what.test(withoutAccents(word));
  const [good, bad] = isFailure
    ? [
        (word: string) =>
          is(flags.no)(word) || is(noError)(word) || (outcomeOf(word) === "resolved" && !is(flags.yes)(word)),
        (word: string) =>
          is(flags.yes)(word) || is(namesError)(word) || isFailed(word) || outcomeOf(word) === "unresolved",
      ]
    : [(word: string) => outcomeOf(word) === "resolved", (word: string) => outcomeOf(word) === "unresolved"];
  return {
    words,
    good: words.filter(good),
    bad: words.filter((word) => !good(word) && bad(word)),
    unknown: words.filter((word) => !good(word) && !bad(word)),
    isFlag: !isFailure || words.some((word) => is(flags.no)(word) || is(flags.yes)(word)),
  };
}

const list = (words: readonly string[]) => words.map(quoteText).join(", ") || "''";

// A sample may have one of the two alone.
const pairs = (
  "yes no|y n|true false|t f|1 0|ja nein|ja nee|oui non|si no|sí no|sim não|sim nao|vrai faux|wahr falsch|vero falso|verdadero falso|" +
  "verdadeiro falso|ok error|success failure|success failed|succeeded failed"
)
  .split("|")
  .map((pair) => pair.split(" "));
const partnersOf = (word: string) =>
  pairs.flatMap(([one, other]) => (word === one ? [other] : word === other ? [one] : []));

/**
 * The status of a call by words that say whether it succeeded, and by their opposites; null for all other words, such as
 * those that say nothing.
 */
export function statusBySuccess(
  name: string,
  {
    good,
    bad,
    nothing = [],
    failed = plainError,
  }: Pick<SuccessWords, "good" | "bad"> & { nothing?: readonly string[]; failed?: string },
): string {
  const said = [...good, ...bad, ...nothing];
  const opposites = (words: readonly string[]) =>
    words.map(partnersOf).flatMap((some) => (some.some((one) => said.includes(one)) ? [] : some));
  const of = (own: readonly string[], others: readonly string[]) =>
    `lower(trim(${name})) in (${list([...new Set([...own, ...opposites(others)])])})`;
  return `case when ${of(good, bad)} then 'ok' when ${of(bad, good)} then ${failed} end`;
}

/**
 * The status of a call by whether it succeeded, as a flag or in words: "yes", "nein".
 *
 * @param failed SQL for the status of a call that failed
 */
export function successStatus(field: Field, failed = plainError): string {
  const known = successWords(field);
  const isKnown = known.good.length + known.bad.length > 0 && known.isFlag;
  if (!field.isText || !isKnown)
    return ofFailure.test(field.said.what)
      ? `if(${field.name}, ${failed}, 'ok')`
      : `if(${field.name}, 'ok', ${failed})`;
  return statusBySuccess(field.name, { ...known, nothing: known.unknown, failed });
}

/** What kind of failure the error of a call is, by its words: in English, and in the languages of the sample. */
const kindOfError = ({ name, values }: Pick<Field, "name" | "values">, http?: string): string =>
  failureCases({ words: `lower(${name})`, http, sample: values.map(String) });

/** The status of a call by the error that it names: none is named, or one of the words that name none. */
export const statusOfError = (field: Pick<Field, "name" | "values">, none: readonly string[]) =>
  `case when coalesce(trim(${field.name}), '') = ''${none.length === 0 ? "" : ` or lower(trim(${field.name})) in (${list(none)})`} then 'ok' ${kindOfError(field)} else 'error' end`;

/**
 * The kind of a failure that a flag tells, as the error or the HTTP status beside it has it: a timeout is a wait, and
 * other failures are none.
 */
export function failureBeside(error?: Field, http?: string): string {
  if (error === undefined && http === undefined) return plainError;
  const cases = error === undefined ? failureCases({ http }) : kindOfError(error, http);
  return `case ${cases} else ${plainError} end`;
}

/** The error that a call names; null for the words that name none. */
export const errorType = (name: string, none: readonly string[]) =>
  none.length === 0 ? name : `case when lower(trim(${name})) not in (${list(none)}) then ${name} end`;
