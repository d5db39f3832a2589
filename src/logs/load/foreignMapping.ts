import { quotePath } from "../../store/quote";
import type { Shape } from "../files/shape";
import type { Reading } from "../records/format";

/** Why a file is not read by a mapping that names none of its fields: all of its rows would be empty. */
export function foreignMapping({ missing = [] }: Reading, shape: Shape, path: string): string {
  const known = [...(shape.fields?.keys() ?? [])];
  return (
    `the mapping names none of the file's fields: it reads ${few(missing)}, and the file has ${few(known)}. ` +
    `Name another mapping, or have one written: fieldnotes map ${quotePath(path)}`
  );
}

const few = (names: readonly string[]) =>
  `${names.slice(0, 6).join(", ")}${names.length > 6 ? " and others" : ""}`;
