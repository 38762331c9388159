import { fromBase64 } from "./bytes";
import { hash_bytes, type Hash } from "./hash";
import { noteFrom, type Note } from "./note";

// The signed head of a log: c2sp.org/tlog-checkpoint v1.0.0.

export interface Checkpoint {
  readonly origin: string; // which log
  readonly size: number; // how many entries it has
  readonly root: Hash;
  readonly note: Note;
  readonly text: string; // the whole note as it came
}

// Reads the text of a checkpoint. Who signed it is another question: `signedBy`.
export function checkpointFrom(text: string): Checkpoint | undefined {
  const note = noteFrom(text);
  const [origin = "", count = "", coded = ""] = note?.text.split("\n") ?? [];
  const [size, root] = [Number(count), fromBase64(coded)];
  const isWhole = /^(0|[1-9][0-9]*)$/.test(count) && Number.isSafeInteger(size);
  return note && origin !== "" && isWhole && root?.length === hash_bytes ? { origin, size, root, note, text } : undefined;
}
