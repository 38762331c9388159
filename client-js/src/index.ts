// The whole library. Nothing here knows of a framework or of a page.
export { browserChance, browserClock, browserSocket, wakeWith } from "./browser";
export { connect } from "./client";
export type { Client, CommandHandle, CommandState, Followed, Options } from "./client";
export type { Outcome } from "./commands";
export type { Done } from "./frames";
export { equals, isObject } from "./json";
export type { Json, JsonObject } from "./json";
export { applyPatch, patchBetween } from "./merge-patch";
export type { Problem } from "./problem";
export type { Row, RowWindow } from "./rows";
export type { Link } from "./session";
export type { Readable } from "./store";
export type { Topic } from "./topics";
export type { Memory } from "./world";
export * from "./http";
