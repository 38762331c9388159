import { pendingFrom, type Command, type Outcome } from "./commands";
import { framesFrom, type Done } from "./frames";
import type { JsonObject } from "./json";
import { byteLength, message_bytes_max, pack } from "./messages";
import { localProblem, type Problem } from "./problem";
import { initial, queue_count_max, step } from "./session";
import type { Effect, Happening, Link, Session, Timer } from "./session";
import { Store, type Readable } from "./store";
import { nothing_unsent, type Unsent } from "./text/keeping";
import type { OpenText } from "./text/open-text";
import type { TextWorld } from "./text/text-world";
import { Texts } from "./text/texts";
import { emptyTopic, isRestricted, type Topic } from "./topics";
import type { Chance, Clock, Memory, Socket, SocketFactory } from "./world";

export interface Options {
  readonly url: string;
  readonly socket: SocketFactory;
  readonly clock: Clock;
  readonly random: Chance;
  readonly memory?: Memory<Topic>;
  readonly texts?: TextWorld; // without, no text can be opened
}

export type CommandState =
  | { readonly state: "queued" } // on this device only
  | { readonly state: "sent" }
  | ({ readonly state: "done" } & Done)
  | { readonly state: "refused"; readonly problem: Problem };

// A command's way. `finished` never rejects.
export interface CommandHandle extends Readable<CommandState> {
  readonly id: string;
  readonly finished: Promise<Outcome>;
}

export interface Followed extends Readable<Topic> {
  release(): void; // call once, when nobody looks any more
}

export interface FollowOptions {
  readonly limit?: number; // of a list's window, 1–500
}

export interface Client {
  readonly link: Readable<Link>;
  readonly waiting: Readable<number>; // commands without a final answer
  readonly actor: Readable<string | undefined>;
  follow(topic: string, options?: FollowOptions): Followed;
  command(stream: string, name: string, data: JsonObject, options?: { expected_revision?: number }): CommandHandle;

  // Opens a shared text. What was typed there and is unsent is there again, with or without a connection.
  openText(topic: string): OpenText;

  // What this device keeps of the person's work in texts that no server has; and how all that is kept of the person
  // is removed, sent or not, which answers how much was not. Afterwards no text can be opened with this client.
  unsentTexts(): Promise<Unsent>;
  forgetTexts(): Promise<Unsent>;

  wake(): void;
  close(): void;
}

export function connect(options: Options): Client {
  return new Connection(options);
}

// Carries out what `step` decides, with one socket at a time.
class Connection implements Client {
  readonly link = new Store<Link>(initial.link);
  readonly waiting = new Store(0);
  readonly actor = new Store<string | undefined>(undefined);

  readonly #options: Options;
  readonly #topics = new Map<string, { store: Store<Topic>; followers: number }>();
  readonly #commands = new Map<string, { store: Store<CommandState>; finish: (outcome: Outcome) => void }>();
  readonly #timers = new Map<Timer, () => void>();
  readonly #texts: Texts | undefined;
  #session: Session = initial;
  #socket: Socket | undefined;
  #sockets = 0;

  constructor(options: Options) {
    this.#options = options;
    const { texts, clock, random } = options;
    this.#texts = texts && new Texts(texts, {
      follow: (topic, held, after) => { this.#happen({ type: "follow-text", topic, held, after }); },
      unfollow: (topic) => { this.#happen({ type: "unfollow-text", topic }); },
      send: (parts) => { this.#happen({ type: "send-now", parts }); },
    }, clock, random);
    this.#happen({ type: "start" });
  }

  follow(name: string, { limit = 100 }: FollowOptions = {}): Followed {
    const entry = this.#topics.get(name) ?? { store: new Store(emptyTopic(name, limit)), followers: 0 };
    this.#topics.set(name, entry);
    entry.followers += 1;
    if (entry.followers === 1 || entry.store.current.limit < limit) {
      const remembered = isRestricted(name) ? undefined : this.#options.memory?.load(name);
      this.#happen({ type: "follow", topic: name, limit, ...(remembered ? { remembered } : {}) });
    }
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      entry.followers -= 1;
      if (entry.followers > 0) return;
      this.#topics.delete(name);
      this.#happen({ type: "unfollow", topic: name });
    };
    return {
      get current() { return entry.store.current; },
      subscribe: (listener) => entry.store.subscribe(listener),
      release,
    };
  }

  command(stream: string, name: string, data: JsonObject, more: { expected_revision?: number } = {}): CommandHandle {
    const command: Command = { id: `c-${this.#options.random.id()}`, stream, name, data, ...more };
    const store = new Store<CommandState>({ state: "queued" });
    const finished = new Promise<Outcome>((resolve) => {
      this.#commands.set(command.id, { store, finish: resolve });
    });
    const pending = pendingFrom(command);
    if (this.#session.queue.length >= queue_count_max) {
      this.#refuse(command.id, "queue_full", `${queue_count_max} changes already wait on this device.`);
    } else if (byteLength(pending.bytes) > message_bytes_max) {
      this.#refuse(command.id, "too_big", "This change is too big to be sent at once.");
    } else {
      this.#happen({ type: "command", pending });
    }
    return {
      id: command.id,
      finished,
      get current() { return store.current; },
      subscribe: (listener) => store.subscribe(listener),
    };
  }

  openText(topic: string): OpenText {
    if (!this.#texts) throw new Error("This client was made without texts.");
    return this.#texts.open(topic);
  }

  unsentTexts(): Promise<Unsent> {
    return this.#texts?.unsent() ?? Promise.resolve(nothing_unsent);
  }

  forgetTexts(): Promise<Unsent> {
    return this.#texts?.forget() ?? Promise.resolve(nothing_unsent);
  }

  wake(): void {
    this.#happen({ type: "wake" });
  }

  close(): void {
    void this.#texts?.close();
    this.#happen({ type: "close" });
  }

  #happen(...happenings: readonly Happening[]): void {
    const before = this.#session;
    const effects: Effect[] = [];
    for (const happening of happenings) {
      const moment = { now: this.#options.clock.now(), fraction: this.#options.random.fraction() };
      const [session, more] = step(this.#session, happening, moment);
      this.#session = session;
      effects.push(...more);
    }
    for (const effect of effects) this.#carryOut(effect);
    this.#tell(before);
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case "open":
        return this.#open();
      case "hang-up":
        return this.#hangUp();
      case "send":
        for (const message of pack(effect.parts)) this.#socket?.send(message);
        return;
      case "set-timer": {
        this.#timers.get(effect.timer)?.();
        const { timer, ms } = effect;
        this.#timers.set(timer, this.#options.clock.after(ms, () => this.#happen({ type: "timer", timer })));
        return;
      }
      case "clear-timer":
        this.#timers.get(effect.timer)?.();
        this.#timers.delete(effect.timer);
        return;
      case "answered":
        return this.#finish(effect.id, effect.outcome);
      case "texts":
        return this.#texts?.hear(effect.news);
      case "forget": {
        const held = [...this.#session.topics.values()].filter((topic) => topic.held);
        return this.#options.memory?.keepOnly(new Set(held.map(({ name }) => name)));
      }
    }
  }

  // Words of a socket that was given up are not listened to.
  #open(): void {
    const number = ++this.#sockets;
    const present = () => number === this.#sockets;
    this.#socket = this.#options.socket(this.#options.url, {
      opened: () => {},
      message: (text) => { if (present()) this.#receive(text); },
      closed: (code) => {
        if (!present()) return;
        this.#sockets += 1;
        this.#socket = undefined;
        this.#happen({ type: "lost", code });
      },
    });
  }

  #hangUp(): void {
    this.#sockets += 1;
    this.#socket?.close();
    this.#socket = undefined;
  }

  #receive(text: string): void {
    const frames = framesFrom(text);
    if (!frames) return this.#happen({ type: "garbled" });
    this.#happen({ type: "heard" }, ...frames.map((frame) => ({ type: "frame" as const, frame })));
  }

  #refuse(id: string, code: string, detail: string): void {
    this.#finish(id, { state: "refused", problem: localProblem(code, detail) });
  }

  #finish(id: string, outcome: Outcome): void {
    const entry = this.#commands.get(id);
    this.#commands.delete(id);
    entry?.store.set(outcome.state === "done" ? { state: "done", ...outcome.done } : outcome);
    entry?.finish(outcome);
  }

  // Tells what changed, each topic once a message.
  #tell(before: Session): void {
    const now = this.#session;
    for (const [name, entry] of this.#topics) {
      const topic = now.topics.get(name);
      if (topic) entry.store.set(topic);
    }
    const { memory } = this.#options;
    if (memory && now.topics !== before.topics) {
      for (const [name, topic] of now.topics) {
        const told = topic.held && topic.status.state === "current" && topic !== before.topics.get(name);
        if (told && !isRestricted(name)) memory.save(topic);
      }
    }
    for (const { id, state } of now.queue) {
      const store = this.#commands.get(id)?.store;
      if (store && store.current.state !== state) store.set({ state });
    }
    this.waiting.set(now.queue.length);
    this.actor.set(now.greeting?.actor);
    this.link.set(now.link);
  }
}
