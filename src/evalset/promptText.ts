/**
 * Returns a prompt in readable form: the messages of a chat logged as JSON, one below the other with their roles.
 * Any other prompt is returned as it is.
 *
 * @example
 * promptText('[{"role":"user","content":"Hello?"}]') // "Hello?"
 */
export function promptText(prompt: string): string {
  const messages = chatOf(prompt);
  if (messages === undefined) return prompt;
  const [only] = messages;
  if (messages.length === 1 && only.role === "user") return only.text;
  return messages.map(({ role, text }) => `${role}: ${text}`).join("\n\n");
}

/** The messages of a chat logged as JSON; undefined if the prompt isn't one. */
export function chatOf(prompt: string): { role: string; text: string }[] | undefined {
  if (!/^\s*[[{]/.test(prompt)) return undefined;
  let given: unknown;
  try {
    given = JSON.parse(prompt);
  } catch {
    return undefined;
  }
  const inside = (given as { messages?: unknown } | null)?.messages;
  const list = Array.isArray(given) ? given : inside;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const messages = list.map((one: Record<string, unknown> | null) => {
    const text = textOf(one?.content ?? one?.parts);
    return typeof one?.role === "string" && text !== undefined ? { role: one.role, text } : undefined;
  });
  return messages.every((one) => one !== undefined) ? messages : undefined;
}

/** The text of a message: a text, or all its parts, with non-text parts as JSON. */
function textOf(content: unknown): string | undefined {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return undefined;
  return content
    .map((part: unknown) => {
      if (typeof part === "string") return part;
      const { text, content } = (part ?? {}) as Record<string, unknown>;
      const said = text ?? content;
      return typeof said === "string" ? said : JSON.stringify(part);
    })
    .join("\n");
}
