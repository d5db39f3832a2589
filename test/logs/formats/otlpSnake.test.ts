import assert from "node:assert/strict";
import { describe } from "node:test";
import { thorough } from "../../property";
import * as f from "./fixtures/otlpSnake";
import { pick, read } from "./read";

describe("otlp-snake", () => {
  thorough(
    "base64 ids are the hexadecimal ones of other exports, and 64-bit numbers may be texts",
    async () => {
      for (const fixture of [f.full, f.listed]) {
        const { calls } = await read([fixture]);
        assert.deepEqual(
          pick(calls[0], "call_id", "task_id", "duration", "input_tokens", "output_tokens", "request_model"),
          {
            call_id: "0102030405060708090a0b0c0d0e0f10:0102030405060708",
            task_id: "0102030405060708090a0b0c0d0e0f10",
            duration: 2.5,
            input_tokens: 100,
            output_tokens: 20,
            request_model: "gpt-4o",
          },
        );
        assert.equal(calls[0].output_length, 'He said {"span_id": 1}'.length);
      }
    },
  );
});
