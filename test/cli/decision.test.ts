import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import type { Option } from "commander";
import { commandLine } from "../../src/cli/main";
import { check } from "../../src/decide/check/check";
import { choose } from "../../src/decide/choose/choose";
import { compare } from "../../src/decide/compare/compare";
import { plan } from "../../src/decide/plan/plan";
import { route } from "../../src/decide/route/route";
import type { MeasureOption } from "../../src/measures/measure";
import { fieldnotes, folder } from "./command";

const place = folder();
after(place.remove);

describe("the command of a decision", () => {
  test("has every option of its definition, in the same words, and none that the library alone has", () => {
    for (const decision of [check, choose, compare, plan, route]) {
      const { name, about } = decision.command;
      const command = commandLine().commands.find((known) => known.name() === name);
      assert.equal(command?.description(), about);
      for (const [option, described] of Object.entries<MeasureOption>(decision.options)) {
        const flag = described.flag ?? option;
        const shown: Option | undefined = command?.options.find((known) => known.attributeName() === flag);
        assert.equal(shown?.description, described.hidden ? undefined : described.about, `${name} ${option}`);
      }
    }
  });

  test("says what is wrong in an option before it reads a log", async () => {
    const wrongs: [string[], RegExp][] = [
      [["plan", "nosuch.jsonl", "--power", "80"], /: plan requires 0 < power < 1, got 80\n$/],
      [["plan", "nosuch.jsonl", "--split", "model"], /: plan requires split to be like /],
      [["route", "nosuch.jsonl", "--margin", "2"], /: route requires 0 <= margin < 1, got 2; /],
      [["route", "nosuch.jsonl", "--floor", "cost"], /: route requires floor to be like /],
      [["check", "nosuch.jsonl"], /: check requires --limits, .* got none\n$/],
    ];
    for (const [args, message] of wrongs) {
      const { code, stderr } = await fieldnotes(args, place.path);
      assert.match(stderr, message);
      assert.equal(code, 2);
    }
  });
});
