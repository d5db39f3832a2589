import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseExpression } from "../../src/store/expression";
import { open } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";
import { sandbox } from "../../src/store/sandbox";

test("true, false and null are values, not fields of that name", async () => {
  for (const word of ["true", "FALSE", "null"])
    assert.deepEqual((await parseExpression(word, "a test")).columns, []);
});

describe("an expression is made of what is allowed by list", () => {
  const refused: [string, RegExp][] = [
    ["json_serialize_plan('select * from read_json(''x'')')", /found json_serialize_plan\(\)/],
    ["JSON_SERIALIZE_PLAN(x)", /not allowed/],
    ["'10.0.0.1'::inet", /found the type inet/],
    ["inet '10.0.0.1'", /found the type inet/],
    ["x::struct(a int, b inet)[]", /found the type inet/],
    ["x::map(varchar, geometry)", /found the type/],
    ["host(x)", /found host\(\)/],
    ["sleep_ms(20000)", /found sleep_ms\(\)/],
    ["pg_sleep(20)", /found pg_sleep\(\)/],
    ["levenshtein(x, y)", /found levenshtein\(\)/],
    ["current_setting('home_directory')", /found current_setting\(\)/],
    ["age(x)", /found age\(\)/],
    ["getenv('HOME')", /found getenv\(\)/],
    ["list_transform([1], lambda x: sleep_ms(x))", /found sleep_ms\(\)/],
    ["case when a then try(read_text('x')) end", /found read_text\(\)/],
    ["system.main.lower(x)", /found system\.lower\(\).*the nearest allowed one is lower\(\)/],
    ["lowr(x)", /the nearest allowed one is lower\(\)/],
    ["x::integer[100000]", /found a list of fixed length.*integer\[\]/],
    ["x::struct(a varchar[3])[]", /found a list of fixed length/],
    [`from_json(x, '{"a":"INT[100000]"}')`, /found a list of fixed length/],
    [`from_json(x, '{"a":["\\u0049NET"]}')`, /found the type inet/i],
    [`json_transform(x, '{"a":"INT) from t --"}')`, /found a structure of unknown types/],
    [
      `from_json(x, '"VAR' || 'CHAR"')`,
      /found from_json\(\) of a structure that is not written out as a text/,
    ],
    ["from_json(x, y)", /not written out as a text/],
    ["from_json(x, '{a')", /found from_json\(\) of a structure that is not JSON/],
    ["x::doubl", /the nearest allowed one is DOUBLE/],
    ["repeat('x', 1000000000)", /found repeat\(\)/],
    ["(select 1)", /found subquery/],
    ["x in (select 1)", /found subquery/],
    [`'${"x".repeat(30_000)}'`, /at most 20000 characters/],
  ];
  for (const [text, why] of refused)
    test(`${text.slice(0, 50)} is refused`, () =>
      assert.rejects(parseExpression(text, "a test"), (error: Error) => {
        assert.match(error.message, why);
        assert.ok(error.message.length < 1_500);
        return true;
      }));

  const taken = [
    "if(error is null, 'ok', 'error')",
    "[one.name for one in tags if one.id > 1]",
    "usage['in'] + usage.out::bigint",
    "to_timestamp(ts::double / 1000) at time zone 'UTC'",
    "json_extract_string(meta, '$.a') || ' ' || (meta->>'b')",
    "extract(hour from ts) between 9 and 17 and model not ilike 'gpt%'",
    "position('a' in b) + length(trim(both from c)) > 2",
    "try_cast(x as decimal(9, 3)) is distinct from 2",
    "ts - interval 2 hour",
  ];
  for (const text of taken)
    test(`${text} is taken`, async () => {
      await parseExpression(text, "a test");
    });
});

describe("an expression that nests deep is refused in our words", () => {
  const around: Record<string, (inner: string) => string> = {
    cases: (one) => `case when a then ${one} end`,
    structs: (one) => `{'a': ${one}}`,
    signs: (one) => `- ${one}`,
    lists: (one) => `[${one}]`,
    functions: (one) => `abs(${one})`,
    concatenations: (one) => `${one} || 'x'`,
  };
  for (const [what, wrap] of Object.entries(around))
    test(what, () => {
      let text = "x";
      while (text.length < 15_000) text = wrap(text);
      return assert.rejects(parseExpression(text, "a test"), (error: Error) => {
        assert.match(error.message, /^a test requires/);
        return true;
      });
    });
  test("types", () => {
    const type = `${"struct(a ".repeat(900)}int${")".repeat(900)}`;
    return assert.rejects(
      parseExpression(`x::${type}`, "a test"),
      /a test requires an expression that nests less deep/,
    );
  });
  for (const [name, wrap] of Object.entries({
    nullif: (one: string) => `nullif(${one}, 'a')`,
    round_even: (one: string) => `round_even(${one}, 1)`,
    split_part: (one: string) => `split_part(${one}, ' ', 1)`,
    between: (one: string) => `(${one} between a and b)`,
  }))
    test(`${name}, which the engine plans several times`, () => {
      let text = "x";
      for (let times = 0; times < 30; times++) text = wrap(text);
      return assert.rejects(parseExpression(text, "a test"), /planned again and again/);
    });
});

describe("cases that compare cases, which the parser copies for each when, are refused before it parses them", () => {
  const compared: Record<string, string> = {
    plain: "#",
    "beside a column called end": "a.end = #",
    "beside texts with words of SQL": "' end ' = $x$ end $x$ || e'\\' end ' || #",
    "beside a text over lines": "e'a'\n'\\' end ' = #",
    "beside names with words of SQL": '" end " = a$$end + éend + #',
    "beside comments": "/* /* */ end */ -- end\n #",
    "after a space of Unicode": "\u00a0#\u3000",
  };
  for (const [what, text] of Object.entries(compared))
    test(what, () => {
      let nested = "a";
      for (let times = 0; times < 40; times++)
        nested = `case ${text.replace("#", nested)} when 1 then 1.when 2 then 2 end`;
      return assert.rejects(parseExpression(nested, "a test"), /cases that do not compare other cases/);
    });

  test("others are taken", async () => {
    const whens = Array.from({ length: 300 }, (_, at) => `when 'code${at}' then 'word${at}'`).join(" ");
    await parseExpression(`case lower(trim(a)) ${whens} end`, "a test");
    await parseExpression(
      "case a when 'x' then case b when 'y' then case c when 'z' then 1 end end end",
      "a test",
    );
    let nested = "a";
    for (let times = 0; times < 40; times++) nested = `case when ${nested} then 1 when b then 2 end`;
    await parseExpression(nested, "a test");
  });
});

test("what parses and plans texts from outside reaches no file and no network, and cannot be told otherwise", async () => {
  const connection = await sandbox();
  for (const sql of [
    `select * from read_text('${__filename}')`,
    `from '${__dirname}/*.csv'`,
    "attach '/tmp/fieldnotes-none.duckdb'",
    "copy (select 1) to '/tmp/fieldnotes-none.csv'",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "set autoload_known_extensions = true",
    "set lock_configuration = false",
    "select '1.2.3.4'::inet",
  ])
    await assert.rejects(rowsOf(connection, sql), sql);
});

test("no store fetches an extension by itself", async () => {
  const store = await open(":memory:");
  const rows = await rowsOf(
    store.connection,
    "select name, value from duckdb_settings() where name like 'auto%known_extensions' order by name",
  );
  store.close();
  assert.deepEqual(rows, [
    { name: "autoinstall_known_extensions", value: "false" },
    { name: "autoload_known_extensions", value: "false" },
  ]);
});
