import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { label, unlabel } from "../../src/charts/label";
import { fitted, fittedApart, oneLine, shorten, visible, visibleJson } from "../../src/charts/text";
import { fc } from "../property";

describe("texts from logs", () => {
  test("show control characters, terminal sequences and direction marks instead of obeying them", () => {
    assert.equal(visible("a\u0000b\u001b[31mc\u202ed\u009be"), "a�b�[31mc�d�e");
    assert.equal(visible("one\r\ntwo\tthree"), "one\ntwo\tthree");
    assert.equal(visible("gpt\u200b-4o\ufeff \u00ad\u2060\u{e0041}x"), "gpt�-4o� ���x");
    assert.equal(visible("gpt\u200d-4o می\u200cخواهم"), "gpt�-4o می\u200cخواهم");
    // Selectors of a sign's form stay where there is such a sign; fillers are in no name.
    assert.equal(visible("❤\ufe0f 1\ufe0f\u20e3 葛\u{e0100}"), "❤\ufe0f 1\ufe0f\u20e3 葛\u{e0100}");
    assert.equal(visible("gpt\ufe0f\u{e0101} ❤\ufe0f\ufe0f \u3164\u034f\u17b4"), "gpt�� ❤\ufe0f� ���");
    assert.equal(visible("half \ud83d of a pair"), "half � of a pair");
    assert.equal(visible("🚀 👩‍🚀 日本"), "🚀 👩‍🚀 日本");
  });

  test("are escapes in JSON, which says what it said", () => {
    const said = { "a\u202eb": "c\u200b\u009b31m\u{e0041} 日本 👩‍🚀" };
    const json = visibleJson(JSON.stringify(said));
    assert.doesNotMatch(json, /[\u0080-\u009f\u200b\u202e\u{e0041}]/u);
    assert.deepEqual(JSON.parse(json), said);
  });

  test("stand on one line in a cell", () => {
    assert.equal(oneLine("  a\n\n b\u2028c\t d "), "a b c d");
  });

  test("of 20 MB are cut before they are looked at, and their size is said", () => {
    const words = shorten("x".repeat(20_000_000), 10);
    assert.equal(words, "xxxxxxxxxx… (20,000,000 characters)");
    assert.equal(shorten("🚀".repeat(12), 10), `${"🚀".repeat(10)}… (24 characters)`);
    assert.equal(shorten("short", 10), "short");
  });

  test("as names lose their middle, for models differ at their ends", () => {
    assert.equal(fitted("vendor/model-large-2026-03-01", 20), "vendor/mo…2026-03-01");
    assert.equal(fitted("model-a", 20), "model-a");
    const long = fitted(`${"a".repeat(20_000_000)}end`, 12);
    assert.equal(long.length, 12);
    assert.ok(long.endsWith("end"));
  });
});

describe("a label of a figure", () => {
  test("holds nothing that plotly reads as markup, template, entity or formula", () => {
    for (const hostile of [
      "<b>x</b>",
      "<img src=x onerror=alert(1)>",
      "%{x}",
      "&lt;b&gt;",
      "$\\href{javascript:1}{x}$",
    ]) {
      assert.doesNotMatch(label(hostile), /[<>{}%$]/);
      assert.equal(unlabel(label(hostile)), hostile);
    }
  });

  test("reads back as the name it came from", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 30 }), (name) => {
        assert.equal(unlabel(label(name)), fitted(name, 40));
      }),
    );
  });
});

describe("names beside each other", () => {
  const name = (i: number) =>
    `provider-${["alpha", "beta"][i % 2]}/very-long-model-name-${Math.floor(i / 2)}-instruct-2026-${["preview", "turbo"][i % 3 ? 1 : 0]}`;

  test("stay different where they are cut, by the words that differ", () => {
    const names = Array.from({ length: 40 }, (_, i) => name(i));
    const short = fittedApart(names, 18);
    assert.equal(new Set(short).size, 40);
    assert.deepEqual(short.slice(0, 2), ["…alpha…0…preview", "…beta…0…turbo"]);
    assert.ok(short.every((one) => one.length <= 18));
  });

  test("are left as they are where they fit, and numbered where only the middle of one word differs", () => {
    assert.deepEqual(fittedApart(["oak", "elm", "oak"], 18), ["oak", "elm", "oak"]);
    const long = (middle: string) => "a".repeat(30) + middle + "b".repeat(30);
    const [one, other, again] = fittedApart([long("x"), long("y"), long("x")], 12);
    assert.deepEqual([one?.slice(-2), other?.slice(-2), again], ["#1", "#2", one]);
  });
});

test("whatever Unicode says is not seen is made visible in a name of plain letters", () => {
  const hidden = Array.from({ length: 0x11_0000 }, (_, code) => code)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code))
    .filter((sign) => /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}]/u.test(sign))
    .filter((sign) => !["\t", "\n", "\r", "\u115f", "\u1160"].includes(sign));
  assert.ok(hidden.length > 400);
  for (const sign of hidden)
    assert.equal(visible(`gpt${sign}-4o`), "gpt�-4o", sign.codePointAt(0)?.toString(16));
});
