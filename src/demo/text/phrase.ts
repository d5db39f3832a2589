import type { Random } from "../../stats/random";

/** One of several, each equally likely. */
export function one<T>(items: readonly T[], random: Random): T {
  return items[random.integer(items.length)];
}

/** A text in which each {name} is replaced by one of that name's phrases, the same phrase each time. */
export function filled(template: string, phrases: Record<string, readonly string[]>, random: Random): string {
  const chosen = new Map<string, string>();
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const phrase = chosen.get(name) ?? one(phrases[name], random);
    chosen.set(name, phrase);
    return phrase;
  });
}

/** A number with the given number of digits, as text. */
export function digits(count: number, random: Random): string {
  return Array.from({ length: count }, () => random.integer(10)).join("");
}

/** What a content filter says instead of an answer. */
export const refusal = "I cannot help with that request.";
