import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { thorough } from "../property";
import { fieldnotes, folder } from "./command";

const { path: here, remove } = folder();
after(remove);

before(async () => {
  const rows = Array.from(
    { length: 60 },
    (_, at) =>
      `T${at >> 1};u${at % 12};${at % 4 < 2 ? "gpt-4o" : "claude-3-haiku"};2026-03-0${2 + (at % 7)}T09:00:${10 + (at % 50)}Z;1,5;ok`,
  );
  writeFileSync(
    join(here, "appels.csv"),
    `ticket;utilisateur;modèle;horodatage;durée_s;état\n${rows.join("\n")}\n`,
  );
  writeFileSync(
    join(here, "tickets.csv"),
    `ticket;résultat\n${Array.from({ length: 30 }, (_, at) => `T${at};${at % 3 ? "résolu" : "non résolu"}`).join("\n")}\n`,
  );
  writeFileSync(join(here, "board.csv"), "Model,MMLU\ngpt-4o,80\nclaude-3-haiku,70\n");
  await fieldnotes(["map", "appels.csv", "tickets.csv"], here);
  await fieldnotes(["ingest", "appels.csv", "tickets.csv"], here);
});

describe("a first hour on a store of one's own", () => {
  test("a value that no call has is named, with the nearest that some have", async () => {
    const { code, stdout } = await fieldnotes(["latency", "--where", "model = 'gpt4o'"], here);
    assert.equal(code, 0);
    assert.match(stdout, /No call is selected\.\nNo call has model = 'gpt4o'; did you mean "gpt-4o"\?/);
    assert.doesNotMatch(stdout, /---/, "no heads above nothing");
  });

  test("a choice without a profile says which there are and how to write one", async () => {
    const { code, stderr } = await fieldnotes(["choose"], here);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /requires --profile, which says what matters: chat, coding, review, or a file; .*profile new/,
    );
  });

  thorough("a plan tells differences of shares in points, which are no share of the share", async () => {
    const { stdout } = await fieldnotes(["plan", "--metric", "resolve_rate"], here);
    assert.match(stdout, /resolve_rate +67 % \[.*\] +6\.67 points/);
  });

  test("a file without calls is counted by its rows, beside the calls that the store has", async () => {
    const { stdout } = await fieldnotes(["ingest", "board.csv"], here);
    assert.match(stdout, /^2 benchmark scores of 1 file in fieldnotes\.duckdb$/m);
  });

  thorough("a page whose name has no ending becomes a page", async () => {
    const { code } = await fieldnotes(["report", "--no-notebooks", "--out", "mine"], here);
    assert.equal(code, 0);
    assert.ok(existsSync(join(here, "mine.html")));
  });
});
