// A reader of server-sent events as the standard has it (HTML, "Server-sent events"), without a browser.
import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";

import { within } from "./deadline.js";

export class EventStream {
  events = []; // {id, type, data}
  lastEventId = "";
  pulses = 0; // blocks that moved the cursor and brought no event
  #block = {};
  #rest = "";
  #changed = new Set();

  // Resolves when the server has answered; `problem` is there when it refused.
  static async open(server, path, { cookie, authorization, lastEventId, accept = "text/event-stream", lookup } = {}) {
    const stream = new EventStream();
    stream.lastEventId = lastEventId ?? "";
    const headers = { accept, ...(cookie ? { cookie } : {}), ...(authorization ? { authorization } : {}), ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }) };
    const request = server.ca ? tlsRequest : plainRequest;
    const asked = request(server.origin + path, { headers, agent: false, ca: server.ca, lookup });
    asked.end();
    stream.response = await within(
      new Promise((resolve, reject) => {
        asked.on("response", resolve);
        asked.on("error", reject);
      }),
      `a stream of ${path}`,
    );
    asked.on("error", () => {});
    stream.status = stream.response.statusCode;
    stream.ended = new Promise((resolve) => {
      stream.response.on("close", () => {
        stream.over = true;
        stream.#wake();
        resolve({ whole: stream.response.complete });
      });
      stream.response.on("error", () => {});
    });
    if (stream.status === 200) {
      const isStream = stream.response.headers["content-type"].startsWith("text/event-stream");
      stream.response.setEncoding("utf8").on("data", (text) => { if (isStream) stream.#take(text); });
    } else {
      let text = "";
      stream.response.setEncoding("utf8").on("data", (part) => (text += part));
      await stream.ended;
      if (text) stream.problem = JSON.parse(text);
    }
    return stream;
  }

  #take(text) {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop();
    for (const line of lines) this.#line(line);
    this.#wake();
  }

  #line(line) {
    if (line === "") {
      const { id, type = "message", data } = this.#block;
      this.#block = {};
      if (id !== undefined) this.lastEventId = id;
      if (data !== undefined) this.events.push({ id: this.lastEventId, type, data });
      else if (id !== undefined) ++this.pulses;
      return;
    }
    const colon = line.indexOf(":");
    const field = line.slice(0, colon), value = line.slice(colon + 1).replace(/^ /, "");
    if (field === "id") this.#block.id = value;
    else if (field === "event") this.#block.type = value;
    else if (field === "data") this.#block.data = this.#block.data === undefined ? value : `${this.#block.data}\n${value}`;
    else if (field !== "" && field !== "retry") throw new Error(`an unknown field: ${line}`);
  }

  #wake() {
    for (const look of [...this.#changed]) look();
  }

  // Waits until what has come is enough.
  until(isEnough, what, ms = 30_000) {
    return within(
      new Promise((resolve, reject) => {
        const look = () => {
          if (isEnough(this)) resolve(this);
          else if (this.over) reject(new Error(`${what}: the stream ended after ${this.events.length} events`));
          else return;
          this.#changed.delete(look);
        };
        this.#changed.add(look);
        look();
      }),
      what,
      ms,
    );
  }

  // The position of an event, from its cursor.
  static positionOf({ id }) {
    return Number(id.split(":")[1]) - 1;
  }

  hangUp() {
    this.response.destroy();
    return this.ended;
  }
}
