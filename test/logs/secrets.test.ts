import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { some, thorough } from "../property";
import { fixturesOf } from "./formats/fixtures";
import { textOf } from "./formats/read";
import { jsonl, workbench } from "./workbench";

const letters = "Zq7Xw9Vt3Rk5Np2Lm8Jh4Gf6Ds1Cb0";
/** Forty secrets: keys of common vendors, addresses, numbers, and names, which no pattern can find. */
const secrets = [
  ...["sk-", "sk-proj-", "sk-ant-api03-", "sk-or-v1-", "rk_live_", "pk_test_"].map(
    (begin) => begin + letters,
  ),
  ...["ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "hf_", "npm_"].map((begin) => begin + letters),
  ...["xoxb-", "xoxp-", "xoxa-", "xoxs-"].map((begin) => begin + letters),
  `AIza${letters}Ab1`,
  "AKIAZQ7XW9VT3RK5NP2L",
  "ASIAZQ7XW9VT3RK5NP2L",
  `eyJhbGciOiJIUzI1NiJ9.${letters}.${letters}`,
  `Bearer ${letters}${letters}`,
  `password=${letters}`,
  `api_key: "${letters}"`,
  "zelda.quux@example.com",
  "zq+tag@mail.example.org",
  "+44 20 7946 0958",
  "(555) 867-5309",
  "4111 1111 1111 1111",
  "5500-0000-0000-0004",
  "GB82 WEST 1234 5698 7654 32",
  "DE89370400440532013000",
  "192.0.2.146",
  "2001:db8:85a3::8a2e:370:7334",
  "078-05-1120",
  "Zelda Quuxington",
  "Frau Zephyrine Quandt",
  "14 Zanzibar Quay, Quuxtown",
  "born 3 March 1971 in Quuxtown",
  "-----BEGIN PRIVATE KEY-----\nMIIEZq7Xw9Vt3Rk5\n-----END PRIVATE KEY-----",
];
// The parts of them that must not appear anywhere.
const traces =
  /Zq7Xw9|ZQ7XW9|zelda|quux|zq\+tag|7946 0958|867-5309|1111 1111|0000-0000|WEST 1234|370400440|192\.0\.2|2001:db8|078-05|Zephyrine|Quandt|Zanzibar|March 1971/i;

const isText =
  /message|content|text|prompt|output|input|error|comment|reason(?!ing)|description|exception|answer|question|completion|explanation|response/i;

describe("what people wrote stands nowhere in a store that keeps no texts", () => {
  test("forty secrets are planted", () => assert.equal(secrets.length, 40));

  for (const [name, { fixtures }] of some(Object.entries(fixturesOf))) {
    thorough(name, () =>
      workbench(async ({ write, take, rows }) => {
        let number = 0;
        const found: Record<string, string[]> = {};
        for (const { format, file, content } of fixtures) {
          if (typeof content === "string" || !/\.jsonl?$/.test(file)) continue;
          const next = () => `${secrets[((number += 1)) % secrets.length]} said this, ${secrets[number % 7]}`;
          const planted = plant(content, next);
          const text = textOf({ file, content: planted });
          const damaged = file.endsWith(".jsonl")
            ? `${text}${text
                .slice(0, text.length >> 1)
                .split("\n")
                .at(-1)}\n${jsonl({ text: next() })}${next()}\n["${next()}"]\n"${next()}"\n`
            : text.slice(0, text.length - 3);
          const path = `${number}-${file.replaceAll("/", "-")}`;
          // What rejects keep is the same for all records of a format, and takes longest.
          const isFirst = found[format] === undefined;
          found[format] = [
            ...(found[format] ?? []),
            write(path, text),
            ...(isFirst ? [write(`damaged-${path}`, damaged)] : []),
          ];
        }
        // All of a format at once: most of a small file's time is the start of its ingest.
        for (const [format, paths] of Object.entries(found))
          for (const one of await take(paths, { format }))
            assert.doesNotMatch(JSON.stringify(one), traces, one.path);
        for (const { table } of await rows<{ table: string }>(
          `select table_name as "table" from duckdb_tables()`,
        ))
          for (const row of await rows(`from ${table}`))
            assert.doesNotMatch(JSON.stringify(row), traces, table);
      }),
    );
  }
});

function plant(value: unknown, next: () => string, isUnderText = false): unknown {
  if (Array.isArray(value)) return value.map((one) => plant(one, next, isUnderText));
  if (value === null || typeof value !== "object") return value;
  // OTLP has the name of a value next to it.
  const named = typeof (value as { key?: unknown }).key === "string" ? (value as { key: string }).key : "";
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => {
      const isHere = isText.test(key) || isUnderText || (key === "value" && isText.test(named));
      if (typeof one === "string") return [key, isHere && /\s|[.!?]$/.test(one) ? `${one} ${next()}` : one];
      return [key, plant(one, next, key === "value" && isText.test(named))];
    }),
  );
}
