import type { EventFilter, EventPage, Fetched, Problem, StoredEvent } from "../../../src/index";
import { stretchesOf } from "./buckets";
import { linesOf, newestOf } from "./lines";
import { HistoryReader } from "./reader";
import type { Scope } from "./scope";

// The moments between which one page changed, through its whole life, for choosing two of them. Where the history is
// longer than a page should fetch, its older part is told in stretches; the last change of one is looked up when it is
// chosen.

export interface Moment {
  readonly time: number; // ms, of the last change by then
  readonly size: number | undefined; // of the log just after that change; undefined: not looked up yet
}

export interface Life {
  readonly moments: readonly Moment[]; // by time; the first is before everything, with the size 0
  readonly coarseUntil: number | undefined; // before this time (ms) there are stretches only
}

interface Server {
  events(filter: EventFilter): Promise<Fetched<EventPage>>;
  activity(streams: readonly string[], since: string, step_ms: number, bars: number): Promise<Fetched<readonly number[]>>;
}

const events_max = 2_000;
const stretches_max = 400;

export const before_everything: Moment = { time: Number.NEGATIVE_INFINITY, size: 0 };

export class Moments {
  readonly #server: Server;
  readonly #streams: readonly string[];

  constructor(server: Server, { kind, id }: Scope) {
    this.#server = server;
    this.#streams = kind === "proposal" ? [`proposal/${id}`, `text/proposal/${id}/`] : [`${kind}/${id}`];
  }

  async load(): Promise<Fetched<Life>> {
    const reader = new HistoryReader((question) => this.#server.events(question), this.#streams.map((stream) => ({ stream })));
    const events = await reader.older(events_max);
    if (reader.trouble) return failed(reader.trouble);
    const exact = linesOf(events).map((line) => momentOf(newestOf(line))).reverse();
    if (reader.isAtEnd || events.length === 0) return done({ moments: [before_everything, ...exact], coarseUntil: undefined });
    const coarse = await this.#stretches(events);
    if (!coarse.ok) return coarse;
    return done({ moments: [before_everything, ...coarse.value, ...exact], coarseUntil: Date.parse(events.at(-1)!.time) });
  }

  // The last change among the log's first `size` events.
  at(size: number): Promise<Fetched<Moment>> {
    return size === 0 ? Promise.resolve(done(before_everything)) : this.#last({ before: size });
  }

  // The last change by then.
  by(time: number): Promise<Fetched<Moment>> {
    return this.#last({ before: Number.MAX_SAFE_INTEGER, until: new Date(time).toISOString() });
  }

  async #last(question: EventFilter): Promise<Fetched<Moment>> {
    const answers = await Promise.all(this.#streams.map((stream) => this.#server.events({ ...question, stream, limit: 1 })));
    const refused = answers.find((answer) => !answer.ok);
    if (refused && !refused.ok) return refused;
    const [newest] = answers.flatMap((answer) => answer.ok ? answer.value.events : []).sort((a, b) => b.position - a.position);
    return done(newest ? momentOf(newest) : before_everything);
  }

  // Before what was read, `events`, newest first: the end of each stretch in which something changed.
  async #stretches(events: readonly StoredEvent[]): Promise<Fetched<readonly Moment[]>> {
    const firsts = await Promise.all(this.#streams.map((stream) => this.#server.events({ stream, from: 0, limit: 1 })));
    const refused = firsts.find((answer) => !answer.ok);
    if (refused && !refused.ok) return refused;
    const first = Math.min(...firsts.flatMap((answer) => answer.ok ? answer.value.events.map(({ time }) => Date.parse(time)) : []));
    const times = events.map(({ time }) => Date.parse(time));
    const oldest = times.at(-1)!;
    const { begin, step, bars } = stretchesOf(first, oldest, stretches_max);
    const counts = await this.#server.activity(this.#streams, new Date(begin).toISOString(), step, bars);
    if (!counts.ok) return counts;
    return done(counts.value.flatMap((count, index): readonly Moment[] => {
      const [from, until] = [begin + index * step, begin + (index + 1) * step];
      const known = until <= oldest ? 0 : times.filter((time) => from <= time && time < until).length;
      return count > known ? [{ time: Math.min(until, oldest) - 1, size: undefined }] : [];
    }));
  }
}

// The moments with one more, in place of the one that it was looked up for.
export function withMoment(moments: readonly Moment[], found: Moment, of?: Moment): readonly Moment[] {
  const others = moments.filter((one) => one !== of && one.size !== found.size);
  return [...others, found].sort((a, b) => a.time === b.time ? (a.size ?? 0) - (b.size ?? 0) : a.time - b.time);
}

// Which of them a size of the log shows: the last one by then.
export function indexOf(moments: readonly Moment[], size: number): number {
  return moments.reduce((last, moment, index) => moment.size !== undefined && moment.size <= size ? index : last, 0);
}

function momentOf({ position, time }: StoredEvent): Moment {
  return { time: Date.parse(time), size: position + 1 };
}

function done<T>(value: T): Fetched<T> {
  return { ok: true, value };
}

function failed<T>(problem: Problem): Fetched<T> {
  return { ok: false, problem };
}
