import { connect, createServer } from "node:net";

// A network cable between the browsers and the server. What the browser calls offline leaves open sockets
// alone; this does not.
//   pullOut   connections are reset and refused
//   fallSilent   connections stay open and carry nothing more, as on a train in a tunnel
//   loseAnswers   they carry only what the browser says
//   plugIn   new connections go through; those that fell silent are over
export class Cable {
  #server;
  #target = 0;
  #state = "plugged in";
  #ends = new Set();
  #fromServer = new Set();

  static async lay() {
    const cable = new Cable();
    cable.#server = createServer((near) => cable.#join(near));
    await new Promise((listening) => cable.#server.listen(0, "127.0.0.1", listening));
    return cable;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  leadTo(port) {
    this.#target = port;
  }

  pullOut() {
    this.#state = "out";
    this.#cut();
  }

  fallSilent() {
    this.#state = "silent";
    for (const end of this.#ends) end.pause();
  }

  loseAnswers() {
    this.#state = "silent";
    for (const end of this.#fromServer) end.pause();
  }

  plugIn() {
    if (this.#state === "silent") this.#cut();
    this.#state = "plugged in";
  }

  async remove() {
    this.#cut();
    await new Promise((closed) => this.#server.close(closed));
  }

  #join(near) {
    this.#hold(near);
    if (this.#state === "out") near.resetAndDestroy();
    if (this.#state === "silent") near.pause();
    if (this.#state !== "plugged in") return;

    const far = connect(this.#target, "127.0.0.1");
    this.#hold(far);
    this.#fromServer.add(far);
    far.once("close", () => this.#fromServer.delete(far));
    near.pipe(far);
    far.pipe(near);
    near.once("close", () => far.destroy());
    far.once("close", () => near.destroy());
  }

  #hold(end) {
    this.#ends.add(end);
    end.setNoDelay(true);
    end.on("error", () => {}); // A cut is no news here.
    end.once("close", () => this.#ends.delete(end));
  }

  #cut() {
    for (const end of this.#ends) end.resetAndDestroy();
  }
}
