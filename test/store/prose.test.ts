import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mask, maskedKinds } from "../../src/store/mask";
import { fc, runs } from "../property";
import { cardDigits, ibanOf, inProse, isSeen, notPersonal, personal, prose, spoken } from "./prose";

const everyCase = maskedKinds.flatMap((kind) =>
  personal[kind].flatMap((value) => prose.map((context) => ({ kind, value, text: inProse(context, value) }))),
);

describe("personal data is taken out of sentences, whatever stands beside it", () => {
  test("of each kind, in more than forty contexts", () => assert.ok(prose.length >= 40));
  for (const kind of maskedKinds)
    test(kind, () => {
      const seen = everyCase
        .filter((one) => one.kind === kind)
        .map(({ value, text }) => ({ value, text, left: mask(text).text }))
        .filter(({ value, left }) => isSeen(left, value) || !left.includes(`[${kind}-1]`));
      assert.deepEqual(seen, []);
    });

  test("what stands beside it stays", () => {
    for (const [text, left] of [
      ["4111 1111 1111 1111 12/26", "[card-1] 12/26"],
      ["Pay to ES9121000418450200051332 now", "Pay to [iban-1] now"],
      ["on 2026-03-05 212-555-0187 rang", "on 2026-03-05 [phone-1] rang"],
      ["4111 1111 1111 1111 5500 0000 0000 0004", "[card-1] [card-2]"],
      ["from 2001:db8::8a2e:370:7334: refused", "from [ip-1]: refused"],
    ])
      assert.equal(mask(text).text, left);
  });

  test("however one number is written, it is the same", () =>
    assert.equal(mask("4111 1111 1111 1111, 4111-1111-1111-1111").text, "[card-1], [card-1]"));

  test("a card over the end of a line, but no table of numbers", () => {
    for (const value of [
      "4111 1111\n1111 1111",
      "4111 1111 1111\r\n1111",
      "3782-822463-\n10005",
      "4111\n1111 1111 1111",
    ])
      assert.equal(mask(`Pay with ${value}, please`).text, "Pay with [card-1], please", value);
    for (const table of [
      "4111\n1111\n1111\n1111",
      "4111 1111\n1111 1111\n1234 5678",
      "20 4111 1111\n1111 1111",
      "41111111\n11111111",
    ])
      assert.equal(mask(table).text, table);
  });

  test("a card with letters at its end", () => {
    for (const value of ["4111111111111111xyz", "4111 1111 1111 1111abc"])
      assert.equal(mask(value).text, value.replace(/^[\d ]+/, "[card-1]"));
  });

  test("secrets named in ten languages, in settings and in sentences", () => {
    for (const text of spoken) {
      const left = mask(text).text;
      assert.ok(left.includes("[key-1]") && !/Sommer2024|9e107d9d/.test(left), `${text}: ${left}`);
    }
  });

  test("a bare number of JSON, which stays JSON", () => {
    const given =
      '{"card": 378282246310005, "n": [4111111111111111, 12], "phone": 2125550187, "at": 1772706600123}';
    assert.equal(
      mask(given).text,
      '{"card": "[card-1]", "n": ["[card-2]", 12], "phone": "[phone-1]", "at": 1772706600123}',
    );
  });
});

describe("any account number with its check digits is found, alone and in a sentence", () => {
  const around = fc.constantFrom(...prose);
  test("cards", () =>
    fc.assert(
      fc.property(cardDigits, fc.constantFrom("", " ", "-", "\u00a0"), around, (digits, joint, context) => {
        const value = digits.replace(/(\d{4})(?=\d)/g, `$1${joint}`);
        assert.ok(!isSeen(mask(inProse(context, value)).text, value), inProse(context, value));
      }),
      { numRuns: runs(500) },
    ));
  test("IBANs", () =>
    fc.assert(
      fc.property(ibanOf, fc.constantFrom("", " ", "-"), around, (iban, joint, context) => {
        const value = iban.replace(/(.{4})(?=.)/g, `$1${joint}`);
        assert.ok(!isSeen(mask(inProse(context, value)).text, value), inProse(context, value));
        // With one digit changed it is none.
        const wrong = value.slice(0, -1) + ((Number(value.slice(-1)) + 1) % 10);
        assert.equal(mask(wrong).counts.iban, 0);
      }),
      { numRuns: runs(500) },
    ));
});

describe("ids, amounts, times and numbers of orders stay", () => {
  for (const [kind, values] of Object.entries(notPersonal))
    test(kind, () =>
      fc.assert(
        fc.property(
          values,
          fc.constantFrom("□", "call □.", "id=□", "(□)", '{"a": "□"}'),
          (value, context) => {
            const text = inProse(context, value);
            assert.equal(mask(text).text, text);
          },
        ),
        { numRuns: runs(2_000) },
      ),
    );
});

test("the time for a hostile text grows as its length does", () => {
  for (const part of [
    "1 ",
    "00 ",
    "4111 ",
    "(",
    "+1 ",
    "GB82 WEST ",
    "DE12 3456 7890 ",
    "phone 1",
    "\u200b1",
    "key is ",
  ]) {
    const time = (length: number) => {
      const text = part.repeat(length / part.length);
      const before = process.cpuUsage();
      mask(text);
      return process.cpuUsage(before).user;
    };
    time(5_000);
    const short = time(20_000);
    // In proportion it would be 8 times, in proportion to its square 64.
    assert.ok(time(160_000) < 32 * Math.max(short, 10_000), part);
  }
});
