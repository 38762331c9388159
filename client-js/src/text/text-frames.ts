import { isCount, isObject, isText, type Json, type JsonObject } from "../json";
import { operationsFrom, type Operations } from "./delta";
import { eventFrom, type TextEvent } from "./events";
import { saidFrom, type Said } from "./said";

// What the server says of texts only.
export type TextFrame =
  | { type: "text"; topic: string; revision: number; part: number; parts: number; content: Operations; said: Said }
  | { type: "events"; topic: string; revision: number; events: readonly TextEvent[] }
  | { type: "presence"; topic: string; present: readonly Standing[]; gone: readonly string[] };

// Where a connection stands in a text, as of a revision.
export interface Standing {
  readonly who: string;
  readonly actor: string;
  readonly revision: number;
  readonly from: number;
  readonly to: number;
}

export function textFrameFrom(o: JsonObject): TextFrame | undefined {
  const { topic, revision, part, parts, content } = o;
  const read = operationsFrom(content);
  const said = saidFrom(o);
  return isText(topic) && isCount(revision) && isCount(part) && isCount(parts) && part < parts && read && said
    ? { type: "text", topic, revision, part, parts, content: read, said } : undefined;
}

export function eventsFrameFrom({ topic, revision, events }: JsonObject): TextFrame | undefined {
  if (!isText(topic) || !isCount(revision) || !Array.isArray(events)) return undefined;
  const read = events.map(eventFrom);
  return read.every((event) => event !== undefined) ? { type: "events", topic, revision, events: read } : undefined;
}

export function presenceFrameFrom({ topic, present = [], gone = [] }: JsonObject): TextFrame | undefined {
  if (!isText(topic) || !Array.isArray(present) || !Array.isArray(gone) || !gone.every(isText)) return undefined;
  const read = present.map(standingFrom);
  return read.every((standing) => standing !== undefined) ? { type: "presence", topic, present: read, gone } : undefined;
}

function standingFrom(value: Json): Standing | undefined {
  if (!isObject(value)) return undefined;
  const { who, actor, revision, from, to } = value;
  return isText(who) && isText(actor) && isCount(revision) && isCount(from) && isCount(to)
    ? { who, actor, revision, from, to } : undefined;
}
