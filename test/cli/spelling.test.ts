import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { spelled } from "../../src/cli/commandWords";
import { commandsOf } from "../../src/cli/help";
import { commandLine } from "../../src/cli/main";
import { oldNames } from "../../src/cli/oldNames";

const root = join(__dirname, "..", "..");
const program = commandLine();

/** Every text that may tell a person what to run; counts are of the time when they were made. */
const texts = ["src", "docs", "notebooks", "scripts", "README.md", "CHANGELOG.md", "CONTRIBUTING.md"]
  .flatMap((place) =>
    /\.md$/.test(place)
      ? [place]
      : readdirSync(join(root, place), { recursive: true, encoding: "utf8" }).map((file) =>
          join(place, file),
        ),
  )
  .filter((file) => /\.(ts|md|ipynb)$/.test(file) && !/simulations|guides.README/.test(file))
  .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));

test("no text tells a person to run a command by its name of the version before", () => {
  const old = oldNames(program).map(([was]) => was.join(" "));
  const names = old.map((name) => name.replace(/[ -]/g, "[ -]")).join("|");
  const told = new RegExp(
    `fieldnotes (?:${names})(?![\\w-])|\`(?:${old.filter((name) => /-/.test(name)).join("|")})[\` ]`,
  );
  for (const { file, text } of texts) assert.equal(told.exec(text)?.[0], undefined, file);
});

test("every option that a text names with its command is one of that command", () => {
  const known = new Map(commandsOf(program).map((one) => [spelled(one), one]));
  let seen = 0;
  for (const { file, text } of texts)
    for (const [said, name, flag] of text.matchAll(
      /fieldnotes ((?:evalset |benchmark )?[a-z]+) (--[a-z][a-z-]+)/g,
    )) {
      const command = known.get(name);
      if (command === undefined || flag === "--help") continue;
      seen++;
      assert.ok(
        command.options.some(({ long, negate }) => long === flag || (negate && flag === long)),
        `${file}: ${said}`,
      );
    }
  assert.ok(seen > 20, `${seen} seen`);
});
