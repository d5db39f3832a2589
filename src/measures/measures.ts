import { all } from "./all";
import type { Measure } from "./measure";

const listed: Measure[] = all.map(({ entry }) => entry).filter(({ inLibrary }) => !inLibrary);

/** The views of a command. */
export const viewsOf = ({ name, of }: Measure): Measure[] =>
  of === undefined ? listed.filter((view) => view.of === name) : [];

/** Every measure as the command line, explain and doctor know it, room by room, each command before its views. */
export const measures: readonly Measure[] = listed
  .filter(({ of }) => of === undefined)
  .flatMap((command) => [command, ...viewsOf(command)]);
