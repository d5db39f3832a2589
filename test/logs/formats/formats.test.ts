import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { makeReady } from "../../../src/logs/files/ready";
import { formats, takes } from "../../../src/logs/formats";
import { followsOf } from "../../../src/logs/records/follows";
import { open, type Store } from "../../../src/store/open";
import { thorough } from "../../property";
import { fixturesOf, tables } from "./fixtures";
import { type Fixture, read, textOf } from "./read";

const all: Fixture[] = [...Object.values(fixturesOf).flatMap(({ fixtures }) => fixtures), ...tables];

// These accept any record with the right columns, or any conversation, so they come last.
const general = ["conversation", "canonical", "leaderboard-table"];

describe("formats", () => {
  let store: Store;
  let folder: string;
  before(async () => {
    store = await open(":memory:");
    folder = mkdtempSync(join(tmpdir(), "fieldnotes-test-"));
  });
  after(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("every fixture is recognised by its own format, and by no other but the kit's own", async () => {
    for (const [number, fixture] of all.entries()) {
      const path = join(folder, `${number}-${fixture.file.replaceAll("/", "-")}`);
      writeFileSync(path, textOf(fixture));
      const { shape, sample } = await makeReady(store.connection, path, folder);
      const takers = formats.filter(takes({ shape, records: sample.records })).map(({ name }) => name);
      assert.equal(takers[0], fixture.format, `${fixture.format} ${fixture.file}`);
      const others = takers.filter((name) => name !== fixture.format && !general.includes(name));
      assert.deepEqual(others, [], `${fixture.format} ${fixture.file}`);
    }
  });

  const documented = readFileSync(join(__dirname, "..", "..", "..", "docs", "exports.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").at(-2) ?? "");
  for (const { name } of formats) {
    test(`${name} has a fixture, and a row in docs/exports.md`, () => {
      assert.ok(
        all.some(({ format }) => format === name),
        `no file of test/logs/formats/fixtures has a fixture of the format ${name}`,
      );
      assert.ok(
        documented.some((cell) => cell.includes(`\`${name}\``)),
        `no row of docs/exports.md has the format \`${name}\` in its last column`,
      );
    });
  }

  test("every format says what it is, how it is told and what it lacks, under a name of its own", () => {
    for (const { name, about, signature, lacks } of formats) {
      assert.ok(about.length > 10, `the format ${name} does not say what it is: about`);
      assert.ok(signature.length > 0, `the format ${name} does not say how it is told: signature`);
      assert.ok(lacks?.length > 5, `the format ${name} does not say what it cannot give: lacks`);
    }
    assert.equal(new Set(formats.map(({ name }) => name)).size, formats.length);
  });

  test("what follows from what a format lacks is told by what it reads", () => {
    const of = (wanted: string) => {
      const format = formats.find(({ name }) => name === wanted);
      assert.ok(format);
      return followsOf(format);
    };
    assert.deepEqual(of("litellm-prices"), { tables: ["prices"], follows: [] });
    const { tables, follows } = of("anthropic");
    assert.deepEqual(tables, ["calls", "spans"]);
    assert.ok(
      follows.includes("no latency and no throughput") && follows.includes("costs come from a price list"),
    );
    assert.ok(!of("langfuse").follows.some((one) => /latency|costs come|users/.test(one)));
    for (const name of ["inspect", "promptfoo", "tau-bench", "tau2-bench", "lm-eval-samples"])
      assert.ok(
        of(name).follows.includes("environment is 'evaluation': never part of production's latency"),
        name,
      );
  });

  for (const [name, { least, broken }] of Object.entries(fixturesOf)) {
    test(`${name}: a record without any optional field is read, and what is missing stays empty`, async () => {
      const { files, calls, preferences, benchmarks, prices } = await read([least]);
      assert.equal(files[0].status, "ingested", files[0].reason);
      assert.equal(files[0].rejected, 0, files[0].reason);
      assert.ok(calls.length + preferences.length + benchmarks.length + prices.length > 0);
      for (const call of calls)
        assert.equal(call.cost, null, 'the fixture "least" has a cost, or 0 became one');
    });

    thorough(
      `${name}: a damaged value costs its column, or a row that is nothing without it, and a truncated record itself`,
      async () => {
        const { files, calls, tasks, spans, scores, preferences, rejects } = await read([broken]);
        assert.equal(files[0].status, "ingested", files[0].reason);
        assert.ok(calls.length + preferences.length > 0);
        const emptied = [calls, tasks, spans, scores, preferences].flatMap((rows) =>
          rows.filter((row) => row.emptied !== null).map(({ line }) => line),
        );
        assert.deepEqual(
          [...new Set([...emptied, ...rejects.map(({ line }) => line)])].sort(),
          [2, 3],
          `of the fixture "broken" lines ${rejects.map(({ line }) => line)} are rejected and ${emptied} have empty columns, not 2 and 3: ${files[0].reason}`,
        );
        assert.ok(!emptied.includes(3), 'the third record of the fixture "broken" is not truncated');
      },
    );
  }
});
