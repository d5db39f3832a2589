import assert from "node:assert/strict";
import { basename } from "node:path";
import { describe, test } from "node:test";
import { notebooksOfReport, passedOn } from "../../src/cli/reportNotebooks";
import { parameterNames, parametersCell } from "../../src/notebook/parameters";
import { readNotebook } from "../../src/notebook/read";

/** Options that a chapter does without, by its number, and why. */
const without: Record<string, Partial<Record<(typeof passedOn)[number], string>>> = {
  "01": { timezone: "it looks at no hours" },
  "02": { timezone: "it looks at no hours" },
  "04": { timezone: "it looks at no hours" },
  "05": { timezone: "it looks at no hours" },
  "06": { timezone: "it looks at no hours", by: "benchmarks are held against each workload" },
  "07": { timezone: "it looks at no hours", by: "a profile names its workloads" },
  "08": { by: "a switch is looked at as a whole", candidate: "before and after are the candidates" },
};

describe("the chapters of a report", () => {
  for (const path of notebooksOfReport())
    test(`${basename(path)} declares and uses every option of the report, or says why not`, () => {
      const notebook = readNotebook(path);
      const cell = parametersCell(notebook);
      const others = (notebook.cells ?? [])
        .filter((one) => one !== cell && one.cell_type === "code")
        .map(({ source }) => [source].flat().join(""))
        .join("\n");
      const names = parameterNames(notebook);
      const skipped = without[basename(path).slice(0, 2)] ?? {};
      for (const option of passedOn) {
        const isGiven = new RegExp(`\\b${option}: ${option}\\b`).test(others);
        assert.equal(names.includes(option) && isGiven, skipped[option] === undefined, option);
      }
    });

  test("are given the same options by every chapter that measures", () => {
    assert.deepEqual([...passedOn], ["by", "candidate", "level", "seed", "timezone"]);
    assert.equal(notebooksOfReport().length, 8);
  });
});
