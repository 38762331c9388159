import { createServer, request } from "node:http";
import { connect } from "node:net";

// Someone on the line between the browsers and the server, who changes answers on their way. `bend(path, body)` gets
// each answer's text (of tiles their bytes, one a character) and gives back what arrives, `bendLive(message)` each
// message that the server sends over a WebSocket; by themselves they change nothing.
export class Tamper {
  #server;
  #target = 0;
  bend = (_path, body) => body;
  bendLive = (message) => message;

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
      const messages = new Messages((message) => this.bendLive(message));
      far.on("data", (chunk) => near.write(messages.pass(chunk)));
    });
    for (const [end, other] of [[near, far], [far, near]]) {
      end.on("error", () => other.destroy());
      end.once("close", () => other.destroy());
    }
  }
}

// What a server sends after an upgrade: the answer's head, then frames (RFC 6455 §5.2) that are not masked. Its text
// messages, each one frame, are changed; everything else passes as it is.
class Messages {
  #bend;
  #held = Buffer.alloc(0);
  #isOpen = false;

  constructor(bend) {
    this.#bend = bend;
  }

  pass(chunk) {
    this.#held = Buffer.concat([this.#held, chunk]);
    const passed = [];
    for (let taken = this.#take(); taken; taken = this.#take()) passed.push(taken);
    return Buffer.concat(passed);
  }

  #take() {
    const held = this.#held;
    if (!this.#isOpen) {
      const end = held.indexOf("\r\n\r\n");
      this.#isOpen = end >= 0;
      return end < 0 ? undefined : this.#cut(end + 4);
    }
    if (held.length < 2) return undefined;
    const short = held[1] & 0x7f;
    const head = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (held.length < head) return undefined;
    const length = short === 126 ? held.readUInt16BE(2) : short === 127 ? Number(held.readBigUInt64BE(2)) : short;
    if (held.length < head + length) return undefined;
    const frame = this.#cut(head + length);
    return frame[0] === 0x81 ? textFrame(this.#bend(frame.subarray(head).toString())) : frame;
  }

  #cut(length) {
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return taken;
  }
}

function textFrame(text) {
  const body = Buffer.from(text);
  const head = Buffer.alloc(body.length < 126 ? 2 : body.length < 65_536 ? 4 : 10);
  head[0] = 0x81;
  head[1] = head.length === 2 ? body.length : head.length === 4 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(body.length, 2);
  else if (head.length === 10) head.writeBigUInt64BE(BigInt(body.length), 2);
  return Buffer.concat([head, body]);
}
