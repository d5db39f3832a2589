// fieldnotes/demo: a made-up company whose true values are known.

export { type Demo, type DemoOptions, generateDemo } from "./generate";
export { openDemo } from "./openDemo";
export { traffic } from "./traffic/traffic";
export { readWorld, type World } from "./world/world";
