import type { Message } from "./messages";
import type { MimeBundle, NotebookCell, Output } from "./read";

/** Why a cell failed, in a notebook's format. */
export interface CellError {
  ename: string;
  evalue: string;
  traceback: string[];
  /** Set if the error was thrown outside what the cell awaited. */
  unhandled?: string;
}

/** Collects the outputs of a notebook's cells while they run. */
export interface OutputCollector {
  /** Takes one kernel message that belongs to this cell, even a late one. */
  receive(cell: NotebookCell, message: Message): void;
  /** The first error of each failed cell. */
  errors: Map<NotebookCell, CellError>;
  /** The reason, once a cell has said the notebook has nothing to do. */
  skipped(): string | undefined;
  /** Removes what was only for watching: progress displays. */
  finish(): void;
}

type Shown = Extract<Output, { output_type: "display_data" | "execute_result" }>;

interface DisplayContent {
  data: MimeBundle;
  metadata: Record<string, unknown>;
  transient?: { display_id?: string } | null;
  execution_count?: number | null;
}

function fieldnotesMark(output: Output, key: string): unknown {
  if (output.output_type !== "display_data") return undefined;
  return (output.metadata.fieldnotes as Record<string, unknown> | undefined)?.[key];
}

/** An error with the text "skip: reason" ends a notebook that has nothing to do. */
const skipReason = (error: CellError): string | undefined => /^skip:\s*(.*)/s.exec(error.evalue)?.[1];

/**
 * Collects outputs by the same rules as nbclient, so that the saved notebook is the one Jupyter saves:
 * every stream message is its own output, displays are updated wherever their id was shown,
 * clear_output works at once or, with wait, before the next output.
 */
export function collectOutputs(): OutputCollector {
  const displays = new Map<string, { cell: NotebookCell; output: Shown }[]>();
  const clearing = new Set<NotebookCell>();
  const errors = new Map<NotebookCell, CellError>();
  const cells = new Set<NotebookCell>();
  let skip: string | undefined;

  const clear = (cell: NotebookCell) => {
    cell.outputs = [];
    for (const [id, places] of displays) {
      displays.set(
        id,
        places.filter((place) => place.cell !== cell),
      );
    }
  };
  const add = (cell: NotebookCell, output: Output) => {
    if (clearing.delete(cell)) clear(cell);
    cell.outputs!.push(output);
  };
  const fail = (cell: NotebookCell, error: CellError) => {
    const reason = skipReason(error);
    if (reason !== undefined) {
      skip ??= reason;
      return;
    }
    if (!errors.has(cell)) errors.set(cell, error);
    const { ename, evalue, traceback } = error;
    add(cell, { output_type: "error", ename, evalue, traceback });
  };
  const display = (cell: NotebookCell, type: string, content: DisplayContent) => {
    const id = content.transient?.display_id;
    const { data, metadata } = content;
    for (const { output } of (id && displays.get(id)) || []) Object.assign(output, { data, metadata });
    if (type === "update_display_data") return;
    const output: Shown =
      type === "display_data"
        ? { output_type: type, data, metadata }
        : {
            output_type: "execute_result",
            data,
            metadata,
            execution_count: content.execution_count ?? null,
          };
    add(cell, output);
    if (id) displays.set(id, [...(displays.get(id) ?? []), { cell, output }]);
    const reason = fieldnotesMark(output, "skip");
    if (typeof reason === "string") skip ??= reason;
  };

  return {
    errors,
    skipped: () => skip,
    receive(cell, { header, content }) {
      cells.add(cell);
      switch (header.msg_type) {
        case "stream": {
          const name = content.name === "stderr" ? "stderr" : "stdout";
          add(cell, { output_type: "stream", name, text: String(content.text) });
          break;
        }
        case "display_data":
        case "update_display_data":
        case "execute_result":
          display(cell, header.msg_type, content as unknown as DisplayContent);
          break;
        case "error":
          fail(cell, content as unknown as CellError);
          break;
        case "clear_output":
          if (content.wait) clearing.add(cell);
          else clear(cell);
      }
    },
    finish() {
      for (const cell of cells) {
        cell.outputs = cell.outputs!.filter((output) => fieldnotesMark(output, "progress") === undefined);
      }
    },
  };
}
