import assert from "node:assert/strict";
import { csvText, csvTextSql } from "../../src/store/csvText";
import { open } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";
import { thorough } from "../property";

const all = Array.from({ length: 0x11_0000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));
// Every Unicode variant of these characters, and every invisible character before one.
const written = all.filter((sign) => sign > "\x7f" && /^[=+@|%-]/.test(sign.normalize("NFKC")));
const unseen = all
  .filter((sign) => /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Z}]/u.test(sign))
  .filter((_, at) => at % 40 === 0)
  .map((sign) => `${sign}=1`);

thorough(
  "a text that a spreadsheet takes for a formula stays a text, by our guard and by the engine's",
  async () => {
    const store = await open(":memory:");
    const formulas = [
      "=cmd|x",
      "+1",
      "-1+2",
      "@x",
      "|x",
      "%x",
      "＝1",
      "－1",
      "\u200b=1",
      " \u00a0=1",
      "\ufeff=1",
      "\t1",
      "\u202e=1",
      ...written,
      ...unseen,
    ];
    const texts = ["gpt-4o", "a=1", "", "x", "é", "1", "​a", "a\x1b[31mb\x07", "a\tb\r\nc\x85", "\x9bm"];
    for (const text of [...formulas, ...texts]) {
      const plain = text.replace(/(?![\t\n\r])\p{Cc}/gu, "\ufffd");
      const wanted = formulas.includes(text) ? `'${plain}` : plain;
      assert.equal(csvText(text), wanted, JSON.stringify(text));
      const [{ v }] = await rowsOf<{ v: string }>(
        store.connection,
        `select ${csvTextSql("x")} as v from (select $t::varchar as x)`,
        { t: text },
      );
      assert.equal(v, wanted, JSON.stringify(text));
    }
    store.close();
  },
);
