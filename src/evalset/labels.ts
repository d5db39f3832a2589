import { didYouMean } from "../store/nearest";
import { jsonFaultText } from "../store/withoutText";

/** One judgement by a person. */
export interface Label {
  /** The id on the sheet; null if the label names the call itself. */
  review_id: string | null;
  call_id: string | null;
  name: string;
  /** null if the reviewer could not tell. */
  value: number | null;
  label: string;
  rater_id: string;
  line: number;
}

interface Defaults {
  score?: string;
  rater?: string;
}

const words: Record<string, number | null> = {
  yes: 1,
  y: 1,
  true: 1,
  no: 0,
  n: 0,
  false: 0,
  u: null,
  unsure: null,
  "cannot tell": null,
  "?": null,
};

/**
 * Reads labels: the JSON or CSV that a review page saves, or a CSV sheet with `value` filled in. Lines without a value
 * are unlabelled and skipped; if one rater labelled an answer twice, the later label counts.
 *
 * @throws TypeError with file and line for anything that is not a label
 */
export function labelsOf(text: string, file: string, defaults: Defaults = {}): Label[] {
  const found = new Map<string, Label>();
  for (const { line, cells } of recordsOf(text, file)) {
    const place = `${file}:${line}`;
    const value = judged(cells.value, place);
    if (value === undefined) continue;
    const review_id = cells.review_id?.trim() || null;
    const call_id = cells.call_id?.trim() || null;
    if (review_id === null && call_id === null)
      throw new TypeError(`${place} requires a review_id, got none`);
    const name = defaults.score ?? cells.score?.trim();
    if (!name)
      throw new TypeError(`${place} requires the score that is labelled, got none; name it with --score`);
    const rater_id = defaults.rater ?? cells.rater_id?.trim();
    if (!rater_id)
      throw new TypeError(`${place} requires a rater_id, got none; name the reviewer with --rater`);
    const label = cells.label?.trim() || (value === null ? "cannot tell" : "");
    found.set(JSON.stringify([review_id, call_id, name, rater_id]), {
      review_id,
      call_id,
      name,
      value,
      label,
      rater_id,
      line,
    });
  }
  return [...found.values()];
}

function judged(given: string | undefined, place: string): number | null | undefined {
  const text = (given ?? "").trim().toLowerCase();
  if (text === "") return undefined;
  if (Object.hasOwn(words, text)) return words[text];
  const value = Number(text.replace(",", "."));
  if (Number.isFinite(value)) return value;
  throw new TypeError(
    `${place} requires a value of 1, 0, u or another number, got "${text}"${didYouMean(text, Object.keys(words))}`,
  );
}

interface Line {
  line: number;
  cells: Record<string, string | undefined>;
}

function recordsOf(text: string, file: string): Line[] {
  const whole = text.replace(/^\ufeff/, "");
  if (/^\s*[{[]/.test(whole)) return fromJson(whole, file);
  const [head = [], ...lines] = csvRows(whole);
  const names = head.map((name) => name.trim().toLowerCase());
  if (!names.includes("value") || !(names.includes("review_id") || names.includes("call_id")))
    throw new TypeError(
      `${file} requires the columns review_id and value, got ${head.join(", ").slice(0, 200)}`,
    );
  return lines
    .filter((cells) => cells.some((cell) => cell.trim() !== ""))
    .map((cells, at) => ({
      line: at + 2,
      cells: Object.fromEntries(names.map((name, column) => [name, cells[column]])),
    }));
}

function fromJson(text: string, file: string): Line[] {
  let given: { labels?: unknown; score?: unknown; rater_id?: unknown };
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw new TypeError(`${file} requires the JSON of a review page (${jsonFaultText(error)})`);
  }
  if (!Array.isArray(given.labels))
    throw new TypeError(`${file} requires "labels", a list, as a review page saves it`);
  return given.labels.map((one: Record<string, unknown>, at) => ({
    line: at + 1,
    cells: Object.fromEntries(
      Object.entries({
        score: given.score,
        rater_id: given.rater_id,
        ...one,
        // null in the JSON means that the reviewer could not tell.
        value: one.value === null ? "u" : one.value,
      }).map(([name, value]) => [name, value === undefined || value === null ? undefined : String(value)]),
    ),
  }));
}

/** The rows of a CSV text, separated by whichever of comma, semicolon and tab is most frequent in its first line. */
function csvRows(text: string): string[][] {
  const first = text.slice(0, (text.indexOf("\n") + 1 || text.length + 1) - 1);
  const separator = [",", ";", "\t"].reduce((best, one) =>
    first.split(one).length > first.split(best).length ? one : best,
  );
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const end = () => {
    rows.at(-1)!.push(cell);
    cell = "";
  };
  for (let at = 0; at < text.length; at++) {
    const one = text[at];
    if (quoted) {
      if (one !== '"') cell += one;
      else if (text[at + 1] === '"') {
        cell += one;
        at++;
      } else quoted = false;
    } else if (one === '"' && cell === "") quoted = true;
    else if (one === separator) end();
    else if (one === "\n") {
      end();
      rows.push([]);
    } else if (one !== "\r") cell += one;
  }
  end();
  return rows;
}
