import type { Outcome } from "../commands";
import { localProblem } from "../problem";
import type { Frame } from "../frames";
import { encode } from "../messages";
import { normalised, nothing, type Operations } from "./delta";
import type { Held } from "./keeping";
import type { Said } from "./said";
import type { TextFrame } from "./text-frames";
import type { TextLine, TextMachine } from "./text-machine";

// What the connection tells those who write texts.
export type TextNews =
  | { readonly type: "welcomed"; readonly greeting: Greeting }
  | { readonly type: "lost" }
  | { readonly type: "frame"; readonly frame: TextTopicFrame }
  | { readonly type: "answered"; readonly id: string; readonly outcome: Outcome };

export type TextTopicFrame = TextFrame | Extract<Frame, { type: "current" | "history_changed" | "resync" | "topic_refused" }>;

export interface Greeting extends Held {
  readonly actor: string;
  readonly connection: string | undefined;
}

export interface Wire {
  follow(topic: string, held: Held | undefined, after: number): void;
  unfollow(topic: string): void;
  send(parts: readonly string[]): void; // nothing where there is no connection
}

// Brings news to the writers they concern. Several of one text share its one subscription: each ignores what it knows,
// and whoever finds something missing asks from where it stands.
export class Exchange implements TextLine {
  readonly #wire: Wire;
  readonly #present: (frame: Extract<TextFrame, { type: "presence" }>) => void;
  readonly #machines = new Map<string, Set<TextMachine>>();
  readonly #asked = new Set<string>(); // topics whose `follow` is being answered
  readonly #parts = new Map<string, { next: number; content: Operations; said: Said }>();
  readonly #sent = new Map<string, TextMachine>();
  #greeting: Greeting | undefined;

  constructor(wire: Wire, present: (frame: Extract<TextFrame, { type: "presence" }>) => void) {
    this.#wire = wire;
    this.#present = present;
  }

  get greeting(): Greeting | undefined {
    return this.#greeting;
  }

  join(machine: TextMachine): void {
    const { topic } = machine.place;
    this.#machines.set(topic, new Set(this.#machines.get(topic)).add(machine));
    if (this.#greeting) this.#welcome(machine, this.#greeting);
  }

  leave(machine: TextMachine): void {
    const { topic } = machine.place;
    const rest = new Set(this.#machines.get(topic));
    if (!rest.delete(machine)) return;
    for (const [id, sender] of this.#sent) if (sender === machine) this.#sent.delete(id);
    this.#machines.set(topic, rest);
    if (rest.size > 0) return;
    this.#machines.delete(topic);
    this.#asked.delete(topic);
    this.#parts.delete(topic);
    this.#wire.unfollow(topic);
  }

  follow({ place: { topic } }: TextMachine, held: Held | undefined, after: number): void {
    if (this.#asked.has(topic)) return; // whoever still misses something then will ask again
    this.#asked.add(topic);
    this.#wire.follow(topic, held, after);
  }

  send(machine: TextMachine, id: string, bytes: string): void {
    this.#sent.set(id, machine);
    this.#wire.send([bytes]);
  }

  say(message: Parameters<typeof encode>[0]): void {
    if (this.#greeting) this.#wire.send([encode(message)]);
  }

  hear(news: TextNews): void {
    switch (news.type) {
      case "welcomed":
        this.#greeting = news.greeting;
        this.#asked.clear();
        for (const machine of this.#all()) this.#welcome(machine, news.greeting);
        return;
      case "lost":
        this.#greeting = undefined;
        this.#parts.clear();
        this.#sent.clear();
        for (const machine of this.#all()) machine.happen({ type: "lost" });
        return;
      case "answered": {
        const machine = this.#sent.get(news.id);
        this.#sent.delete(news.id);
        machine?.happen(news);
        return;
      }
      case "frame":
        return this.#frame(news.frame);
    }
  }

  #frame(frame: TextTopicFrame): void {
    const { topic } = frame;
    switch (frame.type) {
      case "text":
        return this.#part(frame);
      case "events":
        return this.#each(topic, (machine) => { machine.happen({ type: "events", events: frame.events }); });
      case "presence":
        return this.#present(frame);
      case "current":
        this.#asked.delete(topic);
        return this.#each(topic, (machine) => { machine.happen({ type: "current", revision: frame.revision ?? 0 }); });
      case "history_changed":
        return this.#each(topic, (machine) => { machine.happen({ type: "history-changed", log: frame.log }); });
      case "resync":
        this.#parts.delete(topic);
        return this.#each(topic, (machine) => { machine.happen({ type: "resync" }); });
      case "topic_refused":
        this.#asked.delete(topic);
        return this.#each(topic, (machine) => { machine.happen({ type: "topic-refused", problem: frame.problem }); });
    }
  }

  // A part that does not follow the one before is left alone: `current` then shows that something is missing.
  #part({ topic, revision, part, parts, content, said }: Extract<TextFrame, { type: "text" }>): void {
    const before = part === 0 ? undefined : this.#parts.get(topic);
    if (part !== (before?.next ?? 0)) return;
    const whole = {
      next: part + 1,
      content: [...(before?.content ?? nothing), ...content],
      said: before ? joined(before.said, said) : said,
    };
    if (part + 1 < parts) {
      this.#parts.set(topic, whole);
      return;
    }
    this.#parts.delete(topic);
    const committed = { revision, content: normalised(whole.content), said: whole.said };
    this.#each(topic, (machine) => { machine.happen({ type: "whole", committed }); });
  }

  // What one person left unsent is never sent as another.
  #welcome(machine: TextMachine, { log, format, actor }: Greeting): void {
    if (actor === machine.place.actor) return machine.happen({ type: "welcomed", held: { log, format } });
    const problem = localProblem("signed_in_as_another", "Another person signed in.");
    machine.happen({ type: "topic-refused", problem });
  }

  #each(topic: string, tell: (machine: TextMachine) => void): void {
    for (const machine of [...this.#machines.get(topic) ?? []]) tell(machine);
  }

  #all(): readonly TextMachine[] {
    return [...this.#machines.values()].flatMap((machines) => [...machines]);
  }
}

function joined(a: Said, b: Said): Said {
  return {
    threads: new Map([...a.threads, ...b.threads]),
    suggestions: new Map([...a.suggestions, ...b.suggestions]),
    versions: [...a.versions, ...b.versions],
  };
}
