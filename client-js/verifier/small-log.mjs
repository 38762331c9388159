// For tests: a small log in JavaScript, and the bundle that an honest server would make of it.

import { createCipheriv, generateKeyPairSync, sign } from "node:crypto";
import { leafHash, nodeHash, sha256 } from "./bundle.mjs";

function sealedEntry(event, { name, bytes }, position) {
  const { commandhash, data } = event;
  const whole = JSON.stringify({ ...event, datacontenttype: "application/vnd.mosty.sealed+json", commandhash: "sealed", data: { key: name, sealed: "" } });
  const bound = whole.slice(0, -'"}}'.length);
  const nonce = Buffer.alloc(12, position);
  const cipher = createCipheriv("aes-256-gcm", bytes, nonce).setAAD(Buffer.from(bound));
  const sealed = [nonce, cipher.update(JSON.stringify({ commandhash, data })), cipher.final(), cipher.getAuthTag()];
  return `${bound}${Buffer.concat(sealed).toString("base64")}"}}`;
}

export class SmallLog {
  entries = [];
  #keys = generateKeyPairSync("ed25519");
  #revisions = new Map();

  constructor(origin = "mosty.test/log", id = "9f2c") {
    this.origin = origin;
    this.id = id;
  }

  // Records an event; answers its position.
  // With a key (a name and 32 bytes) its data are sealed.
  add(stream, type, data, key) {
    const position = this.entries.length;
    const revision = (this.#revisions.get(stream) ?? 0) + 1;
    this.#revisions.set(stream, revision);
    const commandhash = "00112233445566778899aabbccddeeff";
    const event = {
      specversion: "1.0", id: `e-${position}`, source: `urn:mosty:${this.id}`, type, subject: stream,
      time: new Date(Date.UTC(2026, 10, 26, 10, 0, position)).toISOString(), datacontenttype: "application/json", schemaversion: 1, revision,
      actor: "u-4c1", commandid: `c-${position}`, commandhash, commandindex: 0, correlationid: `c-${position}`, data,
    };
    this.entries.push(key ? sealedEntry(event, key, position) : JSON.stringify(event));
    return position;
  }

  get key() {
    const open = Buffer.concat([Buffer.of(1), Buffer.from(this.#keys.publicKey.export({ format: "jwk" }).x, "base64url")]);
    return `${this.origin}+${this.#keyId(open).toString("hex")}+${open.toString("base64")}`;
  }

  checkpoint(size = this.entries.length) {
    const text = `${this.origin}\n${size}\n${this.root(0, size).toString("base64")}\n`;
    const open = Buffer.from(this.key.split("+").slice(2).join("+"), "base64");
    const signature = Buffer.concat([this.#keyId(open), sign(null, Buffer.from(text), this.#keys.privateKey)]);
    return `${text}\n\u2014 ${this.origin} ${signature.toString("base64")}\n`;
  }

  root(from, count) {
    if (count === 0) return sha256();
    if (count === 1) return leafHash(this.entries[from]);
    let left = 1;
    while (left * 2 < count) left *= 2;
    return nodeHash(this.root(from, left), this.root(from + left, count - left));
  }

  // The hashes of all that lies between the positions, in the order in which rebuild asks for them.
  nodes(positions, from, count) {
    if (!positions.some((position) => position >= from && position < from + count)) return [this.root(from, count).toString("base64")];
    if (count === 1) return [];
    let left = 1;
    while (left * 2 < count) left *= 2;
    return [...this.nodes(positions, from, left), ...this.nodes(positions, from + left, count - left)];
  }

  bundle(stream, content, { size = this.entries.length, at = size, isOf = (subject) => subject === stream || subject.startsWith(`text/${stream}/`) } = {}) {
    const events = this.entries.slice(0, size).map((entry, position) => ({ position, entry })).filter(({ entry }) => isOf(JSON.parse(entry).subject));
    const nodes = this.nodes(events.map(({ position }) => position), 0, size);
    return { format: "mosty.evidence.v1", origin: this.origin, log: this.id, key: this.key, stream, size, at, checkpoint: this.checkpoint(size), events, nodes, content };
  }

  #keyId(open) {
    return sha256(`${this.origin}\n`, open).subarray(0, 4);
  }
}
