import type { MaskedKind } from "../../src/store/mask";
import { fc } from "../property";

/** Personal data as people write it, by kind; none of it is anybody's. */
export const personal: Record<MaskedKind, readonly string[]> = {
  card: [
    "4111 1111 1111 1111",
    "4111111111111111",
    "5500-0000-0000-0004",
    "2223 0031 2200 3222",
    "378282246310005",
    "3782 822463 10005",
    "37828-22463-10005",
    "3056 930902 5904",
    "30569309025904",
    "6011 1111 1111 1117",
    "3530111333300000",
    "6222021234567890128",
    "6222 0212 3456 7890 128",
    "4222222222222",
    "6759 6498 2643 8453",
    "4111\u00a01111\u00a01111\u00a01111",
    "4111\u20111111\u20111111\u20111111",
  ],
  iban: [
    "DE89 3704 0044 0532 0130 00",
    "DE89370400440532013000",
    "de89370400440532013000",
    "BE68 5390 0754 7034",
    "BE68539007547034",
    "ES9121000418450200051332",
    "GB82 WEST 1234 5698 7654 32",
    "GB82WEST12345698765432",
    "GB82 WEST 123456 98765432",
    "NL91 ABNA 0417 1643 00",
    "fr14 2004 1010 0505 0001 3m02 606",
    "IT60 X054 2811 1010 0000 0123 456",
    "AT61-1904-3002-3457-3201",
    "NO93 8601 1117 947",
    "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
    "PL61\u00a01090\u00a01014\u00a00000\u00a00712\u00a01981\u00a02874",
  ],
  phone: [
    "+44 20 7946 0958",
    "+442079460958",
    "+49 (0)30 901820",
    "+49\u00a030\u00a0901820",
    "+33 6 12 34 56 78",
    "+1 (212) 555-0187",
    "0049 30 901820",
    "(212) 555-0187",
    "(212)555-0187",
    "212-555-0187",
    "212\u2011555\u20110187",
    "212.555.0187",
    "1-800-555-0199",
    "030 / 90 18 20",
    "030/901820",
    "06 12 34 56 78",
    "0612345678",
    "\u202a+44 20 7946 0958\u202c",
  ],
  ssn: ["078-05-1120", "219-09-9999"],
  ip: [
    "192.168.10.254",
    "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
    "fe80::1ff:fe23:4567:890a",
    "2001:db8::8a2e:370:7334",
  ],
  email: [
    "ann.smith+work@mail.example.co.uk",
    "o'brien@mail.example",
    "jürgen@büro.example",
    "ann%40mail.example",
    "zq_tag@example.org",
  ],
  key: [
    "sk-proj-abcdefghijklmnop1234567890",
    "AKIAIOSFODNN7EXAMPLE",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
  ],
};

/** Sentences and fragments, in which □ is the place of something; some have numbers or dates right beside it. */
export const prose: readonly string[] = [
  "□",
  "Please use □, thanks.",
  "Pay to □ now",
  "It was □.",
  "Is it □? I think so",
  "Not □! Please",
  "My data: □ 12/26",
  "□ 12/26 123",
  "Use □ exp 03/27, code 123",
  "Send it to □ by 2026-03-05",
  "On 2026-03-05 □ was given",
  "On 5.3.2026 □ wurde genannt",
  "at 10:30 □ came up",
  "2 □ and 3 others",
  "I typed □ 3 times",
  "Case 17: □ failed",
  "(□)",
  "(see □)",
  "[□]",
  "<b>□</b>",
  '"□"',
  "'□'",
  "“□”",
  "«\u00a0□\u00a0»",
  "`□`",
  "**□**",
  "_□_",
  "| name | □ | 12 |",
  "- □\n- 17 more",
  "1. □\n2. more",
  "id,value\n7,□,42",
  "7;□;42",
  "a\t□\t42",
  "line one\n□\nline three 3",
  "line one\\n□\\nline three",
  "value=□",
  "value:□",
  "value: □;",
  "Nr.\u00a0□ bitte",
  "□/",
  "□ / 7",
  "□ - as agreed",
  "□—as agreed",
  "…□…",
  "€ 12.50 for □ on 3 items at 4.99",
  "from □ to 17",
  "Überweise an □ bitte 100 Euro",
  "Virement vers □ le 12 mars 2026",
  "Mi número es □ y tengo 34 años",
  "il mio è □, grazie",
  "请用□付款",
  "電話は□です。",
  "мой □ вот",
  "https://shop.test/pay?x=□&y=2",
  "https://shop.test/say?x=to%20□%20now",
  "tag/□/end",
  "no.□",
  '{"note": "Hello\\n□ 12/26"}',
  '[{"role": "user", "content": "use □ now"}]',
  '{"args": "{\\"to\\": \\"□\\"}"}',
  '{"note": "cut short □ at 5',
  "He said □ is his, 100% sure, since 1998",
  "□ 2026-03-05T10:30:00Z",
  "2026-03-05T10:30:00Z □",
];

/** The text of a context with a value in it, in JSON as JSON has it. */
export const inProse = (context: string, value: string): string => context.replaceAll("□", value);

/** What must be gone of a value: it, and every part of it that would tell it. */
export const isSeen = (masked: string, value: string): boolean => {
  const bare = (text: string) =>
    text
      .normalize("NFKC")
      .replace(/[^\p{L}\p{N}@%]/gu, "")
      .toLowerCase();
  return bare(masked).includes(bare(value)) || masked.includes(value.slice(-8));
};

/** Secrets that are only told by what they are called: a password, and a key of hexadecimal digits. */
export const spoken: readonly string[] = [
  ...[
    ...[
      "passwort=□",
      "Passwort: □",
      "Kennwort lautet □",
      "mot de passe : □",
      "mdp=□",
      "contraseña: □",
      "clave=□",
    ],
    ...["password is □", "my password □ fails", "parola=□", "senha: □", "palavra-passe: □", "wachtwoord=□"],
    ...[
      "hasło: □",
      "lösenord=□",
      "adgangskode: □",
      "пароль: □",
      "密码:□",
      "パスワード：□",
      "PASSWORT=□",
      '{"passwort": "□"}',
    ],
  ].map((text) => inProse(text, "Sommer2024")),
  ...[
    ...["key: □", "the key is □.", "API key □ stopped working", "api-key=□", "Ocp-Apim-Subscription-Key: □"],
    ...[
      "Schlüssel: □",
      "clé : □",
      "llave=□",
      "la chiave è □",
      "chave: □",
      "sleutel □",
      '{"key": "□"}',
      "key=`□`",
    ],
  ].map((text) => inProse(text, "9e107d9d372bb6826bd81d3542a419d6")),
];

const digits = (length: number) =>
  fc.array(fc.nat(9), { minLength: length, maxLength: length }).map((all) => all.join(""));
const hex = (length: number) =>
  fc
    .array(fc.constantFrom(..."0123456789abcdef"), { minLength: length - 1, maxLength: length - 1 })
    // A span's id of digits alone is a number: one in 1,800 is.
    .map((all) => `${all.join("")}e`);

/** Card numbers with their check digit. */
export const cardDigits = fc
  .constantFrom<[string, number]>(
    ["4", 16],
    ["51", 16],
    ["2720", 16],
    ["37", 15],
    ["36", 14],
    ["6011", 16],
    ["3530", 16],
    ["6220", 19],
  )
  .chain(([begin, length]) => digits(length - begin.length - 1).map((rest) => begin + rest))
  .map((all) => {
    const sum = [...all].reverse().reduce((total, one, at) => {
      const digit = Number(one) * (at % 2 === 0 ? 2 : 1);
      return total + (digit > 9 ? digit - 9 : digit);
    }, 0);
    return all + ((10 - (sum % 10)) % 10);
  })
  .filter((all) => !/^(\d)\1*$/.test(all));

/** IBANs of some countries with their check digits. */
export const ibanOf = fc
  .constantFrom<[string, string, number]>(
    ["DE", "", 18],
    ["BE", "", 12],
    ["NL", "ABNA", 10],
    ["GB", "WEST", 14],
    ["NO", "", 11],
    ["MT", "MALT", 23],
    ["FR", "", 23],
  )
  .chain(([country, bank, rest]) => digits(rest).map((all) => [country, bank + all]))
  .map(([country, account]) => {
    const number = [...`${account}${country}00`].map((one) => Number.parseInt(one, 36)).join("");
    return `${country}${String(98n - (BigInt(number) % 97n)).padStart(2, "0")}${account}`;
  });

const whole = fc.oneof(fc.nat(999), fc.nat(999_999), fc.nat(999_999_999)).map(String);
const thousands = (text: string, joint: string) => text.replace(/\B(?=(\d{3})+$)/g, joint);
const time = fc.date({ min: new Date(1.4e12), max: new Date(1.95e12), noInvalidDate: true });
const parts = (at: Date) => /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)/.exec(at.toISOString())!.slice(1);

/** What has the look of a number of somebody's and is none. */
export const notPersonal: Record<string, fc.Arbitrary<string>> = {
  "a span's id": hex(16),
  "a trace's id": fc.oneof(
    hex(32),
    hex(32).map((id) => id.toUpperCase()),
  ),
  UUID: fc.uuid(),
  "an object's id": hex(24),
  amount: fc
    .tuple(whole, digits(2), digits(16))
    .chain(([units, cents, long]) =>
      fc.constantFrom(
        ...[`${units}.${cents}`, `${thousands(units, ".")},${cents} €`, `$${thousands(units, ",")}.${cents}`],
        ...[
          `+${thousands(units, ".")},${cents}`,
          `+${thousands(units, " ")}`,
          `-${thousands(units, " ")}.${cents}`,
        ],
        ...[
          `${thousands(units, "\u00a0")},${cents} €`,
          `CHF ${thousands(units, "'")}.${cents}`,
          `0.${long}`,
          `0,${long}`,
        ],
      ),
    ),
  time: time.chain((at) => {
    const [y, m, d, h, min, s] = parts(at);
    return fc.constantFrom(
      ...[
        at.toISOString(),
        at.toUTCString(),
        `${y}-${m}-${d} ${h}:${min}:${s},123`,
        `${y}${m}${d}T${h}${min}${s}Z`,
      ],
      ...[
        `${d}.${m}.${y} ${h}:${min}`,
        `${m}/${d}/${y} ${h}:${min}:${s}`,
        `${y}/${m}/${d} ${h}:${min}:${s}.123456789`,
      ],
      ...[
        `${y}-${m}-${d} ${h}.${min}.${s}`,
        `${d}.${m}.${y} - ${d}.${m}.${y}`,
        `${y}-${m}-${d} ${y}-${m}-${d}`,
      ],
      ...[String(+at), `${+at}123`, `${+at}123456`, `${Math.floor(+at / 1000)}.123456`],
    );
  }),
  "an order's number": digits(14).chain((all) =>
    fc.constantFrom(
      ...[`ORD-2026-${all.slice(8)}`, `112-${all.slice(0, 7)}-${all.slice(7)}`, `45000${all.slice(9)}`],
      ...[`INV-20260305-${all.slice(9)}`, `R-2026/03/${all.slice(10)}`, `#1${all.slice(6)}`, `1Z52${all}`],
      ...[
        `${all.slice(0, 2)}-${all.slice(2, 7)}-${all.slice(7, 12)}`,
        `TX-${all.slice(0, 4)}-${all.slice(4, 8)}`,
      ],
    ),
  ),
  "an article's number (EAN)": digits(11).map((rest) => {
    const all = `4${rest}`;
    const sum = [...all].reduce((total, one, at) => total + Number(one) * (at % 2 === 0 ? 1 : 3), 0);
    return all + ((10 - (sum % 10)) % 10);
  }),
};
