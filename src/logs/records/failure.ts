/** The kinds of failure that a call's words or HTTP status tell apart from a plain error. */
export type FailureKind = "rate_limited" | "timeout" | "cancelled";

/** What the words of a failed call mean, as regular expressions over lower case. */
const english: Record<FailureKind, string> = {
  rate_limited: "rate.?limit|too.?many.?requests|throttl|quota|\\b429\\b",
  timeout: "time.?out|timed.out|deadline|\\b(408|504)\\b",
  cancelled: "cancel|abort",
};
const others: Record<FailureKind, string[]> = {
  rate_limited: [
    "l[ií]mite (de d[ée]bit )?(atteinte|d[ée]pass[ée]e|alcanzado|excedido|superato|atingido)",
    "limit erreicht",
    "限流",
    "レート制限",
  ],
  timeout: [
    "d[ée]lai (d.attente )?d[ée]pass[ée]",
    "^expir[ée]e?$",
    "tiempo (de espera )?(agotado|excedido)",
    "zeit([üu]|ue)berschreitung",
    "zeitlimit",
    "tempo (scaduto|esgotado)",
    "таймаут",
    "超时",
    "タイムアウト",
  ],
  cancelled: ["annul", "anulad", "abgebrochen", "отмен", "取消", "キャンセル"],
};
const codes: Record<FailureKind, string> = {
  rate_limited: "= 429",
  timeout: "in (408, 504)",
  cancelled: "= 499",
};
export const failureKinds = Object.keys(english) as FailureKind[];

/** The regular expression, over lower case, of the words for a kind of failure in any language. */
export const failureWords = (kind: FailureKind): string => [english[kind], ...others[kind]].join("|");

/** The same in English and in the words of other languages that a sample has. */
function wordsFor(kind: FailureKind, sample: readonly string[]): string {
  const said = others[kind].filter((word) => sample.some((one) => new RegExp(word).test(one.toLowerCase())));
  return [english[kind], ...said].join("|");
}

/** The kind of failure that a word in lower case means, if any. */
export const kindOfWord = (word: string): FailureKind | undefined =>
  failureKinds.find((kind) => new RegExp(failureWords(kind)).test(word));

/**
 * The cases of an SQL expression that tell what kind of failure the words or the HTTP status of a call mean.
 *
 * @param told.words SQL of a text in lower case; its words count only where `failed`, which is SQL too, is true
 * @param told.sample texts whose languages are enough, for an expression that people read; default: all languages
 */
export function failureCases(told: {
  words?: string;
  failed?: string;
  http?: string;
  sample?: readonly string[];
}): string {
  const { words, failed, http, sample } = told;
  return failureKinds
    .map((kind) => {
      const pattern = sample === undefined ? failureWords(kind) : wordsFor(kind, sample);
      const said = words === undefined ? [] : [`regexp_matches(${words}, '${pattern}')`];
      const conditions = [
        ...(http === undefined ? [] : [`${http} ${codes[kind]}`]),
        ...said.map((one) => (failed === undefined ? one : `(${failed} and ${one})`)),
      ];
      return `when ${conditions.join(" or ")} then '${kind}'`;
    })
    .join(" ");
}

/** What a failed call's HTTP status and words mean: the status of the canonical tables. */
export function statusOf(failed: string, words: string, http = "null::bigint"): string {
  return `(case ${failureCases({ words: `lower(coalesce(${words}, ''))`, failed, http })}
    when ${http} >= 400 or ${failed} then 'error' else 'ok' end)`;
}

/** A status from the HTTP status and the error, if the log has no status of its own. */
export const impliedStatus = `case when http_status >= 200 or nullif(error_type, '') is not null
  then ${statusOf("coalesce(error_type, '') <> ''", "error_type", "http_status")} end`;
