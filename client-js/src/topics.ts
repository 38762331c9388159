import type { Frame } from "./frames";
import type { JsonObject } from "./json";
import { applyPatch } from "./merge-patch";
import { endsReading, type Problem } from "./problem";
import { applyRows, windowFrom, type RowWindow } from "./rows";
import type { TextFrame } from "./text/text-frames";

export const unfollowed_count_max = 60;

// What must never be stored on a device: what places of critical infrastructure are, and where.
export function isRestricted(topic: string): boolean {
  return /^sites\/[^/]+\/./.test(topic);
}

// What is held of one topic. `size` and `held` name the place in the log it was folded to.
export interface Topic {
  readonly name: string;
  readonly limit: number;
  readonly status: TopicStatus;
  readonly size: number;
  readonly held?: { readonly log: string; readonly format: number };
  readonly value?: JsonObject;
  readonly window?: RowWindow;
}

export type TopicStatus =
  | { readonly state: "waiting" } // nothing current is held; what is there may be from before
  | { readonly state: "catching-up" } // the answer to `follow` is arriving
  | { readonly state: "current" }
  | { readonly state: "refused"; readonly problem: Problem };

export type TopicFrame = Exclude<Extract<Frame, { topic: string }>, TextFrame>;

// `lost`: the frame does not follow what is held, so the topic must be followed anew from nothing.
export type Folded = { readonly topic: Topic; readonly lost: boolean };

export function emptyTopic(name: string, limit: number): Topic {
  return { name, limit, status: { state: "waiting" }, size: 0 };
}

// Folds one frame. A change that is already held is ignored; a change to something that is not held
// means that frames went missing, and is answered with `lost`.
export function foldTopic(topic: Topic, frame: TopicFrame, log: string, format: number): Folded {
  switch (frame.type) {
    case "snapshot": {
      const { window: _window, ...rest } = topic;
      return kept({ ...rest, held: { log, format }, size: frame.size, value: frame.value });
    }
    case "window": {
      const { value: _value, ...rest } = topic;
      return kept({ ...rest, held: { log, format }, size: frame.size, window: windowFrom(frame.rows, frame.total) });
    }
    case "patch":
      if (!holds(topic, log) || !topic.value) return { topic, lost: true };
      if (frame.size <= topic.size) return kept(topic);
      return kept({ ...topic, size: frame.size, value: applyPatch(topic.value, frame.patch) });
    case "rows":
      if (!holds(topic, log) || !topic.window) return { topic, lost: true };
      if (frame.size <= topic.size) return kept(topic);
      return kept({ ...topic, size: frame.size, window: applyRows(topic.window, frame) });
    case "current":
      if (!holds(topic, log)) return { topic, lost: true };
      return kept({ ...topic, size: Math.max(topic.size, frame.size), status: { state: "current" } });
    case "history_changed": {
      const { held: _held, ...rest } = topic;
      return kept({ ...rest, size: 0, status: { state: "catching-up" } });
    }
    case "resync":
      return kept({ ...topic, status: { state: "catching-up" } });
    case "topic_refused": {
      const { problem } = frame;
      return kept({ ...(endsReading(problem) ? emptyTopic(topic.name, topic.limit) : topic), status: { state: "refused", problem } });
    }
  }
}

// What to send to follow the topic, naming what is held.
export function followMessage(topic: Topic): JsonObject {
  const message = { type: "follow", topic: topic.name, limit: topic.limit };
  return topic.held ? { ...message, ...topic.held, after: topic.size } : message;
}

// A wider window is asked for from nothing; until it comes, the narrow one is shown.
export function widened(topic: Topic, limit: number): Topic {
  const { held: _held, ...rest } = topic;
  return { ...rest, limit, size: 0 };
}

// Keeps the topics that were left last, and forgets the oldest beyond the bound; what is restricted at once.
export function tidied(topics: ReadonlyMap<string, Topic>, left: string, followed: ReadonlySet<string>): ReadonlyMap<string, Topic> {
  const next = new Map(topics);
  const topic = next.get(left);
  next.delete(left);
  if (topic && !isRestricted(left)) next.set(left, topic);
  const idle = [...next.keys()].filter((name) => !followed.has(name));
  for (const name of idle.slice(0, Math.max(0, idle.length - unfollowed_count_max))) next.delete(name);
  return next;
}

// After a cut nothing is known to be current.
export function stale(topics: ReadonlyMap<string, Topic>): ReadonlyMap<string, Topic> {
  return new Map([...topics].map(([name, topic]) =>
    [name, topic.status.state === "refused" ? topic : { ...topic, status: { state: "waiting" } }]));
}

function holds(topic: Topic, log: string): boolean {
  return topic.held?.log === log;
}

function kept(topic: Topic): Folded {
  return { topic, lost: false };
}
