import type { Operations } from "./delta";
import type { TextEvent } from "./events";
import type { Parked } from "./open-text";
import { heard, textOf, typed, type Flight, type Landed, type Pending, type SharedText, type Writer } from "./shared-text";

// Where texts and unsent work are kept on this device. A `place` is one writer's: (person, text, slot), a slot for each
// tab that has the text open at once.
export interface Place {
  readonly actor: string;
  readonly topic: string;
  readonly slot: number;
}

// All that is known of a place at one moment; the entries after it say what happened since.
export interface Checkpoint {
  readonly held: Held | undefined;
  readonly text: SharedText;
  readonly writer: Writer | undefined;
}

// The history that the committed text belongs to.
export interface Held {
  readonly log: string;
  readonly format: number;
}

export type Entry =
  | { readonly type: "typed"; readonly change: Operations; readonly at: number }
  | { readonly type: "frozen"; readonly flight: Flight; readonly pending: Pending | undefined } // what was pending
  | { readonly type: "heard"; readonly events: readonly TextEvent[] };

// What can be seen of a place without reading it.
export interface Note extends Place {
  readonly unsent: number; // changes that are on this device only
  readonly at: number; // when it was written last
}

// One's own edit that the server has; kept for a day, should the server be set back.
export interface Acknowledged extends Landed {
  readonly at: number;
}

// A refused change as data; `Parked` is the one that is told.
export interface Shelved extends Omit<Parked, "change"> {
  readonly change: Operations;
}

export interface Writing {
  readonly note: Note;
  readonly checkpoint?: Checkpoint; // in place of all before it; then `entries` are those after it
  readonly entries: readonly Entry[];
  readonly parked: readonly Shelved[];
  readonly acknowledged: readonly Acknowledged[];
  readonly forgets?: true; // edits that were acknowledged before go, too: what they wrote was erased
}

export interface Kept {
  readonly checkpoint: Checkpoint;
  readonly entries: readonly Entry[];
}

// Every promise rejects when the device refuses. A `write` is all or nothing, and has outlived a power cut once it
// resolves; writes of one place are made one after the other.
export interface Keeping {
  notes(actor: string): Promise<readonly Note[]>;
  load(place: Place): Promise<Kept | undefined>;
  write(place: Place, writing: Writing): Promise<void>;
  remove(place: Place): Promise<void>;
  parked(actor: string, topic: string): Promise<readonly Shelved[]>;
  dismiss(actor: string, topic: string, id: string): Promise<void>;
  acknowledged(place: Place): Promise<readonly Acknowledged[]>;
  unsent(actor?: string): Promise<Unsent>; // without a person: everybody's

  // Forget all that is kept of one text, of one person, or of everybody, unsent work too, and answer how much of it was
  // unsent: in one step, so that of several tabs only one counts it.
  forgetText(actor: string, topic: string): Promise<Unsent>;
  forget(actor?: string): Promise<Unsent>;
}

export interface Unsent {
  readonly changes: number; // typed here and on no server yet
  readonly texts: number; // that these belong to
  readonly parked: number; // changes that were refused and not dismissed
}

export const nothing_unsent: Unsent = { changes: 0, texts: 0, parked: 0 };

export function sumOfUnsent(a: Unsent, b: Unsent): Unsent {
  return { changes: a.changes + b.changes, texts: a.texts + b.texts, parked: a.parked + b.parked };
}

export function unsentOf(notes: readonly Note[], parked: number): Unsent {
  const waiting = notes.filter(({ unsent }) => unsent > 0);
  return {
    changes: waiting.reduce((sum, { unsent }) => sum + unsent, 0),
    texts: new Set(waiting.map(({ actor, topic }) => `${actor} ${topic}`)).size,
    parked,
  };
}

export const acknowledged_kept_ms = 24 * 60 * 60 * 1000;
export const journal_entries_max = 200;

// The place as it was when the last entry was written.
export function replayed({ checkpoint, entries }: Kept): Checkpoint {
  return entries.reduce(after, checkpoint);
}

function after(now: Checkpoint, entry: Entry): Checkpoint {
  switch (entry.type) {
    case "typed":
      return { ...now, text: typed(now.text, entry.change, entry.at) };
    case "heard":
      return { ...now, text: heard(now.text, entry.events).text };
    case "frozen": {
      const { flight, pending } = entry;
      const writer = { client: flight.client, next: flight.sequence + 1 };
      return { ...now, text: textOf(now.text.committed, flight, pending), writer };
    }
  }
}
