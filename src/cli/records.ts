import { oneLine } from "../charts/text";
import type { IngestedFile } from "../logs/ingest";
import { grouped } from "../stats/text";

type Records = NonNullable<IngestedFile["records"]>;

/** The combined result of reading several files' records. */
export function sumOfRecords(files: readonly Records[]): Records {
  const sum: Records = { read: 0, rows: 0, twice: 0, rejected: 0, nothing: {} };
  for (const { nothing, ...counts } of files) {
    for (const name of ["read", "rows", "twice", "rejected"] as const) sum[name] += counts[name];
    for (const [kind, records] of Object.entries(nothing))
      sum.nothing[kind] = (sum.nothing[kind] ?? 0) + records;
  }
  return sum;
}

const mostKinds = 4;

/** The result of reading records, in words: "96 gave rows, 4 hold nothing of ours (error 3, other 1)". */
export function recordsLine({ rows, twice, rejected, nothing }: Records): string {
  const kinds = Object.entries(nothing).sort(([, a], [, b]) => b - a);
  const none = kinds.reduce((sum, [, records]) => sum + records, 0);
  const named = kinds.slice(0, mostKinds).map(([kind, records]) => `${oneLine(kind)} ${grouped(records)}`);
  if (kinds.length > mostKinds) named.push(`and ${kinds.length - mostKinds} more kinds`);
  return [
    `${grouped(rows)} gave rows`,
    ...(twice > 0 ? [`${grouped(twice)} repeated in the file`] : []),
    ...(rejected > 0 ? [`${grouped(rejected)} rejected`] : []),
    ...(none > 0 ? [`${grouped(none)} hold nothing that is read (${named.join(", ")})`] : []),
  ].join(", ");
}
