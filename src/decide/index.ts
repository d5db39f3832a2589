// fieldnotes/decide: which model to take, and what would settle it.

// profile: what a team asks for
export type { Criterion, Floor } from "./profile/criterion";
export type { Declared } from "./profile/declared";
export type { Profile, SubWorkload, Verification } from "./profile/profile";
export { readProfile } from "./profile/readProfile";

// choose: the model for a profile
export { type ChooseOptions, choose } from "./choose/choose";
export { type Choices, type ChooseAllOptions, chooseAll, sharedVerdict } from "./choose/chooseAll";
export { changeText } from "./choose/chooseChange";
export { type Choice, type ChoiceRow, type Traffic, choiceTable } from "./choose/chooseTable";
export type { WeightChange } from "./choose/weights";

// compare: before and after
export { type ComparedSide, type CompareOptions, type Comparison, compare } from "./compare/compare";
export type { HeldAgainst } from "./compare/compareHeld";
export type { ItemsRow } from "./compare/compareItems";
export type { CompareRow } from "./compare/compareRow";
export { compareSteps } from "./compare/compareSteps";
export type { Timeline, TimelinePoint } from "./compare/timeline";
export type { Against } from "./compare/switchEffect";

// route: which requests go where
export type { CascadeOptions } from "./route/cascade";
export type { CascadePoint, CascadeRow, Cascades } from "./route/cascades";
export { type RouteOptions, route } from "./route/route";
export type { RouteCandidate } from "./route/routePick";
export type { RouteRow } from "./route/routeRow";
export type { Routes, RouteTotal } from "./route/routes";

// plan: how much would settle it
export { type Plan, type PlanOptions, plan } from "./plan/plan";
export type { PlanRow } from "./plan/planRow";
export type { RunningRow } from "./plan/planRunning";
export type { SplitArm, SplitCheck } from "./plan/planSplit";

// check: limits
export { type Check, type CheckOptions, check } from "./check/check";
export type { CheckRow } from "./check/checkRow";
export type { Limit, Limits } from "./check/limits";

// besides: what is worth a trial, and what verdicts rest on
export type { Assumption, Strength } from "./assumption";
export type { Chosen } from "./savedReport";
export { type Shortlist, type ShortlistOptions, type ShortlistRow, benchmarkShortlist } from "./shortlist";
export type { BalanceRow } from "../measures/mix/balance";
