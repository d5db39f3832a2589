import assert from "node:assert/strict";
import { test } from "node:test";
import { tableCsv } from "../../src/page/tableCsv";
import { noted } from "../../src/stats/estimate";
import { wilson } from "../../src/stats/rate";

test("an estimate becomes a column for its value, each end, n and its note, in full digits", () => {
  const rate = { ...wilson(1, 3), ...noted(["few"]) };
  const text = tableCsv({ rows: [{ model: "a", rate }, { model: "b" }] });
  const [head, first, second] = text.split("\r\n");
  assert.equal(head, "model,rate,rate_low,rate_high,rate_n,rate_note");
  assert.equal(first, `a,${rate.value},${rate.low},${rate.high},3,few`);
  assert.equal(second, "b,,,,,");
});

test("several estimates in a cell are told apart by name, infinite ends stay, what does not exist is empty", () => {
  const one = { ...wilson(1, 3), value: Number.NaN, high: Number.POSITIVE_INFINITY };
  const [head, line] = tableCsv({ rows: [{ quantiles: { "0.5": one } }] }).split("\r\n");
  assert.equal(head, "quantiles_0.5,quantiles_0.5_low,quantiles_0.5_high,quantiles_0.5_n");
  assert.equal(line, `,${one.low},Infinity,3`);
});

test("commas, quotes and line breaks are quoted, and no text starts a formula", () => {
  const rows = [
    { model: 'a,"b"\nc', other: "=HYPERLINK(1)" },
    { model: "@x", other: "-1+1" },
  ];
  assert.equal(tableCsv({ rows }), 'model,other\r\n"a,""b""\nc",\'=HYPERLINK(1)\r\n\'@x,\'-1+1\r\n');
  assert.equal(tableCsv({ rows: [{ n: -1 }] }), "n\r\n-1\r\n");
  assert.equal(tableCsv({ rows: [{ "m\x1b": "a\x1b[31mb\x07" }] }), "m\ufffd\r\na\ufffd[31mb\ufffd\r\n");
});
