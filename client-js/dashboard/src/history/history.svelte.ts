import { account, http } from "../app/account.svelte";
import type { Problem, StoredEvent } from "../../../src/index";
import { activityOf } from "./activity";
import type { Bucket } from "./buckets";
import { collectAll, questionsOf, type Collected } from "./collect";
import { isAbout, type Filter } from "./filter";
import { linesOf } from "./lines";
import { HistoryReader } from "./reader";
import { Entities, type Scope } from "./scope";

const lines_a_page = 50;
const lines_max = 300; // of a window
const events_a_step = 50;
const events_a_page = 2_000; // one line may be a thousand letters: then a page has fewer lines
const events_max = 5_000; // of a window

// A history as a page shows it, newest first, in the order of the log. A page holds a window of it, which grows line
// by line down to a bound; what is older stands in the next window, which begins before a position.
export class History {
  readonly scope: Scope;
  entities = $state.raw<Entities>();
  events = $state.raw<readonly StoredEvent[]>();
  buckets = $state.raw<readonly Bucket[]>([]);
  size = $state(0);
  isAtEnd = $state(false);
  busy = $state(false);
  trouble = $state.raw<Problem>();
  filter = $state.raw<Filter>();
  before = $state<number>(); // where the window begins; without it with the newest event
  #pages = $state(1);
  #reader: HistoryReader | undefined;
  readonly #newer = new Map<number, number | undefined>(); // the window that came before that one
  #drawn = "";
  readonly lines = $derived(linesOf(this.events ?? []));
  // All of a full window: where it ends the next one begins.
  readonly shown = $derived(this.isFull ? this.lines : this.lines.slice(0, this.#pages * lines_a_page));

  constructor(scope: Scope) {
    this.scope = scope;
  }

  get hasMore(): boolean {
    return this.lines.length > this.shown.length || (!this.isAtEnd && !this.isFull);
  }

  get isFull(): boolean {
    return isFull(this.events ?? [], this.lines.length);
  }

  // Where the next window begins, once this one is full.
  get older(): number | undefined {
    return this.isFull && !this.isAtEnd ? this.events?.at(-1)?.position : undefined;
  }

  // The window before this one, if the reader came from there; otherwise the first.
  get newer(): number | undefined {
    return this.before === undefined ? undefined : this.#newer.get(this.before);
  }

  get isWhole(): boolean {
    return this.isAtEnd && this.before === undefined;
  }

  // What was asked before is dropped, even when its answer is still on its way.
  async apply(filter: Filter, before?: number): Promise<void> {
    if (before !== undefined && before === this.older) this.#newer.set(before, this.before);
    this.filter = filter;
    this.before = before;
    this.events = undefined;
    this.isAtEnd = false;
    this.entities ??= await Entities.load(account.me!);
    if (this.filter !== filter || this.before !== before) return;
    this.#reader = this.#read(filter, before);
    this.#pages = 1;
    void this.#draw(filter);
    await this.#fill([]);
  }

  async more(): Promise<void> {
    this.#pages += 1;
    if (this.lines.length < this.#pages * lines_a_page) await this.#fill(this.events ?? []);
  }

  // The newest of everything, for what must see it all.
  async collect(told: (events: number) => void, signal: AbortSignal): Promise<Collected> {
    const filter = this.filter!;
    return collectAll(this.#read(filter), told, () => !signal.aborted && this.filter === filter);
  }

  #read(filter: Filter, before?: number): HistoryReader {
    return new HistoryReader((question) => http.events(question), questionsOf(this.scope, filter, this.entities!), (event) => isAbout(event, filter.about), before);
  }

  async #fill(before: readonly StoredEvent[]): Promise<void> {
    const reader = this.#reader;
    let events = before;
    this.busy = true;
    while (reader && reader === this.#reader) {
      events = await this.#take(reader, events, events_a_step);
      const lines = linesOf(events).length; // the page may be gone by now, and what it derived with it
      const isPage = events.length - before.length >= events_a_page || lines >= this.#pages * lines_a_page;
      if (this.trouble || reader.isAtEnd || isFull(events, lines) || isPage) break;
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

  // How much happened when, in all of the history. The server counts whole streams, so who and what are not asked.
  async #draw(filter: Filter): Promise<void> {
    const { type, actor, organisation, about, stream, since, until } = filter;
    const asked = JSON.stringify([stream, since, until]);
    const counts = this.scope.kind !== "programme" && [type, actor, organisation, about].every((one) => one === "");
    if (!counts) {
      this.buckets = [];
      this.#drawn = "";
    } else if (asked !== this.#drawn) {
      this.#drawn = asked;
      const buckets = await activityOf(http, questionsOf(this.scope, filter, this.entities!).map((one) => one.stream ?? ""), since, until);
      if (this.#drawn === asked) this.buckets = buckets;
    }
  }
}

function isFull(events: readonly StoredEvent[], lines: number): boolean {
  return events.length >= events_max || lines >= lines_max;
}
