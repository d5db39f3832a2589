// Ingests a file by the mapping given as JSON into a store beside it, and prints the most memory it took, in kilobytes.
import { ingest } from "../../src/logs/ingest";
import { open } from "../../src/store/open";

const [file, options] = process.argv.slice(2);
(async () => {
  const store = await open(`${file}.duckdb`);
  await ingest(store, file, JSON.parse(options));
  store.close();
  process.stdout.write(`${process.resourceUsage().maxRSS}`);
})();
