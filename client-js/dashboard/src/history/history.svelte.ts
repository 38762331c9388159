import { account, http } from "../app/account.svelte";
import { readsHistory } from "../entities/rights";
import type { EventFilter, Problem, StoredEvent } from "../../../src/index";
import { isAbout, mayHold, type Filter } from "./filter";
import { linesOf } from "./lines";
import { HistoryReader } from "./reader";
import { Entities, type Scope } from "./scope";

const lines_a_page = 50;
const events_a_step = 50;
const events_a_page = 2_000; // one line may be a thousand letters: then a page has fewer lines
const events_max = 20_000; // of one page; a narrower filter shows what lies beyond

// A history as a page shows it: read page by page, newest first, in the order of the log.
export class History {
  readonly scope: Scope;
  entities = $state.raw<Entities>();
  events = $state.raw<readonly StoredEvent[]>();
  size = $state(0);
  isAtEnd = $state(false);
  busy = $state(false);
  trouble = $state.raw<Problem>();
  filter = $state.raw<Filter>();
  #pages = $state(1);
  #reader: HistoryReader | undefined;
  readonly lines = $derived(linesOf(this.events ?? []));
  readonly shown = $derived(this.lines.slice(0, this.#pages * lines_a_page));

  constructor(scope: Scope) {
    this.scope = scope;
  }

  get hasMore(): boolean {
    return this.lines.length > this.shown.length || (!this.isAtEnd && !this.isFull);
  }

  // When all is read, nothing before this position is missing.
  get completeTo(): number {
    return this.#reader?.completeTo ?? 0;
  }

  get isFull(): boolean {
    return (this.events?.length ?? 0) >= events_max;
  }

  // What was asked before is dropped, even when its answer is still on its way.
  async apply(filter: Filter): Promise<void> {
    this.filter = filter;
    this.entities ??= await Entities.load(account.me!);
    if (this.filter !== filter) return;
    this.#reader = new HistoryReader((question) => http.events(question), this.#questions(filter, this.entities), (event) => isAbout(event, filter.about));
    this.#pages = 1;
    await this.#fill([]);
  }

  async more(): Promise<void> {
    this.#pages += 1;
    if (this.lines.length < this.#pages * lines_a_page) await this.#fill(this.events ?? []);
  }

  // Everything there is, for what must see it all. False: stopped, or refused.
  async all(told: (events: number) => void, signal: AbortSignal): Promise<boolean> {
    const reader = this.#reader;
    while (reader && reader === this.#reader && !reader.isAtEnd && !this.isFull && !signal.aborted) {
      await this.#take(reader, this.events ?? [], 500);
      if (this.trouble) return false;
      told(this.events?.length ?? 0);
    }
    return reader === this.#reader && !signal.aborted;
  }

  async #fill(before: readonly StoredEvent[]): Promise<void> {
    const reader = this.#reader;
    let events = before;
    this.busy = true;
    while (reader && reader === this.#reader) {
      events = await this.#take(reader, events, events_a_step);
      const isPage = events.length - before.length >= events_a_page || linesOf(events).length >= this.#pages * lines_a_page;
      if (this.trouble || reader.isAtEnd || this.isFull || isPage) break;
    }
    if (reader === this.#reader) this.busy = false;
  }

  async #take(reader: HistoryReader, before: readonly StoredEvent[], count: number): Promise<readonly StoredEvent[]> {
    const events = [...before, ...await reader.older(count)];
    if (reader !== this.#reader) return events;
    this.events = events;
    this.size = reader.size;
    this.isAtEnd = reader.isAtEnd;
    this.trouble = reader.trouble;
    return events;
  }

  // One question for all texts of a proposal, unless one of them is chosen.
  #questions({ type, actor, organisation, stream, since, until }: Filter, entities: Entities): readonly EventFilter[] {
    const common = { type, actor, organisation, since, until };
    const streams = entities.streamsOf(this.scope);
    if (!streams) return [{ ...common, stream }];
    const wanted = streams.filter((one) => (stream === "" || one === stream) && mayHold(one, type) && (!one.startsWith("municipality/") || readsHistory(account.me!)));
    const asked = stream === "" ? new Set(wanted.map((one) => one.replace(/^(text\/proposal\/[^/]+\/).*$/, "$1"))) : wanted;
    return [...asked].map((one) => ({ ...common, stream: one }));
  }
}
