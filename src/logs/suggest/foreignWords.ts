/** English words of field names, and the words of French, Spanish, German, Italian and Portuguese for them. */
const english: Record<string, string> = {
  model: "modele modelo modell modello",
  duration: "duree duracion duracao dauer durata laufzeit",
  latency: "latence latencia latenz latenza",
  time: "temps tiempo tempo zeit heure hora uhrzeit",
  timestamp: "horodatage zeitstempel zeitpunkt",
  date: "fecha datum",
  start: "debut inicio beginn anfang inizio",
  end: "fin ende",
  created: "cree creado erstellt creato criado creation creacion",
  closed:
    "cloture cloturee cloturer ferme fermee fermeture cerrado cerrada cierre geschlossen abschluss chiuso chiusura fechado fechamento",
  resolved: "resolu resolue resuelto resuelta gelost risolto resolvido",
  resolution: "resolucion losung risoluzione resolucao",
  input: "entree entrees entrada eingabe eingang ingresso",
  output: "sortie sorties salida ausgabe uscita saida",
  usage: "utilisation consommation consumo uso nutzung verbrauch utilizzo",
  request: "requete peticion solicitud anfrage richiesta requisicao",
  response: "reponse respuesta antwort risposta resposta",
  token: "jeton",
  tokens: "jetons",
  cached: "cachee cacheado",
  cost: "cout couts costo costos coste costes custo kosten",
  price: "prix precio preis prezzo preco tarif tarifa",
  amount: "montant importe betrag importo",
  user: "utilisateur utilisatrice usager usuario benutzer nutzer utente",
  customer: "cliente kunde kundin",
  ticket: "billet vorgang",
  incident: "incidencia incidente",
  case: "dossier caso",
  task: "tache tarea aufgabe tarefa",
  conversation: "conversacion gesprach conversazione conversa",
  session: "sesion sitzung sessione sessao",
  call: "appel llamada aufruf chiamata chamada",
  status: "etat statut estado stato zustand",
  result: "resultat resultado ergebnis risultato",
  outcome: "desenlace esito",
  success: "reussi reussie succes exito exitoso erfolg erfolgreich riuscito successo sucesso",
  error: "erreur fehler errore erro",
  provider: "fournisseur proveedor anbieter fornitore fornecedor",
  service: "servicio dienst servizio servico",
  application: "aplicacion anwendung applicazione aplicacao",
  category: "categorie categoria kategorie",
  project: "projet proyecto projekt progetto projeto",
  queue: "cola warteschlange coda fila",
  satisfaction: "satisfaccion zufriedenheit soddisfazione satisfacao",
  rating: "puntuacion valoracion bewertung valutazione avaliacao",
  comment: "commentaire comentario kommentar commento",
  number: "numero nummer nombre anzahl",
  id: "identifiant identificador kennung identificativo",
  total: "gesamt insgesamt totale",
  first: "premier primer primero erster erstes",
  per: "par por",
  million: "millon millones millionen milione milioni milhao milhoes",
  thousand: "mille mil tausend",
  since: "depuis desde seit",
  ms: "millisecondes milisegundos millisekunden millisecondi milissegundos",
  s: "secondes segundos sekunden secondi",
  on: "le el",
  "": "de des du del della di da do d l en",
};
const meanings = new Map(
  Object.entries(english).flatMap(([word, others]) => others.split(" ").map((one) => [one, word])),
);
// German writes as one word, and Spanish as two, what is another in English.
const compounds: [words: RegExp, english: string][] = [
  [/\bantwortzeit\b/g, "response time"],
  [/\b(ver|be)arbeitungszeit\b/g, "processing time"],
  [/\b(start|anfangs|beginn|anfrage)(zeit(punkt|stempel)?|datum)\b/g, "start time"],
  [/\bend(zeit(punkt|stempel)?|datum)\b/g, "end time"],
  [/\berstell(ungs)?(zeit(punkt|stempel)?|datum)\b/g, "created"],
  [/\bmodellname\b/g, "model name"],
  [/\b(be)?nutzer(id|nummer|kennung|name)\b|\bkunden(id|nummer|kennung)\b/g, "user id"],
  [/\bvorgangs(id|nummer|kennung)\b|\bticketnummer\b/g, "ticket id"],
  [/\beingabetokens?\b/g, "input tokens"],
  [/\bausgabetokens?\b/g, "output tokens"],
  [/\btok(en)?s? ein\b/g, "input tokens"],
  [/\btok(en)?s? aus\b/g, "output tokens"],
  [/\bmarca (de )?(tiempo|temporal)\b/g, "timestamp"],
];

/** A text without accents, to compare words. */
export const withoutAccents = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ß", "ss");

/**
 * The parts of a field's name in English: "jetons_entrée" is tokens, input. "de" and its like are left out, unless
 * they are all there is.
 */
export function inEnglish(parts: readonly string[]): string[] {
  const text = compounds.reduce((all, [words, other]) => all.replace(words, other), parts.join(" "));
  const all = text.split(" ").filter(Boolean);
  const meant = all.map((part, at) => (part === "le" && at === 0 ? "" : (meanings.get(part) ?? part)));
  const told = meant.filter(Boolean);
  return told.length === 0 ? all : told;
}
