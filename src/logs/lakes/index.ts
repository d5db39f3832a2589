import type { ConnectOptions } from "../../engines";
import { helicone } from "./helicone";
import { langfuse } from "./langfuse";
import { opik } from "./opik";
import { otel } from "./otel";

/** Calls, tasks and scores in tables that other programs write, in ClickHouse's SQL. */
export const lakes: Readonly<Record<string, ConnectOptions>> = { langfuse, otel, helicone, opik };
