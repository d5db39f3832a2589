import type { Random } from "../../stats/random";

/** One of several, each equally likely. */
export function one<T>(items: readonly T[], random: Random): T {
  return items[random.integer(items.length)];
}

/** A text with one of the phrases of each name in the place of {name}; the same name gives the same phrase. */
export function filled(template: string, phrases: Record<string, readonly string[]>, random: Random): string {
  const chosen = new Map<string, string>();
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const phrase = chosen.get(name) ?? one(phrases[name], random);
    chosen.set(name, phrase);
    return phrase;
  });
}

/** A number of so many digits, as text. */
export function digits(count: number, random: Random): string {
  return Array.from({ length: count }, () => random.integer(10)).join("");
}

/** What a content filter says in the place of an answer. */
export const refusal = "I cannot help with that request.";
