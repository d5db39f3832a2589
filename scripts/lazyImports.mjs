import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Has the compiled modules of a folder load each other where they are first used: a command then loads a tenth of the program,
 * and the library what is asked of it. Lines stay where they were. The statistics call each other in inner loops, and are small.
 */
export function loadLate(folder) {
  for (const file of readdirSync(folder, { recursive: true })) {
    if (!file.endsWith(".js") || /^(stats|entries)\b/.test(file)) continue;
    const path = join(folder, file);
    const names = [];
    // As the compiler writes an import: const open_1 = require("./open"), used as open_1.open.
    const text = readFileSync(path, "utf8").replace(
      /^const (\w+_\d+) = (require\("\.[^"]+"\));/gm,
      (_, name, load) => {
        names.push(name);
        return `let ${name}$; const ${name} = () => (${name}$ ??= ${load});`;
      },
    );
    if (names.length === 0) continue;
    const used = new RegExp(`(?<![\\w$]|(?<!\\.\\.)\\.)(${names.join("|")})\\.`, "g");
    // In brackets, so that "new" makes what is loaded.
    writeFileSync(path, text.replace(used, "($1())."));
  }
}
