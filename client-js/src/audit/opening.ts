import { equals, isObject, isText, type Json, type JsonObject } from "../json";
import { fromBase64, utf8, type Bytes } from "./bytes";
import type { Answer } from "./source";

// What sealed entries say, opened here with their keys and held against what the server opened for the page. Data are
// sealed by AES-256-GCM, bound to every byte of the entry before them: twelve bytes of nonce, the ciphertext, sixteen
// of tag; within stand the command's hash and the data.

//   agrees       its key opens it, and it says what is shown
//   other_words  its key opens it, and it says something else; or something is shown of what nobody can open
//   bad_key      the key that the server gave does not open it
//   destroyed    its key is destroyed, and nothing is shown of it
//   closed       it is sealed for others, and nothing is shown of it
//   no_key       something is shown, and no key came to hold it against
export type OpeningState = "agrees" | "other_words" | "bad_key" | "destroyed" | "closed" | "no_key";

export interface Opening {
  readonly position: number;
  readonly stream: string;
  readonly key: string;
  readonly state: OpeningState;
  readonly detail?: string; // why no key came
}

export interface KeySource {
  // Those of them that the reader may have; null is destroyed. Up to `keys_at_once` names.
  keys(names: readonly string[]): Promise<Answer<ReadonlyMap<string, Bytes | null>>>;
}

export const keys_at_once = 64;
const nonce_bytes = 12;
const sealed_type = "application/vnd.mosty.sealed+json";
const ending = '"}}';

// An event as a page shows it; `data` are the server's word where its entry is sealed.
export interface ShownEvent {
  readonly position: number;
  readonly stream: string;
  readonly entry: string;
  readonly data: JsonObject;
}

interface Sealed {
  readonly event: ShownEvent;
  readonly key: string;
  readonly sealed: string;
}

// One for each sealed event, by position. Those in the clear are read from the stored bytes themselves.
export async function openSealed(events: readonly ShownEvent[], source: KeySource, signal?: AbortSignal): Promise<ReadonlyMap<number, Opening>> {
  const found = events.flatMap((event) => sealedFrom(event) ?? []);
  const names = [...new Set(found.map(({ key }) => key))];
  const keys = new Map<string, CryptoKey | null | "damaged">();
  let missing = ""; // why keys did not come
  for (let at = 0; at < names.length && !signal?.aborted; at += keys_at_once) {
    const answer = await source.keys(names.slice(at, at + keys_at_once));
    if (!answer.ok) missing = answer.detail;
    else for (const [name, bytes] of answer.value) keys.set(name, bytes && await imported(bytes));
  }
  const openings = new Map<number, Opening>();
  for (const sealed of found) {
    if (signal?.aborted) break;
    const { event: { position, stream }, key } = sealed;
    const state = await stateOf(sealed, keys.get(key));
    openings.set(position, { position, stream, key, state, ...(state === "no_key" && missing !== "" ? { detail: missing } : {}) });
  }
  return openings;
}

async function stateOf({ event, sealed }: Sealed, key: CryptoKey | null | "damaged" | undefined): Promise<OpeningState> {
  const showsNothing = Object.keys(event.data).length === 0;
  if (key === undefined) return showsNothing ? "closed" : "no_key";
  if (key === null) return showsNothing ? "destroyed" : "other_words";
  const data = key === "damaged" ? undefined : await opened(event.entry, sealed, key);
  if (data === undefined) return "bad_key";
  return equals(data, event.data) ? "agrees" : "other_words";
}

function sealedFrom(event: ShownEvent): Sealed | undefined {
  const whole = parsed(event.entry);
  if (!isObject(whole) || whole["datacontenttype"] !== sealed_type || !isObject(whole["data"])) return undefined;
  const { key, sealed } = whole["data"];
  return isText(key) && isText(sealed) ? { event, key, sealed } : undefined;
}

async function imported(bytes: Bytes): Promise<CryptoKey | "damaged"> {
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["decrypt"]).catch(() => "damaged" as const);
}

// The data that stand sealed in the entry; undefined when this key does not open them.
async function opened(entry: string, sealed: string, key: CryptoKey): Promise<Json | undefined> {
  const bytes = fromBase64(sealed);
  if (!bytes || !entry.endsWith(sealed + ending)) return undefined;
  const bound = utf8(entry.slice(0, entry.length - sealed.length - ending.length));
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes.slice(0, nonce_bytes), additionalData: bound }, key, bytes.slice(nonce_bytes));
    const content = parsed(new TextDecoder("utf-8", { fatal: true }).decode(plain));
    return isObject(content) ? content["data"] : undefined;
  } catch {
    return undefined;
  }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
