// Verifying a log in the browser. An entry of its own: a page that verifies nothing need not fetch it.
export { fromBase64, toBase64, toHex, utf8 } from "./bytes";
export { checkpointFrom } from "./checkpoint";
export type { Checkpoint } from "./checkpoint";
export type { StoredBytes } from "../entries";
export { checkEvents, gapsIn, holesIn } from "./events";
export type { Checking, EventState, EventVerdict, Gap } from "./events";
export { leafHash } from "./hash";
export { canVerify, checkHead } from "./head";
export type { Alarm, Good, Head, Obstacle } from "./head";
export { localPins } from "./pin";
export type { Pin, PinStore } from "./pin";
export { openSealed } from "./opening";
export type { KeySource, Opening, OpeningState } from "./opening";
export { differencesIn } from "./shown";
export type { Difference, Recorded, Shown, ShownRows, ShownText, ShownView } from "./shown";
export { proofsOver } from "./source";
export type { ProofSource } from "./source";
