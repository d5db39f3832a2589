import { quoteText } from "../../store/quote";
import type { Field } from "./fields";
import { withoutAccents } from "./foreignWords";
import { outcomeOf } from "./outcomeWords";

/** A call's statuses, and the words of other languages for them. English ones are read without a mapping. */
const statuses: Record<string, RegExp> = {
  ok: /^(succes|reussie?|terminee?|exito|exitos[oa]|correct[oa]|completad[oa]|erfolg(reich)?|riuscit[oa]|successo|sucesso|concluid[oa])$/,
  error:
    /^((en )?erreur|echec|echouee?|fall[oa]|fallid[oa]|fehler(haft)?|fehlgeschlagen|errore|fallit[oa]|erro|falha|falhou)$/,
  timeout:
    /^(delai (d'attente )?depasse|expiree?|tiempo (de espera )?(agotado|excedido)|zeit(uberschreitung|limit)|tempo (scaduto|esgotado))$/,
  rate_limited:
    /^(limite (de debit )?(atteinte|depassee)|limite (alcanzado|excedido|superato|atingido)|limit erreicht)$/,
  cancelled: /^(annulee?|cancelad[oa]|anulad[oa]|abgebrochen|annullat[oa])$/,
};

/** The status of a call by its words, those of other languages in ours. */
export function callStatus({ name, value, isText, values }: Field): string {
  const words = [...new Set(values.map((one) => String(one).trim().toLowerCase()))];
  const meant = words.flatMap((word) => {
    const found = Object.entries(statuses).find(([, one]) => one.test(withoutAccents(word)));
    return found === undefined ? [] : `when ${quoteText(word)} then ${quoteText(found[0])}`;
  });
  if (!isText || meant.length === 0) return value;
  return `case lower(trim(${name})) ${meant.join(" ")} else ${name} end`;
}

/** The status of a call by whether it succeeded, as a flag or in words: "yes", "nein". */
export function successStatus({ name, isText, values }: Field): string {
  const words = [...new Set(values.map((one) => String(one).trim().toLowerCase()))];
  if (!isText || !words.every((word) => ["resolved", "unresolved"].includes(outcomeOf(word) ?? "")))
    return `if(${name}, 'ok', 'error')`;
  const good = words.filter((word) => outcomeOf(word) === "resolved").map(quoteText);
  return `case when lower(trim(${name})) in (${good.join(", ") || "''"}) then 'ok' when trim(${name}) <> '' then 'error' end`;
}
