import type { IngestedFile } from "../logs/ingest";
import { mappingFileOf } from "../logs/records/mapping";
import { counted } from "../stats/text";

/** Why a file was not read, without its own names; undefined for one that was. */
const reasonOf = ({ path, status, reason }: IngestedFile) =>
  status === "failed" ? reason?.replaceAll(mappingFileOf(path), "").replaceAll(path, "") : undefined;

/** The files, with those that were not read for the same reason as one: the first of them, with the count of the others. */
export function failedAlike(files: readonly IngestedFile[]): IngestedFile[] {
  const alike = new Map<string, IngestedFile[]>();
  for (const file of files) {
    const reason = reasonOf(file);
    if (reason !== undefined) alike.set(reason, [...(alike.get(reason) ?? []), file]);
  }
  return files.flatMap((file) => {
    const [first, ...others] = alike.get(reasonOf(file) ?? "") ?? [];
    if (first === undefined || others.length === 0) return [file];
    return first === file
      ? [{ ...file, path: `${file.path} and ${counted(others.length, "other file")}` }]
      : [];
  });
}
