import { isCount, isObject, isText, type Json, type JsonObject } from "./json";
import { problemFrom, type Problem } from "./problem";
import type { Row } from "./rows";
import { eventsFrameFrom, presenceFrameFrom, textFrameFrom, type TextFrame } from "./text/text-frames";

// What the server says, one type a frame. Nothing unchecked goes further in than this file.
export type Frame =
  | { type: "welcome"; log: string; format: number; size: number; actor: string; connection?: string }
  | { type: "snapshot"; topic: string; size: number; value: JsonObject }
  | { type: "window"; topic: string; size: number; total: number; rows: readonly Row[] }
  | { type: "patch"; topic: string; size: number; patch: JsonObject }
  | { type: "rows"; topic: string; size: number; total: number; upsert: readonly Row[]; remove: readonly string[] }
  | { type: "current"; topic: string; size: number; revision?: number } // `revision`: of a text
  | { type: "history_changed"; topic: string; log: string }
  | { type: "resync"; topic: string }
  | { type: "done"; id: string; done: Done }
  | { type: "refused"; id: string; problem: Problem }
  | { type: "error"; problem: Problem }
  | { type: "topic_refused"; topic: string; problem: Problem } // an `error` that names a topic
  | TextFrame
  | { type: "pong"; n: number; size: number }
  | { type: "bye"; reason: string; after_ms: number };

// A command's durable end. `from` is absent when nothing had to change.
export interface Done {
  readonly from?: number;
  readonly count: number;
  readonly size: number;
  readonly revision: number;
}

// The frames of one message, in order; nothing when any of them is not understood.
// A frame of a type added later is skipped.
export function framesFrom(text: string): readonly Frame[] | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(message)) return undefined;
  const frames: Frame[] = [];
  for (const item of message) {
    if (!isObject(item) || !isText(item["type"])) return undefined;
    const read = readers.get(item["type"]);
    if (!read) continue;
    const frame = read(item);
    if (!frame) return undefined;
    frames.push(frame);
  }
  return frames;
}

export function doneFrom(o: JsonObject): Done | undefined {
  const { from, count, size, revision } = o;
  if (!isCount(count) || !isCount(size) || !isCount(revision)) return undefined;
  if (from === undefined) return { count, size, revision };
  return isCount(from) ? { from, count, size, revision } : undefined;
}

type Reader = (o: JsonObject) => Frame | undefined;

const readers = new Map<string, Reader>([
  ["welcome", ({ log, format, size, actor, connection }) =>
    isText(log) && isCount(format) && isCount(size) && isText(actor)
      ? { type: "welcome", log, format, size, actor, ...(isText(connection) ? { connection } : {}) } : undefined],
  ["snapshot", ({ topic, size, value, total, rows }) => {
    if (!isText(topic) || !isCount(size)) return undefined;
    if (isObject(value)) return { type: "snapshot", topic, size, value };
    const read = rowsFrom(rows);
    return read && isCount(total) ? { type: "window", topic, size, total, rows: read } : undefined;
  }],
  ["patch", ({ topic, size, patch }) =>
    isText(topic) && isCount(size) && isObject(patch) ? { type: "patch", topic, size, patch } : undefined],
  ["rows", ({ topic, size, total, upsert = [], remove = [] }) => {
    const read = rowsFrom(upsert);
    const ids = textsFrom(remove);
    return isText(topic) && isCount(size) && isCount(total) && read && ids
      ? { type: "rows", topic, size, total, upsert: read, remove: ids } : undefined;
  }],
  ["current", ({ topic, size, revision }) =>
    isText(topic) && isCount(size)
      ? { type: "current", topic, size, ...(isCount(revision) ? { revision } : {}) } : undefined],
  ["history_changed", ({ topic, log }) =>
    isText(topic) && isText(log) ? { type: "history_changed", topic, log } : undefined],
  ["resync", ({ topic }) => isText(topic) ? { type: "resync", topic } : undefined],
  ["done", (o) => {
    const done = doneFrom(o);
    return isText(o["id"]) && done ? { type: "done", id: o["id"], done } : undefined;
  }],
  ["refused", ({ id, problem }) => {
    const read = problemFrom(problem);
    return isText(id) && read ? { type: "refused", id, problem: read } : undefined;
  }],
  ["error", ({ topic, problem }) => {
    const read = problemFrom(problem);
    if (!read) return undefined;
    return isText(topic) ? { type: "topic_refused", topic, problem: read } : { type: "error", problem: read };
  }],
  ["text", textFrameFrom],
  ["events", eventsFrameFrom],
  ["presence", presenceFrameFrom],
  ["pong", ({ n, size }) => isCount(n) && isCount(size) ? { type: "pong", n, size } : undefined],
  ["bye", ({ reason, after_ms }) =>
    isText(reason) && isCount(after_ms) ? { type: "bye", reason, after_ms } : undefined],
]);

export function rowsFrom(value: Json | undefined): readonly Row[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.every(isRow) ? value : undefined;
}

function isRow(value: Json): value is Row {
  return isObject(value) && isText(value["id"]) && isText(value["order"]);
}

function textsFrom(value: Json | undefined): readonly string[] | undefined {
  return Array.isArray(value) && value.every(isText) ? value : undefined;
}
