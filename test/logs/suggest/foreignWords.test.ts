import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { shapeOf } from "../../../src/logs/files/shape";
import { suggestion } from "../../../src/logs/suggest/suggestion";

type Records = Record<string, unknown>[];
const suggested = (records: Records) => [suggestion(shapeOf(records), records)].flat();
const columnsOf = (...records: Records) => suggested(records)[0].columns;

describe("names in French, Spanish, German, Italian and Portuguese", () => {
  test("are read as the English ones, with accents and in any order", () => {
    const french = {
      "n°": "1",
      ticket: "T-1",
      utilisateur: "u1",
      modèle: "gpt-4o",
      horodatage: "2026-03-02T08:00:00Z",
      durée_ms: "2794,1",
      "jetons d'entrée": "683",
      jetons_sortie: "157",
      coût: "0,004404",
    };
    assert.deepEqual(columnsOf(french), {
      task_id: "ticket",
      user_id: "utilisateur",
      model: '"modèle"',
      started_at: "horodatage",
      duration: `cast(translate("durée_ms", ',.$', '.') as double) / 1000`,
      input_tokens: `"jetons d'entrée"`,
      output_tokens: "jetons_sortie",
      cost: `cast(translate("coût", ',.$', '.') as double)`,
    });
    const spanish = { modelo: "a", fecha_inicio: "2026-03-02", tiempo_respuesta_ms: 5, tokens_salida: 7 };
    assert.deepEqual(columnsOf(spanish), {
      model: "modelo",
      started_at: "fecha_inicio",
      duration: "tiempo_respuesta_ms / 1000",
      output_tokens: "tokens_salida",
    });
    const german = {
      Modell: "a",
      Zeitstempel: "2026-03-02",
      Antwortzeit_Sekunden: 5,
      Kosten: 0.5,
      Kunde: "k",
    };
    assert.deepEqual(columnsOf(german), {
      model: "Modell",
      started_at: "Zeitstempel",
      duration: "Antwortzeit_Sekunden",
      cost: "Kosten",
      user_id: "Kunde",
    });
    const asOneWord = {
      Vorgangsnummer: "T-1",
      Benutzerkennung: "u",
      Modellname: "a",
      Startzeitpunkt: "2026-03-02 08:00:00",
      Bearbeitungszeit_ms: 5,
    };
    assert.deepEqual(columnsOf(asOneWord), {
      task_id: "Vorgangsnummer",
      user_id: "Benutzerkennung",
      model: "Modellname",
      started_at: "Startzeitpunkt",
      duration: "Bearbeitungszeit_ms / 1000",
    });
    const ends = { Modell: "a", Startzeit: "2026-03-02 08:00:00", Endzeit: "2026-03-02 08:00:04" };
    const { started_at, duration } = columnsOf(ends);
    assert.deepEqual([started_at, /Endzeit/.test(duration ?? "")], ["Startzeit", true]);
  });

  test("whether a call succeeded is its status, said by yes and no in any of the languages", () => {
    for (const [name, yes, no] of [
      ["success", "yes", "no"],
      ["Erfolgreich", "ja", "nein"],
      ["réussi", "Oui", "Non"],
      ["éxito", "sí", "no"],
    ] as const) {
      const rows = [yes, no, yes].map((said) => ({ model: "m", input_tokens: 5, [name]: said }));
      const quoted = /^\w+$/.test(name) ? name : `"${name}"`;
      assert.equal(
        columnsOf(...rows).status,
        `case when lower(trim(${quoted})) in ('${yes.toLowerCase()}') then 'ok' when lower(trim(${quoted})) in ('${no.toLowerCase()}') then 'error' end`,
      );
    }
    const words = ["red", "blue"].map((success) => ({ model: "m", input_tokens: 5, success }));
    assert.equal(columnsOf(...words).status, undefined);
  });

  test("their words for how a call went are statuses", () => {
    const rows = ["OK", "Erreur", "Délai dépassé"].map((état) => ({ modèle: "m", jetons_entrée: 5, état }));
    assert.equal(
      columnsOf(...rows).status,
      `case lower(trim("état")) when 'erreur' then 'error' when 'délai dépassé' then 'timeout' else "état" end`,
    );
  });

  test("their words for an outcome are outcomes: what is not solved is no success", () => {
    const tickets = (column: string, ...words: string[]) =>
      columnsOf(...words.map((word, at) => ({ id_ticket: `T-${at}`, [column]: word }))).resolved;
    assert.equal(tickets("résultat", "résolu", "non résolu"), `lower(trim("résultat")) in ('résolu')`);
    assert.equal(tickets("estado", "cerrado", "escalado"), "lower(trim(estado)) in ('cerrado')");
    assert.equal(
      tickets("Ergebnis", "gelöst", "ungelöst", "in Bearbeitung"),
      "case when lower(trim(Ergebnis)) not in ('in bearbeitung') then lower(trim(Ergebnis)) in ('gelöst') end",
    );
    assert.equal(tickets("esito", "Risolto", "Non risolto"), "lower(trim(esito)) in ('risolto')");
    assert.equal(tickets("estado", "resolvido", "não resolvido"), "lower(trim(estado)) in ('resolvido')");
  });

  test("their price lists are price lists, in their currency", () => {
    const list = { modèle: "m", prix_entrée_par_million_eur: "3,50", prix_sortie_par_million_eur: "15" };
    assert.deepEqual(suggested([list])[0], {
      table: "prices",
      columns: {
        model: '"modèle"',
        input: `cast(translate("prix_entrée_par_million_eur", ',.$', '.') as double) / 1e6`,
        output: "prix_sortie_par_million_eur / 1e6",
      },
    });
  });
});

describe("a gateway's nested records", () => {
  const record = {
    rid: "g1",
    when: { recv_us: 1741000014630698, first_byte_us: 1741000016226179, done_us: 1741000020717646 },
    who: { tenant: "acme", end_user: "eu1" },
    usage: { in: { total: 936, cached: 41 }, out: { total: 232 } },
    result: { http: 200, finish: "stop" },
    billing: { amount_microusd: 1302 },
  };

  test("have waits between points in time, never a point in time as a wait", () => {
    const { started_at, duration, time_to_first_token } = columnsOf(record);
    assert.equal(started_at, 'make_timestamp("when".recv_us::bigint)');
    assert.equal(duration, '("when".done_us - "when".recv_us) / 1e6');
    assert.equal(time_to_first_token, '("when".first_byte_us - "when".recv_us) / 1e6');
    const wait = { model: "m", ts: "2026-03-02T08:00:00Z", first_byte_us: 250_000 };
    assert.equal(columnsOf(wait).time_to_first_token, "first_byte_us / 1e6");
  });

  test("count tokens below the name of their side", () => {
    const { input_tokens, cache_read_input_tokens, output_tokens } = columnsOf(record);
    assert.deepEqual(
      [input_tokens, cache_read_input_tokens, output_tokens],
      ['usage."in".total', 'usage."in".cached', "usage.out.total"],
    );
  });

  test("bill in millionths of a dollar where their name says so", () => {
    assert.equal(columnsOf(record).cost, "billing.amount_microusd / 1e6");
    assert.equal(columnsOf({ model: "m", costMicroUsd: 5 }).cost, "costMicroUsd / 1e6");
    assert.equal(columnsOf({ model: "m", cost_cents: 5 }).cost, "cost_cents / 100");
  });

  test("know a person before the company, and an HTTP status and an id by their short names", () => {
    const { user_id, http_status, call_id, finish_reason } = columnsOf(record);
    assert.deepEqual(
      [user_id, http_status, call_id, finish_reason],
      ["who.end_user", "result.http", "rid", "result.finish"],
    );
  });
});
