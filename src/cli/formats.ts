import type { Command } from "commander";
import { formats } from "../logs/formats";
import { print } from "./output";

/** `fieldnotes formats`: what is read without a mapping, and what each format cannot give. */
export function addFormats(program: Command): void {
  program
    .command("formats")
    .description("the formats that are recognised, and what each lacks")
    .action((_flags: object, used: Command) => {
      const { json } = used.optsWithGlobals<{ json?: boolean }>();
      const list = formats.map(({ name, about, lacks }) => ({ name, about, lacks }));
      print(json === true, { formats: list }, () =>
        list.map(({ name, about, lacks }) => `${name}\n  ${about}\n  lacks: ${lacks}`).join("\n"),
      );
    });
}
