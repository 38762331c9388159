// A tree made from entries, as one who forges a history would make it: RFC 6962 by its definition.
import { createHash } from "node:crypto";

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
export const leafHash = (entry) => sha256(Buffer.from([0]), entry);
const nodeHash = (left, right) => sha256(Buffer.from([1]), left, right);

export class Tree {
  #roots = new Map();
  constructor(entries) {
    this.entries = entries;
    this.leaves = entries.map(leafHash);
  }

  get size() {
    return this.leaves.length;
  }

  root(from = 0, size = this.size) {
    if (size === 0) return sha256();
    if (size === 1) return this.leaves[from];
    const name = `${from}+${size}`;
    if (!this.#roots.has(name)) {
      const left = largestPowerBelow(size);
      this.#roots.set(name, nodeHash(this.root(from, left), this.root(from + left, size - left)));
    }
    return this.#roots.get(name);
  }

  inclusion(position, from = 0, size = this.size) {
    if (size === 1) return [];
    const left = largestPowerBelow(size);
    return position < left
      ? [...this.inclusion(position, from, left), this.root(from + left, size - left)]
      : [...this.inclusion(position - left, from + left, size - left), this.root(from, left)];
  }

  tile(level, number, width) {
    const span = 256 ** level;
    return Buffer.concat(Array.from({ length: width }, (_, i) => this.root((number * 256 + i) * span, span)));
  }

  bundle(number, width) {
    return Buffer.concat(this.entries.slice(number * 256, number * 256 + width).flatMap((entry) => [lengthOf(entry), entry]));
  }
}

function largestPowerBelow(size) {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

function lengthOf(entry) {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(entry.length);
  return length;
}

// Entries out of a bundle.
export function entriesOf(bundle) {
  const entries = [];
  for (let at = 0; at < bundle.length; ) {
    const end = at + 2 + bundle.readUInt16BE(at);
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

// "/tile/entries/x001/234.p/5" → {level: "entries", number: 1234, width: 5}
export function parseTilePath(path) {
  const [, level, digits, width] = /^\/tile\/(entries|\d+)\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d+))?$/.exec(path) ?? [];
  if (!level) return undefined;
  return { level, number: Number(digits.replaceAll(/[x/]/g, "")), width: width ? Number(width) : 256 };
}

export function tilePath(level, number, width = 256) {
  const digits = String(number).padStart(3 * Math.ceil(String(number).length / 3), "0").match(/.{3}/g);
  return `/tile/${level}/${digits.map((part, i) => (i < digits.length - 1 ? `x${part}` : part)).join("/")}${width < 256 ? `.p/${width}` : ""}`;
}
