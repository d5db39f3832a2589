export { type ConnectOptions, connect } from "./connect";
export type { Reads } from "./rehearse";
