// node clickhouseServer.mjs FOLDER: a ClickHouse in this process (chdb of npm, installed in FOLDER) behind ClickHouse's HTTP
// interface on a free port of loopback, which it prints. One process, one user, no cluster: it tests the SQL and the client.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

const { Session } = createRequire(join(process.argv[2], "package.json"))("chdb");
const session = new Session();
const formatOf = /\s+FORMAT\s+(\w+)\s*;?\s*$/i;

let last = Promise.resolve();
function inTurn(query) {
  const mine = last.then(query, query);
  last = mine.catch(() => {});
  return mine;
}

const server = createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  const chunks = [];
  request
    .on("data", (chunk) => chunks.push(chunk))
    .on("end", async () => {
      const sql = [url.searchParams.get("query") ?? "", Buffer.concat(chunks).toString()]
        .filter(Boolean)
        .join("\n");
      const format = formatOf.exec(sql);
      try {
        // The synchronous query cuts long results short, and results of two at once get mixed.
        const result = await inTurn(() =>
          session.queryAsync(format ? sql.slice(0, format.index) : sql, {
            format: format?.[1] ?? url.searchParams.get("default_format") ?? "TabSeparated",
          }),
        );
        response.end(Buffer.from(result.bytes()));
      } catch (error) {
        response.statusCode = 500;
        response.end(String(error.message));
      }
    });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
// It ends with the test that began it.
process.stdin.resume().on("end", () => process.exit(0));
