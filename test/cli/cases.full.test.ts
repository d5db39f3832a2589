import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, describe, test } from "node:test";
import { ingest } from "../../src/logs/ingest";
import { open } from "../../src/store/open";
import { cases, skipUnless } from "../dist";
import { folder, json } from "./command";

const skip = skipUnless("cases", existsSync(cases), "the folder of real files");
const { path: here, remove } = folder();
after(remove);

/** One row as the command prints it. */
interface Printed {
  provider: string;
  model: string;
  quantiles: Record<string, { value: number }>;
  error_rate: { value: number; n: number };
}

describe("load tests of ten providers, against their published numbers", { skip }, () => {
  const individual = join(cases, "llmperf", "individual");
  const names = existsSync(individual) ? readdirSync(individual).map((file) => basename(file, ".json")) : [];
  const db = ["--db", "llmperf.duckdb"];
  const split = (name: string) => {
    const at = name.lastIndexOf("_");
    return [name.slice(0, at), name.slice(at + 1)];
  };
  const taken = async (path: string, set: Record<string, string>) => {
    const store = await open(join(here, "llmperf.duckdb"));
    try {
      return await ingest(store, path, { set });
    } finally {
      store.close();
    }
  };
  const shares = [0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

  test("quantiles to 1e-12, and error rates", async () => {
    assert.ok(names.length >= 10);
    for (const [at, name] of names.entries()) {
      const [provider, model] = split(name);
      const path = join(individual, `${name}.json`);
      const set = ["--set", `provider=${provider}`, "--set", `model=${model}`];
      // One process each would take longer than everything else, so the command runs once, then the functions it calls.
      const { files } =
        at === 0 ? await json(["ingest", path, ...set, ...db], here) : await taken(path, { provider, model });
      assert.deepEqual([files[0].status, files[0].format, files[0].rejected], ["ingested", "llmperf", 0]);
    }
    const by = ["--by", "provider,model"];
    const [first, whole, failures] = await Promise.all([
      json(["latency", "--metric", "time_to_first_token", ...by, "--q", shares.join(","), ...db], here),
      json(["latency", ...by, "--q", shares.join(","), ...db], here),
      json(["reliability", ...by, ...db], here),
    ]);
    const rowOf = (rows: Printed[], name: string) =>
      rows.find(({ provider, model }) => `${provider}_${model}` === name) as Printed;
    for (const name of names) {
      const summary = JSON.parse(readFileSync(join(cases, "llmperf", "summary", `${name}.json`), "utf8"));
      for (const [field, table] of [
        ["ttft_s", first],
        ["end_to_end_latency_s", whole],
      ]) {
        for (const p of shares) {
          const published = summary[`results_${field}_quantiles_p${Math.round(100 * p)}`];
          const { value } = rowOf(table.rows, name).quantiles[p];
          assert.ok(Math.abs(value - published) <= 1e-12, `${name} ${field} ${p}: ${value}, ${published}`);
        }
      }
    }
    const failed = (name: string) => {
      const { value, n } = rowOf(failures.rows, name).error_rate;
      return `${Math.round(value * n)}/${n}`;
    };
    assert.deepEqual(
      [failed("lepton_13b"), failed("bedrock_70b"), failed("perplexity_70b")],
      ["130/150", "49/150", "2/150"],
    );
  });
});

test("a trace without durations answers that no call has one", { skip }, async () => {
  const trace = join(cases, "azure-llm-trace", "AzureLLMInferenceTrace_conv.csv");
  writeFileSync(
    join(here, "azure.json"),
    JSON.stringify({
      table: "calls",
      columns: {
        started_at: "TIMESTAMP",
        input_tokens: "ContextTokens",
        output_tokens: "GeneratedTokens",
      },
    }),
  );
  const read = ["--mapping", "azure.json", "--set", "workload=conversation"];
  const [table, narrowed] = await Promise.all([
    json(["latency", trace, ...read], here),
    json(
      [
        "query",
        "select count(*) as n, median(input_tokens) as i, median(output_tokens) as o from calls",
        trace,
        ...read,
      ],
      here,
    ),
  ]);
  assert.deepEqual(narrowed.rows, [{ n: 19366, i: 1020, o: 129 }]);
  assert.ok(table.notes.includes("No call has a duration: latency cannot be measured on this log."));
  for (const { n, mean, quantiles } of table.rows)
    assert.deepEqual([n, mean.value, quantiles["0.5"].value], [0, null, null]);
});

test("the example of the OTLP protocol is recognised, and answers that it has no call to a model", {
  skip,
}, async () => {
  const otlp = join(cases, "otlp");
  const [file] = readdirSync(otlp).filter((name) => name.endsWith(".json"));
  const document = JSON.parse(readFileSync(join(otlp, file), "utf8"));
  const span = document.resourceSpans[0].scopeSpans[0].spans[0];
  span.attributes.push({ key: "gen_ai.request.model", value: { stringValue: "m" } });
  span.attributes.push({ key: "gen_ai.operation.name", value: { stringValue: "chat" } });
  writeFileSync(join(here, "one.json"), JSON.stringify(document));
  const { rows } = await json(["latency", "one.json"], here);
  assert.deepEqual([rows.length, rows[0].n, rows[0].mean.value], [1, 1, 1]);
  await assert.rejects(json(["latency", join(otlp, file)], here), /GenAI|model/);
});
