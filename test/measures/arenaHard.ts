/** The models over which Arena-Hard's authors compare it with MT-Bench, by their names in the Arena. */
export const SHARED = [
  "claude-2.1",
  "claude-3-opus-20240229",
  "claude-3-sonnet-20240229",
  "command-r",
  "gemini-pro",
  "gemma-2b-it",
  "gemma-7b-it",
  "gpt-3.5-turbo-0613",
  "gpt-3.5-turbo-1106",
  "gpt-4-0314",
  "gpt-4-0613",
  "llama-2-70b-chat",
  "llama-2-7b-chat",
  "mistral-7b-instruct-v0.2",
  "mistral-large-2402",
  "mistral-medium",
  "mixtral-8x7b-instruct-v0.1",
  "qwen1.5-72b-chat",
  "starling-lm-7b-alpha",
  "yi-34b-chat",
];

/** Arena-Hard leaves the version out. */
export const SAME = { "mistral-7b-instruct": "mistral-7b-instruct-v0.2" };
