/** What a page reads of a notebook file (nbformat 4); anything may be missing, since files come from anywhere. */
export interface GivenNotebook {
  cells: GivenCell[];
  metadata?: Record<string, unknown>;
}

export interface GivenCell {
  cell_type: string;
  id?: string;
  source: string | string[];
  metadata?: { tags?: string[] } & Record<string, unknown>;
  execution_count?: number | null;
  outputs?: GivenOutput[];
  attachments?: Record<string, Record<string, string>>;
}

export interface GivenOutput {
  output_type: string;
  name?: string;
  text?: string | string[];
  data?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  ename?: string;
  evalue?: string;
  traceback?: string[];
}

/** A notebook that was run, with the result of the run if known. */
export interface RunNotebook {
  notebook: GivenNotebook;
  path?: string;
  status?: "ok" | "skipped" | "failed";
  /** Why it was skipped or failed. */
  reason?: string;
}

/** A cell's outputs, without invalid entries. */
export function outputsOf({ outputs }: GivenCell): GivenOutput[] {
  return Array.isArray(outputs)
    ? outputs.filter((output) => typeof output === "object" && output !== null)
    : [];
}

/** The result of a notebook's run: from the runner, otherwise from its cells. */
export function statusOf(run: RunNotebook): { status: "ok" | "skipped" | "failed"; reason: string } {
  if (run.status && run.status !== "ok") return { status: run.status, reason: run.reason ?? "" };
  const code = (run.notebook.cells ?? []).filter(
    ({ cell_type, source }) => cell_type === "code" && source?.length > 0,
  );
  const failed = code.flatMap(outputsOf).find(({ output_type }) => output_type === "error");
  if (failed)
    return { status: "failed", reason: run.reason ?? `${failed.ename ?? "Error"}: ${failed.evalue ?? ""}` };
  const ran = code.filter(({ execution_count }) => typeof execution_count === "number").length;
  if (run.status === undefined && code.length > 0 && ran === 0)
    return { status: "skipped", reason: "It was not run." };
  return { status: "ok", reason: "" };
}
