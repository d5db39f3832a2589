import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ingest } from "../../../src/logs/ingest";
import { open } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { scratch } from "../../../src/store/scratch";

test("a damaged Parquet file is refused in our words, wherever the damage is", async () => {
  const { path: folder, remove } = scratch();
  const store = await open(":memory:");
  try {
    const file = join(folder, "calls.parquet");
    for (const compression of ["zstd", "gzip", "uncompressed"]) {
      await run(
        store.connection,
        `copy (select 'c' || i as call_id, 'gpt-4o' as model, timestamp '2026-03-02' + interval (i) second as started_at,
           i / 7 as duration, md5(i::varchar) as user_id from range(500) as t(i)) to '${file}' (format parquet, compression ${compression})`,
      );
      const whole = readFileSync(file);
      const damaged: Record<string, Buffer> = {
        "cut short": whole.subarray(0, whole.length - 200),
        "nothing but the mark": Buffer.from("PAR1"),
        "a footer longer than the file": Buffer.concat([
          whole.subarray(0, -8),
          Buffer.from([255, 255, 255, 127]),
          whole.subarray(-4),
        ]),
        "a footer of zeros": Buffer.concat([whole.subarray(0, -300), Buffer.alloc(292), whole.subarray(-8)]),
        "pages of zeros": Buffer.concat([whole.subarray(0, 4), Buffer.alloc(2000), whole.subarray(2004)]),
      };
      for (const [what, bytes] of Object.entries(damaged)) {
        writeFileSync(file, bytes);
        const { files } = await ingest(store, file);
        const [{ status, reason }] = files;
        assert.deepEqual(
          [status, reason],
          ["failed", "the Parquet file is damaged or was cut short; export it again"],
          `${compression}: ${what}`,
        );
      }
    }
  } finally {
    store.close();
    remove();
  }
});

test("a mapping that fails on a sound Parquet file is told from a damaged one", async () => {
  const { path: folder, remove } = scratch();
  const store = await open(":memory:");
  try {
    const file = join(folder, "calls.parquet");
    await run(store.connection, `copy (select 'm' as m, 'x' as t) to '${file}' (format parquet)`);
    const {
      files: [score],
    } = await ingest(store, file, {
      mapping: {
        table: "scores",
        columns: { subject: "'call'", subject_id: "m", name: "'thumbs'", value: "t::double" },
      },
    });
    assert.equal(score.status, "failed");
    assert.match(score.reason ?? "", /scores\.value must be a finite number/);
    assert.doesNotMatch(score.reason ?? "", /Parquet/);
    const {
      files: [call],
    } = await ingest(store, file, {
      mapping: { table: "calls", columns: { model: "m", duration: "t::double" } },
    });
    assert.deepEqual([call.status, call.calls], ["ingested", 1]);
    assert.match(call.emptied?.[0].first ?? "", /^record 1: .*duration must be a finite number/);
  } finally {
    store.close();
    remove();
  }
});
