import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { built, root } from "./dist";

const here = mkdtempSync(join(tmpdir(), "fieldnotes-package-"));
const unpacked = join(here, "node_modules", "fieldnotes");
let files: string[] = [];
const described = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Runs a program and returns what it printed; fails with what it said where it fails. */
function out(program: string, args: string[], cwd: string): string {
  const run = spawnSync(program, args, { cwd, encoding: "utf8", maxBuffer: 1 << 26 });
  assert.equal(run.status, 0, `${program} ${args.join(" ")}: ${run.stderr}${run.stdout}`);
  return run.stdout;
}

before(() => {
  built();
  const packed = out("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", here], root);
  const [{ filename }] = JSON.parse(packed);
  out("tar", ["-xzf", filename], here);
  mkdirSync(unpacked, { recursive: true });
  // The packed package where npm would put it, its dependencies those of the checkout.
  rmSync(unpacked, { recursive: true });
  symlinkSync(join(here, "package"), unpacked, "dir");
  symlinkSync(join(root, "node_modules"), join(here, "package", "node_modules"), "dir");
  files = readdirSync(join(here, "package", "dist"), { recursive: true, encoding: "utf8" });
});
after(() => rmSync(here, { recursive: true, force: true }));

describe("the packed package", () => {
  test("holds every file that the modules read beside themselves", () => {
    const assets = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((file) =>
      /\.(sql|css|js|json|html)$/.test(file),
    );
    assert.ok(assets.some((file) => file.endsWith(".sql")) && assets.some((file) => file.endsWith(".css")));
    for (const file of assets) assert.ok(files.includes(file), `${file} is not in the package`);
  });

  test("holds a module for every source, and no tests", () => {
    for (const file of readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }))
      if (file.endsWith(".ts"))
        for (const end of [".js", ".d.ts"])
          assert.ok(files.includes(file.replace(/\.ts$/, end)), `${file}${end}`);
    assert.ok(!files.some((file) => /\.test\./.test(file)));
  });

  test("holds what its manifest promises", () => {
    const inside = readdirSync(join(here, "package"));
    for (const name of ["package.json", "LICENSE", "dist", "notebooks", "data", "docs"])
      assert.ok(inside.includes(name), name);
    const kernel = join(here, "package", ".jupyter", "kernels", "fieldnotes", "kernel.json");
    const { argv } = JSON.parse(readFileSync(kernel, "utf8"));
    assert.ok(!argv.some((argument: string) => argument.startsWith("/")), "no path of one machine");
  });

  test("is loaded by require, and loads no engine, no charts and no frames until they are used", () => {
    const told = out(
      process.execPath,
      [
        "-e",
        `const f = require("fieldnotes");
         const heavy = /@duckdb|apache-arrow|plotly|danfojs|zeromq|typescript|sanitize-html|highlight/;
         const loaded = Object.keys(require.cache).map((file) => file.replaceAll("\\\\", "/"))
           .filter((file) => heavy.test(file.slice(file.lastIndexOf("node_modules/"))));
         console.log(JSON.stringify({ names: Object.keys(f), loaded }))`,
      ],
      here,
    );
    const { names, loaded } = JSON.parse(told);
    for (const name of ["open", "ingest", "latency", "reliability", "doctor", "show", "renderPage"])
      assert.ok(names.includes(name), name);
    assert.deepEqual(loaded, []);
  });

  test("measures a log through require", () => {
    writeFileSync(join(here, "calls.jsonl"), '{"call_id":"1","model":"m","duration":1.5}\n');
    const told = out(
      process.execPath,
      [
        "-e",
        `const { open, ingest, latency, reliability, doctor } = require("fieldnotes");
         (async () => {
           const store = await open(":memory:");
           await ingest(store, "calls.jsonl");
           const found = [await latency(store), await reliability(store), await doctor(store)];
           store.close();
           console.log(found[0].rows[0].mean.value, found[1].rows[0].calls, found[2].calls);
         })();`,
      ],
      here,
    );
    assert.equal(told.trim(), "1.5 1 1");
  });

  test("has a command that runs", () => {
    const command = join(unpacked, described.bin.fieldnotes);
    assert.match(readFileSync(command, "utf8"), /^#!\/usr\/bin\/env node\n/);
    assert.equal(out(process.execPath, [command, "--version"], here).trim(), described.version);
    const { rows } = JSON.parse(out(process.execPath, [command, "latency", "calls.jsonl", "--json"], here));
    assert.equal(rows[0].n, 1);
  });

  test("has types that the notebooks' TypeScript reads: every public name, in strict code", () => {
    const index = readFileSync(join(root, "src", "index.ts"), "utf8");
    const names = [...index.matchAll(/export (type )?\{([^}]*)\}/g)].flatMap(([, type, list]) =>
      list
        .split(",")
        .map((one) => one.replace(/\/\/.*$/gm, "").trim())
        .filter((one) => one !== "")
        .map((one) => ({
          name: one.replace(/^type /, ""),
          type: type !== undefined || one.startsWith("type "),
        })),
    );
    assert.ok(names.length > 20);
    const values = names.filter(({ type }) => !type).map(({ name }) => name);
    const types = names.filter(({ type }) => type).map(({ name }) => name);
    writeFileSync(
      join(here, "cell.ts"),
      `import { ${values.join(", ")} } from "fieldnotes";
import type { ${types.join(", ")} } from "fieldnotes";
export const used = [${values.join(", ")}];
export async function cell(): Promise<number> {
  const store: Store = await open(":memory:");
  const table: Table<LatencyRow> = await latency(store, { by: "model", q: [0.5], metric: "ttft" });
  const estimate: Estimate = table.rows[0].quantiles["0.5"];
  const rate: number = (await reliability(store)).rows[0].error_rate.high;
  show(table);
  // @ts-expect-error no such metric
  await latency(store, { metric: "speed" });
  return estimate.value + rate;
}
`,
    );
    const tsc = join(root, "node_modules", "@tslab", "typescript-for-tslab", "bin", "tsc");
    const options =
      "--noEmit --strict --skipLibCheck false --target es2021 --module commonjs --moduleResolution node10";
    const roots = ["--types", "node", "--typeRoots", join(root, "node_modules", "@types")];
    const run = spawnSync(process.execPath, [tsc, ...options.split(" "), ...roots, "cell.ts"], {
      cwd: here,
      encoding: "utf8",
    });
    // Declarations of other packages may be too new for it; a cell does not look inside them.
    const own = run.stdout
      .split("\n")
      .filter((line) => line.includes("error TS") && !/node_modules\/(?!fieldnotes\/)/.test(line));
    assert.deepEqual(own, [], run.stderr);
    assert.notEqual(run.status, 1, run.stderr);
  });
});
