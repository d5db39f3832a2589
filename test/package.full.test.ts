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
import { built, entries, root, skipUnless } from "./dist";

const here = mkdtempSync(join(tmpdir(), "fieldnotes-package-"));
const unpacked = join(here, "node_modules", "fieldnotes");
let files: string[] = [];
let tarball = "";
let bundled: string[] = [];
const described = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Runs a program and returns its output; throws with its error message if it fails. */
function out(program: string, args: string[], cwd: string): string {
  const run = spawnSync(program, args, { cwd, encoding: "utf8", maxBuffer: 1 << 26 });
  assert.equal(run.status, 0, `${program} ${args.join(" ")}: ${run.stderr}${run.stdout}`);
  return run.stdout;
}

before(() => {
  built();
  // As npm runs it, except for the build.
  const manifest = (...args: string[]) =>
    out(process.execPath, [join(root, "scripts", "manifest.mjs"), ...args], root);
  manifest();
  let packed = "";
  try {
    packed = out("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", here], root);
  } finally {
    manifest("--undo");
  }
  const [{ filename }] = JSON.parse(packed);
  tarball = join(here, filename);
  out("tar", ["-xzf", filename], here);
  bundled = readdirSync(join(here, "package", "node_modules"));
  mkdirSync(unpacked, { recursive: true });
  // The packed package where npm would install it, with the checkout's dependencies.
  rmSync(unpacked, { recursive: true });
  symlinkSync(join(here, "package"), unpacked, "dir");
  rmSync(join(here, "package", "node_modules"), { recursive: true });
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

  test("brings the notebooks' kernel inside, and no frames", () => {
    for (const name of ["tslab", "@tslab", "zeromq"]) assert.ok(bundled.includes(name), name);
    assert.ok(!bundled.includes("danfojs-node") && !bundled.includes("fieldnotes"));
  });

  test("is loaded by require, and loads no engine, no charts and no frames until they are used", () => {
    const printed = out(
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
    const { names, loaded } = JSON.parse(printed);
    for (const name of ["open", "ingest", "latency", "reliability", "doctor", "show", "renderPage"])
      assert.ok(names.includes(name), name);
    assert.deepEqual(loaded, []);
  });

  test("measures a log through require", () => {
    writeFileSync(join(here, "calls.jsonl"), '{"call_id":"1","model":"m","duration":1.5}\n');
    const printed = out(
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
    assert.equal(printed.trim(), "1.5 1 1");
  });

  test("has a command that runs", () => {
    const command = join(unpacked, described.bin.fieldnotes);
    assert.match(readFileSync(command, "utf8"), /^#!\/usr\/bin\/env node\n/);
    assert.equal(out(process.execPath, [command, "--version"], here).trim(), described.version);
    const { rows } = JSON.parse(out(process.execPath, [command, "latency", "calls.jsonl", "--json"], here));
    assert.equal(rows[0].n, 1);
  });

  test("gives its parts by their own names, to require and to import", () => {
    const seen = (program: string, type: string) =>
      out(process.execPath, [`--input-type=${type}`, "-e", program], here).trim();
    const first = `const names = [open, wilson, build, readWorld].map((one) => typeof one).join(" ");
      console.log(names, wilson(0, 10).high.toFixed(4));`;
    const required = `const { open } = require("fieldnotes"), { wilson } = require("fieldnotes/stats");
      const { build } = require("fieldnotes/evalset"), { readWorld } = require("fieldnotes/demo"); ${first}`;
    const imported = `import { open } from "fieldnotes"; import { wilson } from "fieldnotes/stats";
      import { build } from "fieldnotes/evalset"; import { readWorld } from "fieldnotes/demo"; ${first}`;
    const wanted = "function function function function 0.2775";
    assert.equal(seen(required, "commonjs"), wanted);
    assert.equal(seen(imported, "module"), wanted);
  });

  const typescript = join(root, "node_modules", "typescript", "bin", "tsc");
  const oldTypescript = join(root, "node_modules", "@tslab", "typescript-for-tslab", "bin", "tsc");
  for (const [what, tsc, module, resolution, file] of [
    ["the notebooks' TypeScript", oldTypescript, "commonjs", "node10", "cell.ts"],
    ["TypeScript of today in CommonJS", typescript, "node16", "node16", "node.cts"],
    ["TypeScript of today in ESM", typescript, "node16", "node16", "node.mts"],
    ["TypeScript of today before a bundler", typescript, "esnext", "bundler", "bundled.ts"],
  ]) {
    test(`has types that ${what} reads: every public name, in strict code`, () => {
      writeFileSync(join(here, file), everything());
      const options = `--ignoreConfig --noEmit --strict --skipLibCheck false --target es2021 --module ${module} --moduleResolution ${resolution}`;
      const known = tsc === oldTypescript ? options.replace("--ignoreConfig ", "") : options;
      const roots = ["--types", "node", "--typeRoots", join(root, "node_modules", "@types")];
      const run = spawnSync(process.execPath, [tsc, ...known.split(" "), ...roots, file], {
        cwd: here,
        encoding: "utf8",
      });
      // Other packages' declarations may be too new for the old compiler; a cell doesn't check them.
      const own = run.stdout
        .split("\n")
        .filter((line) => line.includes("error TS"))
        .filter((line) => tsc !== oldTypescript || !/node_modules\/(?!fieldnotes\/)/.test(line));
      assert.deepEqual(own, [], run.stderr);
      assert.notEqual(run.status, 1, run.stderr);
    });
  }
});

const offline = skipUnless(
  "registry",
  spawnSync("npm", ["ping"], { timeout: 20_000 }).status === 0,
  "the registry of npm",
);

test("a project with another TypeScript installs the package in one quiet step, and builds", {
  skip: offline,
}, () => {
  const project = join(here, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "name": "project", "version": "1.0.0", "private": true }');
  const install = (what: string) =>
    spawnSync("npm", ["install", "--no-audit", "--no-fund", what], { cwd: project, encoding: "utf8" });
  assert.equal(install("typescript@5.9").status, 0);
  const { status, stderr } = install(tarball);
  assert.equal(status, 0, stderr);
  assert.equal(stderr, "");
  const bin = (name: string) => join(project, "node_modules", ".bin", name);
  assert.match(out(bin("tsc"), ["--version"], project), /^Version 5\.9/);
  writeFileSync(join(project, "all.ts"), everything());
  const strict = "--strict --skipLibCheck false --target es2022 --outDir out".split(" ");
  for (const how of [
    "--module commonjs --moduleResolution node10 --esModuleInterop",
    "--module esnext --moduleResolution bundler",
    "--module node16 --moduleResolution node16",
  ])
    out(bin("tsc"), [...strict, ...how.split(" "), "all.ts"], project);
  out(process.execPath, ["-e", 'require("./out/all.js").cell'], project);
  assert.equal(out(bin("fieldnotes"), ["--version"], project).trim(), described.version);
  const notebook = join(project, "cell.ipynb");
  const source = 'import { wilson } from "fieldnotes/stats"; const high: number = wilson(0, 10).high;';
  const cells = [{ id: "a", cell_type: "code", source, metadata: {}, outputs: [], execution_count: null }];
  writeFileSync(notebook, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
  assert.match(out(bin("fieldnotes"), ["run", notebook, "--out", "out"], project), /ok, 1 cell in/);
});

/** A program that names everything public. */
function everything(): string {
  const lines = entries.flatMap(({ room, index }, at) => {
    const entry = room === "" ? "" : `/${room}`;
    const text = readFileSync(join(root, "src", `${index}.ts`), "utf8");
    const names = [...text.matchAll(/export (type )?\{([^}]*)\}/g)].flatMap(([, type = "", list]) =>
      list
        .split(",")
        .map((one) => one.trim())
        .filter((one) => one !== "")
        .map((one) => (one.startsWith("type ") ? one : type + one)),
    );
    assert.ok(names.length >= 2, index);
    const values = names.filter((name) => !name.startsWith("type "));
    const types = names.filter((name) => name.startsWith("type ")).map((name) => name.slice(5));
    return [
      `import * as all${at} from "fieldnotes${entry}";`,
      `export const used${at} = [${values.map((name) => `all${at}.${name}`).join(", ")}];`,
      `import type { ${types.map((name) => `${name} as ${name}${at}`).join(", ")} } from "fieldnotes${entry}";`,
    ];
  });
  return `${lines.join("\n")}
import { latency, type LatencyRow, open, reliability, show, type Store, type Table } from "fieldnotes";
import { type Estimate, wilson } from "fieldnotes/stats";
export async function cell(): Promise<number> {
  const store: Store = await open(":memory:");
  const table: Table<LatencyRow> = await latency(store, { by: "model", q: [0.5], metric: "ttft" });
  const estimate: Estimate = table.rows[0].quantiles["0.5"];
  const rate: number = (await reliability(store)).rows[0].error_rate.high;
  show(table);
  // @ts-expect-error no such metric
  await latency(store, { metric: "speed" });
  return estimate.value + rate + wilson(1, 2).high;
}
`;
}
