import { endsReading, localProblem } from "../problem";
import type { Chance, Clock } from "../world";
import { Exchange, type TextNews, type Wire } from "./exchange";
import { nothing_unsent, replayed, sumOfUnsent, type Note, type Shelved, type Unsent } from "./keeping";
import type { Erasure, OpenText } from "./open-text";
import { OpenedText } from "./opened-text";
import { claimAny, claimOne, type Claim } from "./slots";
import { TextMachine, type Audience } from "./text-machine";
import type { TextWorld } from "./text-world";

export const adopt_pause_ms = 60_000;
const left_pause_ms = 1_000; // whoever comes back at once finds the place free
const kept_texts_max = 60;
const kept_idle_ms = 24 * 60 * 60 * 1000;

interface Running {
  readonly machine: TextMachine;
  readonly claim: Claim;
}

// All shared texts of one connection: those that are open, and those whose unsent work somebody left behind.
export class Texts {
  readonly #world: TextWorld;
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #exchange: Exchange;
  readonly #opened = new Map<string, Set<OpenedText>>();
  readonly #running = new Set<Running>();
  readonly #leaving = new Map<string, Promise<void>>();
  readonly #begun = new Set<Promise<unknown>>(); // being opened
  #given = Promise.resolve(nothing_unsent); // how much was unsent of texts that were given up since this began
  #looking: (() => void) | undefined;
  #closed = false;
  #asked = false;

  constructor(world: TextWorld, wire: Wire, clock: Clock, chance: Chance) {
    const { keeping } = world;
    const forgetText = (actor: string, topic: string) => this.#note(keeping.forgetText(actor, topic));
    this.#world = { ...world, keeping: { ...keeping, forgetText } };
    this.#clock = clock;
    this.#chance = chance;
    this.#exchange = new Exchange(wire, (frame) => {
      for (const opened of this.#opened.get(frame.topic) ?? []) opened.present(frame);
    });
    void this.#tidy();
  }

  open(topic: string): OpenText {
    let running: Promise<Running | undefined> = Promise.resolve(undefined);
    const opened: OpenedText = new OpenedText(topic, {
      clock: this.#clock,
      keeping: this.#world.keeping,
      exchange: this.#exchange,
      forgotten: (erased) => { void this.#forgetBefore(topic, erased); },
      released: () => {
        this.#opened.get(topic)?.delete(opened);
        const left = running.then((one) => one && this.#end(one));
        this.#leaving.set(topic, left.then(() => { this.#adoptIn(left_pause_ms); }));
      },
    });
    this.#opened.set(topic, new Set(this.#opened.get(topic)).add(opened));
    running = this.#begin(topic, opened);
    this.#begun.add(running);
    void running.finally(() => this.#begun.delete(running));
    return opened;
  }

  hear(news: TextNews): void {
    this.#exchange.hear(news);
    if (news.type !== "welcomed") return;
    void this.#adopt();
    void this.#giveUp();
  }

  unsent(): Promise<Unsent> {
    return this.#world.keeping.unsent(this.#world.actor);
  }

  // All that this device keeps of the person is gone when it resolves: with how much of that was unsent. Whoever takes
  // no part any more loses each text a moment before, which counts.
  async forget(): Promise<Unsent> {
    await this.close();
    await this.#note(this.#world.keeping.forget(this.#world.actor));
    return this.#given;
  }

  #note(forgetting: Promise<Unsent>): Promise<Unsent> {
    this.#given = Promise.all([this.#given, forgetting.catch(() => nothing_unsent)]).then(([all, one]) => sumOfUnsent(all, one));
    return forgetting;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#looking?.();
    await Promise.allSettled([...this.#begun, ...this.#leaving.values(), ...[...this.#running].map((one) => this.#end(one))]);
  }

  // The same page may have left the text just now: its place, with what is unsent, is free in a moment.
  async #begin(topic: string, opened: OpenedText): Promise<Running | undefined> {
    await this.#leaving.get(topic);
    try {
      const claim = await claimAny(this.#world.locks, await this.#notes(), this.#world.actor, topic);
      return await this.#run(claim, opened, (machine) => { opened.begin(machine); });
    } catch (error) {
      opened.refuse(localProblem("not_opened", String(error)));
      return undefined;
    }
  }

  async #run(claim: Claim, audience: Audience, begin: (machine: TextMachine) => void): Promise<Running> {
    const machine = new TextMachine(claim.place, this.#world, this.#exchange, this.#clock, this.#chance, audience);
    const running = { machine, claim };
    begin(machine);
    this.#running.add(running);
    await machine.open();
    if (this.#closed) await this.#end(running);
    else if (this.#running.has(running)) this.#exchange.join(machine);
    return running;
  }

  async #end(running: Running): Promise<void> {
    if (!this.#running.delete(running)) return;
    await running.machine.close();
    this.#exchange.leave(running.machine);
    running.claim.release();
  }

  // Sends what tabs that are gone left unsent, without showing it; looks again from time to time.
  async #adopt(): Promise<void> {
    this.#looking?.();
    if (this.#closed || !this.#exchange.greeting) return;
    this.#adoptIn(adopt_pause_ms);
    for (const note of await this.#notes()) {
      const claim = note.unsent > 0 ? await claimOne(this.#world.locks, note) : undefined;
      if (!claim) continue;
      let running: Running | undefined;
      const look = () => { if (running?.machine.idle) void this.#end(running); };
      const opened = () => this.#opened.get(note.topic) ?? [];
      const shelved = (parked: Shelved) => { for (const one of opened()) one.shelved(parked); };
      running = await this.#run(claim, unseen(look, shelved), () => {});
      look();
    }
  }

  #adoptIn(ms: number): void {
    this.#looking?.();
    if (!this.#closed) this.#looking = this.#clock.after(ms, () => { void this.#adopt(); });
  }

  async #notes(): Promise<readonly Note[]> {
    return this.#world.keeping.notes(this.#world.actor).catch(() => []);
  }

  // Texts that are kept and not open may have been closed to the person, or erased, while nobody looked. Each is asked for once;
  // those with unsent work are adopted, and find out so.
  async #giveUp(): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    const { actor, keeping } = this.#world;
    const idle = new Set((await this.#notes()).filter(({ unsent }) => unsent === 0).map(({ topic }) => topic));
    for (const topic of idle) {
      if (this.#closed || this.#opened.get(topic)?.size) continue;
      const answer = await this.#world.erasures(topic);
      if (!answer.ok && endsReading(answer.problem)) await keeping.forgetText(actor, topic).catch(() => {}); // next time, then
      const last = answer.ok ? answer.value.at(-1) : undefined;
      if (last) await this.#forgetBefore(topic, last);
    }
  }

  // What is kept of a text of before it was erased, or a passage of it, goes where no tab has it open and nothing of it
  // is unsent. Changes that were not accepted stay until they are dismissed.
  async #forgetBefore(topic: string, { revision }: Erasure): Promise<void> {
    const { keeping, locks } = this.#world;
    for (const note of (await this.#notes()).filter((one) => one.topic === topic && one.unsent === 0)) {
      const claim = await claimOne(locks, note);
      if (!claim) continue;
      const kept = await keeping.load(note).catch(() => undefined);
      if (kept && replayed(kept).text.committed.revision < revision) await keeping.remove(note).catch(() => {}); // next time, then
      claim.release();
    }
  }

  // Forgets texts without unsent work: older copies of other tabs after a day, and the least recent beyond a number.
  async #tidy(): Promise<void> {
    const idle = (await this.#notes()).filter(({ unsent }) => unsent === 0).sort((a, b) => b.at - a.at);
    const old = idle.filter(({ topic, at }, index) => index >= kept_texts_max
      || (at < this.#clock.now() - kept_idle_ms && idle.findIndex((newer) => newer.topic === topic) < index));
    for (const note of old) {
      const claim = await claimOne(this.#world.locks, note);
      await (claim && this.#world.keeping.remove(note).catch(() => {}));
      claim?.release();
    }
  }
}

function unseen(moved: () => void, shelved: (parked: Shelved) => void): Audience {
  return { changed: () => {}, heard: () => {}, merged: () => {}, shelved, forgotten: () => {}, moved };
}
