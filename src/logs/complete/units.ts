import type { DuckDBConnection } from "@duckdb/node-api";
import { grouped } from "../../stats/text";
import { rowsOf } from "../../store/run";

/** About as many calls of a file are looked at: enough for a median, and no work worth noticing. */
const enoughCalls = 5_000;
const fewestCalls = 10;

/**
 * When seconds look like milliseconds. A chat's first token comes within a minute, and its answer at a token a second or
 * more; agents work for hours and write fewer, the longer they work. Without tokens, only minutes are asked about: hours
 * may be an agent's.
 */
const odd = { firstToken: 60, duration: 300, wholeDuration: 100, hour: 3600 };

/** The fewest tokens a second that are not odd: of waits of minutes, of hours, and of half a day. */
export const leastRate = (duration: number) =>
  duration < odd.hour ? 0.5 : duration < 5 * odd.hour ? 0.2 : 0.05;

interface Typical {
  path: string;
  mapping: string | null;
  /** How the file was read: with the same unit as others read alike. */
  config: string;
  calls: number;
  duration: number | null;
  /** Share of durations that are whole numbers. */
  whole: number | null;
  /** Calls with output tokens, and the median of these a second. */
  rated: number;
  rate: number | null;
  firsts: number;
  first: number | null;
}

/**
 * Questions about the unit of durations, where a file's median, or its tokens a second, cannot be of seconds; one for
 * all files that are read alike. Batch jobs are left out: theirs are the hours until the batch was done.
 *
 * @param paths only files with these paths
 */
export async function unitQuestions(
  connection: DuckDBConnection,
  paths?: readonly string[],
): Promise<string[]> {
  if (paths?.length === 0) return [];
  const questions = new Map<string, { what: string; files: Typical[]; column: string }>();
  for (const file of await typicalOf(connection, paths))
    for (const [column, what] of oddColumns(file)) {
      const key = `${column} ${file.config}`;
      const question = questions.get(key) ?? { what, files: [], column };
      questions.set(key, question);
      question.files.push(file);
    }
  return [...questions.values()].map(
    ({ what, files, column }) => `${what} in ${named(files)}: milliseconds? ${remedy(column, files[0])}`,
  );
}

function typicalOf(connection: DuckDBConnection, paths?: readonly string[]): Promise<Typical[]> {
  const some =
    paths === undefined ? "true" : `path in (select unnest(from_json($paths::json, '["VARCHAR"]')))`;
  const isTimed = "duration > 0";
  const isRated = `${isTimed} and output_tokens > 0`;
  return rowsOf<Typical>(
    connection,
    `select path, mapping, concat_ws(' ', format, mapping, constants) as config, typical.* exclude (ingest_id)
     from ingests join (
       select ingest_id, count(*) filter (${isTimed})::double as calls, median(duration) filter (${isTimed}) as duration,
         avg((duration = floor(duration))::int) filter (${isTimed}) as whole,
         count(*) filter (${isRated})::double as rated, median(output_tokens / duration) filter (${isRated}) as rate,
         count(time_to_first_token)::double as firsts, median(time_to_first_token) as first
       from calls join (select ingest_id, greatest(1, rows // ${enoughCalls}) as stride from ingests where ${some})
         using (ingest_id)
       where (stride = 1 or hash(line) % stride = 0) and coalesce(status, 'ok') = 'ok'
         and not coalesce(cache_hit, false) and (service_tier is null or service_tier not in ('batch', 'flex'))
       group by ingest_id) as typical using (ingest_id)
     order by ingest_id`,
    paths === undefined ? {} : { paths: JSON.stringify(paths) },
  );
}

function oddColumns(typical: Typical): ["duration" | "time_to_first_token", string][] {
  const { calls, rated, rate, firsts, first, whole } = typical;
  const duration = typical.duration ?? 0;
  const text = (value: number) =>
    value < 100 ? String(Number(value.toPrecision(2))) : grouped(Number(value.toPrecision(2)));
  const median = `durations have a median of ${text(duration)} s`;
  const found: ReturnType<typeof oddColumns> = [];
  const isRated = rated >= fewestCalls && 2 * rated >= calls;
  if (isRated && rate !== null && rate < leastRate(duration))
    found.push(["duration", `${median}, which makes ${text(rate)} output tokens a second,`]);
  else if (!isRated && calls >= fewestCalls && duration < odd.hour) {
    const least = (whole ?? 0) > 0.95 ? odd.wholeDuration : odd.duration;
    if (duration >= least) found.push(["duration", median]);
  }
  if (firsts >= fewestCalls && first !== null && first > odd.firstToken)
    found.push(["time_to_first_token", `times to first token have a median of ${text(first)} s`]);
  return found;
}

function named([{ path }, ...more]: readonly Typical[]): string {
  return more.length === 0 ? path : `${path} and ${more.length} more ${more.length === 1 ? "file" : "files"}`;
}

// What to write, from the expression that the file was read by.
function remedy(column: string, { mapping }: Typical): string {
  const targets = mapping === null ? [] : [JSON.parse(mapping) as MappingLike | MappingLike[]].flat();
  const read = targets.find(({ table = "calls" }) => table === "calls")?.columns?.[column];
  const by = JSON.stringify(
    `${read === undefined || /^\w+$/.test(read) ? (read ?? column) : `(${read})`} / 1000`,
  );
  return read === undefined
    ? `If so, ingest it with a mapping that has "${column}": ${by} (fieldnotes map, docs/exports.md)`
    : `If so, write "${column}": ${by} in the mapping and ingest the file again`;
}

interface MappingLike {
  table?: string;
  columns?: Record<string, string>;
}
