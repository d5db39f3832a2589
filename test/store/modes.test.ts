import assert from "node:assert/strict";
import { chmodSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { withOwnStore } from "../../src/cli/ownStore";
import { addAnswer, writeAnswers } from "../../src/evalset/answerFile";
import { open } from "../../src/store/open";
import { run } from "../../src/store/run";
import { writeWhole } from "../../src/store/wholeFile";
import { root } from "../dist";
import { workbench } from "../logs/workbench";

const modeOf = (file: string) => statSync(file).mode & 0o777;

describe("what holds texts is for its owner alone", { skip: process.platform === "win32" }, () => {
  test("a store, and what the engine puts beside it while it is written", () =>
    workbench(async ({ folder }) => {
      const db = join(folder, "a.duckdb");
      await withOwnStore(db, async (store) => {
        await run(store.connection, "insert into calls (call_id) values ('a')");
        const beside = readdirSync(folder).filter((name) => name.startsWith("a.duckdb"));
        assert.deepEqual(beside.sort(), ["a.duckdb", "a.duckdb.wal"]);
        for (const name of beside) assert.equal(modeOf(join(folder, name)), 0o600, name);
      });
      const other = join(folder, "b.duckdb");
      (await open(other)).close();
      assert.equal(modeOf(other), 0o600);
      chmodSync(other, 0o640);
      (await open(other)).close();
      assert.equal(modeOf(other), 0o640, "what its owner changed stays");
    }));

  test("answers, from the first one on; other files are as the umask says, and keep their mode", () =>
    workbench(async ({ folder }) => {
      const [one, two, report] = ["one.jsonl", "two.jsonl", "report.html"].map((name) => join(folder, name));
      addAnswer(one, { call_id: "a" } as never);
      writeAnswers(two, []);
      assert.deepEqual([one, two].map(modeOf), [0o600, 0o600]);
      const before = process.umask(0o027);
      try {
        writeWhole(report, "");
        assert.equal(modeOf(report), 0o640);
        chmodSync(report, 0o664);
        writeWhole(report, "new");
        assert.equal(modeOf(report), 0o664);
      } finally {
        process.umask(before);
      }
    }));

  test("every writer of a file says for whom it is", () => {
    const forAll = [
      ...[
        "cli/check.ts",
        "cli/preview.ts",
        "cli/profile.ts",
        "cli/report.ts",
        "cli/reportFiles.ts",
        "cli/run.ts",
      ],
      ...[
        "evalset/manifest.ts",
        "evalset/scoreFile.ts",
        "measures/shared.ts",
        "notebook/install.ts",
        "notebook/read.ts",
      ],
      ...["store/arrow.ts", "store/writeOut.ts"],
    ];
    const forOwner = [
      ...["cli/evalsetRequests.ts", "cli/evalsetReview.ts", "cli/writeUnfilled.ts"],
      ...["evalset/answerFile.ts", "evalset/item.ts"],
    ];
    const found = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
      .map((name) => name.replaceAll("\\", "/"))
      .filter((name) => name.endsWith(".ts") && name !== "store/wholeFile.ts")
      .map((name) => ({ name, text: readFileSync(join(root, "src", name), "utf8") }))
      .filter(({ text }) => /\bwriteWhole(By)?\(/.test(text));
    const isPrivate = ({ text }: { text: string }) => text.includes("isPrivate: true");
    assert.deepEqual(
      found
        .filter(isPrivate)
        .map(({ name }) => name)
        .sort(),
      forOwner.sort(),
    );
    assert.deepEqual(
      found
        .filter((one) => !isPrivate(one))
        .map(({ name }) => name)
        .sort(),
      forAll.sort(),
    );
  });
});
