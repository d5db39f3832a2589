import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { addressOf, EngineFailure } from "../../src/engines/address";
import { clickhouse } from "../../src/engines/clickhouse";
import { Session } from "../../src/engines/session";
import { parted } from "../../src/engines/tree";
import { trino } from "../../src/engines/trino";
import { factsQuery } from "../../src/facts/terms";
import { open, type Store } from "../../src/store/open";
import { columnsOf } from "../../src/store/schema";

const client = {
  query: async () => [],
  columns: async () => [],
  save: async () => ({ from: "", column: String }),
};
const base = (names: readonly string[]) => ({
  columns: names.map((name) => ({ name })),
  print: (needed: ReadonlySet<string>) => `SELECT ${[...needed].join(", ")} FROM log`,
  reads: (needed: ReadonlySet<string>) => [...needed],
});

describe("DuckDB's statements for another engine", () => {
  let beside: Store;
  let session: Session;
  before(async () => {
    beside = await open(":memory:");
    const calls = base(["call_id", "model", "duration"]);
    const lake = {
      dialect: { ...clickhouse, settings: "" },
      client,
      tables: new Map([["calls", calls]]),
    };
    session = new Session(lake, await beside.connect());
  });
  after(() => beside.close());

  const written = async (script: string) => {
    await session.run(script);
    return session.sent.at(-1)?.replace(/\s+/g, " ");
  };

  test("are written with the columns that are read, each under the name of its source", async () => {
    assert.equal(
      await written(
        "create temp view long as select *, duration > 9 as is_long from calls; select count(*) as n from long where is_long",
      ),
      "WITH fieldnotes_calls_1 AS ( SELECT duration FROM log ), fieldnotes_long_2 AS ( SELECT (t1.`duration` > 9) AS `is_long` FROM fieldnotes_calls_1 AS t1 ) " +
        "SELECT CAST(count(1) AS Nullable(Int64)) AS `n` FROM fieldnotes_long_2 AS t1 WHERE t1.`is_long`",
    );
  });

  test("keep in a table what was so when it was made, and in a view what is so now", async () => {
    await session.run(
      "create or replace temp view mine as select model from calls; create temp table kept as select model from mine",
    );
    await session.run("create or replace temp view mine as select 'now' as model from calls");
    assert.match(String(await written("select model from mine")), /'now'/);
    assert.doesNotMatch(String(await written("select model from kept")), /'now'/);
  });

  test("hold as rows what reads no table of the engine", async () => {
    const text = await written(
      "select calls.model from calls join (values ('it''s', 2)) as v(model, n) using (model)",
    );
    assert.match(
      String(text),
      /format\(Values, '`model` Nullable\(String\), `n` Nullable\(Int32\)', '\(\\'it\\\\\\'s\\',2\)'\)/,
    );
  });

  for (const dialect of [clickhouse, trino]) {
    test(`say what is so of a call on ${dialect.name} as well`, async () => {
      const calls = base([...Object.keys(columnsOf("calls")), "rowid"]);
      const lake = {
        dialect: { ...dialect, settings: "" },
        client,
        tables: new Map([["calls", calls]]),
      };
      const own = new Session(lake, await beside.connect());
      await own.run(`create or replace temp view facts as ${factsQuery()}; select * from facts`);
      assert.match(String(own.sent.at(-1)), /waited/);
    });
  }

  test("say how often they read which columns", async () => {
    await session.run(
      "create temp table waits as select model, duration from calls where call_id is not null; select a.model from waits as a, waits as b where a.duration > b.duration",
    );
    assert.deepEqual(session.scans.at(-1), [
      { table: "calls", columns: ["model", "duration", "call_id"], times: 1 },
      { table: "calls", columns: ["duration", "call_id"], times: 1 },
    ]);
  });

  test("take a struct apart, filter a list, and put rows in order by all", async () => {
    await session.run(
      "create temp table firsts as select unnest(place) from (select arg_min(struct_pack(model, duration), call_id) filter (duration > 1) as place from calls)",
    );
    const text = String(await written("select model, duration from firsts order by all"));
    assert.match(
      text,
      /argMin\(tuple\(t3.`model`, t3.`duration`\), t3.`call_id`\) FILTER \(WHERE \(t3.`duration` > 1\)\)/,
    );
    assert.match(text, /tupleElement\(t2.`place`, 1\) AS `model`/);
    assert.match(text, /ORDER BY t1.`model` ASC NULLS LAST, t1.`duration` ASC NULLS LAST$/);
    const filtered = await written(
      "select len(list_filter([duration, 2], one -> one < duration)) as n from calls",
    );
    assert.match(
      String(filtered),
      /length\(arrayFilter\(one -> \(one < t1.`duration`\), \[t1.`duration`, 2\]\)\)/,
    );
  });

  test("compute a temporary table once where the engine has such tables, and drop it in the end", async () => {
    const ran: string[] = [];
    const own = new Session(
      {
        dialect: { ...clickhouse, settings: "" },
        client: { ...client, run: async (sql: string) => void ran.push(sql.replace(/\s+/g, " ")) },
        tables: new Map([["calls", base(["model", "duration"])]]),
      },
      await beside.connect(),
    );
    await own.run(
      "create temp table slow as select model from calls where duration > 9; select count(*) from slow",
    );
    assert.match(
      ran[0],
      /^CREATE TEMPORARY TABLE (fieldnotes_\w+) ENGINE = Memory AS WITH fieldnotes_calls_1 AS/,
    );
    const [, name] = /TABLE (\w+)/.exec(ran[0]) as RegExpExecArray;
    assert.match(String(own.sent.at(-1)), new RegExp(`FROM ${name} AS t1$`));
    own.closeSync();
    await new Promise((done) => setImmediate(done));
    assert.equal(ran[1], `DROP TEMPORARY TABLE ${name}`);
  });

  /** A session of Trino that may create tables, and the statements that are run for them. */
  const onTrino = async (run: (sql: string) => Promise<void> = async () => {}) => {
    const ran: string[] = [];
    const own = new Session(
      {
        dialect: { ...trino, temporary: trino.scratch?.("lake.my place") },
        client: {
          ...client,
          run: async (sql: string) => {
            ran.push(sql.replace(/\s+/g, " "));
            await run(sql);
          },
        },
        tables: new Map([["calls", base(["call_id", "model", "duration"])]]),
      },
      await beside.connect(),
    );
    return { own, ran };
  };

  test("compute a temporary table once in a schema that is named for it, whose columns all have a type, and drop it", async () => {
    const { own, ran } = await onTrino();
    await own.run(
      "create temp table slow as select struct_pack(model, duration) as g, null as hour, duration as x from calls; select g.model, max(x) from slow group by all",
    );
    const [, name] = /^CREATE TABLE ("lake"\."my place"\."fieldnotes_\w+_1") AS /.exec(ran[0]) ?? [];
    assert.match(
      ran[0],
      /SELECT CAST\("g" AS row\("model" varchar, "duration" double\)\) AS "g", CAST\("hour" AS integer\) AS "hour", "x" FROM \(/,
    );
    assert.match(String(own.sent.at(-1)), new RegExp(`FROM ${name} AS t1`));
    own.closeSync();
    await new Promise((done) => setImmediate(done));
    assert.deepEqual(ran.slice(1), [`DROP TABLE IF EXISTS ${name}`]);
  });

  test("send many rows to such a schema in parts, each short enough for Trino's default", async () => {
    const { own, ran } = await onTrino();
    await own.run(
      "create temp table rows as select i as n, repeat('x', 1000) as s from range(1200) as t(i); select count(*) from calls join rows on n = duration",
    );
    assert.deepEqual(
      ran.map((one) => /^(CREATE TABLE|INSERT INTO) "lake"\."my place"\."\w+_1"/.exec(one)?.[1]),
      ["CREATE TABLE", "INSERT INTO", "INSERT INTO"],
    );
    assert.ok(ran.every((one) => one.length < 1_000_000));
    assert.equal(ran.join("").split(/\[\d+,"x/).length - 1, 1200);
  });

  test("fail where a schema that is named for tables refuses one, and drop what was made", async () => {
    const { own, ran } = await onTrino(async (sql) => {
      if (sql.startsWith("CREATE")) throw new Error("Access Denied: Cannot create table");
    });
    await assert.rejects(own.run("create temp table one as select model from calls"), /Cannot create table/);
    own.closeSync();
    await new Promise((done) => setImmediate(done));
    assert.match(ran[1], /^DROP TABLE IF EXISTS "lake"/);
  });

  test("ask Trino for several values among the rows of a query as it can compare them", async () => {
    const { own } = await onTrino();
    for (const query of [
      "select model from calls semi join (select model, duration from calls where duration > 9) as few using (model, duration)",
      "select model from calls where (model, duration) in (select (model, duration) from calls where duration > 9)",
    ]) {
      await own.run(query);
      assert.match(
        String(own.sent.at(-1)).replace(/\s+/g, " "),
        /CASE WHEN t1."model" IS NOT NULL AND t1."duration" IS NOT NULL THEN ROW\(t1."model", t1."duration"\) END IN \(SELECT \* FROM \(SELECT t\d."model" AS "(model|part 1)", t\d."duration" AS "(duration|part 2)" FROM .*\) AS one WHERE one."\1" IS NOT NULL AND one."\2" IS NOT NULL\)/,
      );
    }
  });

  test("give Trino many rows as one text of JSON, whole numbers and infinities as they are", async () => {
    const columns = [
      { name: '"n"', type: "bigint" },
      { name: '"x"', type: "double" },
      { name: '"s"', type: "varchar" },
      { name: '"at"', type: "timestamp(6)" },
    ];
    const row = ["8724723027663984481", "infinity()", "'it''s \"so\"'", "NULL"];
    const many = trino.literalTable(columns, Array(60).fill(row));
    assert.match(
      many,
      /FROM UNNEST\(CAST\(json_parse\('\[\[8724723027663984481,"Infinity","it''s \\"so\\"",null\],.*\]'\) AS array\(row\("n" bigint, "x" double, "s" varchar, "at" varchar\)\)\)\) AS given \("n", "x", "s", "at"\)/,
    );
    assert.match(
      trino.literalTable(columns, Array(3).fill(row)),
      /VALUES \(8724723027663984481, infinity\(\)/,
    );
    const lists = [{ name: '"l"', type: "array(bigint)" }];
    assert.match(trino.literalTable(lists, Array(60).fill(["ARRAY[1]"])), /VALUES \(ARRAY\[1\]\)/);
  });

  test("name two columns of one name as DuckDB does", async () => {
    assert.match(
      String(await written("select n, n_1 from (select 1 as n, duration as n from calls) where n_1 > 2")),
      /1 AS `n`, t\d.`duration` AS `n_1` FROM/,
    );
  });

  test("find no time at or beyond an infinite one, which no other engine has", async () => {
    await session.run("create temp view dated as select *, null::timestamp as begun from calls");
    assert.match(
      String(await written("select count(*) from dated where begun <= '-infinity'::timestamp")),
      /<= CAST\(NULL AS Nullable\(DateTime64\(6, 'UTC'\)\)\)/,
    );
  });

  test("write a temporary table's query out where the engine refuses the table or has lost it", async () => {
    let lost = false;
    const session = async (run: () => Promise<void>, query = client.query) =>
      new Session(
        {
          dialect: { ...clickhouse, settings: "" },
          client: { ...client, run, query },
          tables: new Map([["calls", base(["model"])]]),
        },
        await beside.connect(),
      );
    const script = "create temp table one as select model from calls; select model from one";
    const refusing = await session(async () => {
      throw new Error("Not enough privileges");
    });
    await refusing.run(script);
    assert.match(String(refusing.sent.at(-1)), /FROM log/);
    const losing = await session(
      async () => {},
      async (...[sql]: unknown[]) => {
        const [name] = /fieldnotes_[0-9a-f]{8}_\d+/.exec(String(sql)) ?? [];
        if (name === undefined) return [];
        lost = true;
        throw new Error(`Unknown table expression identifier '${name}'`);
      },
    );
    await losing.run(script);
    assert.ok(lost);
    assert.match(String(losing.sent.at(-1)), /FROM log/);
  });

  test("take rows out of a table and into it without writing to the engine", async () => {
    await session.run("create temp table few as select model from calls; delete from few where model = 'a'");
    await session.run("insert into few select 'b' from calls");
    const text = String(await written("select count(*) as n from few"));
    assert.match(text, /NOT coalesce\(\(t\d+.`model` = 'a'\), false\)/);
    assert.match(text, /UNION ALL SELECT/);
  });

  test("read a table that the engine has not as an empty one, unless a name of WITH is meant", async () => {
    const { rowsOfCells } = await session.run("select count(*) as n from tasks");
    assert.deepEqual(rowsOfCells(), [[0n]]);
    const text = await written("with tasks as (select model from calls) select count(*) as n from tasks");
    assert.match(String(text), /FROM log/);
  });

  test("are refused, by name, for what has no twin there", async () => {
    await assert.rejects(session.run("select soundex(model) from calls"), /soundex/);
    await assert.rejects(
      session.run("select levenshtein(model, 'a') from calls"),
      /the function levenshtein, .* ClickHouse/,
    );
    await assert.rejects(session.run("delete from calls"), /the statement delete from calls/);
  });

  test("are refused as DuckDB refuses them", async () => {
    await assert.rejects(session.run("select duration + model from nowhere"), /nowhere/);
  });
});

describe("parted", () => {
  test("parts a script at semicolons outside of texts, names and comments", () => {
    assert.deepEqual(parted("a ';' ; -- b ; c\n d \";\" - 1;"), ["a ';'", 'd ";" - 1']);
  });
});

describe("addressOf", () => {
  test("shows no user and no password", () => {
    const { engine, address } = addressOf("clickhouses://ann:se%20cret@host/db");
    assert.deepEqual(
      [engine, address.shown, address.url],
      ["clickhouse", "clickhouse://host:8443/db", "https://host:8443"],
    );
    assert.deepEqual([address.user, address.password], ["ann", "se cret"]);
    assert.equal(
      new EngineFailure(address, "no se cret here").message,
      "clickhouse://host:8443/db: no … here",
    );
  });
});
