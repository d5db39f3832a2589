import { one, refusal } from "./phrase";
import type { Speaker } from "./talk";

const things =
  "order invoice user session ticket price event report account basket coupon device driver error file folder image item job key label letter member message note offer owner page parcel payment plan product project quote rating refund region request reward role rule sample shop signal size stock store tag task team term test ticket token topic unit vote week".split(
    " ",
  );
const fields = ["status", "kind", "owner", "region", "state", "group"] as const;

const jobs = [
  {
    name: (thing: string) => `count${thing}s`,
    ask: "counts the entries of a list by their FIELD",
    body: "const counts = {};\n  for (const one of list) counts[one.FIELD] = (counts[one.FIELD] ?? 0) + 1;\n  return counts;",
    wrong: "return list.filter((one) => one.FIELD).length;",
  },
  {
    name: (thing: string) => `latest${thing}`,
    ask: "returns the entry with the latest date, or null for an empty list",
    body: "return list.reduce((best, one) => (best === null || one.date > best.date ? one : best), null);",
    wrong: "return list.sort((a, b) => a.date - b.date)[0];",
  },
  {
    name: (thing: string) => `parse${thing}Id`,
    ask: "reads the number out of an id such as 'A-0042'",
    body: "const found = /^[A-Z]-(\\d+)$/.exec(list);\n  return found === null ? null : Number(found[1]);",
    wrong: "return parseInt(list);",
  },
  {
    name: (thing: string) => `group${thing}s`,
    ask: "groups a list by the day of its dates and the FIELD",
    body: "const days = new Map();\n  for (const one of list) {\n    const day = one.date.slice(0, 10) + one.FIELD;\n    days.set(day, [...(days.get(day) ?? []), one]);\n  }\n  return days;",
    wrong: "return list.groupBy((one) => one.date);",
  },
  {
    name: (thing: string) => `unique${thing}s`,
    ask: "keeps the first entry of each FIELD, in the order of the list",
    body: "const seen = new Set();\n  return list.filter(({ FIELD }) => !seen.has(FIELD) && seen.add(FIELD));",
    wrong: "return [...new Set(list)];",
  },
  {
    name: (thing: string) => `sum${thing}s`,
    ask: "adds up the amounts in cents and leaves out those whose FIELD is 'void'",
    body: "return list.filter(({ FIELD }) => FIELD !== 'void').reduce((sum, { cents }) => sum + cents, 0);",
    wrong: "return list.reduce((sum, one) => sum + one.cents);",
  },
] as const;

const capital = (word: string) => word[0].toUpperCase() + word.slice(1);

/**
 * Functions to write or complete, and the code in the answers; an invented answer calls a function that does not exist.
 */
export const code: Speaker = ({ lane }, random) => {
  const job = one(jobs, random);
  const name = job.name(capital(one(things, random)));
  const head = `function ${name}(list) {`;
  const field = one(fields, random);
  const withField = (text: string) => text.replaceAll("FIELD", field);
  const completes = lane.operation === "text_completion";
  const prompt = completes
    ? `// ${withField(job.ask)}\n${head}\n`
    : `Write ${name}, which ${withField(job.ask)}. The tests are in test/${name}.test.js and must pass.`;
  return {
    prompt,
    answer({ finishReason, passed, hallucinated }) {
      if (finishReason === "content_filter") return refusal;
      const body = withField(passed ? job.body : job.wrong);
      const lines = hallucinated ? `// see fs.readListSync(name)\n  ${body}` : body;
      const whole = completes ? `  ${lines}\n}\n` : `${head}\n  ${lines}\n}\n`;
      return finishReason === "length" ? whole.slice(0, -8) : whole;
    },
  };
};
