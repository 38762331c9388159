// What the library takes from outside, so that tests can own time, chance and the network.

export interface SocketEvents {
  opened(): void;
  message(text: string): void;
  closed(code: number): void;
}

export interface Socket {
  send(text: string): void;
  close(): void;
}

export type SocketFactory = (url: string, events: SocketEvents) => Socket;

export interface Clock {
  now(): number; // milliseconds since 1970
  after(ms: number, run: () => void): () => void; // answers how to call it off
}

export interface Chance {
  fraction(): number; // in [0, 1)
  id(): string; // at least 64 bits of chance, 8–64 of `A–Z a–z 0–9 _ -`
}

// What was known of topics before the page was opened. May forget at any time.
export interface Memory<T> {
  load(topic: string): T | undefined;
  save(topic: T): void;
  keepOnly(topics: ReadonlySet<string>): void; // the others are forgotten for good
}
