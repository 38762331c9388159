// A client as plain as the contract: it keeps every frame, folds what it follows, and waits for answers.
import WebSocket from "ws";

import { within } from "./deadline.js";
import { TextCopy } from "./text_copy.js";

// RFC 7396.
export function merged(target, patch) {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  const result = target !== null && typeof target === "object" && !Array.isArray(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merged(result[name], value);
  }
  return result;
}

// Frames of every client of this process, for whoever wants to look at all of them.
export const everyFrame = [];

export class Client {
  frames = [];
  topics = new Map(); // name → {size, value} or {size, total, rows} or, of a text, {size, text}
  closed = undefined; // {code}
  #waiting = new Set();
  #next = 0;

  static async open(server, cookie, { origin = server.origin, protocol = "mosty.v1" } = {}) {
    const socket = new WebSocket(server.origin.replace(/^http/, "ws") + "/v1/live", protocol, {
      headers: { ...(cookie ? { cookie } : {}), ...(origin ? { origin } : {}) },
      perMessageDeflate: false,
      ...(server.ca ? { ca: server.ca } : {}),
    });
    const client = new Client(socket);
    await within(
      new Promise((resolve, reject) => {
        socket.on("unexpected-response", (request, response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (part) => (text += part));
          response.on("end", () => {
            const refused = new Error(`refused with ${response.statusCode}`);
            refused.status = response.statusCode;
            refused.problem = JSON.parse(text);
            reject(refused);
          });
        });
        socket.on("error", reject);
        client.frame((frame) => frame.type === "welcome", "the welcome").then(resolve, reject);
      }),
      "a connection",
    );
    return client;
  }

  constructor(socket) {
    this.socket = socket;
    this.ended = new Promise((resolve) => socket.on("close", (code) => resolve((this.closed = { code }))));
    socket.on("error", () => {});
    socket.on("message", (data, isBinary) => {
      if (isBinary) throw new Error("the server never sends binary messages");
      for (const frame of JSON.parse(data.toString())) this.#take(frame);
    });
  }

  #take(frame) {
    this.frames.push(frame);
    everyFrame.push(frame);
    this.#fold(frame);
    for (const waiter of this.#waiting)
      if (waiter.matches(frame)) {
        this.#waiting.delete(waiter);
        waiter.resolve(frame);
      }
  }

  #fold(frame) {
    const held = this.topics.get(frame.topic);
    if (frame.type === "snapshot") {
      const { size, value, total, rows } = frame;
      this.topics.set(frame.topic, rows ? { size, total, rows: new Map(rows.map((row) => [row.id, row])) } : { size, value });
    } else if (frame.type === "patch") {
      held.value = merged(held.value, frame.patch);
      held.size = frame.size;
    } else if (frame.type === "rows") {
      for (const row of frame.upsert) held.rows.set(row.id, row);
      for (const id of frame.remove ?? []) held.rows.delete(id);
      held.total = frame.total;
      held.size = frame.size;
    } else if (frame.type === "text") {
      if (frame.part === 0) this.topics.set(frame.topic, { text: new TextCopy() });
      this.topics.get(frame.topic).text.load(frame);
    } else if (frame.type === "events") {
      for (const event of frame.events) held.text.take(event);
      held.size = frame.size;
    } else if (frame.type === "current") {
      held.size = frame.size;
    }
  }

  // The first frame from now on that matches.
  frame(matches, what = "a frame", ms = 20_000) {
    const came = new Promise((resolve) => this.#waiting.add({ matches, resolve }));
    const hungUp = this.ended.then(({ code }) => {
      throw new Error(`${what}: the connection ended with ${code}`);
    });
    return within(Promise.race([came, hungUp]), what, ms);
  }

  send(message) {
    this.socket.send(typeof message === "string" || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  // Sends, and waits for the first frame after that which matches.
  ask(message, matches, what = JSON.stringify(message).slice(0, 200)) {
    const answer = this.frame(matches, what);
    this.send(message);
    return answer;
  }

  // The `done` or `refused` frame.
  command(stream, name, data, { id = Client.newId(), ...rest } = {}) {
    return this.ask({ type: "command", id, stream, name, data, ...rest },
      (frame) => (frame.type === "done" || frame.type === "refused") && frame.id === id, `the answer to ${name}`);
  }

  // Ends with `current` or an error of the topic.
  follow(topic, rest = {}) {
    return this.ask({ type: "follow", topic, ...rest },
      (frame) => (frame.type === "current" || frame.type === "error") && frame.topic === topic, `following ${topic}`);
  }

  // Everything the server had to say before this has come when it is answered.
  async settle() {
    const n = ++this.#next;
    return this.ask({ type: "ping", n }, (frame) => frame.type === "pong" && frame.n === n);
  }

  async close() {
    this.socket.close();
    return within(this.ended, "closing");
  }

  static #ids = 0;
  static newId() {
    return `c-${process.pid}-${Date.now()}-${++Client.#ids}`;
  }
}
