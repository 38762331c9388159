import { isCount, isObject, isText, type Json } from "../json";
import { fromBase64, type Bytes } from "./bytes";
import { hash_bytes, type Hash } from "./hash";
import type { KeySource } from "./opening";
import { tilePath, type TileSource } from "./tiles";

// What a verifier asks of the server. Nothing of it is believed: each answer is checked, or it is only a question.

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly detail: string };

export interface Inclusion {
  readonly leaf: Hash; // what the server says stands there
  readonly proof: readonly Hash[];
}

export interface ProofSource extends TileSource {
  checkpoint(): Promise<Answer<string>>;
  key(): Promise<Answer<string>>;
  inclusion(position: number, size: number): Promise<Answer<Inclusion>>;
  consistency(from: number, to: number): Promise<Answer<readonly Hash[]>>;
}

type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export function proofsOver(fetch: Fetch): ProofSource & KeySource {
  // Never from the browser's own keeping: what was bent once on its way would stay bent.
  const ask = async <T>(url: string, body: (response: Response) => Promise<T>): Promise<Answer<T>> => {
    try {
      const response = await fetch(url, { credentials: "same-origin", cache: "no-store" });
      const value = await body(response);
      return response.ok ? { ok: true, value } : { ok: false, detail: `${url}: ${response.status}` };
    } catch {
      return { ok: false, detail: url };
    }
  };
  const text = (url: string) => ask(url, (response) => response.text());
  const json = async <T>(url: string, read: (value: Json) => T | undefined): Promise<Answer<T>> => {
    const answer = await text(url);
    if (!answer.ok) return answer;
    const value = parsed(answer.value);
    const read_value = value === undefined ? undefined : read(value);
    return read_value === undefined ? { ok: false, detail: url } : { ok: true, value: read_value };
  };
  return {
    checkpoint: () => text("/checkpoint"),
    key: () => text("/v1/log/key"),
    inclusion: (position, size) => json(`/v1/proofs/inclusion?position=${position}&size=${size}`, (value) => inclusionFrom(value, position, size)),
    tile: async (level, number, width) => {
      const url = `/${tilePath(level, number, width)}`;
      const answer = await ask(url, async (response) => new Uint8Array(await response.arrayBuffer()));
      if (!answer.ok) return answer;
      return answer.value.length === width * hash_bytes ? { ok: true, value: cut(answer.value) } : { ok: false, detail: url };
    },
    keys: (names) => json(`/v1/keys?name=${names.join(",")}`, keysFrom),
    consistency: (from, to) => json(`/v1/proofs/consistency?from=${from}&to=${to}`, (value) => consistencyFrom(value, from, to)),
  };
}

function cut(bytes: Bytes): readonly Hash[] {
  return Array.from({ length: bytes.length / hash_bytes }, (_, index) => bytes.slice(index * hash_bytes, (index + 1) * hash_bytes));
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function inclusionFrom(value: Json, position: number, size: number): Inclusion | undefined {
  if (!isObject(value) || !isCount(value["position"]) || value["position"] !== position || value["size"] !== size) return undefined;
  const [leaf, proof] = [hashFrom(value["leaf"]), hashesFrom(value["proof"])];
  return leaf && proof ? { leaf, proof } : undefined;
}

function consistencyFrom(value: Json, from: number, to: number): readonly Hash[] | undefined {
  return isObject(value) && value["from"] === from && value["to"] === to ? hashesFrom(value["proof"]) : undefined;
}

function keysFrom(value: Json): ReadonlyMap<string, Bytes | null> | undefined {
  if (!isObject(value) || !isObject(value["keys"])) return undefined;
  const keys = new Map<string, Bytes | null>();
  for (const [name, key] of Object.entries(value["keys"])) {
    const bytes = isText(key) ? fromBase64(key) : key === null ? null : undefined;
    if (bytes === undefined) return undefined;
    keys.set(name, bytes);
  }
  return keys;
}

function hashesFrom(value: Json | undefined): readonly Hash[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const hashes = value.map(hashFrom);
  return hashes.every((hash) => hash !== undefined) ? hashes : undefined;
}

function hashFrom(value: Json | undefined): Hash | undefined {
  const bytes = isText(value) ? fromBase64(value) : undefined;
  return bytes?.length === hash_bytes ? bytes : undefined;
}
