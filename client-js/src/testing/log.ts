import { joinBytes, toBase64, utf8, type Bytes } from "../audit/bytes";
import { emptyRoot, leafHash, nodeHash, type Hash } from "../audit/hash";
import { keyText, keyId } from "../audit/note";
import type { Pin, PinStore } from "../audit/pin";
import type { Answer, ProofSource } from "../audit/source";

// A log as RFC 6962 §2.1 defines it, by its recursive formulas, and a signer: what the verifiers are held against.

export class TestLog implements ProofSource {
  readonly entries: string[] = [];
  readonly origin: string;
  readonly #keys: CryptoKeyPair;
  readonly #public: Bytes;
  readonly #hashes = new Map<string, Promise<Hash>>();
  // What a liar does to an answer on its way.
  bend: { checkpoint?: (text: string) => string; key?: (text: string) => string; hash?: (hash: Hash) => Hash; cut?: boolean } = {};
  signedSize: number | undefined; // the checkpoint's, when it lags behind

  private constructor(origin: string, keys: CryptoKeyPair, open: Bytes) {
    this.origin = origin;
    this.#keys = keys;
    this.#public = open;
  }

  static async begin(origin = "mosty.test/log", entries: readonly string[] = []): Promise<TestLog> {
    const keys = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]) as CryptoKeyPair;
    const log = new TestLog(origin, keys, new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey)));
    log.entries.push(...entries);
    return log;
  }

  // Another history under the same name and key.
  fork(entries: readonly string[]): TestLog {
    const log = new TestLog(this.origin, this.#keys, this.#public);
    log.entries.push(...entries);
    return log;
  }

  root(from = 0, to = this.entries.length): Promise<Hash> {
    return this.#over(from, to);
  }

  async signed(size = this.entries.length, extra = ""): Promise<string> {
    return this.sign(`${this.origin}\n${size}\n${toBase64(await this.root(0, size))}\n${extra}`);
  }

  async sign(text: string): Promise<string> {
    const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", this.#keys.privateKey, utf8(text)));
    const id = await keyId(this.origin, this.#public);
    return `${text}\n\u2014 ${this.origin} ${toBase64(joinBytes(id, signature))}\n`;
  }

  vkey(): Promise<string> {
    return keyText(this.origin, this.#public);
  }

  async checkpoint(): Promise<Answer<string>> {
    const text = await this.signed(this.signedSize);
    return this.#answer(this.bend.checkpoint?.(text) ?? text);
  }

  async key(): Promise<Answer<string>> {
    const text = await this.vkey();
    return this.#answer(this.bend.key?.(text) ?? text);
  }

  async inclusion(position: number, size: number) {
    const bent = this.bend.hash ?? ((hash: Hash) => hash);
    return this.#answer({ leaf: await leafHash(this.entries[position]!), proof: (await this.path(position, 0, size)).map(bent) });
  }

  async consistency(from: number, to: number): Promise<Answer<readonly Hash[]>> {
    const bent = this.bend.hash ?? ((hash: Hash) => hash);
    return this.#answer((await this.between(from, 0, to, true)).map(bent));
  }

  async tile(level: number, number: number, width: number): Promise<Answer<readonly Hash[]>> {
    const bent = this.bend.hash ?? ((hash: Hash) => hash);
    const leaves = 256 ** level;
    const hashes = Array.from({ length: width }, (_, index) => this.root((number * 256 + index) * leaves, (number * 256 + index + 1) * leaves));
    return this.#answer((await Promise.all(hashes)).map(bent));
  }

  // PATH(index, D[from:to]).
  async path(index: number, from: number, to: number): Promise<Hash[]> {
    if (to - from <= 1) return [];
    const middle = from + splitOf(to - from);
    return index < middle
      ? [...await this.path(index, from, middle), await this.#over(middle, to)]
      : [...await this.path(index, middle, to), await this.#over(from, middle)];
  }

  // SUBPROOF(size - from, D[from:to], known).
  async between(size: number, from: number, to: number, known: boolean): Promise<Hash[]> {
    if (size === to) return known ? [] : [await this.#over(from, to)];
    const middle = from + splitOf(to - from);
    return size <= middle
      ? [...await this.between(size, from, middle, known), await this.#over(middle, to)]
      : [...await this.between(size, middle, to, false), await this.#over(from, middle)];
  }

  // MTH(D[from:to]). Entries are only added, so each is computed once.
  #over(from: number, to: number): Promise<Hash> {
    const place = `${from} ${to}`;
    const known = this.#hashes.get(place) ?? this.#hash(from, to);
    this.#hashes.set(place, known);
    return known;
  }

  async #hash(from: number, to: number): Promise<Hash> {
    if (from === to) return emptyRoot();
    if (to - from === 1) return leafHash(this.entries[from]!);
    const middle = from + splitOf(to - from);
    return nodeHash(await this.#over(from, middle), await this.#over(middle, to));
  }

  #answer<T>(value: T): Answer<T> {
    return this.bend.cut ? { ok: false, detail: "the line is cut" } : { ok: true, value };
  }
}

// The largest power of two below the size.
function splitOf(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

export function memoryPins(first?: Pin): PinStore & { readonly kept: Pin | undefined } {
  let kept = first;
  return {
    get kept() { return kept; },
    load: () => kept,
    save: (pin) => { kept = pin; return true; },
    forget: () => { kept = undefined; },
  };
}
