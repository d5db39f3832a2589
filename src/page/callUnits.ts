/** The units of columns of a list of calls, or of the steps of a trace, which hold plain numbers. */
export const callUnits: Record<string, string> = {
  cost: "USD",
  starts: "s",
  duration: "s",
  waited: "s",
  time_to_first_token: "s",
};
