import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, describe, test } from "node:test";
import { removeAll, scratch, scratchWithin } from "../../src/store/scratch";
import { writeWhole } from "../../src/store/wholeFile";
import { thorough } from "../property";

const folder = mkdtempSync(join(tmpdir(), "fieldnotes-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const there = (place: string) => readdirSync(place).filter((name) => /fieldnotes-/.test(name));
const place = (name: string) => {
  mkdirSync(join(folder, name));
  return join(folder, name);
};

/** A process that has created a folder somewhere and keeps running. */
async function holder(where: string): Promise<ChildProcess> {
  const file = join(__dirname, "..", "..", "src", "store", "scratch");
  const code = `require(${JSON.stringify(file)}).scratch(${JSON.stringify(where)}); console.log("made"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--import", "tsx", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout!, "data");
  return child;
}

describe("a folder for what is needed meanwhile", () => {
  test("is gone when its work is done, and with it whoever listened to signals", () => {
    // Tests before this one in the same process may keep folders until it ends.
    removeAll();
    const before = process.listenerCount("SIGTERM");
    const one = scratch(folder);
    writeFileSync(join(one.path, "a"), "x");
    assert.equal(process.listenerCount("SIGTERM"), before + 1);
    one.remove();
    assert.equal(existsSync(one.path), false);
    assert.equal(process.listenerCount("SIGTERM"), before);
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    test(`is gone where its process is ended by ${signal}, and the process ends of it`, async () => {
      const where = place(signal);
      const child = await holder(where);
      assert.equal(there(where).length, 1);
      child.kill(signal);
      const [, ended] = await once(child, "exit");
      assert.equal(ended, signal);
      assert.deepEqual(there(where), []);
    });

  thorough(
    "of a process that was killed is taken away by the next; of one that lives, or of another machine, it stays",
    async () => {
      const where = place("killed");
      const [killed, alive] = [await holder(where), await holder(where)];
      killed.kill("SIGKILL");
      await once(killed, "exit");
      const [name] = there(where);
      const foreign = `fieldnotes-00000000-999999-abcdef`;
      mkdirSync(join(where, foreign));
      mkdirSync(join(where, "fieldnotes-notes"));
      symlinkSync(folder, join(where, name.replace(/\d+-\w{6}$/, "4194999-abcdef")));
      assert.equal(there(where).length, 5);
      const mine = scratchWithin(where);
      const left = there(where);
      assert.ok(
        left.includes(foreign) && left.includes("fieldnotes-notes") && left.includes(basename(mine.path)),
      );
      assert.equal(left.filter((one) => one.includes(`-${killed.pid}-`)).length, 0);
      assert.equal(left.filter((one) => one.includes(`-${alive.pid}-`)).length, 1);
      assert.ok(existsSync(join(folder, "killed")), "what a link leads to stays");
      mine.remove();
      alive.kill("SIGKILL");
    },
  );
});

describe("a file that is written as a whole", () => {
  test("takes the place of the one before it, through a link and with its rights", () => {
    const file = join(folder, "whole.txt");
    writeFileSync(file, "before", { mode: 0o600 });
    symlinkSync(file, join(folder, "link.txt"));
    writeWhole(join(folder, "link.txt"), "after");
    assert.equal(readFileSync(file, "utf8"), "after");
    assert.equal(lstatSync(file).mode & 0o777, 0o600);
    assert.ok(lstatSync(join(folder, "link.txt")).isSymbolicLink());
  });

  test("leaves nothing behind where it cannot be written, and a device is no file to replace", () => {
    mkdirSync(join(folder, "full"));
    assert.throws(() => writeWhole(join(folder, "none", "a.txt"), "x"));
    writeWhole("/dev/null", "x");
    assert.ok(lstatSync("/dev/null").isCharacterDevice());
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith(".part")),
      [],
    );
  });
});
