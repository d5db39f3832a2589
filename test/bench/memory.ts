// Ingests a file with a mapping given as JSON into a store next to it, and prints the peak memory in kilobytes.
import { ingest } from "../../src/logs/ingest";
import { open } from "../../src/store/open";

const [file, options] = process.argv.slice(2);
(async () => {
  const store = await open(`${file}.duckdb`);
  await ingest(store, file, JSON.parse(options));
  store.close();
  process.stdout.write(`${process.resourceUsage().maxRSS}`);
})();
