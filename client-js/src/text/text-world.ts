import type { Fetched } from "../http";
import type { Keeping } from "./keeping";
import type { Erasure } from "./open-text";
import type { Rebaser } from "./rebase";

// What shared texts take from outside, beside socket, clock and chance.
export interface TextWorld {
  readonly actor: string; // whose texts these are on this device, known without a network
  readonly keeping: Keeping;
  readonly locks: Locks;
  readonly rebaser: Rebaser;
  newClient(topic: string): Promise<Fetched<string>>; // an id for a new writer
  erasures(topic: string): Promise<Fetched<readonly Erasure[]>>; // of a text, in their order; refused to whoever may not read it
}

// Locks between the tabs of one browser. Those of a tab that is gone are free.
export interface Locks {
  take(name: string): Promise<Release | undefined>; // undefined: somebody has it
}

export type Release = () => void;
