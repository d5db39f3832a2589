import type { Command } from "commander";
import { formats } from "../logs/formats";
import { followsOf } from "../logs/records/follows";
import { print } from "./output";

/** `fieldnotes formats`: the formats read without a mapping, what each lacks, and what that rules out. */
export function addFormats(program: Command): void {
  program
    .command("formats")
    .description("the recognised formats, what each lacks, and what that means for the measures")
    .action((_flags: object, used: Command) => {
      const { json } = used.optsWithGlobals<{ json?: boolean }>();
      const list = formats.map((format) => {
        const { name, about, lacks } = format;
        return { name, about, ...followsOf(format), lacks };
      });
      print(json === true, { formats: list }, () =>
        list
          .map(({ name, about, tables, lacks, follows }) =>
            [
              name,
              `  ${about}`,
              ...(tables.length > 0 ? [`  fills: ${tables.join(", ")}`] : []),
              `  lacks: ${lacks}`,
              ...(follows.length > 0 ? [`  so: ${follows.join("; ")}`] : []),
            ].join("\n"),
          )
          .join("\n"),
      );
    });
}
