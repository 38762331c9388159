import { account, http } from "../app/account.svelte";
import { readsHistory } from "../entities/rights";
import type { EventFilter, EventPage, Fetched, Problem, StoredEvent } from "../../../src/index";
import { mayHold, no_filter, type Filter } from "./filter";
import { HistoryReader } from "./reader";
import type { Entities, Scope } from "./scope";
import type { WholeLog } from "./verification.svelte";

// Everything of a history, for what must see it all.

const collected_max = 20_000;
const whole_log_max = 10_000;
const step = 500;

export interface Collected {
  readonly events: readonly StoredEvent[];
  readonly isAll: boolean;
  readonly isFull: boolean; // there are more than a page should hold
  readonly trouble: Problem | undefined; // the rest did not come
  readonly completeTo: number; // when all were read, nothing before this position is missing
}

// The newest of it, down to a bound, as long as `goesOn`.
export async function collectAll(reader: HistoryReader, told: (events: number) => void, goesOn: () => boolean, most = collected_max): Promise<Collected> {
  const events: StoredEvent[] = [];
  while (!reader.isAtEnd && !reader.trouble && events.length < most && goesOn()) {
    events.push(...await reader.older(step));
    told(events.length);
  }
  return { events, isAll: reader.isAtEnd, isFull: events.length >= most && !reader.isAtEnd, trouble: reader.trouble, completeTo: reader.completeTo };
}

// The log whole, for those who may read it; nothing of a long one, or when it did not come. It is asked for before what
// is held against it.
export async function wholeLog(told: (events: number) => void, goesOn: () => boolean): Promise<readonly StoredEvent[] | undefined> {
  if (!readsHistory(account.me!)) return undefined;
  const { events, isAll } = await collectAll(new HistoryReader((question) => http.events(question), [{}]), told, goesOn, whole_log_max);
  return isAll ? events : undefined;
}

// What it says of a scope, of which these came.
export function heldAgainst(log: readonly StoredEvent[], scope: Scope, entities: Entities, events: readonly StoredEvent[]): WholeLog {
  const streams = questionsOf(scope, no_filter, entities).map(({ stream = "" }) => stream);
  const belongs = (stream: string) => streams.some((one) => one.endsWith("/") ? stream.startsWith(one) : stream === one);
  const came = new Set(events.map(({ position }) => position));
  return { events: log, leftOut: log.filter(({ position, stream }) => belongs(stream) && !came.has(position)).map(({ position }) => position) };
}

// What was recorded from one position up to another.
export async function recordedSince(from: number, to: number): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (let next: number | undefined = from; next !== undefined && next < to && events.length < collected_max;) {
    const page: Fetched<EventPage> = await http.events({ from: next, limit: step });
    if (!page.ok) break;
    events.push(...page.value.events.filter(({ position }) => position < to));
    next = page.value.next;
  }
  return events;
}

// What to ask of the server for a history. One question for all texts of a proposal, unless one of them is chosen.
export function questionsOf(scope: Scope, { type, actor, organisation, stream, since, until }: Filter, entities: Entities): readonly EventFilter[] {
  const common = { type, actor, organisation, since, until };
  const streams = entities.streamsOf(scope);
  if (!streams) return [{ ...common, stream }];
  const readable = streams.filter((one) => (stream === "" || one === stream) && (!one.startsWith("municipality/") || readsHistory(account.me!)));
  const holding = readable.filter((one) => mayHold(one, type));
  const wanted = holding.length > 0 ? holding : readable.slice(0, 1); // whether there is such a type the server says
  const asked = stream === "" ? new Set(wanted.map((one) => one.replace(/^(text\/proposal\/[^/]+\/).*$/, "$1"))) : wanted;
  return [...asked].map((one) => ({ ...common, stream: one }));
}
