import type { Problem, StoredEvent } from "../../../src/index";
import { changedPaths } from "../entities/changes";
import { readsHistory } from "../entities/rights";
import type { Entity } from "../entities/types";
import { sections, topicOf, type Section } from "../texts/sections";
import { account, http } from "./account.svelte";
import { Following } from "./follow.svelte";
import { router } from "./router.svelte";

const events_max = 5_000;
const page_limit = 500;
const bursts_max = 500;

export interface Writing {
  readonly section: Section;
  readonly actor: string;
  readonly from: number; // its first revision
  readonly edits: number;
}

// A step of the time bar: an event of the entity's own, or what one person wrote in one of its texts in one go.
export interface Moment {
  readonly position: number; // of the event, or of the last edit
  readonly time: string;
  readonly event?: StoredEvent;
  readonly writing?: Writing;
}

// One entity as a page shows it: live, or as it was with the first `at` events.
// The moment is in the address (`?at=` a size, `?time=` a date), so that it can be shared.
export class EntityPage<T extends Entity> {
  readonly stream: string;
  readonly following: Following;
  events = $state.raw<readonly StoredEvent[]>([]);
  trouble = $state.raw<Problem>();
  #past = $state.raw<{ readonly value: T | undefined; readonly size: number; readonly time: string; readonly changed: ReadonlySet<string> }>();
  #writing = $state.raw<readonly Moment[]>([]);
  #loading: Promise<void> | undefined;
  #looking = false;
  readonly moments = $derived<readonly Moment[]>([
    ...this.events.map((event): Moment => ({ position: event.position, time: event.time, event })), ...this.#writing,
  ].sort((a, b) => a.position - b.position));

  constructor(kind: string, id: string) {
    this.stream = `${kind}/${id}`;
    this.following = new Following(this.stream);
    $effect(() => {
      if (this.live?.revision !== undefined) void this.#loadEvents();
    });
    $effect(() => {
      const at = Number(router.query.get("at"));
      const time = router.query.get("time");
      if (Number.isSafeInteger(at) && at > 0) void this.#loadPast({ at });
      else if (time) void this.#loadPast({ time });
      else this.#past = undefined;
    });
    $effect(() => {
      if (this.isPast || readsHistory(account.me!)) void this.lookCloser();
    });
  }

  // The texts' own steps join the time bar. Asked for once somebody looks back: most readers never do.
  async lookCloser(): Promise<void> {
    const [kind, id] = this.stream.split("/");
    if (kind !== "proposal" || !id || this.#looking) return;
    this.#looking = true;
    const answers = await Promise.all(sections.map(async (section) => ({ section, answer: await http.textBursts(topicOf(id, section), { limit: bursts_max }) })));
    this.#writing = answers.flatMap(({ section, answer }) => !answer.ok ? [] : answer.value.bursts.map(({ from, to, position, actor, until }): Moment =>
      ({ position, time: until, writing: { section, actor, from, edits: to - from + 1 } })));
  }

  get live(): T | undefined {
    return entityFrom<T>(this.following.value);
  }

  get isPast(): boolean {
    return this.#past !== undefined;
  }

  get shown(): T | undefined {
    return this.#past ? this.#past.value : this.live;
  }

  // When the shown moment was; of the present, nothing.
  get pastTime(): string | undefined {
    return this.#past?.time;
  }

  get pastSize(): number | undefined {
    return this.#past?.size;
  }

  // What was written in the step that the reader looks at.
  get written(): Writing | undefined {
    return this.#past ? this.moments[this.index - 1]?.writing : undefined;
  }

  // How many of the entity's steps the page shows.
  get index(): number {
    const past = this.#past;
    return past ? this.moments.filter(({ position }) => position < past.size).length : this.moments.length;
  }

  // Whether this part changed just now, or in the event that the reader looks at.
  marked(path: string): boolean {
    if (!this.#past) return this.following.recent.has(path);
    return this.written === undefined && this.#past.changed.has(path);
  }

  get hasMarks(): boolean {
    return this.written !== undefined || (this.#past?.changed.size ?? 0) > 0;
  }

  goTo(index: number): void {
    const moment = this.moments[index - 1];
    const now = index >= this.moments.length || !moment;
    router.replace({ at: now ? undefined : String(moment.position + 1), time: undefined });
  }

  goToDate(date: string): void {
    router.replace({ at: undefined, time: date });
  }

  goToNow(): void {
    router.replace({ at: undefined, time: undefined });
  }

  async #loadPast(moment: { at: number } | { time: string }): Promise<void> {
    const answer = await http.viewAsOf(this.stream, moment);
    const asked = router.query.get("at") ?? router.query.get("time");
    if (String("at" in moment ? moment.at : moment.time) !== asked) return;
    if (!answer.ok) {
      this.trouble = answer.problem;
      return;
    }
    await this.#loadEvents();
    const { value, size, time = "" } = answer.value;
    const event = this.events.findLast(({ position }) => position < size);
    const before = event && event.position > 0 ? await http.viewAsOf(this.stream, { at: event.position }) : undefined;
    const changed = before?.ok && entityFrom(before.value.value) ? changedPaths(before.value.value, value) : new Set<string>();
    this.trouble = undefined;
    this.#past = { value: entityFrom<T>(value), size, time, changed };
  }

  #loadEvents(): Promise<void> {
    this.#loading ??= this.#loadNewer().finally(() => { this.#loading = undefined; });
    return this.#loading;
  }

  // Of a long history the newest; what lies before them is found by its date.
  async #loadNewer(): Promise<void> {
    let from = (this.events.at(-1)?.position ?? -1) + 1;
    const earlier = (this.live?.revision ?? 0) - events_max;
    while (true) {
      const since = this.events.length === 0 && earlier > 0 ? { after: `${this.stream}@${earlier}` } : {};
      const answer = await http.events({ stream: this.stream, from, limit: page_limit, ...since });
      if (!answer.ok) return;
      const { events, next } = answer.value;
      if (events.length > 0) this.events = [...this.events, ...events.filter(({ position }) => position >= from)].slice(-events_max);
      if (next === undefined) return;
      from = next;
    }
  }
}

// A view that names its two towns; a topic whose entity does not exist yet has none.
function entityFrom<T extends Entity>(value: object | undefined): T | undefined {
  return value && "ua" in value && "eu" in value && "id" in value ? value as T : undefined;
}
