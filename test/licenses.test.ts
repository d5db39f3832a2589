import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

const list = execFileSync(process.execPath, [join(__dirname, "..", "scripts", "licenses.mjs")], {
  encoding: "utf8",
})
  .trim()
  .split("\n");
const packages = list.slice(0, -1);

test("every package of an installation has a licence that asks for no more than to be named", () => {
  const free =
    /: (MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|PSF-2\.0|Python-2\.0|BlueOak-1\.0\.0|Unlicense)(?= \(|$)/;
  // Weak copyleft, on files that are distributed unchanged.
  const known = ["zeromq"];
  assert.deepEqual(
    packages.filter((one) => !free.test(one) && !known.includes(one.split(" ")[0])),
    [],
  );
});

test("of all packages of an installation one runs a script when installed, and it is the kernel's", () => {
  const scripts = packages.filter((one) => one.endsWith("(runs a script when installed)"));
  assert.deepEqual(
    scripts.map((one) => one.split(" ")[0]),
    ["zeromq"],
  );
});
