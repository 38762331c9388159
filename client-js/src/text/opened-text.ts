import { equals, type Json } from "../json";
import { endsReading, localProblem, type Problem } from "../problem";
import { Store } from "../store";
import type { Clock } from "../world";
import { deltaOf, growthOf, normalised, transform, transformPosition, type Delta, type Operations } from "./delta";
import type { TextEvent } from "./events";
import type { Exchange } from "./exchange";
import type { Keeping, Shelved } from "./keeping";
import type { Erasure, MergeSummary, NamedVersion, OpenText, Parked, Present, Suggestion, Sync, Thread, Why } from "./open-text";
import { heardEvents, heardPeople, nobody, placed, presence_kept_ms, skippedEvents, withoutExpired, type People } from "./people";
import { Pointing } from "./pointing";
import { committedChange, committedPlace, moved, told, unsaid, type Said } from "./said";
import { mine, shown, shownLength, type SharedText } from "./shared-text";
import { mergedSummaries, movedSummary } from "./summary";
import { syncOf } from "./sync";
import type { TextFrame } from "./text-frames";
import type { Audience, TextMachine } from "./text-machine";
import type { TextSession } from "./text-session";
import { View } from "./view";

export const text_units_max = 200_000;

export interface Surroundings {
  readonly clock: Clock;
  readonly keeping: Keeping;
  readonly exchange: Exchange;
  released(): void;
  forgotten(erased: Erasure): void; // what is kept of earlier revisions is to be forgotten
}

// One text as a page sees it: what its writer knows, told in places of what the editor shows.
export class OpenedText implements OpenText, Audience {
  readonly topic: string;
  readonly sync = new Store<Sync>({ state: "opening" });
  readonly threads = new Store<ReadonlyMap<string, Thread>>(unsaid.threads);
  readonly suggestions = new Store<ReadonlyMap<string, Suggestion>>(new Map());
  readonly versions = new Store<readonly NamedVersion[]>(unsaid.versions);
  readonly people = new Store<readonly Present[]>([]);
  readonly parked = new Store<readonly Parked[]>([]);
  readonly merge = new Store<MergeSummary | undefined>(undefined);
  readonly erased = new Store<Erasure | undefined>(undefined);

  readonly #around: Surroundings;
  readonly #view: View;
  readonly #pointing: Pointing;
  #machine: TextMachine | undefined;
  #people: People = nobody;
  #expiry: (() => void) | undefined;
  #line: TextSession["line"]["state"] = "away";
  #told: { readonly text: SharedText; readonly said: Said } | undefined;
  #begun = false;
  #released = false;

  constructor(topic: string, around: Surroundings) {
    this.topic = topic;
    this.#around = around;
    this.#view = new View(around.clock, () => { this.#tell(); });
    this.#pointing = new Pointing(around.clock, (place) => { this.#point(place); });
    this.#view.listen((change) => { this.#pointing.moved(change.ops, false); });
  }

  // From now on this text is that writer's.
  begin(machine: TextMachine): void {
    this.#machine = machine;
    const { actor, topic } = machine.place;
    this.#around.keeping.parked(actor, topic).then(
      (shelved) => { this.parked.set([...shelved.map(toldParked), ...this.parked.current]); },
      () => {}, // a device that cannot be read has kept nothing
    );
  }

  // No writer could be found for it.
  refuse(problem: Problem): void {
    this.sync.set({ state: "refused", problem });
  }

  get content(): Delta {
    return deltaOf(this.#view.content);
  }

  get revision(): number {
    return this.#machine?.session.text?.committed.revision ?? 0;
  }

  submit(change: Delta): void {
    const { text } = this.#session;
    if (!text || !this.#machine) throw new Error("The text is not open yet.");
    if (this.#machine.ended) throw new Error("The text was left.");
    const ops = normalised(change.ops);
    if (ops.length === 0) return;
    const { line } = this.#session;
    if (text.committed.erased || (line.state === "refused" && endsReading(line.problem))) {
      this.#view.refused(ops);
      return;
    }
    const units = shownLength(text) + growthOf(ops);
    if (growthOf(ops) > 0 && units > text_units_max) {
      const problem = localProblem("text_too_long", `A text holds ${text_units_max} characters; this would make ${units}.`);
      const typed = this.#view.refused(ops);
      this.#machine.happen({ type: "put-aside", change: typed, problem: { ...problem, params: { max: text_units_max, units } } });
      return;
    }
    const typed = this.#view.typed(ops);
    this.#pointing.moved(ops, true);
    this.#moveMerge(typed);
    this.#machine.happen({ type: "typed", change: typed });
  }

  onChange(listener: (change: Delta, why: Why) => void): () => void {
    return this.#view.listen(listener);
  }

  hold(): () => void {
    return this.#view.hold();
  }

  point(from: number, to: number): void {
    this.#pointing.point(from, to);
  }

  leave(): void {
    this.#pointing.leave();
  }

  dismissParked(id: string): void {
    this.parked.set(this.parked.current.filter((parked) => parked.id !== id));
    const { actor, topic } = this.#writer.place;
    void this.#writer.kept().then(() => this.#around.keeping.dismiss(actor, topic, id)).catch(() => {
      // It is shown again when the device can be read again.
    });
  }

  putAside(change: Delta, problem: Problem): void {
    const ops = normalised(change.ops);
    if (ops.length > 0) this.#writer.happen({ type: "put-aside", change: ops, problem });
  }

  dismissMerge(): void {
    this.merge.set(undefined);
  }

  anchor(from: number, to: number): { base: number; from: number; to: number } {
    const text = this.#text;
    const place = (at: number) =>
      committedPlace(transformPosition(this.#view.waiting, at, "second"), mine(text), text.committed.content);
    return { base: text.committed.revision, from: place(from), to: place(to) };
  }

  suggestion(change: Delta): { base: number; change: Delta } {
    const text = this.#text;
    const known = transform(this.#view.waiting, normalised(change.ops), "first");
    return { base: text.committed.revision, change: deltaOf(committedChange(known, mine(text), text.committed.content)) };
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#point(undefined);
    this.#pointing.end();
    this.#view.end();
    this.#expiry?.();
    this.#around.released();
  }

  changed(change: Operations, why: Why): void {
    this.#moveMerge(change);
    this.#view.changed(change, why);
  }

  heard(events: readonly TextEvent[]): void {
    this.#people = events.length > 0 ? heardEvents(this.#people, events) : skippedEvents(this.#people);
  }

  merged(summary: MergeSummary): void {
    const before = this.merge.current;
    this.merge.set(before ? mergedSummaries(before, summary) : summary);
  }

  shelved(parked: Shelved): void {
    this.parked.set([...this.parked.current, toldParked(parked)]);
  }

  forgotten(): void {
    this.#people = nobody;
    this.#tellPeople();
    this.parked.set([]);
    this.merge.set(undefined);
  }

  moved(): void {
    const { text, line } = this.#session;
    if (text && !this.#begun) {
      this.#begun = true;
      this.#view.begin(shown(text));
    }
    if (line.state !== this.#line) {
      this.#line = line.state;
      if (line.state === "current") this.#pointing.again();
      if (line.state === "away") this.#people = nobody;
    }
    this.#tell();
    this.#close(text?.committed.erased);
    const sync = syncOf(this.#session);
    if (!equals(sync as unknown as Json, this.sync.current as unknown as Json)) this.sync.set(sync);
  }

  present({ present, gone }: Extract<TextFrame, { type: "presence" }>): void {
    const own = this.#around.exchange.greeting?.connection;
    this.#people = heardPeople(this.#people, present.filter(({ who }) => who !== own), gone, this.#around.clock.now());
    this.#tellPeople();
    this.#expireLater();
  }

  get #writer(): TextMachine {
    if (!this.#machine) throw new Error("The text is not open yet.");
    return this.#machine;
  }

  get #session(): TextSession {
    return this.#writer.session;
  }

  get #text(): SharedText {
    const { text } = this.#session;
    if (!text) throw new Error("The text is not open yet.");
    return text;
  }

  // Places fit what is shown only while nothing waits; then they are told anew.
  #tell(): void {
    const { text } = this.#session;
    if (!text || this.#view.waiting.length > 0 || this.#told?.text === text) return;
    const said = moved(text.committed.said, mine(text));
    if (said !== this.#told?.said) {
      this.threads.set(said.threads);
      if (said.suggestions !== this.#told?.said.suggestions) this.suggestions.set(told(said.suggestions));
      this.versions.set(said.versions);
    }
    this.#told = { text, said };
    this.#tellPeople();
  }

  #tellPeople(): void {
    const { text } = this.#session;
    if (!text || this.#view.waiting.length > 0) return;
    const own = mine(text);
    const move = (at: number) => transformPosition(own, at, "first");
    const people = placed(this.#people, text.committed.revision)
      .map(({ who, actor, from, to }) => ({ who, actor, from: move(from), to: move(to) }));
    if (!equals(people as unknown as Json, this.people.current as unknown as Json)) this.people.set(people);
  }

  // Of an erased text nothing is told, what others wrote a while ago neither.
  #close(erased: Erasure | undefined): void {
    if (erased?.revision === this.erased.current?.revision) return;
    this.erased.set(erased);
    if (!erased) return;
    this.merge.set(undefined);
    this.#people = nobody;
    this.#tellPeople();
    this.#around.forgotten(erased);
  }

  #expireLater(): void {
    this.#expiry?.();
    this.#expiry = undefined;
    if (this.#people.standing.size === 0) return;
    const now = this.#around.clock.now();
    const oldest = Math.min(...[...this.#people.standing.values()].map(({ heardAt }) => heardAt));
    this.#expiry = this.#around.clock.after(Math.max(0, oldest + presence_kept_ms - now), () => {
      this.#people = withoutExpired(this.#people, this.#around.clock.now());
      this.#tellPeople();
      this.#expireLater();
    });
  }

  #moveMerge(change: Operations): void {
    const { current } = this.merge;
    if (current) this.merge.set(movedSummary(current, change));
  }

  #point(place: { from: number; to: number } | undefined): void {
    if (this.#machine?.session.line.state !== "current") return;
    const head = { type: "presence", topic: this.topic };
    if (!place) return this.#around.exchange.say({ ...head, revision: this.#text.committed.revision });
    const { base, from, to } = this.anchor(place.from, place.to);
    this.#around.exchange.say({ ...head, revision: base, from, to });
  }
}

function toldParked({ change, ...rest }: Shelved): Parked {
  return { ...rest, change: deltaOf(change) };
}
