// A bad network: a TCP proxy on loopback that delays, throttles, cuts, resets, or lets one side go silently.
import { createConnection, createServer } from "node:net";

import { within } from "./deadline.js";

const queuedBytesMax = 64 * 1024;

// One direction of a connection: bytes leave in order, each after its delay, no faster than the rate.
function pipe(network, pair, source, sink) {
  const queue = []; // timers may overtake each other, bytes may not
  let queued = 0, leaves = 0;
  const leave = () => {
    const bytes = queue.shift();
    queued -= bytes.length;
    if (queued <= queuedBytesMax) source.resume();
    if (!pair.isSilent && !sink.destroyed) sink.write(bytes);
  };
  source.on("data", (bytes) => {
    if (pair.isSilent) return;
    queue.push(bytes);
    queued += bytes.length;
    if (queued > queuedBytesMax) source.pause();
    leaves = Math.max(Date.now() + network.delay, leaves) + bytes.length / network.rate;
    const wait = leaves - Date.now();
    if (wait < 1 && queue.length === 1) leave();
    else setTimeout(leave, wait);
  });
  source.on("error", () => {}); // `close` follows
  source.on("close", () => {
    if (!pair.isSilent) network.cut(pair);
  });
}

export class Network {
  delay = 0; // milliseconds
  rate = Infinity; // bytes a millisecond
  counts = { cut: 0, halfOpen: 0, reset: 0, delay: 0, throttle: 0, calm: 0 };
  #pairs = new Set();
  #server;
  #stormy = false;

  // Leads to `target.port`, wherever that is at the moment.
  static async start(test, target) {
    const network = new Network();
    network.#server = createServer((near) => network.#join(near, target.port));
    await within(new Promise((resolve) => network.#server.listen(0, "127.0.0.1", resolve)), "a network");
    test.after(() => network.stop());
    return network;
  }

  get port() {
    return this.#server.address().port;
  }

  #join(near, port) {
    const far = createConnection(port, "127.0.0.1");
    const pair = { near, far, isSilent: false };
    this.#pairs.add(pair);
    near.setNoDelay();
    far.setNoDelay();
    pipe(this, pair, near, far);
    pipe(this, pair, far, near);
  }

  // Both ends see an orderly end.
  cut(pair) {
    this.#pairs.delete(pair);
    pair.near.destroy();
    pair.far.destroy();
  }

  // Both ends see a reset.
  reset(pair) {
    this.#pairs.delete(pair);
    pair.near.resetAndDestroy();
    pair.far.resetAndDestroy();
  }

  // One side is gone; the other is told nothing.
  halfOpen(pair, gone) {
    pair.isSilent = true;
    pair[gone].destroy();
  }

  // Does something bad, chosen by the seed.
  strike({ below, any }) {
    const what = any(["cut", "cut", "halfOpen", "reset", "delay", "throttle", "calm"]);
    ++this.counts[what];
    const loud = [...this.#pairs].filter(({ isSilent }) => !isSilent);
    if (what === "delay") this.delay = 1 + below(60);
    else if (what === "throttle") this.rate = 2 + below(40);
    else if (what === "calm") this.calm();
    else if (loud.length) {
      const pair = any(loud);
      if (what === "halfOpen") this.halfOpen(pair, any(["near", "far"]));
      else this[what](pair);
    }
  }

  // Strikes every few milliseconds until it is healed.
  storm(random, pause = 120) {
    this.#stormy = true;
    const next = () => {
      if (!this.#stormy) return;
      this.strike(random);
      setTimeout(next, 1 + random.below(pause));
    };
    next();
  }

  calm() {
    this.delay = 0;
    this.rate = Infinity;
  }

  heal() {
    this.#stormy = false;
    this.calm();
    for (const pair of [...this.#pairs]) if (pair.isSilent) this.cut(pair);
  }

  stop() {
    this.heal();
    for (const pair of [...this.#pairs]) this.cut(pair);
    return new Promise((resolve) => this.#server.close(resolve));
  }
}
