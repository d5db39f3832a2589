// Starts tslab from wherever npm put it (within this package or beside it), with what it gets wrong put right: also in a
// folder that has a tslab of its own, which tslab would start instead.
require("../../../dist/notebook/repair.js");
const { withToldErrors } = require("../../../dist/notebook/cellErrors.js");
const { withShownValues } = require("../../../dist/notebook/kernelHelp.js");
const configPath = process.argv[process.argv.indexOf("--config-path") + 1];
withToldErrors(() =>
  withShownValues(() => require("tslab/dist/main.js").startKernel({ configPath, enableFindLocal: false }), 10_000),
);
