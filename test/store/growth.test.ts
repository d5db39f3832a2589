import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseExpression } from "../../src/store/expression";

const nested = (times: number, of: string, around: (inner: string) => string): string =>
  times === 0 ? of : around(nested(times - 1, of, around));

const many = (field: string) => Array.from({ length: 400 }, (_, at) => field.replace("#", `${at}`)).join(",");

describe("an expression that makes much out of little is refused", () => {
  const refused: Record<string, string> = {
    "digits of digits": nested(24, "t", (one) => `hex(${one})`),
    "digits of digits of a constant": nested(24, "'ab'", (one) => `to_base64(${one})`),
    "lists doubled": nested(30, "[t]", (one) => `list_transform(${one}, lambda x: x || x)`),
    "lists of lists doubled": nested(30, "l", (one) => `list_transform([${one}], lambda x: x || x)[1]`),
    "lists added to themselves": nested(20, "l", (one) => `array_apply([${one}], lambda x: x + x)[1]`),
    "comprehensions doubled": nested(12, "[t]", (one) => `[concat(x, x, x) for x in ${one}]`),
    "each letter replaced by the text": "len(replace(t, 'a', t))",
    "each letter replaced by a long constant": `replace(t, 'a', '${"x".repeat(300)}')`,
    "replaced again and again": nested(4, "t", (one) => `replace(${one}, 'a', 'aaaaa')`),
    "a pattern that finds each letter": "regexp_replace(t, '(.)', t, 'g')",
    "a pattern's find, told often": `regexp_replace(t, '.*', '${"\\0".repeat(200)}')`,
    "a list joined by the text": "array_to_string(string_split(t, ''), t)",
    "fields joined by the text": `concat_ws(t, ${"a,".repeat(200)} a)`,
    "the text for each letter": "list_transform(string_split(t, ''), lambda x: t)",
    "the text beside each letter": "list_transform(string_split(t, ''), lambda x: t || x)",
    "a copy in each letter's record": "list_transform(string_split(t, ''), lambda x: {'a': x, 'b': t})",
    "a lambda inside another": "list_transform(l, lambda x: list_filter(x.m, lambda y: y <> x.a))",
    "a comprehension inside of another": "[[y for y in x.l] for x in l]",
    "JSON in JSON": nested(5, "t", (one) => `to_json(${one})`),
    "a key for each letter": `to_json(list_transform(split(t, ''), lambda x: {'${"k".repeat(5000)}': x}))`,
    "keys of a type": `(from_json(t, '[{"${"k".repeat(5000)}":"INTEGER"}]'))::varchar`,
    "keys of a cast": `to_json(j::struct(${"k".repeat(5000)} integer)[])`,
    "the same path often": `json_extract(j, ['$', ${"'$',".repeat(200)} '$'])`,
    "the same path often, by the list's other name": `json_extract(j, list_pack('$', ${"'$',".repeat(200)} '$'))`,
    "paths of a text": `json_extract(j, '[${"$,".repeat(200)}$]'::varchar[])`,
    "paths split from a text": `json_extract(j, split('${"$,".repeat(200)}$', ','))`,
    "all within all": "json_extract(j, '$..*')",
    "all within all, among others": "json_extract(j, ['$.a', '$..*'])",
    "all within all, put together": "json_extract(j, '$.' || '.*')",
    "all that a field asks for": "to_json(j -> t)",
    "a pattern's groups, each of all":
      "regexp_extract(t, '" +
      `${"(".repeat(200)}.*${")".repeat(200)}', [${Array.from({ length: 200 }, (_, at) => `'g${at}'`)}])`,
    "fields that a list's records lack": `len(from_json(t, '[{${many('"f#":"VARCHAR"')}}]'))`,
    "fields of a type in a structure": `len(from_json(t, '["STRUCT(${many("f# varchar")})"]'))`,
    "fields of a cast": `len(l::struct(${many("f# varchar")})[])`,
    "bytes written out": nested(4, "t", (one) => `encode(${one})::varchar`),
    "addresses of addresses": nested(40, "t", (one) => `url_encode(${one})`),
    "a long text of its own for each record": `replace('${"a".repeat(9000)}', 'a', n::bigint::varchar)`,
  };
  for (const [what, text] of Object.entries(refused))
    test(what, () =>
      assert.rejects(
        parseExpression(text, "a test"),
        /a test requires an expression whose result is not much larger than what it reads \(found [a-z|+-]/,
      ),
    );
});

describe("what calculates in proportion is taken", () => {
  const taken = [
    "[one.name for one in tags if one.id > 1]",
    "list_transform(tags, lambda x, i: lower(x.name) || '-' || i)",
    "list_filter(tags, lambda x: x.key = wanted and x.count > least)",
    "array_to_string(list_transform(messages, lambda m: m.role || ': ' || m.content), chr(10))",
    "replace(regexp_replace(model, '^.*/', ''), ':free', '')",
    "regexp_replace(ts, '^(\\d{4})(\\d{2})(\\d{2}).*$', '\\1-\\2-\\3')",
    "regexp_replace(lower(model), '[^a-z0-9]+', '-', 'g')",
    "md5(concat_ws('|', a, b, c, d, e, f))",
    "case when a = 'x' then 'a long word of several letters' when b then c else upper(d || e) end",
    'json_extract_string(from_json(body, \'{"usage":"JSON","choices":["JSON"]}\').usage, \'$.total\')',
    "to_json({'tenant': tenant, 'plan': plan})::varchar",
    "string_split(string_split(path, '?')[1], '/')[3]",
    "hex(sha256(user_id || 'salt'))",
    "epoch_ms(a::bigint) + to_hours(2)",
    "(meta->>'$.a' || (meta->'$.b')::varchar)",
    "json_extract_string(meta, ['$.a', '/b/c', 'd'])[1] || (l -> (len(l) - 1)) || (meta -> 'tags' ->> 0)",
    "regexp_extract(t, '(a)(b)', ['x', 'y']).x || regexp_extract(t, '(a)(b)', 2)",
    'from_json(t, \'[{"a":"INT","b":"DECIMAL(9,2)","c":["STRING"],"d":{}}]\')[1].a',
    `list_contains(split('${"model-name ".repeat(1500)}', ' '), model)`,
  ];
  for (const text of taken)
    test(text, async () => {
      await parseExpression(text, "a test");
    });
});
