import type { ConnectOptions } from "../../engines";
import { langfuse } from "./langfuse";
import { otel } from "./otel";

/** What calls, tasks and scores are in tables that other programs write, in ClickHouse's SQL. */
export const lakes: Readonly<Record<string, ConnectOptions>> = { langfuse, otel };
