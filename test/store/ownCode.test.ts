import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { open } from "../../src/store/open";
import { ownCodeIn } from "../../src/store/ownCode";
import { schema } from "../../src/store/schema";
import { fieldnotes } from "../cli/command";

const folder = mkdtempSync(join(tmpdir(), "fieldnotes-own-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const secret = join(folder, "secret.txt");
writeFileSync(secret, "the secret");

let made = 0;
/** A store that someone has changed since. */
async function changed(...statements: string[]): Promise<string> {
  made += 1;
  const path = join(folder, `${made}.duckdb`);
  (await open(path)).close();
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
  return path;
}

describe("a store from someone else is data", () => {
  test("no view stands in the place of a table, whichever", async () => {
    for (const table of Object.keys(schema)) {
      const path = await changed(`drop table ${table}`, `create view ${table} as select 1 as a`);
      for (const readOnly of [true, false])
        await assert.rejects(open(path, { readOnly }), new RegExp(`"${table}" is a view in this store`));
    }
  });

  test("no macro has the name of a function that numbers pass", async () => {
    for (const macro of [
      "quantile_cont(x, q) as 1",
      '"+"(a, b) as a',
      "range(a) as table select 1 as i",
      "SUM(x) as 1",
    ]) {
      const path = await changed(`create or replace macro main.${macro}`);
      await assert.rejects(open(path, { readOnly: true }), /has a macro named like the engine's function/);
    }
  });

  test("no macro hides another, nor itself, from what looks for them", async () => {
    const empty = "as table select '' as database_name, false as internal where false";
    for (const macros of [
      ["current_database() as 'elsewhere'", "sum(x) as 1"],
      ["lower(x) as 'else'", "sum(x) as 1"],
      [`duckdb_functions() ${empty}`],
      [`duckdb_views() as table select content from read_text('${secret}')`],
      ["duckdb_tables() as table select 1 as a", "duckdb_columns() as table select 1 as a"],
      ["json_extract_string(a, b) as '1'"],
      ["timezone(a, b) as b"],
    ]) {
      const path = await changed(...macros.map((macro) => `create or replace macro main.${macro}`));
      for (const readOnly of [true, false])
        await assert.rejects(
          open(path, { readOnly }),
          /has a macro named like the engine's function/,
          macros[0],
        );
    }
  });

  test("no type is named like one of the engine's, and others may be there", async () => {
    for (const type of ["json as integer", "Json as enum ('a')"])
      await assert.rejects(
        open(await changed(`create type ${type}`), { readOnly: true }),
        /has a type named like the engine's "[Jj]son", as which values would be read/,
      );
    (await open(await changed("create type colour as enum ('red')"))).close();
  });

  test("no column is calculated, nor of another type", async () => {
    const calculated = await changed(
      "drop table families",
      "create table families (model varchar, family varchar generated always as (model || 'x'))",
    );
    await assert.rejects(
      open(calculated),
      /"family" of its table families is calculated by the store itself/,
    );
    const given = await changed("alter table calls alter cost set default 0");
    await assert.rejects(open(given), /"cost" of its table calls is calculated/);
    const other = await changed("drop table calls", "create table calls (call_id integer)");
    await assert.rejects(open(other), /"call_id" of its table calls is of type INTEGER instead of VARCHAR/);
  });

  test("one of another version says so, and nothing else of what is in it", async () => {
    for (const statements of [
      ["drop table spans", "create view spans as select 1 as a"],
      ["create or replace macro main.sum(x) as 1"],
      ["alter table calls alter cost set default 0"],
      [],
    ])
      for (const version of [3, 9]) {
        const path = await changed(`update fieldnotes set version = ${version}`, ...statements);
        for (const readOnly of [true, false])
          await assert.rejects(
            open(path, { readOnly }),
            new RegExp(`reads stores of layout \\d+, and this one has layout ${version}\\.`),
          );
      }
    // One that does not say its version as a store does.
    for (const statements of [
      ["delete from fieldnotes"],
      ["insert into fieldnotes values (6)"],
      ["drop table fieldnotes", "create table fieldnotes as select 'rm -r' as version"],
    ])
      await assert.rejects(open(await changed(...statements)), /this one has layout unknown\./);
  });

  test("a database with a view or a macro alone is no new store", async () => {
    for (const [at, statement] of ["create view v as select 1 as a", "create macro sum(x) as 1"].entries()) {
      const path = join(folder, `alone${at}.duckdb`);
      const instance = await DuckDBInstance.create(path);
      const connection = await instance.connect();
      await connection.run(statement);
      connection.closeSync();
      instance.closeSync();
      await assert.rejects(open(path), /a DuckDB database, but not a fieldnotes store/);
    }
  });

  test("in another schema they stand in nobody's place", async () => {
    const path = await changed(
      "create schema team",
      "create view team.calls as select 1 as a",
      "create macro team.median(x) as 1",
    );
    const store = await open(path, { readOnly: true });
    assert.deepEqual(await ownCodeIn(store.connection, "select team.median(a) from team.calls"), [
      "calls",
      "median",
    ]);
    store.close();
  });

  test("its own views and macros run only in a query that asks for them", async () => {
    const path = await changed(
      `create view theirs as select content from read_text('${secret}')`,
      `create macro given() as table select content from read_text('${secret}')`,
      'create view "odd ""name" as select 1 as a',
    );
    const query = (sql: string, ...more: string[]) =>
      fieldnotes(["query", sql, "--db", path, ...more], folder);
    for (const sql of [
      "from theirs",
      'select * from "THEIRS"',
      "select * from main.theirs",
      "from given()",
    ]) {
      const { code, stdout, stderr } = await query(sql);
      assert.deepEqual([code, stdout], [2, ""], sql);
      assert.match(stderr, /query requires --own-views for "(theirs|given)"/);
      assert.match((await query(sql, "--own-views")).stdout, /the secret/);
    }
    assert.equal((await query("select count(*) as theirsnot from calls")).code, 0);
    const store = await open(path, { readOnly: true });
    assert.deepEqual(await ownCodeIn(store.connection, 'from "odd ""name"'), ['odd "name']);
    store.close();
  });
});
