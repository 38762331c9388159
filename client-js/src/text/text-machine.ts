import { localProblem } from "../problem";
import type { Chance, Clock } from "../world";
import type { TextEvent } from "./events";
import { replayed, type Checkpoint, type Held, type Place, type Shelved } from "./keeping";
import type { Operations } from "./delta";
import type { MergeSummary, Why } from "./open-text";
import type { Rebase } from "./rebase";
import { unsentCount } from "./shared-text";
import { newTextSession, type TextEffect, type TextHappening, type TextSession, type TextTimer } from "./text-session";
import { stepText } from "./text-step";
import type { TextWorld } from "./text-world";

const forget_pause_ms = 5_000;

// Who wants to know what a writer does.
export interface Audience {
  changed(change: Operations, why: Why): void; // what is shown, other than by typing
  heard(events: readonly TextEvent[]): void; // none: more than can be told
  merged(summary: MergeSummary): void;
  shelved(parked: Shelved): void;
  forgotten(): void; // the person may not read it any more
  moved(): void; // after every step
}

export interface TextLine {
  follow(machine: TextMachine, held: Held | undefined, after: number): void;
  send(machine: TextMachine, id: string, bytes: string): void;
}

// Carries out what `stepText` decides, for one writer.
export class TextMachine {
  readonly place: Place;
  readonly #world: TextWorld;
  readonly #line: TextLine;
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #audience: Audience;
  readonly #timers = new Map<TextTimer, () => void>();
  readonly #whenKept: (() => void)[] = [];
  #session: TextSession;
  #job: Rebase | undefined;
  #ended = false;

  constructor(place: Place, world: TextWorld, line: TextLine, clock: Clock, chance: Chance, audience: Audience) {
    this.place = place;
    this.#world = world;
    this.#line = line;
    this.#clock = clock;
    this.#chance = chance;
    this.#audience = audience;
    this.#session = newTextSession(place);
  }

  get ended(): boolean {
    return this.#ended;
  }

  get session(): TextSession {
    return this.#session;
  }

  // Nothing is on this device only.
  get idle(): boolean {
    const { text, journal } = this.#session;
    return text !== undefined && unsentCount(text) === 0 && journal.urgent <= journal.kept;
  }

  // Brings what this device holds: of this place, or else the text as another tab has it.
  async open(): Promise<void> {
    const { keeping } = this.#world;
    try {
      const notes = (await keeping.notes(this.place.actor)).filter(({ topic }) => topic === this.place.topic);
      const own = await keeping.load(this.place);
      if (own) {
        const at = notes.find(({ slot }) => slot === this.place.slot)?.at ?? this.#clock.now();
        return this.happen({ type: "opened", kept: replayed(own), seed: false, at });
      }
      for (const note of [...notes].sort((a, b) => b.at - a.at)) {
        const other = await keeping.load(note);
        if (other) return this.happen({ type: "opened", kept: seedOf(replayed(other)), seed: true, at: note.at });
      }
    } catch {
      // A device that cannot be read cannot be written either, which is told then.
    }
    this.happen({ type: "opened", kept: undefined, seed: false, at: this.#clock.now() });
  }

  happen(happening: TextHappening): void {
    if (this.#ended) return;
    const moment = { now: this.#clock.now(), fraction: this.#chance.fraction(), id: this.#chance.id() };
    const [session, effects] = stepText(this.#session, happening, moment);
    this.#session = session;
    for (const effect of effects) this.#carryOut(effect);
    this.#audience.moved();
    const { journal } = this.#session;
    if (journal.kept === journal.made || journal.attempts > 0) for (const kept of this.#whenKept.splice(0)) kept();
  }

  // Ends when all is on this device, or it refused.
  kept(): Promise<void> {
    if (this.#ended) return Promise.resolve();
    const kept = new Promise<void>((resolve) => { this.#whenKept.push(resolve); });
    this.happen({ type: "leaving" });
    return kept;
  }

  // Nothing happens to this writer afterwards.
  async close(): Promise<void> {
    if (this.#ended) return;
    await this.kept();
    this.#ended = true;
    this.#job?.cancel();
    for (const stop of this.#timers.values()) stop();
  }

  #carryOut(effect: TextEffect): void {
    switch (effect.type) {
      case "follow":
        return this.#line.follow(this, effect.held, effect.after);
      case "send":
        return this.#line.send(this, effect.id, effect.bytes);
      case "write":
        this.#world.keeping.write(this.place, effect.writing).then(
          () => { this.happen({ type: "written" }); },
          (error: unknown) => { this.happen({ type: "not-written", problem: localProblem("not_kept", String(error)) }); });
        return;
      case "ask-client":
        void this.#world.newClient(this.place.topic).then((answer) => { this.happen({ type: "client", answer }); });
        return;
      case "ask-erasures":
        void this.#world.erasures(this.place.topic).then((answer) => { this.happen({ type: "erasures", answer }); });
        return;
      case "recover":
        return this.#recover(effect.beyond);
      case "rebase":
        this.#job = this.#world.rebaser(effect.text, effect.client);
        return;
      case "rebase-add":
        return this.#job?.add(effect.events);
      case "rebase-end":
        return this.#end(effect.since);
      case "rebase-cancel":
        this.#job?.cancel();
        this.#job = undefined;
        return;
      case "set-timer": {
        const { timer, ms } = effect;
        this.#timers.get(timer)?.();
        this.#timers.set(timer, this.#clock.after(ms, () => { this.happen({ type: "timer", timer }); }));
        return;
      }
      case "changed":
        return this.#audience.changed(effect.change, effect.why);
      case "heard":
        return this.#audience.heard(effect.events);
      case "merged":
        return this.#audience.merged(effect.summary);
      case "parked":
        return this.#audience.shelved(effect.parked);
      case "forget":
        this.#audience.forgotten();
        return this.#forget();
    }
  }

  #end(since: number): void {
    const job = this.#job;
    void job?.end(since).then((result) => {
      if (job !== this.#job) return;
      this.#job = undefined;
      this.happen({ type: "rebased", result });
    });
  }

  // Tried until the device does it.
  #forget(): void {
    const again = () => { this.#clock.after(forget_pause_ms, () => { this.#forget(); }); };
    this.#world.keeping.forgetText(this.place.actor, this.place.topic).catch(again);
  }

  #recover(beyond: number): void {
    this.#world.keeping.acknowledged(this.place).then(
      (all) => { this.happen({ type: "recovered", lost: all.filter(({ revision }) => revision > beyond) }); },
      () => {}, // then nothing is known of them
    );
  }
}

// Another writer's text without what is that writer's own.
function seedOf({ held, text }: Checkpoint): Checkpoint {
  return { held, text: { state: "synced", committed: text.committed }, writer: undefined };
}
