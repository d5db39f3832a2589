"use strict";
// Engines of tests that share a process work on one thread: their stores are small, several processes run at a time, and
// handing work to other threads takes a tenth of their time. Tests of threads say how many.
const { DuckDBInstance } = require("@duckdb/node-api");

for (const name of ["create", "fromCache"]) {
  const made = DuckDBInstance[name];
  DuckDBInstance[name] = function (path, options) {
    return made.call(this, path, { threads: "1", ...options });
  };
}
