import Delta from "quill-delta";
import type { Op } from "quill-delta";
import { equals, isObject, isText, type Json } from "../json";
import * as algebra from "./algebra";
import type { Operations } from "./algebra";

// Deltas of quill-delta 5.1.0, as plain lists of operations: they can be stored and handed to a worker as they are.
// Nothing changes a list once it is made. A text is a list that only inserts and ends with a newline.
export { Delta };
export type { Op, Operations };

export const nothing: Operations = [];
export const empty_text: Operations = [{ insert: "\n" }];

export function deltaOf(ops: Operations): Delta {
  return new Delta(ops as Op[]);
}

export function compose(first: Operations, second: Operations): Operations {
  if (first.length === 0) return second;
  return second.length === 0 ? first : algebra.compose(first, second);
}

// `other` as it reads once `earlier`, made beside it on the same text, has been applied. With "first", `earlier`
// came first: at one place its text stays left, and its attributes win.
export function transform(earlier: Operations, other: Operations, priority: "first" | "second"): Operations {
  if (earlier.length === 0 || other.length === 0) return other;
  return algebra.transform(earlier, other, priority === "first");
}

// Where a place in the text is after `change`. Text inserted just there moves it, unless "first". As quill-delta's,
// which takes several times as long: this is asked for every place at every event.
export function transformPosition(change: Operations, position: number, priority: "first" | "second"): number {
  let moved = position;
  let at = 0;
  for (const { insert, retain, delete: removed } of change) {
    if (at > moved) break;
    if (removed !== undefined) {
      moved -= Math.min(removed, moved - at);
    } else if (isText(insert)) {
      if (at < moved || priority === "second") moved += insert.length;
      at += insert.length;
    } else if (typeof retain === "number") {
      at += retain;
    }
  }
  return moved;
}

// What takes `change` back from what it made of the text `base`.
export function invert(change: Operations, base: Operations): Operations {
  return change.length === 0 ? nothing : deltaOf(change).invert(deltaOf(base)).ops;
}

// The same change in its shortest form: neighbours that can be one are one, no last retain that changes nothing.
export function normalised(ops: Operations): Operations {
  const delta = new Delta();
  for (const op of ops) delta.push(op);
  return delta.chop().ops;
}

export function sameOperations(a: Operations, b: Operations): boolean {
  return equals(a as Json, b as Json);
}

export function lengthOf(text: Operations): number {
  return text.reduce((length, op) => length + (isText(op.insert) ? op.insert.length : 0), 0);
}

export function growthOf(change: Operations): number {
  return change.reduce((sum, op) => sum + (isText(op.insert) ? op.insert.length : 0) - (op.delete ?? 0), 0);
}

export function endsWithNewline(text: Operations): boolean {
  const last = text.at(-1)?.insert;
  return isText(last) && last.endsWith("\n");
}

// All that the change writes, its passages on lines of their own.
export function insertedText(change: Operations): string {
  let passage = "";
  const passages: string[] = [];
  for (const { insert } of change) {
    if (isText(insert)) passage += insert;
    else if (passage !== "") { passages.push(passage); passage = ""; }
  }
  if (passage !== "") passages.push(passage);
  return passages.join("\n");
}

export function removedUnits(change: Operations): number {
  return change.reduce((sum, op) => sum + (op.delete ?? 0), 0);
}

export function plainText(text: Operations): string {
  return text.map(({ insert }) => isText(insert) ? insert : "").join("");
}

// A change that turns the text `from` into `to`, leaving alone what stands alike at their beginnings and ends.
// For a text whose history is not known; what people did is told by their own changes.
export function replacement(from: Operations, to: Operations): Operations {
  const head = alike(from, to);
  const [restFrom, restTo] = [deltaOf(from).slice(head), deltaOf(to).slice(head)];
  const tail = alike(backwards(restFrom.ops), backwards(restTo.ops));
  const change = new Delta().retain(head);
  for (const op of restTo.slice(0, restTo.length() - tail).ops) change.push(op);
  return change.delete(restFrom.length() - tail).chop().ops;
}

// How many units two texts have in common from their beginning, whole characters only.
function alike(a: Operations, b: Operations): number {
  const [ours, theirs] = [new Delta.OpIterator(a as Op[]), new Delta.OpIterator(b as Op[])];
  let units = 0;
  while (ours.hasNext() && theirs.hasNext()) {
    const length = Math.min(ours.peekLength(), theirs.peekLength());
    const [one, two] = [ours.next(length), theirs.next(length)];
    if (!equals(one.attributes as Json, two.attributes as Json)) return units;
    const [x, y] = [String(one.insert), String(two.insert)];
    if (x === y) {
      units += length;
      continue;
    }
    let same = 0;
    while (x.charCodeAt(same) === y.charCodeAt(same)) same += 1;
    return units + (/^[\ud800-\udbff]$/.test(x.charAt(same - 1)) ? same - 1 : same);
  }
  return units;
}

function backwards(text: Operations): Operations {
  return text.map((op) => ({ ...op, insert: [...String(op.insert)].reverse().join("") })).reverse();
}

// Reads operations at the edge; undefined when they are not insert, retain or delete of whole lengths above 0.
export function operationsFrom(value: Json | undefined): Operations | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.every(isOperation) ? value as unknown as Operations : undefined;
}

function isOperation(value: Json): boolean {
  if (!isObject(value)) return false;
  const { insert, retain, delete: removed, attributes } = value;
  const kinds = [insert, retain, removed].filter((kind) => kind !== undefined);
  if (kinds.length !== 1 || (attributes !== undefined && !isObject(attributes))) return false;
  return insert !== undefined ? isText(insert) && insert !== "" : isLength(retain ?? removed);
}

function isLength(value: Json | undefined): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}
