import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type MaskedKind, mask } from "../../src/evalset/mask";

describe("personal data is taken out of a text", () => {
  const found: [string, MaskedKind][] = [
    ["ann.smith+work@mail.example.co.uk", "email"],
    ["jürgen@büro.example", "email"],
    ["+49 30 901820", "phone"],
    ["(212) 555-0187", "phone"],
    ["212-555-0187", "phone"],
    ["030 901 820 12", "phone"],
    ["4111 1111 1111 1111", "card"],
    ["5500-0000-0000-0004", "card"],
    ["378282246310005", "card"],
    ["DE89 3704 0044 0532 0130 00", "iban"],
    ["GB82WEST12345698765432", "iban"],
    ["192.168.10.254", "ip"],
    ["2001:0db8:85a3:0000:0000:8a2e:0370:7334", "ip"],
    ["fe80::1ff:fe23:4567:890a", "ip"],
    ["sk-proj-abcdefghijklmnop1234567890", "key"],
    ["AKIAIOSFODNN7EXAMPLE", "key"],
    ["ghp_abcdefghijklmnopqrstuvwxyz0123456789", "key"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N", "key"],
  ];
  for (const [value, kind] of found) {
    test(`${kind} ${value}`, () => {
      const { text, counts } = mask(`Please use ${value}, thanks.`);
      assert.equal(text, `Please use [${kind}-1], thanks.`);
      assert.equal(counts[kind], 1);
    });
  }

  test("the same value is the same mark, another another", () => {
    assert.equal(mask("a@b.example, c@d.example, A@b.example").text, "[email-1], [email-2], [email-1]");
  });
});

describe("what is none stays", () => {
  for (const text of [
    "4111 1111 1111 1112",
    "order 20260305 of 2026-03-05, paid 5.3.2026",
    "DE89 3704 0044 0532 0130 01",
    "999.300.1.2 and version 4.2.0",
    "at 10:30:00 or std::vector",
    "between 1,200 and 3,400 units of 12 345",
    "clause 14.2 costs 1 000 000 dollars",
    "0000 0000 0000 0000",
  ]) {
    test(text, () => assert.equal(mask(text).text, text));
  }
});

test("a long hostile text does not keep it busy, and any text can be masked twice", () => {
  for (const part of ["a", "1", "1 ", "a@", "a.", ":", "eyJ", "sk-a-", "+1(", "AB12 "])
    assert.ok(mask(part.repeat(20_000)).text.length > 0);
  fc.assert(
    fc.property(fc.string(), (text) => {
      const once = mask(text).text;
      assert.equal(mask(once).text, once);
    }),
  );
});
