import { type Metric, waits } from "../src/measures/metricKinds";
import { metrics } from "../src/measures/metrics";

const unitOf = ({ unit }: Metric) => (unit === "1" ? "share" : unit);

/** The metrics as a table in Markdown, for docs/profiles.md. */
export function metricsDocument(): string {
  const rows = metrics.flatMap((one) => {
    if ("family" in one) return [`| \`${one.name}\` | ${one.about} | | |`];
    if (one.source.measure === "latency") return [];
    const what = one.about === undefined ? one.label : `${one.label}; ${one.about}`;
    return [`| \`${one.name}\` | ${what} | ${unitOf(one)} | ${one.better} |`];
  });
  const times = Object.entries(waits).map(
    ([name, { unit, better }]) =>
      `| \`${name}_p95\` | p95 ${name.replaceAll("_", " ")} | ${unit} | ${better} |`,
  );
  return [
    "| metric | what | unit | better |",
    "|---|---|---|---|",
    ...times,
    ...rows,
    "",
    "Of the first four, `_p50`, `_p90`, `_p95`, `_p99`, `_p999` and `_mean` are known. Written from `src/measures/metrics.ts` by",
    "`npm run docs`.",
  ].join("\n");
}

/** A page with its table of metrics filled in. */
export function withMetrics(page: string): string {
  return page.replace(
    /<!-- metrics -->[\s\S]*<!-- \/metrics -->/,
    () => `<!-- metrics -->\n${metricsDocument()}\n<!-- /metrics -->`,
  );
}
