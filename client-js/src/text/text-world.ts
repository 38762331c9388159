import type { Fetched } from "../http";
import type { Keeping } from "./keeping";
import type { Rebaser } from "./rebase";

// What shared texts take from outside, beside socket, clock and chance.
export interface TextWorld {
  readonly actor: string; // whose texts these are on this device, known without a network
  readonly keeping: Keeping;
  readonly locks: Locks;
  readonly rebaser: Rebaser;
  newClient(topic: string): Promise<Fetched<string>>; // an id for a new writer
  mayRead(topic: string): Promise<boolean | undefined>; // undefined: the server cannot be asked now
}

// Locks between the tabs of one browser. Those of a tab that is gone are free.
export interface Locks {
  take(name: string): Promise<Release | undefined>; // undefined: somebody has it
}

export type Release = () => void;
