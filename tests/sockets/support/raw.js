// Bytes as no library would send them.
import { createConnection } from "node:net";
import { randomBytes } from "node:crypto";

import { within } from "./deadline.js";

export class Raw {
  received = Buffer.alloc(0);
  #changed = new Set();

  static async open(server) {
    const socket = createConnection(server.port, "127.0.0.1");
    const raw = new Raw();
    raw.socket = socket;
    socket.on("data", (bytes) => {
      raw.received = Buffer.concat([raw.received, bytes]);
      raw.#wake();
    });
    socket.on("error", () => {});
    raw.ended = new Promise((resolve) =>
      socket.on("close", () => {
        raw.over = true;
        raw.#wake();
        resolve();
      }),
    );
    await within(new Promise((resolve) => socket.on("connect", resolve)), "a connection");
    return raw;
  }

  // A WebSocket, upgraded by hand.
  static async upgraded(server, cookie) {
    const raw = await Raw.open(server);
    raw.write(upgradeRequest(server, { cookie }) + "\r\n\r\n");
    const header = await raw.until((bytes) => bytes.includes("\r\n\r\n"), "the upgrade");
    if (!header.toString().startsWith("HTTP/1.1 101")) throw new Error(header.toString());
    raw.received = raw.received.subarray(raw.received.indexOf("\r\n\r\n") + 4);
    await raw.until(() => raw.messages().length > 0, "the welcome");
    return raw;
  }

  write(bytes) {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  async until(matches, what) {
    return within(
      new Promise((resolve, reject) => {
        const look = () => {
          if (matches(this.received)) resolve(this.received);
          else if (this.over) reject(new Error(`${what}: the server hung up after ${JSON.stringify(this.received.toString().slice(0, 300))}`));
          else return;
          this.#changed.delete(look);
        };
        this.#changed.add(look);
        look();
      }),
      what,
    );
  }

  #wake() {
    for (const look of [...this.#changed]) look();
  }

  // The whole answer to a request on a connection that the server then closes.
  async response() {
    await within(this.ended, "the server's answer and end");
    const text = this.received.toString();
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
    const body = text.slice(text.indexOf("\r\n\r\n") + 4);
    return { status, problem: body.startsWith("{") ? JSON.parse(body) : undefined };
  }

  // Every whole WebSocket frame received: {opcode, payload}.
  messages() {
    const all = [];
    for (let at = 0; at + 2 <= this.received.length; ) {
      let length = this.received[at + 1] & 127, from = at + 2;
      if (length === 126) (length = this.received.readUInt16BE(at + 2)), (from = at + 4);
      else if (length === 127) (length = Number(this.received.readBigUInt64BE(at + 2))), (from = at + 10);
      if (from + length > this.received.length) break;
      all.push({ opcode: this.received[at] & 15, payload: this.received.subarray(from, from + length) });
      at = from + length;
    }
    return all;
  }

  // The code with which the server closed, as its close frame says.
  async closeCode() {
    await this.until(() => this.messages().some(({ opcode }) => opcode === 8), "a close frame");
    return this.messages().find(({ opcode }) => opcode === 8).payload.readUInt16BE(0);
  }
}

export function upgradeRequest(server, { cookie, origin = server.origin, protocol = "mosty.v1", path = "/v1/live" } = {}) {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${server.port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
    ...(origin ? [`Origin: ${origin}`] : []),
    ...(cookie ? [`Cookie: ${cookie}`] : []),
  ].join("\r\n");
}

// One WebSocket frame from a client. `length` may lie about the payload's.
export function frame(opcode, payload = "", { final = true, masked = true, reserved = 0, length } = {}) {
  const bytes = Buffer.from(payload);
  const said = length ?? bytes.length;
  const header = [(final ? 128 : 0) | (reserved << 4) | opcode];
  const mask = masked ? 128 : 0;
  if (said < 126) header.push(mask | said);
  else if (said < 65536) header.push(mask | 126, said >> 8, said & 255);
  else {
    const long = Buffer.alloc(8);
    long.writeBigUInt64BE(BigInt(said));
    header.push(mask | 127, ...long);
  }
  if (!masked) return Buffer.concat([Buffer.from(header), bytes]);
  const key = randomBytes(4);
  return Buffer.concat([Buffer.from(header), key, bytes.map((byte, i) => byte ^ key[i % 4])]);
}
