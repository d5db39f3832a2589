/** The response, or what went wrong. Times are in seconds. */
export interface Sent {
  status: "ok" | "error" | "timeout" | "rate_limited";
  http_status: number | null;
  /** From the request to the last byte; for a timeout, the time waited. */
  duration: number;
  /** To the first words of the answer; null if it was not streamed. */
  time_to_first_token: number | null;
  input_tokens: number | null;
  cache_read_input_tokens: number | null;
  output_tokens: number | null;
  reasoning_output_tokens: number | null;
  cost: number | null;
  response_model: string | null;
  finish_reason: string | null;
  error_type: string | null;
  output: string | null;
  /** The service's error message: shown, never stored. */
  message: string;
  /** The wait that the service asks for, in seconds. */
  retry_after: number | null;
}

/** The kind of error of an answer that is longer than any is: asking again would give another such. */
export const answerTooLong = "answer too long";
