import type { JsonObject } from "./json";

export const batch_count_max = 64;
export const message_bytes_max = 64 * 1024;

const encoder = new TextEncoder();

export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

// Packs messages, in order, into as few WebSocket messages as the server's bounds allow.
export function pack(parts: readonly string[]): readonly string[] {
  const packed: string[] = [];
  let open: string[] = [];
  let bytes = 0;
  const close = () => {
    if (open.length > 0) packed.push(open.length === 1 ? open.join() : `[${open.join(",")}]`);
    open = [];
    bytes = 2;
  };
  for (const part of parts) {
    const size = byteLength(part) + 1;
    if (open.length === batch_count_max || bytes + size > message_bytes_max) close();
    open.push(part);
    bytes += size;
  }
  close();
  return packed;
}

export function encode(message: JsonObject): string {
  return JSON.stringify(message);
}
