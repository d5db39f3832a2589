// Starts tslab from wherever npm put it (within this package or beside it), with what it gets wrong put right.
require("../../../dist/notebook/repair.js");
const { withToldErrors } = require("../../../dist/notebook/cellErrors.js");
const { withShownValues } = require("../../../dist/notebook/kernelHelp.js");
withToldErrors(() => withShownValues(() => require("tslab/dist/main.js").main()));
