import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "../store/quote";
import { run } from "../store/run";
import { scratch } from "../store/scratch";

/** Copies published scores into the local DuckDB that answers beside an engine: calls stay on it, benchmarks do not. */
export async function copyBenchmarks(from: DuckDBConnection, to: DuckDBConnection): Promise<void> {
  const folder = scratch();
  const file = quoteText(join(folder.path, "benchmarks.parquet"));
  try {
    await run(from, `copy benchmarks to ${file} (format parquet)`);
    await run(to, `insert into benchmarks by name select * from read_parquet(${file})`);
  } finally {
    folder.remove();
  }
}
