import { isCount, isObject, isText, type Json, type JsonObject } from "../json";
import { compose, nothing, operationsFrom, type Operations } from "./delta";

// What happened to a text, as the server tells it: one revision each. Plain data: stored and handed on as it is.
export type TextEvent = { readonly revision: number; readonly actor: string; readonly at: string } & (
  | { readonly type: "text.edited"; readonly client: string; readonly sequence: number; readonly base: number;
      readonly change: Operations; readonly repair: Operations }
  | { readonly type: "text.commented"; readonly thread: string; readonly kind: "comment" | "advice";
      readonly from: number; readonly to: number; readonly quote: string; readonly body: string }
  | { readonly type: "text.replied"; readonly thread: string; readonly body: string }
  | { readonly type: "text.thread_resolved" | "text.thread_reopened"; readonly thread: string }
  | { readonly type: "text.advice_answered"; readonly thread: string; readonly answer: "accepted" | "declined"; readonly note?: string }
  | { readonly type: "text.suggested"; readonly suggestion: string; readonly change: Operations; readonly quote: string; readonly note?: string;
      readonly organisation?: string }
  | { readonly type: "text.suggestion_accepted"; readonly suggestion: string; readonly change: Operations; readonly repair: Operations }
  | { readonly type: "text.suggestion_declined"; readonly suggestion: string; readonly note?: string }
  | { readonly type: "text.version_named"; readonly version: string; readonly name: string; readonly of: number }
  | { readonly type: "text.restored"; readonly change: Operations }
  | { readonly type: "text.erased" | "text.redacted"; readonly reason: string } // all that was said before is forgotten
  | { readonly type: "other" } // of a kind added later: it counts as a revision
);

// All that the event did to the text, as one change.
export function effectOf(event: TextEvent): Operations {
  switch (event.type) {
    case "text.edited":
    case "text.suggestion_accepted":
      return compose(event.change, event.repair);
    case "text.restored":
      return event.change;
    default:
      return nothing;
  }
}

export function eventFrom(value: Json): TextEvent | undefined {
  if (!isObject(value) || !isObject(value["data"])) return undefined;
  const { revision, type, actor, at, data } = value;
  if (!isCount(revision) || !isText(type) || !isText(actor) || !isText(at)) return undefined;
  const head = { revision, actor, at };
  const read = readers.get(type);
  return read ? read(head, data) : { ...head, type: "other" };
}

interface Head {
  readonly revision: number;
  readonly actor: string;
  readonly at: string;
}

type Reader = (head: Head, data: JsonObject) => TextEvent | undefined;

const readers = new Map<string, Reader>([
  ["text.edited", (head, { client, sequence, base, ...data }) => {
    const made = changeFrom(data);
    return isText(client) && isCount(sequence) && isCount(base) && made
      ? { ...head, type: "text.edited", client, sequence, base, ...made } : undefined;
  }],
  ["text.commented", (head, { thread, kind, from, to, quote, body }) =>
    isText(thread) && (kind === "comment" || kind === "advice") && isCount(from) && isCount(to) && isText(quote) && isText(body)
      ? { ...head, type: "text.commented", thread, kind, from, to, quote, body } : undefined],
  ["text.replied", (head, { thread, body }) =>
    isText(thread) && isText(body) ? { ...head, type: "text.replied", thread, body } : undefined],
  ["text.thread_resolved", (head, { thread }) => isText(thread) ? { ...head, type: "text.thread_resolved", thread } : undefined],
  ["text.thread_reopened", (head, { thread }) => isText(thread) ? { ...head, type: "text.thread_reopened", thread } : undefined],
  ["text.advice_answered", (head, { thread, answer, note }) =>
    isText(thread) && (answer === "accepted" || answer === "declined")
      ? { ...head, type: "text.advice_answered", thread, answer, ...noteFrom(note) } : undefined],
  ["text.suggested", (head, { suggestion, change, quote, note, organisation }) => {
    const ops = operationsFrom(change);
    return isText(suggestion) && ops && isText(quote)
      ? { ...head, type: "text.suggested", suggestion, change: ops, quote, ...noteFrom(note), ...(isText(organisation) ? { organisation } : {}) } : undefined;
  }],
  ["text.suggestion_accepted", (head, { suggestion, ...data }) => {
    const made = changeFrom(data);
    return isText(suggestion) && made ? { ...head, type: "text.suggestion_accepted", suggestion, ...made } : undefined;
  }],
  ["text.suggestion_declined", (head, { suggestion, note }) =>
    isText(suggestion) ? { ...head, type: "text.suggestion_declined", suggestion, ...noteFrom(note) } : undefined],
  ["text.version_named", (head, { version, name, revision }) =>
    isText(version) && isText(name) && isCount(revision)
      ? { ...head, type: "text.version_named", version, name, of: revision } : undefined],
  ["text.restored", (head, { change }) => {
    const ops = operationsFrom(change);
    return ops ? { ...head, type: "text.restored", change: ops } : undefined;
  }],
  ["text.erased", (head, { reason }) => ({ ...head, type: "text.erased", reason: isText(reason) ? reason : "" })],
  ["text.redacted", (head, { reason }) => ({ ...head, type: "text.redacted", reason: isText(reason) ? reason : "" })],
]);

function changeFrom({ change, repair = [] }: JsonObject): { change: Operations; repair: Operations } | undefined {
  const [made, repaired] = [operationsFrom(change), operationsFrom(repair)];
  return made && repaired ? { change: made, repair: repaired } : undefined;
}

function noteFrom(note: Json | undefined): { note?: string } {
  return isText(note) ? { note } : {};
}
