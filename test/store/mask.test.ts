import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type MaskedKind, mask } from "../../src/store/mask";
import { fc, runs } from "../property";
import { ids, secretKinds } from "./secretKinds";

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
    ["0612345678", "phone"],
    ["+\uff13\uff13 \uff16 \uff11\uff12 \uff13\uff14 \uff15\uff16 \uff17\uff18", "phone"],
    ["\u0660\u0661\u0662\u0663 \u0664\u0665\u0666 \u0667\u0668\u0669\u0660", "phone"],
    ["\u096a111 1111 1111 1111", "card"],
    ["123-45-6789", "ssn"],
    ["o'brien@mail.example", "email"],
    ["fr14 2004 1010 0505 0001 3m02 606", "iban"],
    ["npm_abcdefghijklmnopqrstuvwxyz0123456789", "key"],
    ["DE89 3704 0044 0532 0130 00", "iban"],
    ["GB82WEST12345698765432", "iban"],
    ["192.168.10.254", "ip"],
    ["2001:0db8:85a3:0000:0000:8a2e:0370:7334", "ip"],
    ["fe80::1ff:fe23:4567:890a", "ip"],
    ["sk-proj-abcdefghijklmnop1234567890", "key"],
    ["AKIAIOSFODNN7EXAMPLE", "key"],
    ["gsk_abcdefghijklmnop1234567890", "key"],
    ["xai-abcdefghijklmnop1234567890", "key"],
    ["pplx-abcdefghijklmnop1234567890", "key"],
    ["tgp_v1_abcdefghijklmnop1234567890", "key"],
    ["lsv2_pt_abcdefghijklmnop1234567890", "key"],
    ["nvapi-abcdefghij_klmnop-1234567890", "key"],
    ["SG.abcdefghijklmnop1234.abcdefghijklmnop1234567890", "key"],
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

  test("whatever stands before it in JSON, which stays JSON", () => {
    for (const [value, kind] of found) {
      const said = [{ role: "user", content: `Hello\n${value}\n\t${value}` }, { input: { to: value } }];
      const { text, counts } = mask(JSON.stringify(said));
      assert.deepEqual(JSON.parse(text), [
        { role: "user", content: `Hello\n[${kind}-1]\n\t[${kind}-1]` },
        { input: { to: `[${kind}-1]` } },
      ]);
      assert.equal(counts[kind], 3);
      // JSON inside JSON text, such as a tool's arguments, and truncated JSON.
      const inside = mask(JSON.stringify({ arguments: JSON.stringify({ to: `Hi\n${value}` }) })).text;
      assert.deepEqual(JSON.parse(JSON.parse(inside).arguments), { to: `Hi\n[${kind}-1]` });
      const cut = JSON.stringify(`x\n${value}, y`).slice(0, -1);
      assert.equal(mask(cut).text.includes(`[${kind}-1]`), true, `${cut}: ${mask(cut).text}`);
    }
    const odd = '{"a" : 1.50, "b": "\\u00e9" }';
    assert.equal(mask(odd).text, odd);
  });

  test("what is called a password or token, and no expression of a program", () => {
    assert.equal(
      mask('DB_PASSWORD=hunter22, {"api_key": "s3cret-pass"}').text,
      'DB_PASSWORD=[key-1], {"api_key": "[key-2]"}',
    );
    for (const text of [
      "token = tokenizer.decode(ids[0])",
      "max_tokens: 4096000000",
      "token: settings1.token",
      "the secret: nobody knows",
    ])
      assert.equal(mask(text).text, text);
  });

  test("in the names and letters of other languages, and under the names of keys", () => {
    for (const [text, value] of [
      ["пароль: Лето2024!", "Лето2024"],
      ["parola d'ordine: Estate2024", "Estate2024"],
      ["Passwort=Größe2024", "Größe2024"],
      ["κωδικός / password: Καλοκαίρι24", "Καλοκαίρι24"],
      ["AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI"],
      ["secret_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI"],
      ["the signing-key is: a/b+c0123456789", "a/b+c0123456789"],
      ["encryption key = q7Kd-09ss-Lw", "q7Kd-09ss-Lw"],
    ])
      assert.ok(!mask(text).text.includes(value), mask(text).text);
    for (const text of [
      "пароль изменён 2 раза",
      "the secret key is on page twelve",
      "encryption key = rotated",
    ])
      assert.equal(mask(text).text, text);
  });

  test("account and card numbers as they are typed, wrapped, exported and sent", () => {
    for (const [text, masked] of [
      ["DE89370400440532013000EUR", "[iban-1]EUR"],
      ["IBANDE89370400440532013000", "IBAN[iban-1]"],
      ["iban=DE89+3704+0044+0532+0130+00&x=1", "iban=[iban-1]&x=1"],
      ["pay DE89 3704 0044\n0532 0130 00 now", "pay [iban-1] now"],
      ["> GB82 WEST 1234\r\n  5698 7654 32", "> [iban-1]"],
      ["MT84MALT0110000\n12345MTLCAST001S", "[iban-1]"],
      ["4111 1111\n1111 1111 12/26", "[card-1] 12/26"],
      ["4111 1111 11111111", "[card-1]"],
      ["4111-11111111-1111", "[card-1]"],
      ["id,card\n0,4111111111111111\n1,5500000000000004", "id,card\n0,[card-1]\n1,[card-2]"],
      ["row [0,4111111111111111]", "row [0,[card-1]]"],
      ["4917610000000000003", "[card-1]"],
      ["cc=4111+1111+1111+1111", "cc=[card-1]"],
      ["CC4111111111111111", "CC[card-1]"],
      ["pan4111111111111111", "pan[card-1]"],
      ["4111111111111111.12/26", "[card-1].12/26"],
    ] as const)
      assert.equal(mask(text).text, masked);
  });

  test("beside words of scripts that write no spaces", () => {
    assert.equal(mask("\u96fb\u8a7103-1234-5678\u307e\u3067").text, "\u96fb\u8a71[phone-1]\u307e\u3067");
  });

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
    "a share of 0,4111111111111111 of all",
    "0,4111111111111111",
    "4111111111111111.12 paid",
    "order SO4111111111111111",
    "4111 1111\n1111 1111 2222 3333",
    "DE89370400440532013000EUR7",
    "see BF12\nthis that with from your\nthese",
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

describe("a text that is nothing but a secret keeps nothing of it", () => {
  test("of fifty kinds", () => assert.ok(Object.keys(secretKinds).length >= 50));
  for (const [kind, secrets] of Object.entries(secretKinds))
    test(kind, () =>
      fc.assert(
        fc.property(secrets, fc.constantFrom("", "see ", "x: ", "["), ({ text, secret }, before) => {
          const alone = mask(text).text;
          assert.ok(!alone.includes(secret), alone);
          if (!text.startsWith("{")) assert.ok(!mask(before + text).text.includes(secret), before);
          assert.ok(!mask(JSON.stringify({ note: [text] })).text.includes(secret));
        }),
        { numRuns: runs(50) },
      ),
    );
});

describe("an id stays", () => {
  for (const [kind, some] of Object.entries(ids))
    test(kind, () =>
      fc.assert(
        fc.property(some, (id) => {
          assert.equal(mask(id).text, id);
          assert.equal(mask(`call ${id}.`).text, `call ${id}.`);
        }),
        { numRuns: runs(500) },
      ),
    );
});
