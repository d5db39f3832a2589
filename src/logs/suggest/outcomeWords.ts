import { withoutAccents } from "./foreignWords";

export type Outcome = "resolved" | "unresolved" | "open";

const done =
  "resolved solved fixed done closed settled successful|resolue?s? solutionnee? traitee? cloturee? fermee? clos reussie?|resuelt[oa] solucionad[oa] cerrad[oa] exitos[oa]|gelost erledigt geschlossen abgeschlossen behoben|risolt[oa] chius[oa]|resolvid[oa] fechad[oa] concluid[oa]".replaceAll(
    " ",
    "|",
  );
const words: [Outcome, RegExp][] = [
  [
    "unresolved",
    new RegExp(
      `^((not|never|non|pas|no|sin|nicht|nao)[ _-]?|un)(resolver|resolucion|${done})$|` +
        "^(escalated?|fail(ed|ure)?|error|rejected|abandoned|cancell?ed|reopened|wont ?fix|lost|no?|f(alse)?|0|nein|nee|non|nao|" +
        "escaladee?|escalad[oa]|eskaliert|echec|echouee?|erreur|fallid[oa]|fallo|fehlgeschlagen|fehler|fallit[oa]|errore|falha|erro|" +
        "rejetee?|rechazad[oa]|abgelehnt|respint[oa]|rejeitad[oa]|abandonnee?|abandonad[oa]|annulee?|cancelad[oa]|anulad[oa]|" +
        "abgebrochen|annullat[oa]|reouverte?|reabiert[oa]|faux|falso|falsch)$",
    ),
  ],
  [
    "open",
    /^(open|pending|in[ _]progress|new|waiting|on hold|unknown|ouverte?|en cours|en attente|nouveau|abiert[oa]|pendiente|en (curso|proceso|espera)|nuev[oa]|offen|in bearbeitung|wartend|neu|apert[oa]|in (corso|attesa)|abert[oa]|pendente|em andamento)$/,
  ],
  [
    "resolved",
    new RegExp(
      `^(success|succeeded|completed?|yes|y|t(rue)?|won|ok|1|ja|oui|si|sim|vrai|verdadero|wahr|vero|${done}|` +
        "terminee?|terminad[oa]|completad[oa]|succes|exito|erfolg(reich)?|successo|sucesso)$",
    ),
  ],
];

/** What an outcome's word says of a task, in English and the languages beside it; undefined if nobody can tell. */
export const outcomeOf = (word: string): Outcome | undefined =>
  words.find(([, one]) => one.test(withoutAccents(word)))?.[0];

const solved =
  /solved|fixed|resolu|resuelt|solucionad|geloe?st|erledigt|behoben|risolt|resolvid|escalat|eskaliert/;
/** True for words that are said of a task alone, never of a call: "solved", "nicht gelöst". */
export const saysSolved = ({ isText, values }: { isText: boolean; values: readonly unknown[] }): boolean =>
  isText && values.some((one) => solved.test(withoutAccents(String(one).toLowerCase())));
