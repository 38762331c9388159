import { byteLength } from "../messages";
import { compose, Delta, endsWithNewline, nothing, type Op, type Operations } from "./delta";

// The server takes 16 KiB of JSON; a little is left for what it may add.
export const edit_bytes_max = 15 * 1024;

export interface Split {
  readonly first: Operations; // at most `bytes_max` of JSON, not empty
  readonly rest: Operations; // what remains to be done after it, possibly nothing
}

// Takes a change apart, so that `first` and then `rest` do what it does. No character is cut in two. `text` is what
// it changes: where it can be helped, that ends with a newline in between too.
export function split(change: Operations, text: Operations, bytes_max = edit_bytes_max): Split {
  if (byteLength(JSON.stringify(change)) <= bytes_max) return { first: change, rest: nothing };
  const front = fromFront(change, bytes_max);
  return endsWithNewline(compose(text, front.first)) ? front : fromBack(change, bytes_max);
}

function fromFront(change: Operations, bytes_max: number): Split {
  const first = new Delta();
  let bytes = 2;
  for (const [index, op] of change.entries()) {
    const parts = pieces(op, bytes_max);
    for (const [part, piece] of parts.entries()) {
      bytes += byteLength(JSON.stringify(piece)) + 1;
      if (bytes > bytes_max) {
        const rest = new Delta().retain(first.reduce((length, { insert, retain }) => length + units(insert) + units(retain), 0));
        for (const waiting of parts.slice(part)) rest.push(waiting);
        return { first: first.chop().ops, rest: rest.concat(new Delta(change.slice(index + 1))).ops };
      }
      first.push(piece);
    }
  }
  return { first: change, rest: nothing };
}

// The end of the change first: its beginning then waits, and speaks of text that is not touched yet.
function fromBack(change: Operations, bytes_max: number): Split {
  const ops = change.flatMap((op) => pieces(op, bytes_max));
  let bytes = 2 + 32; // and the retain before it
  let start = ops.length;
  while (start > 0) {
    bytes += byteLength(JSON.stringify(ops[start - 1])) + 1;
    if (bytes > bytes_max) break;
    start -= 1;
  }
  const [waiting, now] = [ops.slice(0, start), ops.slice(start)];
  const first = new Delta().retain(waiting.reduce((length, op) => length + units(op.retain) + (op.delete ?? 0), 0));
  for (const op of now) first.push(op);
  const rest = new Delta();
  for (const op of waiting) rest.push(op);
  return { first: first.chop().ops, rest: rest.chop().ops };
}

// A long insert in pieces of which several fit into one edit.
function pieces(op: Op, bytes_max: number): readonly Op[] {
  const { insert } = op;
  const size = Math.max(1, Math.floor(bytes_max / 16));
  if (typeof insert !== "string" || insert.length <= size) return [op];
  const found: Op[] = [];
  for (let from = 0; from < insert.length;) {
    let to = Math.min(insert.length, from + size);
    if (to < insert.length && isHighSurrogate(insert.charCodeAt(to - 1))) to += 1;
    found.push({ ...op, insert: insert.slice(from, to) });
    from = to;
  }
  return found;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function units(value: string | number | Record<string, unknown> | undefined): number {
  return typeof value === "string" ? value.length : typeof value === "number" ? value : 0;
}
