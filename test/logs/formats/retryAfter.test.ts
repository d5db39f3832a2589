import assert from "node:assert/strict";
import { thorough } from "../../property";
import * as helicone from "./fixtures/helicone";
import * as litellm from "./fixtures/litellm";
import * as otlp from "./fixtures/otlp";
import * as portkey from "./fixtures/portkey";
import { read } from "./read";

/** How long each call of a file was told to wait. */
async function told(format: string, file: string, content: unknown) {
  const { calls, files } = await read([{ file, content: content as never }]);
  assert.equal(files[0].format, format);
  return calls.map(({ retry_after }) => retry_after);
}

thorough(
  "LiteLLM passes on the provider's header; without one the error's words tell; an answer was told nothing",
  async () => {
    const headers = {
      additional_headers: {
        "llm_provider-retry-after": "7",
        "llm_provider-x-ratelimit-limit-requests": "60",
      },
    };
    const error_str =
      "litellm.RateLimitError: OpenAIException - Rate limit reached. Please try again in 1m2s.";
    const content = [
      { ...litellm.failure, id: "a", hidden_params: headers },
      { ...litellm.failure, id: "b", error_str },
      { ...litellm.failure, id: "c" },
      { ...litellm.payload, id: "d", hidden_params: headers },
    ];
    assert.deepEqual(await told("litellm", "payload.jsonl", content), [7, 62, null, null]);
  },
);

thorough(
  "OpenTelemetry keeps the header as a list of texts, and the words as the span's message",
  async () => {
    const [{ resourceSpans }] = otlp.full.content as { resourceSpans: { scopeSpans: object[] }[] }[];
    const refused = (at: number, more: object[], message = "") => ({
      ...otlp.span,
      spanId: `010203040506070${at}`,
      attributes: [
        ...otlp.span.attributes,
        ...more,
        { key: "http.response.status_code", value: { intValue: 429 } },
      ],
      status: { code: 2, message },
    });
    const header = (value: string) => ({
      key: "http.response.header.retry-after",
      value: { arrayValue: { values: [{ stringValue: value }] } },
    });
    const spans = [
      refused(1, [header("20")]),
      // The call ended at 2025-02-19 21:20:02.5.
      refused(2, [header("Wed, 19 Feb 2025 21:20:32 GMT")]),
      refused(3, [], "Error code: 429 - please retry after 6 seconds"),
      otlp.span,
    ];
    const content = [{ resourceSpans: [{ ...resourceSpans[0], scopeSpans: [{ spans }] }] }];
    assert.deepEqual(await told("otlp", "traces.jsonl", content), [20, 29.5, 6, null]);
  },
);

thorough(
  "Portkey's records have the header where they have headers; Helicone's have the words of the body",
  async () => {
    const limited = { error: { message: "Rate limit reached. Please try again in 350ms." } };
    const log = { ...portkey.log, response_status_code: 429, is_success: false };
    const response = { headers: { "retry-after": "3" }, body: limited };
    assert.deepEqual(await told("portkey", "logs.jsonl", [{ ...log, response }]), [3]);
    const request = { ...helicone.request, response_status: 429, response_body: limited };
    assert.deepEqual(await told("helicone", "requests.jsonl", [request]), [0.35]);
  },
);
