import { Composer } from "./composer";
import { compose, empty_text, growthOf, invert, lengthOf, nothing, replacement, sameOperations, transform } from "./delta";
import type { Operations } from "./delta";
import { effectOf, type TextEvent } from "./events";
import type { Erasure } from "./open-text";
import { heardSaid, unsaid, type Said } from "./said";
import { split } from "./split";

// The text as the server has committed it.
export interface Committed {
  readonly revision: number;
  readonly content: Operations;
  readonly said: Said;
  readonly erased?: Erasure; // it is closed, and says nothing
}

// Typed here and not sent yet: composed into one change, which speaks of the text after `flight`.
export interface Pending {
  readonly change: Operations;
  readonly count: number; // of changes as they were made
  readonly since: number; // when the first of them was made
}

// The one edit that is sent, or about to be. `bytes` are made once; `change` is what the server will make of them
// after all that is committed, re-based as it does: over each event in turn.
export interface Flight extends Pending {
  readonly client: string;
  readonly sequence: number;
  readonly base: number;
  readonly bytes: string;
  readonly settled?: number; // the server says that it is durable, at this revision
  readonly doubtful?: true; // the log was replaced since it was frozen: a refusal says nothing of the change itself
}

// A text that several write at once. Plain data, moved by the functions below; modelled on codemirror/collab.
export type SharedText =
  | { readonly state: "synced"; readonly committed: Committed }
  | { readonly state: "pending"; readonly committed: Committed; readonly pending: Pending }
  | { readonly state: "in-flight"; readonly committed: Committed; readonly flight: Flight }
  | { readonly state: "in-flight-and-pending"; readonly committed: Committed; readonly flight: Flight; readonly pending: Pending };

// `change`: what the step did to what is shown.
export interface Moved {
  readonly text: SharedText;
  readonly change: Operations;
}

export function flightOf(text: SharedText): Flight | undefined {
  return text.state === "in-flight" || text.state === "in-flight-and-pending" ? text.flight : undefined;
}

export function pendingOf(text: SharedText): Pending | undefined {
  return text.state === "pending" || text.state === "in-flight-and-pending" ? text.pending : undefined;
}

// What is left of pending changes may be nothing, since others did the same: then nothing is pending.
export function textOf(committed: Committed, flight: Flight | undefined, waiting: Pending | undefined): SharedText {
  const pending = waiting && waiting.change.length > 0 ? waiting : undefined;
  if (flight) return pending ? { state: "in-flight-and-pending", committed, flight, pending } : { state: "in-flight", committed, flight };
  return pending ? { state: "pending", committed, pending } : { state: "synced", committed };
}

// All that is not committed, as one change to what is.
export function mine(text: SharedText): Operations {
  return compose(flightOf(text)?.change ?? nothing, pendingOf(text)?.change ?? nothing);
}

export function shown(text: SharedText): Operations {
  return compose(text.committed.content, mine(text));
}

export function shownLength(text: SharedText): number {
  return lengthOf(text.committed.content) + growthOf(mine(text));
}

export function unsentCount(text: SharedText): number {
  return (flightOf(text)?.count ?? 0) + (pendingOf(text)?.count ?? 0);
}

// The person changed what is shown.
export function typed(text: SharedText, change: Operations, at: number): SharedText {
  return textOf(text.committed, flightOf(text), joined(pendingOf(text), { change, count: 1, since: at }));
}

export interface Writer {
  readonly client: string;
  readonly next: number; // the sequence of this writer's next edit
}

// Freezes what is pending, or as much of it as one edit may hold, into the bytes that are sent from now on.
export function frozen(text: SharedText, topic: string, writer: Writer): SharedText {
  if (text.state !== "pending") return text;
  const { committed, pending } = text;
  const { first, rest } = split(pending.change, committed.content);
  const { client, next: sequence } = writer;
  const bytes = JSON.stringify({
    type: "command", id: `${client}-${sequence}`, stream: topic, name: "edit_text",
    data: { client, sequence, base: committed.revision, change: first, typed_at: pending.since },
  });
  const flight: Flight = { ...pending, change: first, client, sequence, base: committed.revision, bytes };
  return textOf(committed, flight, rest.length > 0 ? { ...pending, change: rest, count: 1 } : undefined);
}

export interface Landed {
  readonly flight: Flight;
  readonly revision: number;
}

export interface Heard extends Moved {
  readonly acknowledged: Landed | undefined; // one's own edit was among the events
  readonly repaired: boolean; // of `change`, some is a newline that the server added to one's own edit
}

// Events that follow what is committed, in order and without a gap. Watchers are told each event with what it did
// to what is shown.
export function heard(text: SharedText, events: readonly TextEvent[], watch?: (event: TextEvent, change: Operations) => void): Heard {
  const [effects, changes] = [new Composer(), new Composer()];
  const [sent, waiting] = [flightOf(text), pendingOf(text)];
  let [flight, pending] = [sent?.change, waiting?.change ?? nothing];
  let { revision, said, erased } = text.committed;
  let acknowledged: Landed | undefined;
  let repaired = false;
  for (const event of events) {
    if (event.revision !== revision + 1) throw new Error(`revision ${event.revision} does not follow ${revision}`);
    const forgets = event.type === "text.erased" || event.type === "text.redacted";
    const effect = forgets ? replacement(compose(text.committed.content, effects.total()), empty_text) : effectOf(event);
    const own = sent && flight && isOwn(event, sent, flight);
    let change = own && event.type === "text.edited" ? event.repair : effect;
    if (own) {
      acknowledged = { flight: sent, revision: event.revision };
      flight = undefined;
      repaired = change.length > 0;
    } else if (flight && change.length > 0) {
      const before = change;
      change = transform(flight, change, "second");
      flight = transform(before, flight, "first");
    }
    const past = transform(pending, change, "second");
    pending = transform(change, pending, "first");
    changes.add(past);
    effects.add(effect);
    said = forgets ? unsaid : heardSaid(said, event, effect);
    if (forgets) erased = event.type === "text.erased" ? erasureOf(event) : undefined;
    revision = event.revision;
    watch?.(event, past);
  }
  const committed: Committed = { revision, said, content: compose(text.committed.content, effects.total()), ...(erased ? { erased } : {}) };
  const next = textOf(committed, sent && flight && { ...sent, change: flight }, waiting && { ...waiting, change: pending });
  const settled = dropSettled(next);
  return { text: settled.text, change: compose(changes.total(), settled.change), acknowledged, repaired };
}

function erasureOf({ revision, actor, at, reason }: Extract<TextEvent, { type: "text.erased" | "text.redacted" }>): Erasure {
  return { kind: "erased", revision, actor, at, reason };
}

// The same client and sequence may be another's, where a profile was copied: only the very edit counts as one's own.
function isOwn(event: TextEvent, sent: Flight, change: Operations): boolean {
  return event.type === "text.edited" && event.client === sent.client && event.sequence === sent.sequence
    && event.base === sent.base && sameOperations(event.change, change);
}

// The server says that the flight is durable, the text being at `revision` then.
export function settled(text: SharedText, revision: number): Moved {
  const flight = flightOf(text);
  if (!flight) return { text, change: nothing };
  return dropSettled(textOf(text.committed, { ...flight, settled: revision }, pendingOf(text)));
}

// Durable at a revision that is committed here, and never seen as an event of its own: it is in the text already
// (which came whole), or nothing was left of it. Either way the committed text is right.
function dropSettled(text: SharedText): Moved {
  const flight = flightOf(text);
  if (flight?.settled === undefined || flight.settled > text.committed.revision) return { text, change: nothing };
  const back = invert(flight.change, text.committed.content);
  const pending = pendingOf(text);
  return {
    text: textOf(text.committed, undefined, pending && { ...pending, change: transform(back, pending.change, "first") }),
    change: transform(pending?.change ?? nothing, back, "second"),
  };
}

// The flight waits again, to be sent by another writer: it is known not to be committed.
export function unfrozen(text: SharedText): SharedText {
  const flight = flightOf(text);
  if (!flight) return text;
  const { change, count, since } = flight;
  return textOf(text.committed, undefined, joined({ change, count, since }, pendingOf(text)));
}

// All that is unsent is given up; what is shown is the committed text.
export function reverted(text: SharedText): Moved {
  return { text: { state: "synced", committed: text.committed }, change: invert(mine(text), text.committed.content) };
}

// Another history: the text came whole. What is unsent is kept, as if the difference had been one change by others.
export function replaced(text: SharedText, committed: Committed): Moved {
  const change = replacement(text.committed.content, committed.content);
  const [flight, pending] = [flightOf(text), pendingOf(text)];
  const past = transform(flight?.change ?? nothing, change, "second");
  const next = textOf(
    committed,
    flight && { ...flight, doubtful: true, change: transform(change, flight.change, "first") },
    pending && { ...pending, change: transform(past, pending.change, "first") },
  );
  const dropped = dropSettled(next);
  return { text: dropped.text, change: compose(transform(pending?.change ?? nothing, past, "second"), dropped.change) };
}

function joined(first: Pending | undefined, second: Pending | undefined): Pending | undefined {
  if (!first || !second) return first ?? second;
  return { change: compose(first.change, second.change), count: first.count + second.count, since: first.since };
}
