// Preloaded into every process of a command: each adds its processor time and peak memory to a file when it ends.
const { appendFileSync } = require("node:fs");

process.once("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const used = { seconds: (userCPUTime + systemCPUTime) / 1e6, gigabytes: maxRSS / 2 ** 20 };
  appendFileSync(process.env.FIELDNOTES_USAGE, `${JSON.stringify(used)}\n`);
});
