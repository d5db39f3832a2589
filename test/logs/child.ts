// Ingests the given files into a store and prints the result, for input that could crash a process.
import { ingest } from "../../src/logs/ingest";
import { open } from "../../src/store/open";

const [database, options, ...paths] = process.argv.slice(2);
(async () => {
  const store = await open(database);
  process.stdout.write("open\n");
  const result = await ingest(store, paths, JSON.parse(options));
  store.close();
  process.stdout.write(`${JSON.stringify(result)}\n`);
})();
