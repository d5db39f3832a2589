import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./dist";

const fit = {
  version: "1.2.0",
  locked: "1.2.0",
  changelog: "# Changelog\n\n## 1.2.0 (2026-03-02)\n\nText\n\n## 1.1.0 (2026-01-05)\n",
  tags: ["v1.1.0"],
  changed: [],
};

test("a version is released with a dated changelog, its own tag, its lock and nothing left to commit", async () => {
  // @ts-expect-error a script without declarations
  const { obstacles } = await import("../scripts/release.mjs");
  assert.deepEqual(obstacles(fit), []);
  const why = (other: object) => obstacles({ ...fit, ...other }).join("\n");
  assert.match(why({ version: "1.3.0" }), /^package-lock.json has 1.2.0.*\nCHANGELOG.md begins with/);
  assert.match(why({ changelog: "## 1.2.0 (not released)\n" }), /give it the day/);
  assert.match(why({ tags: ["v1.2.0"] }), /^the tag v1.2.0 is there/);
  assert.match(why({ changed: ["src/index.ts"] }), /^not committed: src\/index.ts$/);
});

test("strangers find where to report, and the manifest says what the package is about", () => {
  const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");
  const { keywords, scripts } = JSON.parse(read("package.json"));
  assert.ok(keywords.length >= 5);
  assert.match(scripts.release, /release\.mjs/);
  assert.ok(existsSync(join(root, "docs", "security.md")));
  const pages = readdirSync(join(root, ".github", "ISSUE_TEMPLATE")).map((name) =>
    read(".github", "ISSUE_TEMPLATE", name),
  );
  for (const page of [...pages, read("SECURITY.md")]) {
    assert.doesNotMatch(page, /https?:|[\w.]+@\w/, "no address that nobody has");
    assert.ok(page.length > 100);
  }
  for (const page of pages) assert.match(page, /^---\nname: .+\nabout: .+\n---\n/);
});
