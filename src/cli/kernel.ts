import type { Command } from "commander";
import { installKernel } from "../notebook/install";
import { lab } from "../notebook/lab";
import { say } from "./output";

/** `fieldnotes kernel install` and `fieldnotes lab`: notebooks in Jupyter. */
export function addKernel(program: Command): void {
  program
    .command("kernel")
    .description("the kernel for your own Jupyter")
    .command("install")
    .description("add the fieldnotes kernel to your Jupyter")
    .action(() => say(`kernel written to ${installKernel()}`));
  program
    .command("lab")
    .description("open the notebooks in JupyterLab")
    .argument("[option...]", "passed on to jupyter lab")
    .allowUnknownOption()
    .action(async (options: string[]) => {
      process.exitCode = await lab({ arguments: options });
    });
}
