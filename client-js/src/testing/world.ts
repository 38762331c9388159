import type { Json, JsonObject } from "../json";
import { isObject } from "../json";
import type { Chance, Clock, Socket, SocketEvents, SocketFactory } from "../world";

// Time that moves only when a test says so.
export class FakeClock implements Clock {
  #now = 1_000_000;
  #timers: { at: number; run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    return () => { this.#timers = this.#timers.filter((other) => other !== timer); };
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }
}

// One end of a connection: the test plays the server at the other.
export class FakeSocket implements Socket {
  readonly sent: string[] = [];
  closedByClient = false;

  constructor(readonly events: SocketEvents) {}

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.closedByClient = true;
  }

  say(...frames: readonly JsonObject[]): void {
    this.events.message(JSON.stringify(frames));
  }

  welcome(size = 0, log = "log-1", actor = "u-1"): void {
    this.say({ type: "welcome", log, format: 1, size, actor, server: "test" });
  }

  cut(code = 1006): void {
    this.events.closed(code);
  }

  // All messages so far, with batches taken apart.
  get messages(): readonly JsonObject[] {
    return this.sent.flatMap((text) => {
      const value = JSON.parse(text) as Json;
      return (Array.isArray(value) ? value : [value]).filter(isObject);
    });
  }

  of(type: string): readonly JsonObject[] {
    return this.messages.filter((message) => message["type"] === type);
  }
}

export class FakeNetwork {
  readonly sockets: FakeSocket[] = [];

  readonly open: SocketFactory = (_url, events) => {
    const socket = new FakeSocket(events);
    this.sockets.push(socket);
    return socket;
  };

  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("No socket was opened.");
    return socket;
  }
}

// Chance with a seed (mulberry32), so that a failing run can be replayed.
export class SeededChance implements Chance {
  #state: number;
  #ids = 0;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }

  id(): string {
    return `id-${String(++this.#ids).padStart(8, "0")}`;
  }
}

const given = Number(process.env["MOSTY_SEED"]);

// The seeds of a run: the one that was given, or many new ones.
export function seeds(count: number): readonly number[] {
  return given ? [given] : Array.from({ length: count }, (_, i) => (Date.now() + i * 7919) >>> 0);
}

// Runs a property with many seeds; a failure names the seed that replays it.
export function forEachSeed(run: (chance: SeededChance) => void, count = 300): void {
  for (const seed of seeds(count)) {
    try {
      run(new SeededChance(seed));
    } catch (error) {
      throw new Error(`MOSTY_SEED=${seed} replays this: ${String(error)}`, { cause: error });
    }
  }
}

export async function forEachSeedAsync(run: (chance: SeededChance) => Promise<void>, count: number): Promise<void> {
  for (const seed of seeds(count)) {
    try {
      await run(new SeededChance(seed));
    } catch (error) {
      throw new Error(`MOSTY_SEED=${seed} replays this: ${String(error)}`, { cause: error });
    }
  }
}
