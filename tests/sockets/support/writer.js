// A writer of one text over a real WebSocket: follows it, sends one edit at a time, and after every cut catches
// up from its revision and sends the edit in flight again, byte for byte. Nothing of it is shared with client-js.
import assert from "node:assert/strict";

import WebSocket from "ws";

import { within } from "./deadline.js";
import { Writing } from "./writing.js";

const patienceMax = 10_000;

export class Writer extends Writing {
  journal = new Map(); // what was acknowledged: sequence → {revision, position}
  inbox = []; // events come and not folded yet
  cuts = 0;
  resent = 0;
  failure = undefined;
  #link = { state: "down" };
  #silences = 0; // connections in a row that fell silent
  #waiting = new Set();
  #timer;

  // `through`: whatever has a port that leads to the server. `patience`: for how many milliseconds a silent
  // connection counts as alive, twice as long after each that did not; without it for ever. `arrived`: what
  // is done when frames have come, else `fold`.
  static async open(server, cookie, topic, { through = server, patience, arrived, separate = false } = {}) {
    const client = await Writer.newClient(server, cookie, topic);
    const writer = new Writer(topic, client, { separate });
    Object.assign(writer, { server, cookie, through, patience, arrived: arrived ?? (() => writer.fold()) });
    writer.#connect();
    await writer.until(() => writer.isFollowing, "following");
    return writer;
  }

  static async newClient(server, cookie, topic) {
    const { status, json, text } = await server.fetch("/v1/clients", { method: "POST", cookie, body: JSON.stringify({ stream: topic }) });
    assert.equal(status, 200, text);
    return json.client;
  }

  get isFollowing() {
    return this.#link.state === "following";
  }

  #connect() {
    const patience = this.patience && Math.min(this.patience * 2 ** this.#silences, patienceMax);
    const socket = new WebSocket(`ws://127.0.0.1:${this.through.port}/v1/live`, "mosty.v1", {
      headers: { cookie: this.cookie, origin: this.server.origin },
      perMessageDeflate: false,
    });
    this.#link = { state: "opening", socket, patience, heard: Date.now() };
    const link = this.#link;
    socket.on("error", () => {}); // `close` follows
    socket.on("close", () => this.#cut(link));
    socket.on("message", (data) => {
      if (link !== this.#link) return;
      link.heard = Date.now();
      try {
        for (const frame of JSON.parse(data.toString())) this.#take(frame);
        this.arrived(this);
        this.push();
      } catch (error) {
        this.#fail(error);
      }
      this.#wake();
    });
    if (patience) this.#watch(link);
  }

  #watch(link) {
    const timer = setInterval(() => {
      if (link !== this.#link) return clearInterval(timer);
      if (Date.now() - link.heard > link.patience) {
        clearInterval(timer);
        ++this.#silences;
        link.socket.terminate();
      } else if (link.socket.readyState === WebSocket.OPEN) link.socket.send('{"type":"ping","n":1}');
    }, link.patience / 4);
  }

  #cut(link) {
    if (link !== this.#link) return;
    if (link.state === "following") ++this.cuts;
    this.#link = { state: "down" };
    this.#wake();
    this.#timer = setTimeout(() => this.#connect(), 25);
  }

  #fail(error) {
    this.failure ??= error;
    this.close();
  }

  #take(frame) {
    switch (frame.type) {
      case "welcome":
        return this.#arrive(frame);
      case "text":
        if (this.load(frame)) this.held = true;
        return;
      case "events":
        assert.equal(frame.events.at(-1).revision, frame.revision);
        for (const event of frame.events) this.inbox.push(event);
        return;
      case "current":
        this.#link.state = "following";
        this.#silences = 0;
        return;
      case "done":
        return this.#acknowledge(frame);
      case "refused":
        return this.#refused(frame);
      case "history_changed":
      case "error":
        assert.fail(JSON.stringify(frame));
    }
  }

  #arrive({ log, format }) {
    assert.equal(log, this.log ?? log);
    this.log = log;
    const after = this.inbox.at(-1)?.revision ?? this.copy.revision;
    this.#send(JSON.stringify({ type: "follow", topic: this.topic, ...(this.held ? { log, format, after } : {}) }));
    if (!this.inflight) return;
    ++this.resent;
    this.#send(this.inflight.message);
  }

  #acknowledge({ id, from, count, revision }) {
    const sequence = Number(id.slice(this.client.length + 1));
    assert.equal(count, 1, "each edit is one event");
    const known = this.journal.get(sequence);
    if (known) assert.deepEqual([revision, from], [known.revision, known.position], "a retry is answered as the first time");
    else this.journal.set(sequence, { revision, position: from });
  }

  #refused({ id, problem }) {
    if (problem.code !== "overloaded" && problem.code !== "unavailable") assert.fail(JSON.stringify(problem));
    const { message } = this.inflight;
    setTimeout(() => this.inflight?.message === message && this.isFollowing && this.#send(message), 20);
    assert.equal(id, `${this.client}-${this.inflight.sequence}`);
  }

  #send(message) {
    this.#link.socket.send(message);
  }

  write(change) {
    super.write(change);
    this.push();
  }

  // Sends the next edit if it may go now. A message that meets a cut is sent again after it.
  push() {
    if (this.failure || this.#link.state !== "following" || this.mayPush?.() === false) return;
    const message = this.next();
    if (message) this.#send(message);
  }

  // Folds what has come, at most `count` events.
  fold(count = Infinity) {
    const came = this.inbox.splice(0, count);
    for (const event of came) {
      this.take(event);
      this.onEvent?.(event);
    }
    return came.length;
  }

  #wake() {
    for (const look of [...this.#waiting]) look();
  }

  until(matches, what, ms = 20_000) {
    let look;
    const come = new Promise((resolve, reject) => {
      look = () => {
        if (this.failure) reject(this.failure);
        else if (matches()) resolve();
      };
      this.#waiting.add(look);
      look();
    });
    return within(come, what, ms).finally(() => this.#waiting.delete(look));
  }

  // Everything written here is committed, and everything up to `revision` is folded.
  async settled(revision = 0) {
    await this.until(() => this.isIdle && this.copy.revision >= revision, `${this.client} settles`, 60_000);
    this.check();
  }

  // Ends this connection as a power cut would; the writer comes back by itself.
  drop() {
    this.#link.socket?.terminate();
  }

  close() {
    clearTimeout(this.#timer);
    const { socket } = this.#link;
    this.#link = { state: "closed" };
    socket?.terminate();
    this.#wake();
  }
}
