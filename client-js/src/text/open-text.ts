import type { Problem } from "../problem";
import type { Readable } from "../store";
import type { Delta } from "./delta";

// What an editor or a page needs of one shared text. All places are UTF-16 units of `content`.
export interface OpenText {
  readonly topic: string;

  // What an editor must show: what is committed, and what was typed here. Empty (no operations) until it is known:
  // while `sync` is "opening", or "refused" from the start. From then on it always ends with a newline.
  readonly content: Delta;

  // That of the text which `content`, threads, suggestions and versions are of, once nothing is unsent or still to be
  // shown ("saved-for-everyone"); 0 before the text is known.
  readonly revision: number;

  // The person's change, made to `content`. It counts as made at once, is saved on this device next, and is sent
  // when it can be. A change that would make the text too long is parked, and taken back through `onChange`.
  // Throws before `content` is known, and once the text was left.
  submit(change: Delta): void;

  // Tells every change of `content` that did not come through `submit`, in order; never while it is held, and never
  // from inside `submit`. Applying each to what an editor shows keeps that equal to `content`.
  onChange(listener: (change: Delta, why: Why) => void): () => void;

  // Keeps changes of others back while a person composes with an input method. Answers how to let them come again.
  hold(): () => void;

  readonly sync: Readable<Sync>;
  readonly threads: Readable<ReadonlyMap<string, Thread>>;
  readonly suggestions: Readable<ReadonlyMap<string, Suggestion>>;
  readonly versions: Readable<readonly NamedVersion[]>;

  // The others who have this text open and stand somewhere in it.
  readonly people: Readable<readonly Present[]>;

  // Tells others where the person stands, as often as one likes; `leave` when nowhere any more.
  point(from: number, to: number): void;
  leave(): void;

  // Changes that were refused. Kept on this device until they are dismissed.
  readonly parked: Readable<readonly Parked[]>;
  dismissParked(id: string): void;

  // Keeps a change among them that never was the text's: of a copy, whose text went on without it.
  putAside(change: Delta, problem: Problem): void;

  // What others did while this device was away; undefined when there is nothing to tell.
  readonly merge: Readable<MergeSummary | undefined>;
  dismissMerge(): void;

  // All that the text said is forgotten, and it is closed: it is empty, `submit` takes nothing, and what was unsent is
  // parked with the code "erased". Undefined while it is not, or not known to be.
  readonly erased: Readable<Erasure | undefined>;

  // A passage, or a suggested change, as commands name them: as of a committed revision. They come as near to what
  // is shown as what is committed allows; text that only this device holds cannot be named.
  anchor(from: number, to: number): { readonly base: number; readonly from: number; readonly to: number };
  suggestion(change: Delta): { readonly base: number; readonly change: Delta };

  // Call once, when nobody looks any more. What is unsent stays on this device and is sent by whoever is open.
  release(): void;
}

// Why `content` changed: others wrote; the server added a newline; all that happened during a cut; a change of
// one's own was refused.
export type Why = "others" | "repair" | "merge" | "parked";

// Where the person's work is. Times are milliseconds since 1970.
export type Sync =
  | { readonly state: "opening" } // the text is not known yet, neither here nor from the server
  // It may not be followed. Who may not read it, or not any more, is shown an empty text, and nothing of it is kept on
  // this device; otherwise `content` is what was known.
  | { readonly state: "refused"; readonly problem: Problem }
  | { readonly state: "saving-on-device" }
  | { readonly state: "not-saved"; readonly problem: Problem } // this device refuses to keep it: it lives in this page only
  | { readonly state: "saved-on-device"; readonly since: number; readonly count: number } // `count` changes wait to be sent
  | { readonly state: "on-the-way"; readonly since: number; readonly count: number }
  | { readonly state: "catching-up"; readonly behind: number } // `behind` events of others have come and are not shown yet
  | { readonly state: "merging"; readonly behind: number } // they are being brought together with what is unsent
  | { readonly state: "saved-for-everyone"; readonly at: number | undefined }; // nothing is unsent; `at`: the last answer

export interface Thread {
  readonly id: string;
  readonly kind: "comment" | "advice";
  readonly from: number;
  readonly to: number;
  readonly quote: string; // the passage as it was when the thread began
  readonly body: string;
  readonly actor: string;
  readonly at: string;
  readonly revision: number;
  readonly replies: readonly Reply[];
  readonly orphaned: boolean; // nothing of the passage is left
  readonly resolved?: { readonly actor: string; readonly at: string };
  readonly answer?: { readonly answer: "accepted" | "declined"; readonly note?: string; readonly actor: string; readonly at: string };
}

export interface Reply {
  readonly actor: string;
  readonly at: string;
  readonly body: string;
}

export interface Suggestion {
  readonly id: string;
  readonly change?: Delta; // to `content`; only while it is open
  readonly quote: string;
  readonly note?: string;
  readonly actor: string;
  readonly at: string;
  readonly organisation?: string; // for which it was suggested; absent of early ones
  readonly revision: number;
  readonly status: "open" | "accepted" | "declined";
  readonly orphaned: boolean; // what it would change is gone: it can only be declined
  readonly answer?: { readonly note?: string; readonly actor: string; readonly at: string };
}

// Somebody made all that the text had said by then forgotten: "erased" closed it, "redacted" began it anew.
export interface Erasure {
  readonly kind: "erased" | "redacted";
  readonly revision: number;
  readonly actor: string;
  readonly at: string;
  readonly reason: string; // in the clear, for ever
}

export interface NamedVersion {
  readonly version: string;
  readonly name: string;
  readonly revision: number;
  readonly actor: string;
  readonly at: string;
}

export interface Present {
  readonly who: string; // a connection: one person may stand in several places
  readonly actor: string;
  readonly from: number;
  readonly to: number;
}

// A change that the server, or this device, would not take.
export interface Parked {
  readonly id: string;
  readonly problem: Problem;
  readonly at: number;
  readonly change: Delta; // to the text as it was at `revision`
  readonly revision: number;
  readonly text: string; // all that it would have written, to be copied
  readonly removed: number; // how many units it would have taken away
}

export interface MergeSummary {
  readonly since: number; // when this device was cut off, or last closed
  readonly edits: number;
  readonly by: readonly MergedBy[]; // who added most stands first
  readonly passages: readonly Passage[]; // a few, in the order of the text
}

export interface MergedBy {
  readonly actor: string;
  readonly edits: number;
  readonly added: number; // units
  readonly removed: number;
  readonly places: number;
}

export interface Passage {
  readonly actor: string;
  readonly from: number; // as of the moment of merging
  readonly to: number;
  readonly quote: string; // at most 80 units; empty where text was only taken away
}

// The text as of a moment, and who wrote it: fetched, not followed.
export interface PastText {
  readonly topic: string;
  readonly revision: number;
  readonly revisions: number; // how many there are now
  readonly size: number;
  readonly time?: string;
  readonly actor?: string;
  readonly content: Delta;
  readonly threads: ReadonlyMap<string, Thread>;
  readonly suggestions: ReadonlyMap<string, Suggestion>;
  readonly versions: readonly NamedVersion[];
}

export interface AuthoredRun {
  readonly length: number;
  readonly revision: number;
  readonly actor: string;
  readonly at: string;
}

export interface Burst {
  readonly from: number; // its first revision
  readonly to: number; // its last
  readonly position: number; // where that stands in the log
  readonly actor: string;
  readonly at: string;
  readonly until: string;
}
