import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { traffic } from "../../../src/demo/traffic/traffic";
import { checkWorld, defaultWorldText, readWorld } from "../../../src/demo/world/world";

/** The default world with one field changed, by its path. */
function changed(path: string, value: unknown): unknown {
  const world = JSON.parse(defaultWorldText());
  const names = path.split("/");
  let at = world;
  for (const name of names.slice(0, -1)) at = at[name];
  if (value === undefined) delete at[names.at(-1)!];
  else at[names.at(-1)!] = value;
  return world;
}

describe("a world", () => {
  test("is what the package comes with: three workloads, six models of three vendors, two at two providers", () => {
    const { world } = readWorld();
    assert.equal(Object.keys(world.workloads).length, 3);
    const models = Object.values(world.models);
    assert.equal(models.length, 6);
    assert.equal(new Set(models.map(({ vendor }) => vendor)).size, 3);
    assert.equal(models.filter(({ providers }) => Object.keys(providers).length === 2).length, 2);
  });

  const faults: [path: string, value: unknown, message: RegExp][] = [
    ["days", 0, /world requires world\.days to be a whole number between 1 and 366, got 0/],
    ["start", "2026-13-01", /world\.start to be a day like "2026-03-02", got "2026-13-01"/],
    ["utc_offset", "CET", /world\.utc_offset to be an offset like "\+01:00", got "CET"/],
    ["traffic/weekday_hours", [1, 2], /world\.traffic\.weekday_hours to be a list of 24, got \[1,2\]/],
    ["traffic/peaks", [{ day: "funday", from: 1, to: 2, times: 1 }], /peaks\[0\]\.day to be one of monday, /],
    ["models/quillon-7/stall_shape", 1, /world\.models\.quillon-7\.stall_shape to be a number > 1, got 1/],
    ["models/quillon-7/speed", 3, /world knows no world\.models\.quillon-7\.speed; it may hold /],
    [
      "models/quillon-7/providers",
      { nobody: {} },
      /providers\.nobody\.share to be a number >= 0, got nothing/,
    ],
    ["models/<b>", {}, /world\.models to be named in lower-case letters/],
    ["models/quillon-7/vendor", 'x","y', /vendor to be a name of letters/],
    ["workloads/chat-assistant/fallback", "gpt", /fallback to name one of orrery-apex, .* got gpt/],
    [
      "workloads/chat-assistant/resolve/quillon-7",
      undefined,
      /resolve to hold quillon-7, which serves the workload/,
    ],
    ["workloads/chat-assistant/file", "../x.jsonl", /file to be a plain file name/],
    [
      "workloads/chat-assistant/file",
      "coding.jsonl.gz",
      /a file of its own for each workload, got coding\.jsonl\.gz twice/,
    ],
    [
      "workloads/chat-assistant/hallucination/gpt",
      0.1,
      /hallucination to name one of orrery-apex, .* got gpt/,
    ],
    [
      "workloads/coding-assistant/kinds/agentic/resolve",
      { gpt: 1 },
      /kinds\.agentic\.resolve to name one of/,
    ],
    [
      "workloads/document-review/pipelines/plain/share",
      -1,
      /pipelines\.plain\.share to be a number >= 0, got -1/,
    ],
    ["workloads/chat-assistant/releases", [{ name: "4.2.0" }], /releases\[0\]\.from to be a day or minute/],
    ["raters/judge/sensitivity", 2, /raters\.judge\.sensitivity to be a number >= 0 and <= 1, got 2/],
    ["study/workload", "cooking", /world\.study\.workload to name one of chat-assistant, .* got cooking/],
    ["benchmarks/arena-rating/items", 10, /arena-rating to have items or else a standard_error/],
    ["benchmarks/general-knowledge/models/quillon-7", 1.2, /quillon-7 to be a share from 0 to 1 .* got 1\.2/],
    ["mix", [{ from: "2026-03-05", shares: { cooking: 1 } }], /world\.mix\[\]\.shares to name one of/],
    [
      "workloads/chat-assistant/models",
      { "quillon-7": 0 },
      /models to hold at least one number > 0, got none/,
    ],
  ];
  for (const [path, value, message] of faults)
    test(`with a fault in ${path} is refused by name`, () => {
      assert.throws(
        () => checkWorld(changed(path, value)),
        (error: Error) => {
          assert.ok(error instanceof RangeError);
          assert.match(error.message, message);
          return true;
        },
      );
    });

  test("can be written with all its defaults and read again", () => {
    const text = JSON.stringify(readWorld().world);
    assert.equal(JSON.stringify(checkWorld(JSON.parse(text))), text);
  });

  test("may leave out all that older worlds do not have", () => {
    const old = JSON.parse(defaultWorldText());
    for (const name of ["raters", "study", "benchmarks", "mix"]) delete old[name];
    for (const model of Object.values<object>(old.models))
      for (const name of ["schema_valid", "refusal_rate"]) delete (model as Record<string, unknown>)[name];
    const added =
      "texts longest_answer releases pipelines kinds hallucination hallucination_slope labels history".split(
        " ",
      );
    for (const work of Object.values<object>(old.workloads))
      for (const name of added) delete (work as Record<string, unknown>)[name];
    const world = checkWorld(old);
    const calls = [...traffic(world, { seed: 1, calls: 500 })].flatMap((task) => task.calls);
    assert.equal(calls.length, 500);
    assert.ok(
      calls.every(({ hallucinated, finishReason }) => !hallucinated && finishReason !== "content_filter"),
    );
  });

  test("that is no object or no JSON is refused", () => {
    assert.throws(() => checkWorld(3), /world requires world to be an object, got 3/);
    const folder = mkdtempSync(join(tmpdir(), "fieldnotes-world-"));
    try {
      writeFileSync(join(folder, "bad.json"), "{");
      assert.throws(() => readWorld(join(folder, "bad.json")), /world requires a JSON file, got .*bad\.json/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
