// Starts tslab from wherever npm put it: within this package or beside it.
require("tslab/dist/main.js").main();
