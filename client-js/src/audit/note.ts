import { fromBase64, joinBytes, sameBytes, toBase64, toHex, utf8, type Bytes } from "./bytes";
import { sha256 } from "./hash";

// Signed notes and their verification keys: c2sp.org/signed-note v1.0.0, Ed25519 (RFC 8032) by the browser itself.

const ed25519 = 0x01;
const note_characters_max = 1_000_000;
const signatures_max = 100;

export interface VerificationKey {
  readonly text: string; // name+id+key, as it is published
  readonly name: string;
  readonly id: Bytes; // 4 bytes
  readonly key: Bytes; // 32 bytes
}

export interface NoteSignature {
  readonly name: string;
  readonly id: Bytes;
  readonly signature: Bytes;
}

export interface Note {
  readonly text: string; // what was signed, its last newline too
  readonly signatures: readonly NoteSignature[];
}

export type Signed = "signed" | "unsigned" | "forged";

// Reads `name+keyid+base64(type‖key)`; undefined when it is none, or when its id is not that of its key.
export async function keyFrom(text: string): Promise<VerificationKey | undefined> {
  const parts = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  const [, name = "", hex = "", coded = ""] = parts ?? [];
  const bytes = fromBase64(coded);
  if (!parts || !bytes || bytes.length !== 33 || bytes[0] !== ed25519) return undefined;
  const id = await keyId(name, bytes.slice(1));
  return toHex(id) === hex ? { text: text.trim(), name, id, key: bytes.slice(1) } : undefined;
}

export async function keyId(name: string, key: Bytes): Promise<Bytes> {
  const whole = await sha256(joinBytes(utf8(`${name}\n`), Uint8Array.of(ed25519), key));
  return whole.slice(0, 4);
}

export async function keyText(name: string, key: Bytes): Promise<string> {
  return `${name}+${toHex(await keyId(name, key))}+${toBase64(joinBytes(Uint8Array.of(ed25519), key))}`;
}

export function noteFrom(whole: string): Note | undefined {
  if (whole.length > note_characters_max || /[\u0000-\u0009\u000b-\u001f\u007f\ufffd]/.test(whole)) return undefined;
  const end = whole.lastIndexOf("\n\n");
  if (end < 0 || !whole.endsWith("\n")) return undefined;
  const lines = whole.slice(end + 2, -1).split("\n");
  const signatures = lines.map(signatureFrom);
  return lines.length <= signatures_max && signatures.every((signature) => signature !== undefined)
    ? { text: whole.slice(0, end + 1), signatures } : undefined;
}

function signatureFrom(line: string): NoteSignature | undefined {
  const parts = /^\u2014 ([^\s+]+) (\S+)$/.exec(line);
  const bytes = fromBase64(parts?.[2] ?? "");
  return parts && bytes && bytes.length > 4 ? { name: parts[1]!, id: bytes.slice(0, 4), signature: bytes.slice(4) } : undefined;
}

// What the key says of the note. Signatures of other keys say nothing; one of this key that fails spoils the note.
export async function signedBy(note: Note, key: VerificationKey): Promise<Signed> {
  const own = note.signatures.filter(({ name, id }) => name === key.name && sameBytes(id, key.id));
  if (own.length === 0) return "unsigned";
  const open = await crypto.subtle.importKey("raw", key.key, "Ed25519", false, ["verify"]);
  for (const { signature } of own) {
    if (!await crypto.subtle.verify("Ed25519", open, signature, utf8(note.text))) return "forged";
  }
  return "signed";
}
