import { joinBytes, utf8, type Bytes } from "./bytes";

// RFC 6962 §2.1: SHA-256, where a leaf and a node can never be taken for each other.

export type Hash = Bytes; // 32 bytes

export const hash_bytes = 32;

const leaf_prefix = Uint8Array.of(0);
const node_prefix = Uint8Array.of(1);

export async function sha256(bytes: Bytes): Promise<Hash> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

// Of an entry's stored bytes. As text they are UTF-8, exactly as they were served.
export function leafHash(entry: Bytes | string): Promise<Hash> {
  return sha256(joinBytes(leaf_prefix, typeof entry === "string" ? utf8(entry) : entry));
}

export function nodeHash(left: Hash, right: Hash): Promise<Hash> {
  return sha256(joinBytes(node_prefix, left, right));
}

export function emptyRoot(): Promise<Hash> {
  return sha256(new Uint8Array(0));
}
