import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { describe, test } from "node:test";
import { derived, within } from "../../src/facts/request";
import { requestOf } from "../../src/measures/options";
import { root } from "../dist";

/** Files that read options of a request to say them, or that pass them to what has columns of its own. */
const readers: Record<string, string> = {
  "decide/check/checkLimits.ts": "writes down which calls a check was for",
  "measures/metricReaders.ts": "comparisons of answers have columns of their own",
  "measures/options.ts": "names those that what is not about calls does without",
  "page/report.ts": "says in a sentence which calls a report is about",
};

/** The lists in braces that name two or more of the options that choose calls, or copy one. */
function picksIn(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
  return [...code.matchAll(/\{([^{};]*)\}/g)].flatMap(([list, inside]) => {
    const named = /^(where|candidate|timezone|credit)\s*($|[:=,])/;
    const items = inside.split(",").map((item) => item.trim());
    const isCopied = items.some((item) => /^(\w+): \w+\.\1$/.test(item) && named.test(item));
    return isCopied || items.filter((item) => named.test(item)).length > 1 ? [list.replace(/\s+/g, " ")] : [];
  });
}

describe("a request", () => {
  test("holds all shared options that were asked for, and nothing else", () => {
    const asked = { where: "cost > 1", timezone: "Asia/Tokyo", metric: "duration", level: undefined };
    assert.deepEqual(requestOf("latency", asked), { where: "cost > 1", timezone: "Asia/Tokyo" });
  });

  test("with a bad value is refused in one line, by the name of who was asked", () => {
    assert.throws(() => requestOf("cost", { credit: "middle" as never }), {
      name: "RangeError",
      message: 'cost requires credit "first" or "last" or "all", got "middle"',
    });
    assert.throws(() => requestOf("plan", { level: 95 }), /^RangeError: plan requires .*95/);
  });

  test("that is derived keeps all else, and one within a predicate meets both", () => {
    const request = requestOf("plan", { where: "a or b", candidate: "region", seed: 3 });
    assert.deepEqual(derived(request, { by: ["model"] }), { ...request, by: ["model"] });
    assert.deepEqual(within(request, undefined, "c"), { ...request, where: "(a or b) and (c)" });
    assert.deepEqual(request, { where: "a or b", candidate: "region", seed: 3 });
  });

  test("is passed on whole: nothing picks some of its options by name", () => {
    assert.equal(picksIn("const { where, timezone, ...rest } = options;").length, 1);
    assert.equal(picksIn('select(store, { by: "model", where: options.where })').length, 1);
    assert.equal(picksIn("const { level, seed } = request;").length, 0);
    const rooms = ["measures", "decide", "page", "explore", "evalset"];
    const files = rooms.flatMap((room) =>
      readdirSync(join(root, "src", room), { recursive: true }).map((file) =>
        join(room, String(file)).split(sep).join("/"),
      ),
    );
    const again = files
      .filter((file) => file.endsWith(".ts") && readers[file] === undefined)
      .flatMap((file) =>
        picksIn(readFileSync(join(root, "src", file), "utf8")).map((list) => `${file}: ${list}`),
      );
    assert.deepEqual(again, []);
  });
});
