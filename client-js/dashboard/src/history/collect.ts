import { account } from "../app/account.svelte";
import { readsHistory } from "../entities/rights";
import type { EventFilter, Problem, StoredEvent } from "../../../src/index";
import { mayHold, type Filter } from "./filter";
import type { HistoryReader } from "./reader";
import type { Entities, Scope } from "./scope";

// Everything of a history, for what must see it all.

const collected_max = 20_000;
const step = 500;

export interface Collected {
  readonly events: readonly StoredEvent[];
  readonly isAll: boolean;
  readonly isFull: boolean; // there are more than a page should hold
  readonly trouble: Problem | undefined; // the rest did not come
  readonly completeTo: number; // when all were read, nothing before this position is missing
}

// The newest of it, down to a bound, as long as `goesOn`.
export async function collectAll(reader: HistoryReader, told: (events: number) => void, goesOn: () => boolean): Promise<Collected> {
  const events: StoredEvent[] = [];
  while (!reader.isAtEnd && !reader.trouble && events.length < collected_max && goesOn()) {
    events.push(...await reader.older(step));
    told(events.length);
  }
  return { events, isAll: reader.isAtEnd, isFull: events.length >= collected_max && !reader.isAtEnd, trouble: reader.trouble, completeTo: reader.completeTo };
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
