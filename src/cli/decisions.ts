import { type Command, Option } from "commander";
import { compare } from "../decide/compare/compare";
import { plan } from "../decide/plan/plan";
import type { Cascades } from "../decide/route/cascades";
import { type RouteOptions, route } from "../decide/route/route";
import type { Routes } from "../decide/route/routes";
import { addCheck } from "./check";
import { addChoose } from "./choose";
import { comparisonText } from "./compareText";
import { addDecision } from "./decision";
import { planText } from "./planText";
import { routeText } from "./routeText";

/** Adds the commands that decide, each made from its definition. */
export function addDecisions(program: Command): void {
  addChoose(program);
  const side = new Option("--of <side>", "with --calls: which side's").choices(["a", "b"]).default("b");
  addDecision(program, compare, { text: comparisonText, column: side });
  addDecision<RouteOptions, Routes | Cascades>(program, route, { text: routeText });
  addDecision(program, plan, { text: planText });
  addCheck(program);
}
