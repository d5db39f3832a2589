// Starts tslab from wherever npm put it (within this package or beside it), with what it gets wrong put right.
require("../../../dist/notebook/repair.js");
const { withShownValues } = require("../../../dist/notebook/kernelHelp.js");
withShownValues(() => require("tslab/dist/main.js").main());
