// The whole library. Nothing here knows of a framework or of a page.
export { browserChance, browserClock, browserSocket, browserTexts, keptTexts, wakeWith } from "./browser";
export { browserPlaces, Places } from "./places";
export type { Opened } from "./places";
export { connect } from "./client";
export type { Client, CommandHandle, CommandState, Followed, Options } from "./client";
export type { Outcome } from "./commands";
export { endingOf } from "./ending";
export type { Ending } from "./ending";
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
export { Accounts, scopes } from "./accounts";
export type { Invited, OpenInvitation, OwnAccount, OwnProvider, OwnSession, OwnToken, Profile, Provider, Scope, SignedIn } from "./accounts";
export * from "./http";
export { nothing_unsent, sumOfUnsent } from "./text/keeping";
export type { Unsent } from "./text/keeping";
export { indexedUses } from "./indexed-uses";
export { idle_ms_max, idlePeople, noteUse } from "./use";
export type { UseKeeping } from "./use";
export type { Authors, Bursts } from "./text/past";
export type { TextWorld } from "./text/text-world";
export { closedAt, forgottenSince } from "./text/erasures";
export { Delta } from "./text/delta";
export type { Op } from "./text/delta";
export type {
  AuthoredRun, Burst, Erasure, MergedBy, MergeSummary, NamedVersion, OpenText, Parked, Passage, PastText,
  Present, Reply, Suggestion, Sync, Thread, Why,
} from "./text/open-text";
