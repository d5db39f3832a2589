import type { OptionTable } from "../../measures/measure";
import { assumeOption } from "../assume";
import { parseFloors } from "./routeFloor";

/** What `route` can be asked: which limits a model must meet, or which cascade to replay. */
export const routeOptions = {
  floor: {
    value: "<limits>",
    about: 'floors a model must be shown to meet: "resolve_rate>=0.8,duration_p95<=10"',
    as: "names",
    check: (_caller: string, floor: string | readonly string[]) => parseFloors(floor),
  },
  flagship: { value: "<model>", about: "the model to compare with (default: the most expensive per token)" },
  margin: {
    value: "<share>",
    about: "how much lower than the flagship's a resolve rate may be",
    as: "number",
    default: 0.05,
    check(caller: string, margin: number) {
      if (!(margin >= 0 && margin < 1))
        throw new RangeError(`${caller} requires 0 <= margin < 1, got ${String(margin)}; 0.05 is 5 points`);
    },
  },
  ...assumeOption("outcomes-alike", "random-assignment", "random-escalation"),
  cascade: {
    value: "<cheap,dear>",
    about:
      "replay a cascade instead: the expensive model gets the cheap one's answers that the validator rejects",
    as: "names",
  },
  validator: {
    value: "<score>",
    about: "with --cascade, the score of the cheap model's answers that decides",
  },
  score: {
    value: "<name>",
    about: "with --cascade, how good an answer is (default: whether its task is resolved)",
  },
  tasks: {
    value: "<number>",
    about: "with --cascade, tasks a month (default: as many as in the log)",
    as: "number",
    check(caller: string, tasks: number) {
      if (!(Number.isFinite(tasks) && tasks >= 0))
        throw new RangeError(`${caller} requires a finite number of tasks >= 0, got ${String(tasks)}`);
    },
  },
} as const satisfies OptionTable;
