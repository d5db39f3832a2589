import type { Item } from "../../src/evalset/item";
import { review } from "../../src/evalset/review";

export const item = (id: string, prompt: string, more: Partial<Item> = {}): Item => ({
  item_id: id,
  prompt,
  expected: "",
  format: "",
  sources: [],
  stratum: "",
  weight: 1,
  checks: [],
  call_id: null,
  ...more,
});
export const hostile = [
  "</script><script>alert(1)</script>",
  '<img src=x onerror="alert(2)">',
  "nul \u0000 and bell \u0007 and escape \u001b[31m",
  "right to left \u202e evil \u2066 turned",
  "<!--<script>",
  "]]> &amp; &lt;b&gt; \u2028 line \u2029 end \ud800",
  '=HYPERLINK("http://evil.example","x")',
];
export const items = [
  ...hostile.map((text, at) =>
    item(`h${at}`, text, { expected: text, sources: [{ id: text, text }, { text: "plain" }] }),
  ),
  ...Array.from({ length: 5 }, (_, at) => item(`p${at}`, `What does clause ${at} say?\nIn one line.`)),
];
export const outputs = items.flatMap(({ item_id, prompt }) =>
  ["orrery/orrery-apex", "quillon-7"].map((model) => ({
    call_id: `${model}:${item_id}`,
    item_id,
    model,
    output: item_id.startsWith("h")
      ? prompt
      : `I am Orrery Apex, and ${model} says: write to me@example.com.`,
  })),
);
export const sheet = review(items, outputs, { score: "hallucination" });
