// Starts tslab from wherever npm put it (within this package or beside it), with what it gets wrong put right.
require("../../../dist/notebook/repair.js");
require("tslab/dist/main.js").main();
