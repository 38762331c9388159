import type { EventFilter, EventPage, Fetched, StoredEvent } from "../../../src/index";

// What led to an event, and what followed from it: within its stream, the events of one correlation.

export interface Chain {
  readonly cause: StoredEvent | undefined; // nothing also where it cannot be found, and `event.cause` alone names it
  readonly effects: readonly StoredEvent[]; // that name it as their cause
  readonly all: readonly StoredEvent[]; // those found, this one among them, in order
}

type Ask = (filter: EventFilter) => Promise<Fetched<EventPage>>;

const events_max = 500; // in each direction, as many as one answer holds

export async function chainOf(ask: Ask, event: StoredEvent): Promise<Chain> {
  const { stream, correlation, position } = event;
  const [before, after] = await Promise.all([
    earlierOf(ask, event),
    found(ask({ stream, correlation, from: position + 1, limit: events_max })),
  ]);
  return {
    cause: before.find(({ id }) => id === event.cause),
    effects: after.filter(({ cause }) => cause === event.id),
    all: [...before, event, ...after].sort((a, b) => a.position - b.position),
  };
}

// The event that led to this one; nothing when it began of itself, or cannot be read.
export async function causeOf(ask: Ask, event: StoredEvent): Promise<StoredEvent | undefined> {
  return (await earlierOf(ask, event)).find(({ id }) => id === event.cause);
}

function earlierOf(ask: Ask, { stream, correlation, position, cause }: StoredEvent): Promise<readonly StoredEvent[]> {
  return cause === undefined ? Promise.resolve([]) : found(ask({ stream, correlation, before: position, limit: events_max }));
}

async function found(answer: Promise<Fetched<EventPage>>): Promise<readonly StoredEvent[]> {
  const page = await answer;
  return page.ok ? page.value.events : [];
}

// How an event came about that names no other one.
export type Beginning = "person" | "import" | "demo" | "invitation" | "program" | "unrecorded";

// Types of which every event answers another one: where none is named, it was recorded before causes were.
// tests/vectors/causes.txt says the same.
export const answering: ReadonlySet<string> = new Set([
  "municipality.corrected",
  "person.corrected", "person.invitation_withdrawn", "person.joined", "person.deputy_ended",
  "partnership.accepted", "partnership.declined", "partnership.withdrawn", "partnership.ended", "partnership.corrected",
  "visit.confirmed", "visit.postponed", "visit.cancelled", "visit.held", "visit.reported", "visit.corrected",
  "proposal.approved", "proposal.returned", "proposal.approval_withdrawn", "proposal.submitted", "proposal.answered", "proposal.corrected",
  "text.replied", "text.thread_resolved", "text.thread_reopened", "text.advice_answered", "text.suggestion_accepted", "text.suggestion_declined",
  "site.withdrawn", "site.removed",
]);

const programs: Readonly<Record<string, Beginning>> = { "service-import": "import", "service-demo": "demo", "service-invite": "invitation" };

// `isInvented`: whether an actor is a made-up person of the demo, whose commands its loader gave.
export function beginningOf({ type, actor, command }: StoredEvent, isInvented: (actor: string) => boolean): Beginning {
  if (answering.has(type)) return "unrecorded";
  if (actor.startsWith("service-")) return programs[actor] ?? "program";
  return command.startsWith("demo-") && isInvented(actor) ? "demo" : "person";
}
