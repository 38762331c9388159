import type { Outcome } from "../commands";
import type { Fetched } from "../http";
import type { Problem } from "../problem";
import type { Operations } from "./delta";
import type { TextEvent } from "./events";
import { new_journal, type Journal } from "./journal";
import type { Acknowledged, Checkpoint, Held, Place, Shelved, Writing } from "./keeping";
import type { Erasure, MergeSummary, Why } from "./open-text";
import type { Rebased } from "./rebase";
import type { Committed, SharedText, Writer } from "./shared-text";

export const inline_events_max = 100; // more than these are re-based apart from the page
export const journal_pause_ms = 1_000;

// One writer of one text: what is known, what is on its way, what is on this device. Moved only by `stepText`
// (text-step.ts).
export interface TextSession {
  readonly place: Place;
  readonly text?: SharedText; // not known yet, without
  readonly held?: Held; // the history it belongs to
  readonly line: Line;
  readonly writer: Identity;
  readonly carriage: Carriage;
  readonly incoming: readonly TextEvent[]; // they follow what is known, and are not shown yet
  readonly job?: Job;
  readonly waiting: readonly TextHappening[]; // answers that came during a job, for after it
  readonly gaps: number; // in a row, between what was told and what is known
  readonly journal: Journal;
  readonly frozenMark: number; // the journal's mark of the flight: it may go once that is kept
  readonly typedMark: number;
  readonly retries: number;
  readonly mayBeErased: boolean; // where nothing is left of it, who knows is to be asked
  readonly isReplaced: boolean; // it came anew: a passage of it may have been erased
  readonly away?: number; // since when nobody told what others do
  readonly savedAt?: number;
}

export type Line =
  | { readonly state: "away" }
  | { readonly state: "catching-up"; readonly held: Held }
  | { readonly state: "current"; readonly held: Held }
  | { readonly state: "refused"; readonly problem: Problem };

export type Identity =
  | { readonly state: "none" }
  | { readonly state: "asking" }
  | ({ readonly state: "known" } & Writer);

// What may be sent: the next edit; nothing, as one is on its way; nothing until a pause is over.
export type Carriage = "ready" | "sent" | "pausing";

// Events being re-based elsewhere, beginning from `text` as it was. What is typed meanwhile is `late`.
export interface Job {
  readonly count: number;
  readonly ended: boolean;
  readonly late: Operations;
}

export type TextHappening =
  | { readonly type: "opened"; readonly kept: Checkpoint | undefined; readonly seed: boolean; readonly at: number }
  | { readonly type: "typed"; readonly change: Operations }
  | { readonly type: "put-aside"; readonly change: Operations; readonly problem: Problem } // refused here, before it was typed
  | { readonly type: "welcomed"; readonly held: Held }
  | { readonly type: "lost" }
  | { readonly type: "whole"; readonly committed: Committed } // the text, from the server
  | { readonly type: "events"; readonly events: readonly TextEvent[] }
  | { readonly type: "current"; readonly revision: number }
  | { readonly type: "history-changed"; readonly log: string }
  | { readonly type: "resync" }
  | { readonly type: "topic-refused"; readonly problem: Problem }
  | { readonly type: "answered"; readonly id: string; readonly outcome: Outcome }
  | { readonly type: "client"; readonly answer: Fetched<string> }
  | { readonly type: "erasures"; readonly answer: Fetched<readonly Erasure[]> } // of the text, in their order
  | { readonly type: "rebased"; readonly result: Rebased }
  | { readonly type: "written" }
  | { readonly type: "not-written"; readonly problem: Problem }
  | { readonly type: "recovered"; readonly lost: readonly Acknowledged[] } // the server was set back behind these
  | { readonly type: "leaving" } // what is not written yet is to be written now
  | { readonly type: "timer"; readonly timer: TextTimer };

export type TextTimer = "again" | "journal" | "disk";

export type TextEffect =
  | { readonly type: "follow"; readonly held?: Held; readonly after: number }
  | { readonly type: "send"; readonly id: string; readonly bytes: string }
  | { readonly type: "write"; readonly writing: Writing }
  | { readonly type: "ask-client" }
  | { readonly type: "ask-erasures" }
  | { readonly type: "rebase"; readonly text: SharedText; readonly client: string | undefined }
  | { readonly type: "rebase-add"; readonly events: readonly TextEvent[] }
  | { readonly type: "rebase-end"; readonly since: number }
  | { readonly type: "rebase-cancel" }
  | { readonly type: "recover"; readonly beyond: number }
  | { readonly type: "changed"; readonly change: Operations; readonly why: Why }
  | { readonly type: "heard"; readonly events: readonly TextEvent[] } // folded; without any: more than can be told
  | { readonly type: "merged"; readonly summary: MergeSummary }
  | { readonly type: "parked"; readonly parked: Shelved }
  | { readonly type: "forget" } // all that this device keeps of the text
  | { readonly type: "set-timer"; readonly timer: TextTimer; readonly ms: number };

export interface TextMoment {
  readonly now: number;
  readonly fraction: number; // random, in [0, 1)
  readonly id: string; // random
}

export type TextStep = readonly [TextSession, readonly TextEffect[]];

export function newTextSession(place: Place): TextSession {
  return {
    place, line: { state: "away" }, writer: { state: "none" }, carriage: "ready", incoming: [], waiting: [], gaps: 0,
    journal: new_journal, frozenMark: 0, typedMark: 0, retries: 0, mayBeErased: false, isReplaced: false,
  };
}

// The revision up to which everything is known, shown or not.
export function knownRevision({ text, job, incoming }: TextSession): number {
  return (text?.committed.revision ?? 0) + (job?.count ?? 0) + incoming.length;
}

// All that the server told is shown, and nothing keeps the next edit from being sent.
export function isSettled({ text, line, job, incoming }: TextSession): boolean {
  return text !== undefined && line.state === "current" && !job && incoming.length === 0;
}

export function ownClient({ writer }: TextSession): string | undefined {
  return writer.state === "known" ? writer.client : undefined;
}
