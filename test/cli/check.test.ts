import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { thorough } from "../property";
import { fieldnotes, folder } from "./command";

const place = folder();
after(place.remove);
const file = (name: string) => join(place.path, name);
writeFileSync(
  file("calls.jsonl"),
  Array.from({ length: 300 }, (_, at) =>
    JSON.stringify({
      call_id: `c${at}`,
      model: "elm",
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 60_000).toISOString(),
      duration: 1 + (at % 7),
      status: at % 10 === 0 ? "error" : "ok",
    }),
  ).join("\n"),
);
const limits = (name: string, at_most: number) =>
  writeFileSync(file(name), JSON.stringify({ name, limits: [{ metric: "error_rate", at_most }] }));
limits("wide.json", 0.3);
limits("tight.json", 0.01);
limits("edge.json", 0.1);
writeFileSync(
  file("three.json"),
  JSON.stringify({
    name: "gate",
    limits: [
      { metric: "error_rate", at_most: 0.3 },
      { metric: "error_rate", at_most: 0.01, where: "model <> '<&\"|'" },
      { metric: "error_rate", at_most: 0.1 },
    ],
  }),
);

describe("fieldnotes check", () => {
  const run = (...more: string[]) => fieldnotes(["check", "calls.jsonl", ...more], place.path);

  thorough(
    "ends with 0 where all limits pass, 3 where one fails, 4 where one cannot be decided",
    async () => {
      const codes: number[] = [];
      for (const name of ["wide", "tight", "edge"]) codes.push((await run("--limits", `${name}.json`)).code);
      assert.deepEqual(codes, [0, 3, 4]);
      assert.equal((await run("--limits", "edge.json", "--allow-unknown")).code, 0);
      assert.equal((await run("--limits", "tight.json", "--allow-unknown")).code, 3);
    },
  );

  test("says what does not pass, and why, above the table", async () => {
    const { stdout } = await run("--limits", "tight.json");
    assert.match(
      stdout,
      /^tight\.json: fail\. 0 of 1 limits pass, 1 fails\.\nfail: error rate at most 1 %: it is at least/,
    );
  });

  thorough("names the value nearest to one that no call has, in where and in the limits file", async () => {
    const limit = { metric: "error_rate", at_most: 0.3 };
    writeFileSync(
      file("typo.json"),
      JSON.stringify({ name: "typo", limits: [limit, { ...limit, where: "model = 'elmm'" }] }),
    );
    const { stdout, code } = await run("--limits", "typo.json");
    assert.equal(code, 4);
    assert.match(stdout, /No call has model = 'elmm'; did you mean "elm"\?/);
    assert.match(
      (await run("--limits", "wide.json", "--where", "model = 'ellm'")).stdout,
      /did you mean "elm"/,
    );
  });

  test("writes JUnit XML and Markdown", async () => {
    await run("--limits", "wide.json", "--junit", "out.xml", "--markdown", "out.md");
    assert.match(readFileSync(file("out.xml"), "utf8"), /<testsuite name="wide.json" tests="1" failures="0"/);
    assert.match(readFileSync(file("out.md"), "utf8"), /^\*\*wide\.json: pass\.\*\*/);
  });

  thorough("writes XML and Markdown that no text of a limit can break", async () => {
    await run("--limits", "three.json", "--junit", "three.xml", "--markdown", "three.md");
    const xml = readFileSync(file("three.xml"), "utf8");
    assert.match(xml, /<testsuite name="gate" tests="3" failures="1" errors="1" skipped="0">/);
    assert.match(xml, /1 % \(model &lt;&gt; &#39;&lt;&amp;&quot;\|&#39;\)"><failure message="it is at least/);
    await run("--limits", "three.json", "--junit", "three.xml", "--allow-unknown");
    assert.match(readFileSync(file("three.xml"), "utf8"), /errors="0" skipped="1"/);
    const text = readFileSync(file("three.md"), "utf8");
    assert.match(
      text,
      /^\*\*gate: fail\.\*\* 1 of 3 limits pass, 1 fails, 1 cannot be decided yet\.\n\n- fail: /,
    );
    const rows = text.split("\n").filter((line) => line.startsWith("| "));
    assert.deepEqual(
      rows.map((line) => line.replaceAll("\\|", "").split("|").length),
      rows.map(() => 5),
    );
  });

  thorough(
    "takes the JSON it printed as the baseline of a later check, and says so in Markdown",
    async () => {
      writeFileSync(file("last.json"), (await run("--limits", "wide.json", "--json")).stdout);
      const times = { name: "gate", limits: [{ metric: "error_rate", at_most_times: 3 }] };
      writeFileSync(file("times.json"), JSON.stringify(times));
      const { code } = await run(
        "--limits",
        "times.json",
        "--against",
        "last.json",
        "--markdown",
        "times.md",
      );
      assert.equal(code, 0);
      const text = readFileSync(file("times.md"), "utf8");
      assert.match(text, /\| error rate at most 3 times the baseline \| 1\.00 times \\\[/);
      assert.match(
        text,
        /- The baseline is last\.json: all calls of its log\. Mix and hours are not held fixed/,
      );
      const refused = await run("--limits", "times.json", "--against", "wide.json");
      assert.deepEqual([refused.code, /the JSON that report writes/.test(refused.stderr)], [2, true]);
    },
  );

  thorough("with --anytime says that its verdicts hold at all looks together", async () => {
    const { stdout } = await run("--limits", "wide.json", "--anytime");
    assert.match(stdout, /Verdicts hold at all looks at this growing log together at 95 %/);
  });

  test("answers wrong usage with 2: no file, no limits", async () => {
    const none = await run("--limits", "none.json");
    assert.deepEqual([none.code, /no such file/.test(none.stderr)], [2, true]);
    assert.equal((await run()).code, 2);
  });
});
