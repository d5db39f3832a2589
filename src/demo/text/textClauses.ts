import { filled, one, refusal } from "./phrase";
import type { Speaker } from "./talk";

const contract = {
  party: ["Harrow Ltd", "Pellan GmbH", "Lindqvist AB", "Moreau SARL", "Castell SpA"],
  other: ["the Supplier", "the Licensor", "the Landlord", "the Contractor"],
  days: ["14", "30", "60", "90"],
  amount: ["10,000", "25,000", "100,000", "250,000"],
  percent: ["2", "5", "8", "12"],
};

const subjects = [
  {
    subject: "termination",
    text: "{party} may terminate this agreement with {days} days' notice; {other} may do so only for cause.",
    finding: "Only one side may terminate without cause.",
  },
  {
    subject: "liability",
    text: "The liability of {other} is limited to {amount} EUR in any year, save for wilful intent.",
    finding: "Liability is capped for the year, not for the contract.",
  },
  {
    subject: "payment",
    text: "{party} pays within {days} days of the invoice; interest on arrears is {percent} percent a year.",
    finding: "Interest starts with the day after the term.",
  },
  {
    subject: "renewal",
    text: "The term renews for a year unless {party} objects {days} days before its end.",
    finding: "The contract renews itself without notice.",
  },
  {
    subject: "confidentiality",
    text: "{other} keeps all documents of {party} secret for {percent} years after the end of the term.",
    finding: "Secrecy outlasts the contract.",
  },
  {
    subject: "price",
    text: "{other} may raise its prices by up to {percent} percent a year with {days} days' notice.",
    finding: "Prices can rise without consent.",
  },
] as const;

const risks = ["low", "medium", "high"] as const;

/** Contract clauses to review, and findings as JSON; an invented finding cites a text that does not exist. */
export const clauses: Speaker = ({ lane, pipeline }, random) => {
  const { subject, text, finding } = one(subjects, random);
  const number = `${2 + random.integer(17)}.${1 + random.integer(6)}`;
  const clause = filled(text, contract, random);
  const checked = lane.variants.pipelines.items[pipeline].name === "checked";
  const ask = checked ? "Quote the words that each finding rests on." : "Answer in JSON.";
  const prompt = `What does the clause on ${subject} mean for us? ${ask}\n${number} ${clause}`;
  const risk = one(risks, random);
  return {
    prompt,
    answer({ finishReason, passed, hallucinated, jsonValid, schemaValid }) {
      if (finishReason === "content_filter") return refusal;
      const findings = [passed ? finding : "The clause is usual."];
      const cites = [number];
      if (hallucinated) {
        findings.push("It refers to the penalty in clause 24.9.");
        cites.push("24.9");
      }
      const grade = schemaValid ? { risk } : { severity: risk };
      const json = JSON.stringify({ clause: number, ...grade, findings, cites });
      // JSON that does not parse was cut off or has words around it.
      if (finishReason === "length") return json.slice(0, -24);
      return jsonValid ? json : `Here is the result: ${json}`;
    },
  };
};
