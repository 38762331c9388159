import type { Problem } from "../problem";
import { journal_entries_max, type Acknowledged, type Checkpoint, type Entry, type Note, type Shelved, type Writing } from "./keeping";

// What is to be written on this device, and what is written. Marks count what happened: everything up to `kept` has
// outlived a power cut.
export interface Journal {
  readonly made: number;
  readonly kept: number;
  readonly urgent: number; // is to be written at once up to this mark; the rest may wait for company
  readonly length: number; // entries on the device since the last checkpoint
  readonly unsaved: Unsaved;
  readonly disk: Disk;
  readonly attempts: number; // that failed since the last write that did not
}

interface Unsaved {
  readonly whole: boolean; // more happened than entries can say: a checkpoint is due
  readonly entries: readonly Entry[];
  readonly parked: readonly Shelved[];
  readonly acknowledged: readonly Acknowledged[];
  readonly forgets: boolean; // those of before go
}

export type Disk =
  | { readonly state: "idle" }
  | { readonly state: "writing"; readonly mark: number; readonly unsaved: Unsaved }
  | { readonly state: "failing"; readonly problem: Problem; readonly pausing: boolean };

const all_saved: Unsaved = { whole: false, entries: [], parked: [], acknowledged: [], forgets: false };

export const new_journal: Journal = {
  made: 0, kept: 0, urgent: 0, length: 0, unsaved: all_saved, disk: { state: "idle" }, attempts: 0,
};

// Typing and freezing are written at once; what can be asked of the server again may wait.
export function noted(journal: Journal, entry: Entry): Journal {
  const made = journal.made + 1;
  const unsaved = { ...journal.unsaved, entries: [...journal.unsaved.entries, entry] };
  const urgent = entry.type !== "heard" || unsaved.entries.length >= journal_entries_max / 2 ? made : journal.urgent;
  return { ...journal, made, urgent, unsaved };
}

// Something happened that is written as a checkpoint.
export function notedWhole(journal: Journal, parked: readonly Shelved[] = []): Journal {
  const made = journal.made + 1;
  const unsaved = { ...journal.unsaved, whole: true, parked: [...journal.unsaved.parked, ...parked] };
  return { ...journal, made, urgent: made, unsaved };
}

// The text was erased, or a passage of it: what was written before is not kept as acknowledged edits either.
export function notedForgetting(journal: Journal): Journal {
  const noted = notedWhole(journal);
  return { ...noted, unsaved: { ...noted.unsaved, acknowledged: [], forgets: true } };
}

export function notedAcknowledged(journal: Journal, acknowledged: Acknowledged): Journal {
  const unsaved = { ...journal.unsaved, acknowledged: [...journal.unsaved.acknowledged, acknowledged] };
  return { ...journal, unsaved };
}

// Waiting is over: what is there is written now.
export function hurried(journal: Journal): Journal {
  return { ...journal, urgent: journal.made };
}

// One write at a time; what happens during one goes with the next.
export function due(journal: Journal): boolean {
  const { disk } = journal;
  return journal.urgent > journal.kept && (disk.state === "idle" || (disk.state === "failing" && !disk.pausing));
}

export function begun(journal: Journal, now: Checkpoint, note: Note): readonly [Journal, Writing] {
  const { unsaved } = journal;
  const whole = unsaved.whole || journal.length + unsaved.entries.length > journal_entries_max;
  const { parked, acknowledged } = unsaved;
  const writing: Writing = whole
    ? { note, checkpoint: now, entries: [], parked, acknowledged, ...(unsaved.forgets ? { forgets: true } : {}) }
    : { note, entries: unsaved.entries, parked, acknowledged };
  const disk: Disk = { state: "writing", mark: journal.made, unsaved };
  const length = whole ? 0 : journal.length + unsaved.entries.length;
  return [{ ...journal, unsaved: all_saved, length, disk }, writing];
}

export function written(journal: Journal): Journal {
  if (journal.disk.state !== "writing") return journal;
  return { ...journal, kept: journal.disk.mark, disk: { state: "idle" }, attempts: 0 };
}

// The device refused. Nothing is known of what it holds, so the next write tells all.
export function refused(journal: Journal, problem: Problem): Journal {
  if (journal.disk.state !== "writing") return journal;
  const { parked, acknowledged, forgets } = journal.disk.unsaved;
  const unsaved: Unsaved = {
    whole: true, entries: [],
    parked: [...parked, ...journal.unsaved.parked],
    acknowledged: [...acknowledged, ...journal.unsaved.acknowledged],
    forgets: forgets || journal.unsaved.forgets,
  };
  return { ...journal, unsaved, attempts: journal.attempts + 1, disk: { state: "failing", problem, pausing: true } };
}

export function retried(journal: Journal): Journal {
  return journal.disk.state === "failing" ? { ...journal, disk: { ...journal.disk, pausing: false } } : journal;
}
