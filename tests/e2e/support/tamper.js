import { createServer, request } from "node:http";
import { connect } from "node:net";

// Someone on the line between the browsers and the server, who changes answers on their way. `bend(path, body)` gets
// each answer's text (of tiles their bytes, one a character) and gives back what arrives; by itself it changes
// nothing. WebSockets pass as they are.
export class Tamper {
  #server;
  #target = 0;
  bend = (_path, body) => body;

  static async begin() {
    const tamper = new Tamper();
    tamper.#server = createServer((asked, answer) => tamper.#pass(asked, answer));
    tamper.#server.on("upgrade", (asked, near, head) => tamper.#join(asked, near, head));
    await new Promise((listening) => tamper.#server.listen(0, "127.0.0.1", listening));
    return tamper;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  leadTo(port) {
    this.#target = port;
  }

  async remove() {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  #pass(asked, answer) {
    const { "accept-encoding": _encoding, ...headers } = asked.headers;
    const onward = request({ port: this.#target, host: "127.0.0.1", method: asked.method, path: asked.url, headers }, (came) => {
      const chunks = [];
      came.on("data", (chunk) => chunks.push(chunk));
      came.on("end", () => {
        const whole = Buffer.concat(chunks);
        const type = came.headers["content-type"] ?? "";
        const coding = /json|text\/plain/.test(type) ? "utf8" : type === "application/octet-stream" ? "latin1" : undefined;
        const body = coding ? Buffer.from(this.bend(asked.url, whole.toString(coding)), coding) : whole;
        const { "transfer-encoding": _chunked, "content-length": _length, ...kept } = came.headers;
        answer.writeHead(came.statusCode, { ...kept, ...(asked.method === "HEAD" || came.statusCode === 204 ? {} : { "content-length": body.length }) });
        answer.end(body);
      });
    });
    onward.on("error", () => answer.destroy());
    asked.pipe(onward);
  }

  #join(asked, near, head) {
    const far = connect(this.#target, "127.0.0.1", () => {
      const lines = asked.rawHeaders.reduce((all, part, index) => index % 2 === 0 ? [...all, part] : [...all.slice(0, -1), `${all.at(-1)}: ${part}`], []);
      far.write(`${asked.method} ${asked.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      far.write(head);
      near.pipe(far);
      far.pipe(near);
    });
    for (const [end, other] of [[near, far], [far, near]]) {
      end.on("error", () => other.destroy());
      end.once("close", () => other.destroy());
    }
  }
}
