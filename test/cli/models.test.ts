import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fieldnotes, folder } from "./command";

const place = folder();
after(place.remove);

test("models: a release that answered a request for its model matched the requested name, and is not called unknown", async () => {
  const call = { request_model: "our-gpt", started_at: "2026-03-02T10:00:00Z" };
  const calls = [
    { ...call, call_id: "a", response_model: "our-gpt-2026-02-03" },
    { ...call, call_id: "b", response_model: null },
  ];
  writeFileSync(join(place.path, "calls.jsonl"), calls.map((call) => JSON.stringify(call)).join("\n"));
  const { stdout } = await fieldnotes(["models", "calls.jsonl"], place.path);
  assert.match(stdout, /^our-gpt-2026-02-03 +our-gpt +requested name +1 /m);
  assert.match(stdout, /^our-gpt +our-gpt +nothing(;| +1 )/m);
  assert.match(stdout, /^1 spelling .*matches no known model/m);
});
