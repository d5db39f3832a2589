import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeMessage, encodeMessage, request } from "../../src/notebook/messages";

const frames = (key: string) =>
  encodeMessage(key, request("execute_request", { code: "1" }, "s")).map((frame) => Buffer.from(frame));

test("a message comes out as it went in, whatever stands before its delimiter", () => {
  const { header, content } = decodeMessage("key", [Buffer.from("identity"), ...frames("key")]);
  assert.equal(header.msg_type, "execute_request");
  assert.deepEqual(content, { code: "1" });
});

test("a message signed with another key, or changed on its way, is refused", () => {
  assert.throws(() => decodeMessage("other", frames("key")), /wrong signature/);
  const changed = frames("key");
  changed[5] = Buffer.from('{"code":"2"}');
  assert.throws(() => decodeMessage("key", changed), /wrong signature/);
  assert.throws(() => decodeMessage("key", [Buffer.from("x")]), /not a Jupyter message/);
});
