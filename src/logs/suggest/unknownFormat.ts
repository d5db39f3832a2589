import { nearest } from "../../store/nearest";
import { quotePath } from "../../store/quote";
import type { Shape } from "../files/shape";
import type { Format } from "../records/format";
import { mappingFileOf } from "../records/mapping";
import { isEmptyWrapper } from "../records/textRecord";
import { readColumns } from "../records/texts";
import { siblingMapping } from "./siblingMapping";
import { suggestion } from "./suggestion";

const mostShown = 400;
const longestName = 80;
// A record with more fields is unlike any of our formats, and comparing all of them would take minutes.
const mostCompared = 300;
// Figures that are already aggregated: p99, mean, stddev.
const figure = /(^|_)(p\d\d|mean|median|std(dev)?|quantiles?)(_|$)/i;

/** What the eval set's own commands write and read, recognised by its fields. */
const evalsetFiles = [
  { fields: ["item_id", "prompt", "expected", "checks"], what: "an eval set" },
  { fields: ["item_id", "model", "output"], what: "answers to an eval set" },
  { fields: ["review_id", "value", "rater_id"], what: "a review's labels" },
  { fields: ["fieldnotes", "sheet", "rater_id", "labels"], what: "a review's labels" },
].map((one) => ({ ...one, taken: "import it with fieldnotes evalset import" }));

/** What to say about a file that no format and no mapping reads. */
export function unknownFormat(
  shape: Shape,
  formats: readonly Format[],
  file: string,
  records: readonly unknown[] = [],
): string {
  const names = [...(shape.fields?.keys() ?? [])];
  if (names.length === 0 || isEmptyWrapper(shape)) return "the file contains no records";
  const figures = names.filter((name) => figure.test(name));
  if (figures.length >= 5) {
    const some = figures.slice(0, 3).join(", ");
    return `it contains summary statistics (${some}, ...), not calls: ingest the requests they were computed from`;
  }
  const own = evalsetFiles.find(({ fields }) => fields.every((field) => names.includes(field)));
  if (own !== undefined) return `it is ${own.what}, not a log: ${own.taken}`;
  const near = nearFormats(names, formats);
  const mapping = suggestion(shape, records);
  const example =
    !Array.isArray(mapping) && Object.keys(mapping.columns).length === 0
      ? "docs/exports.md shows one"
      : `starting from: ${JSON.stringify(mapping)}`;
  const sibling = siblingMapping(file, [mapping].flat());
  return (
    `unknown format; the fields of the first record: ${shown(names)}. ` +
    almostOurs(names) +
    (near.length === 0 ? "" : `Nearest formats: ${near.join("; ")}. `) +
    (sibling === undefined
      ? ""
      : `A mapping beside it reads such fields: --mapping ${quotePath(sibling)}. `) +
    `Write a mapping: fieldnotes map ${quotePath(file)} writes ${mappingFileOf(file)} and shows what it reads. ` +
    `By hand, there or with --mapping, ${example}`
  );
}

/** Fields that rule out taking the records for calls as they are. */
function almostOurs(names: readonly string[]): string {
  const columns = readColumns("calls");
  const others = names.filter((name) => !Object.hasOwn(columns, name));
  if (others.length === 0 || others.length > names.length / 2) return "";
  return `All but ${shown(others)} are columns of calls. `;
}

function shown(whole: readonly string[]): string {
  const names = whole
    .slice(0, mostShown)
    .map((name) => (name.length > longestName ? `${name.slice(0, longestName)}…` : name));
  let most = names.length;
  while (most > 1 && names.slice(0, most).join(", ").length > mostShown) most -= 1;
  const rest = whole.length - most;
  return names.slice(0, most).join(", ") + (rest > 0 ? `, and ${rest} more` : "");
}

// A format with one in five of its fields present may be an older version of the file's.
function nearFormats(names: readonly string[], formats: readonly Format[]): string[] {
  const first = names.slice(0, mostCompared);
  return formats
    .map((format) => {
      const shared = format.signature.filter((field) => nearest(field, first, 1).length > 0).length;
      return { format, shared, share: shared / format.signature.length };
    })
    .filter(({ shared, share }) => shared >= 2 && share > 0.2)
    .sort((a, b) => b.share - a.share)
    .slice(0, 2)
    .map(({ format }) => `${format.name} (has ${format.signature.join(", ")})`);
}
