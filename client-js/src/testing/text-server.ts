import { isObject, type Json, type JsonObject } from "../json";
import type { Fetched } from "../http";
import { localProblem } from "../problem";
import { compose, empty_text, endsWithNewline, lengthOf, normalised, nothing, operationsFrom, replacement, transform, type Operations } from "../text/delta";
import type { Erasure } from "../text/open-text";
import type { Socket, SocketEvents, SocketFactory } from "../world";

interface Recorded {
  readonly event: JsonObject;
  readonly effect: Operations;
}

interface Client {
  readonly actor: string;
  readonly answers: { bytes: string; done: JsonObject }[]; // by sequence, from 1
}

// A server of shared texts as server/README.md and domain/README.md have it, in memory: one order, each edit re-based
// over each committed event in turn, newlines mended, each edit once. To play anything else, add it to `read`.
export class TextServer {
  log = "log-1";
  #format = 1;
  readonly connections = new Set<Connection>();
  readonly #texts = new Map<string, Recorded[]>();
  readonly #contents = new Map<string, Operations>();
  readonly #clients = new Map<string, Client>();
  #size = 0;
  #issued = 0;

  readonly closed = new Set<string>(); // texts that nobody may read

  // What the next edits are answered instead of being decided.
  readonly refusals: string[] = [];

  open(actor: string): SocketFactory {
    return (_url, events) => {
      const connection = new Connection(this, actor, `${this.#issued += 1}`, events);
      this.connections.add(connection);
      const { log } = this;
      connection.say({ type: "welcome", log, format: this.#format, size: this.#size, actor, connection: connection.id, server: "test" });
      return connection;
    };
  }

  newClient(actor: string): string {
    const id = `k-${this.#issued += 1}`;
    this.#clients.set(id, { actor, answers: [] });
    return id;
  }

  forgetClient(id: string): void {
    this.#clients.delete(id);
  }

  // The log as it was: what came later is gone, and so is whoever became known later.
  setBack(topic: string, revision: number, log: string): void {
    this.log = log;
    this.#texts.set(topic, this.#events(topic).slice(0, revision));
    this.#contents.set(topic, this.#contentAt(topic, revision));
    for (const client of this.#clients.values()) {
      const kept = client.answers.filter(({ done }) => Number(done["revision"]) <= revision);
      client.answers.splice(0, client.answers.length, ...kept);
    }
    for (const connection of [...this.connections]) connection.cut();
  }

  // All that the text said is forgotten. `left`: what a redaction leaves of it; without, it is closed.
  erase(topic: string, actor: string, reason: string, left?: string): void {
    const clear = replacement(this.content(topic), empty_text);
    this.record(topic, actor, left === undefined ? "text.erased" : "text.redacted", { reason }, clear);
    if (left) this.record(topic, actor, "text.restored", { revision: 0, change: [{ insert: left }] }, [{ insert: left }]);
  }

  erasuresOf(topic: string): Fetched<readonly Erasure[]> {
    if (this.closed.has(topic)) return { ok: false, problem: localProblem("may_not_read", "") };
    return { ok: true, value: this.#events(topic).flatMap(({ event: { type, revision, actor, at, data } }): Erasure[] => {
      if (type !== "text.erased" && type !== "text.redacted") return [];
      const reason = isObject(data) ? String(data["reason"]) : "";
      return [{ kind: type === "text.erased" ? "erased" : "redacted", revision: Number(revision), actor: String(actor), at: String(at), reason }];
    }) };
  }

  // As after an erasure: it begins anew with views of another form.
  newLife(): void {
    this.#format += 1;
    for (const connection of [...this.connections]) connection.cut();
  }

  revision(topic: string): number {
    return this.#events(topic).length;
  }

  content(topic: string): Operations {
    return this.#contents.get(topic) ?? empty_text;
  }

  eventsAfter(topic: string, revision: number): readonly JsonObject[] {
    return this.#events(topic).slice(revision).map(({ event }) => event);
  }

  read(connection: Connection, message: JsonObject): void {
    const { type } = message;
    const topic = String(message["topic"] ?? message["stream"] ?? "");
    switch (type) {
      case "follow": {
        connection.followed.add(topic);
        const { after, log, format } = message;
        const known = log === this.log && format === this.#format && typeof after === "number" && after <= this.revision(topic) ? after : undefined;
        if (log !== undefined && known === undefined) connection.say({ type: "history_changed", topic, log: this.log });
        if (known === undefined) this.#sayWhole(connection, topic);
        else this.#sayEvents(connection, topic, known);
        return connection.say({ type: "current", topic, size: this.#size, revision: this.revision(topic) });
      }
      case "unfollow":
        connection.followed.delete(topic);
        return;
      case "ping":
        return connection.say({ type: "pong", n: message["n"] ?? 0, size: this.#size });
      case "presence": {
        const { revision = 0, from, to } = message;
        const standing = { who: connection.id, actor: connection.actor, revision, from: from ?? 0, to: to ?? 0 };
        const frame = from === undefined ? { present: [], gone: [connection.id] } : { present: [standing], gone: [] };
        for (const other of this.connections) if (other.followed.has(topic)) other.say({ type: "presence", topic, ...frame });
        return;
      }
      case "command":
        return this.#command(connection, topic, message);
      default:
        throw new Error(`The server was sent ${JSON.stringify(message)}.`);
    }
  }

  // The reader was too slow: what it has not been given yet is told from its cursor, one more event than it needs.
  resync(connection: Connection, topic: string, after: number): void {
    connection.say({ type: "resync", topic });
    this.#sayEvents(connection, topic, after);
    connection.say({ type: "current", topic, size: this.#size, revision: this.revision(topic) });
  }

  record(topic: string, actor: string, type: string, data: JsonObject, effect: Operations = nothing): number {
    const events = this.#events(topic);
    const revision = events.length + 1;
    const event = { revision, type, actor, at: "2026-11-25T10:00:00.000Z", data };
    this.#contents.set(topic, compose(this.content(topic), effect));
    events.push({ event, effect });
    this.#size += 1;
    for (const connection of this.connections) {
      if (connection.followed.has(topic)) connection.say({ type: "events", topic, size: this.#size, revision, events: [event] });
    }
    return revision;
  }

  // An edit by somebody without a connection.
  edit(topic: string, actor: string, change: Operations, base = this.revision(topic)): number {
    const client = this.newClient(actor);
    return this.#commit(topic, actor, { client, sequence: 1, base, change: change as unknown as Json }, change, base);
  }

  #events(topic: string): Recorded[] {
    const events = this.#texts.get(topic) ?? [];
    this.#texts.set(topic, events);
    return events;
  }

  #contentAt(topic: string, revision: number): Operations {
    return this.#events(topic).slice(0, revision).reduce<Operations>((text, { effect }) => compose(text, effect), empty_text);
  }

  #sayWhole(connection: Connection, topic: string): void {
    const content = this.content(topic) as unknown as readonly Json[];
    const middle = Math.ceil(content.length / 2);
    const head = { type: "text", topic, size: this.#size, revision: this.revision(topic), parts: 2 };
    connection.say({ ...head, part: 0, content: content.slice(0, middle) });
    connection.say({ ...head, part: 1, content: content.slice(middle) });
  }

  #sayEvents(connection: Connection, topic: string, after: number): void {
    const events = this.eventsAfter(topic, after);
    for (let at = 0; at < events.length; at += 50) {
      const piece = events.slice(at, at + 50);
      connection.say({ type: "events", topic, size: this.#size, revision: after + at + piece.length, events: piece });
    }
  }

  #command(connection: Connection, topic: string, message: JsonObject): void {
    const { id, name, data } = message;
    if (name !== "edit_text" || !isObject(data)) throw new Error(`The server was sent ${JSON.stringify(message)}.`);
    const refuse = (code: string, params: JsonObject = {}) => {
      connection.say({ type: "refused", id: id ?? "", problem: { code, title: code, status: 409, detail: code, params } });
    };
    const refusal = this.refusals.shift();
    if (refusal) return refuse(refusal);
    const { client: name_, sequence, base } = data;
    const forgotten = this.#events(topic).findLast(({ event: { type } }) => type === "text.erased" || type === "text.redacted")?.event;
    if (forgotten?.["type"] === "text.erased") return refuse("erased");
    if (Number(base) < Number(forgotten?.["revision"] ?? 0)) return refuse("erased", { revision: String(forgotten?.["revision"]) });
    const client = this.#clients.get(String(name_));
    if (!client || client.actor !== connection.actor) return refuse("unknown_client");
    const number = Number(sequence);
    const bytes = JSON.stringify(message);
    const before = client.answers[number - 1];
    if (before) return before.bytes === bytes ? connection.say(before.done) : refuse("sequence_reused");
    if (number !== client.answers.length + 1) return refuse("sequence_gap", { expected: client.answers.length + 1 });
    if (Number(base) > this.revision(topic)) return refuse("base_from_future");
    const change = operationsFrom(data["change"]);
    if (!change || change.length === 0 || JSON.stringify(change) !== JSON.stringify(normalised(change))) return refuse("invalid_delta");
    if (new TextEncoder().encode(JSON.stringify(change)).length > 16 * 1024) return refuse("edit_too_big");
    if (!this.#fits(topic, change, Number(base))) return refuse("edit_out_of_range");
    const revision = this.#commit(topic, connection.actor, data, change, Number(base));
    const done = { type: "done", id: String(id), from: this.#size - 1, count: 1, size: this.#size, revision };
    client.answers.push({ bytes, done });
    connection.say(done);
  }

  #commit(topic: string, actor: string, data: JsonObject, change: Operations, base: number): number {
    const events = this.#events(topic);
    const rebased = events.slice(base).reduce((now, { effect }) => transform(effect, now, "first"), change);
    const text = compose(this.content(topic), rebased);
    const repair: Operations = endsWithNewline(text) ? nothing : normalised([{ retain: Math.max(1, lengthOf(text)) }, { insert: "\n" }])
      .filter((op) => lengthOf(text) > 0 || op.retain === undefined);
    const { client, sequence } = data;
    return this.record(topic, actor, "text.edited", {
      client: client ?? "", sequence: sequence ?? 0, base, change: rebased as unknown as Json,
      ...(repair.length > 0 ? { repair: repair as unknown as Json } : {}),
    }, compose(rebased, repair));
  }

  // Nothing past the end, and no character cut in two.
  #fits(topic: string, change: Operations, base: number): boolean {
    const text = base === this.revision(topic) ? this.content(topic) : this.#contentAt(topic, base);
    const units = text.map(({ insert }) => insert).join("");
    let at = 0;
    for (const op of change) {
      at += op.delete ?? (typeof op.retain === "number" ? op.retain : 0);
      if (at > units.length || isInside(units, at) || (typeof op.insert === "string" && /\p{Surrogate}/u.test(op.insert))) return false;
    }
    return true;
  }
}

function isInside(text: string, at: number): boolean {
  const [before, after] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  return before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000;
}

// One connection: both directions wait until they are moved on.
export class Connection implements Socket {
  readonly followed = new Set<string>();
  readonly #server: TextServer;
  readonly #events: SocketEvents;
  readonly #toClient: JsonObject[] = [];
  readonly #toServer: string[] = [];
  #open = true;

  constructor(server: TextServer, readonly actor: string, readonly id: string, events: SocketEvents) {
    this.#server = server;
    this.#events = events;
  }

  get busy(): boolean {
    return this.#open && this.#toClient.length + this.#toServer.length > 0;
  }

  get busyToServer(): boolean {
    return this.#open && this.#toServer.length > 0;
  }

  say(frame: JsonObject): void {
    this.#toClient.push(frame);
  }

  send(text: string): void {
    if (this.#open) this.#toServer.push(text);
  }

  close(): void {
    this.#open = false;
    this.#server.connections.delete(this);
  }

  // Up to `count` frames reach the client, as one message.
  toClient(count = Infinity): void {
    const frames = this.#toClient.splice(0, Math.min(count, this.#toClient.length));
    if (this.#open && frames.length > 0) this.#events.message(JSON.stringify(frames));
  }

  // One message reaches the server.
  toServer(): void {
    const text = this.#toServer.shift();
    if (text === undefined || !this.#open) return;
    const value = JSON.parse(text) as Json;
    for (const message of (Array.isArray(value) ? value : [value]).filter(isObject)) this.#server.read(this, message);
  }

  // What is under way is lost.
  cut(): void {
    if (!this.#open) return;
    this.close();
    this.#events.closed(1006);
  }
}
