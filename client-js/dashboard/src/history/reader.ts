import type { EventFilter, EventPage, Fetched, Problem, StoredEvent } from "../../../src/index";

// Reads several questions to the log as one history, newest first: each event once, in the order of the log.

type Ask = (filter: EventFilter) => Promise<Fetched<EventPage>>;

interface Cursor {
  readonly question: EventFilter;
  readonly held: StoredEvent[]; // newest first, not handed out yet
  before: number | undefined; // where to go on; undefined at the end
  size: number; // of the log when it first answered: what came later it does not hold
}

const first_page = 100;
const page_max = 500;

export class HistoryReader {
  readonly #ask: Ask;
  readonly #cursors: readonly Cursor[];
  readonly #keep: (event: StoredEvent) => boolean;
  #pages = 0;
  #last = Number.MAX_SAFE_INTEGER;
  readonly #before: number;
  size = 0; // how many events the log had at the last answer
  trouble: Problem | undefined;

  // `keep`: what the server cannot be asked for.
  // `before`: only what stands before that position.
  constructor(ask: Ask, questions: readonly EventFilter[], keep: (event: StoredEvent) => boolean = () => true, before = Number.MAX_SAFE_INTEGER) {
    this.#ask = ask;
    this.#keep = keep;
    this.#before = before;
    this.#cursors = questions.map((question) => ({ question, held: [], before, size: 0 }));
  }

  // At its end the history holds everything before this position. Beyond, one question may have been asked too early.
  get completeTo(): number {
    return this.#cursors.reduce((least, { size }) => Math.min(least, size), this.#before);
  }

  get isAtEnd(): boolean {
    return this.#cursors.every(({ held, before }) => held.length === 0 && before === undefined);
  }

  // The next older events, at least one unless the end was reached, `wanted` at most. Where asking failed, `trouble`
  // says why, and the next call asks again.
  async older(wanted: number): Promise<readonly StoredEvent[]> {
    const found: StoredEvent[] = [];
    this.trouble = undefined;
    while (found.length < wanted) {
      if (!await this.#fill()) break;
      const next = this.#newest();
      if (!next) break;
      const event = next.held.shift()!;
      if (event.position < this.#last && this.#keep(event)) found.push(event);
      this.#last = Math.min(this.#last, event.position);
    }
    return found;
  }

  #newest(): Cursor | undefined {
    let newest: Cursor | undefined;
    for (const cursor of this.#cursors) {
      if (cursor.held.length > 0 && (!newest || cursor.held[0]!.position > newest.held[0]!.position)) newest = cursor;
    }
    return newest;
  }

  // Every question that goes on holds an event: only then is the newest of them all known.
  async #fill(): Promise<boolean> {
    while (true) {
      const empty = this.#cursors.filter(({ held, before }) => held.length === 0 && before !== undefined);
      if (empty.length === 0) return true;
      const limit = this.#pages++ === 0 ? first_page : page_max;
      const answers = await Promise.all(empty.map((cursor) => this.#ask({ ...cursor.question, before: cursor.before!, limit })));
      for (const [index, answer] of answers.entries()) {
        if (!answer.ok) {
          this.trouble = answer.problem;
          continue;
        }
        const cursor = empty[index]!;
        cursor.held.push(...[...answer.value.events].sort((a, b) => b.position - a.position));
        if (cursor.size === 0) cursor.size = answer.value.size;
        cursor.before = answer.value.next;
        this.size = Math.max(this.size, answer.value.size);
      }
      if (this.trouble) return false;
    }
  }
}
