import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { json } from "node:stream/consumers";
import { describe, test } from "node:test";
import { type Entry, open as openZip, type ZipFile } from "yauzl";
import type { IngestOptions } from "../../../src/logs/ingest";
import { ingest } from "../../../src/logs/ingest";
import { consistency } from "../../../src/measures/consistency/consistency";
import { quality } from "../../../src/measures/quality/quality";
import { open, type Store } from "../../../src/store/open";
import { cases, skipUnless } from "../../dist";
import { near } from "../../same";

const skip = skipUnless("cases", existsSync(cases), "the folder of real files");

async function withFile<T>(
  path: string,
  options: IngestOptions,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const store = await open(":memory:");
  try {
    await ingest(store, path, options);
    return await work(store);
  } finally {
    store.close();
  }
}

describe("published numbers of real files", { skip }, () => {
  test("tau-bench: pass^1 to pass^4 of gpt-4o, with intervals over tasks", () =>
    withFile(join(cases, "tau-bench", "gpt-4o-airline.json"), { set: { model: "gpt-4o" } }, async (store) => {
      for (const score of [undefined, "reward"]) {
        const [row] = (await consistency(store, { score, k: [1, 2, 3, 4] })).rows;
        assert.deepEqual([row.prompts, row.repeats], [50, 4]);
        for (const [k, published] of [0.42, 0.27333, 0.22, 0.2].entries()) {
          const { value, low, high, clusters } = row.pass_hat[k + 1];
          near(value, published, `pass^${k + 1}`, 2e-5);
          assert.ok(low < value && value < high && clusters === 50);
        }
        assert.ok(row.icc.value > 0.2 && row.icc.low > 0 && row.icc.high < 1);
      }
    }));

  test("AlpacaEval: the win rate of 805 annotations and its standard error", async () => {
    const mapping = [
      {
        table: "calls",
        columns: {
          call_id: "md5(instruction)",
          model: "generator_2",
          prompt_id: "md5(instruction)",
          environment: "'evaluation'",
          status: "'ok'",
        },
      },
      {
        table: "scores",
        columns: {
          subject: "'call'",
          subject_id: "md5(instruction)",
          name: "'win'",
          value: "preference - 1",
          rater: "'judge'",
        },
      },
    ] as const;
    const file = join(cases, "alpaca_eval", "annotations_claude-2.1_concise.json");
    const check = (row: { n: number; mean: { value: number }; standard_error: number }) => {
      assert.equal(row.n, 805);
      near(100 * row.mean.value, 9.22712524063354, "win rate", 1e-12);
      near(100 * row.standard_error, 0.8921752289142333, "standard error", 1e-12);
    };
    await withFile(file, { mapping: [...mapping] as never }, async (store) => {
      const { rows } = await quality(store, { score: "win" });
      check(rows[0]);
      assert.deepEqual([rows.length, rows[0].mean.clusterBy], [1, "prompt_id"]);
    });
    await withFile(file, {}, async (store) => check((await quality(store, { score: "win" })).rows[0]));
    // Judgements only, for calls that are not in the log.
    await withFile(file, { mapping: mapping[1] as never }, async (store) =>
      check((await quality(store, { score: "win" })).rows[0]),
    );
  });

  const folder = join(cases, "inspect");
  const logs = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of logs.filter((file) => /\.(json|eval)$/.test(file))) {
    test(`Inspect: accuracy and standard error of ${name}`, async (t) => {
      const log = name.endsWith(".eval")
        ? await evalLog(join(folder, name))
        : JSON.parse(readFileSync(join(folder, name), "utf8"));
      if ((log.samples ?? []).length === 0) return t.skip("it holds no samples");
      if ((log.results?.scores ?? []).length === 0) return t.skip("it holds no results");
      await withFile(join(folder, name), {}, async (store) => {
        for (const { name: score, metrics } of log.results.scores) {
          const { rows } = await quality(store, { score, by: "" });
          near(rows[0].mean.value, metrics.accuracy.value, "accuracy", 1e-12);
          assert.equal(rows[0].n, log.samples.length);
          // With one sample Inspect writes 0, although no standard error can be known.
          if (rows[0].n > 1) near(rows[0].standard_error, metrics.stderr.value, "stderr", 1e-12);
          else assert.ok(Number.isNaN(rows[0].standard_error));
        }
      });
    });
  }
});

/** The header of an .eval file, a zip, with its samples counted. */
async function evalLog(path: string): Promise<{ samples: string[]; results?: { scores: never[] } }> {
  const zip = await new Promise<ZipFile>((resolve, reject) =>
    openZip(path, { lazyEntries: true, autoClose: false }, (error, opened) =>
      error ? reject(error) : resolve(opened as ZipFile),
    ),
  );
  const found = { samples: [] as string[], results: undefined };
  for (const entry of await entriesOf(zip)) {
    if (entry.fileName.startsWith("samples/")) found.samples.push(entry.fileName);
    if (entry.fileName === "header.json")
      found.results = await new Promise((resolve, reject) =>
        zip.openReadStream(entry, (error, stream) =>
          error
            ? reject(error)
            : json(stream as Readable).then((one) => resolve((one as typeof found).results), reject),
        ),
      );
  }
  zip.close();
  return found;
}

function entriesOf(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on("entry", (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.once("end", () => resolve(entries));
    zip.once("error", reject);
    zip.readEntry();
  });
}

test("epochs of a sample count as Inspect's mean over epochs does", async () => {
  const samples = [1, 0, 1, 1, 0, 0].map((value, at) => ({
    id: at % 3,
    epoch: 1 + Math.floor(at / 3),
    scores: { match: { value: value === 1 ? "C" : "I" } },
    output: { model: "m", choices: [{ message: { role: "assistant", content: "x" }, stop_reason: "stop" }] },
    model_usage: { m: { input_tokens: 1, output_tokens: 1, total_tokens: 2 } },
  }));
  const log = {
    version: 2,
    status: "success",
    eval: { task: "t", model: "m", run_id: "r" },
    plan: {},
    results: {},
    samples,
  };
  const { mkdtempSync, rmSync, writeFileSync } = await import("node:fs");
  const { tmpdir } = await import("node:os");
  const place = mkdtempSync(join(tmpdir(), "fieldnotes-inspect-"));
  try {
    writeFileSync(join(place, "log.json"), JSON.stringify(log));
    await withFile(join(place, "log.json"), {}, async (store) => {
      const [row] = (await quality(store, { score: "match" })).rows;
      assert.deepEqual([row.n, row.mean.value, row.mean.clusters], [6, 0.5, 3]);
      // The samples' means are 1, 0 and 0.5.
      near(row.standard_error, 0.5 / Math.sqrt(3), "stderr", 1e-12);
    });
  } finally {
    rmSync(place, { recursive: true });
  }
});
