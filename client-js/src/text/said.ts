import { isCount, isObject, isText, type Json, type JsonObject } from "../json";
import { deltaOf, invert, operationsFrom, transform, transformPosition, type Operations } from "./delta";
import type { TextEvent } from "./events";
import type { NamedVersion, Reply, Suggestion, Thread } from "./open-text";

// What was said about a text: threads, suggestions and named versions, with places as of one revision. Folded from
// events exactly as the server does, so that a client needs the whole only once.
export interface Said {
  readonly threads: ReadonlyMap<string, Thread>;
  readonly suggestions: ReadonlyMap<string, Suggested>;
  readonly versions: readonly NamedVersion[];
}

// A suggestion as data; `Suggestion` is the one that is told.
export interface Suggested extends Omit<Suggestion, "change"> {
  readonly change?: Operations;
}

export const unsaid: Said = { threads: new Map(), suggestions: new Map(), versions: [] };

// The places after `change`. A passage's bias is inwards: what is inserted at its edges stays outside.
export function moved(said: Said, change: Operations): Said {
  if (change.length === 0 || said.threads.size + said.suggestions.size === 0) return said;
  return {
    ...said,
    threads: mapped(said.threads, (thread) => movedThread(thread, change)),
    suggestions: mapped(said.suggestions, (suggestion) => movedSuggestion(suggestion, change)),
  };
}

// What is said after the event, whose effect on the text is `effect`.
export function heardSaid(said: Said, event: TextEvent, effect: Operations): Said {
  return moved(talked(said, event), effect);
}

function talked(said: Said, event: TextEvent): Said {
  const { actor, at } = event;
  const thread = (id: string, change: (thread: Thread) => Thread): Said => {
    const found = said.threads.get(id);
    return found ? { ...said, threads: new Map(said.threads).set(id, change(found)) } : said;
  };
  const answered = (id: string, status: "accepted" | "declined", note: { note?: string }): Said => {
    const found = said.suggestions.get(id);
    if (!found) return said;
    const { change: _change, ...rest } = found;
    return { ...said, suggestions: new Map(said.suggestions).set(id, { ...rest, status, answer: { ...note, actor, at } }) };
  };
  switch (event.type) {
    case "text.commented": {
      const { thread: id, kind, from, to, quote, body, revision } = event;
      const begun: Thread = { id, kind, from, to, quote, body, actor, at, revision, replies: [], orphaned: false };
      return { ...said, threads: new Map(said.threads).set(id, begun) };
    }
    case "text.replied": {
      const reply: Reply = { actor, at, body: event.body };
      return thread(event.thread, (found) => ({ ...found, replies: [...found.replies, reply] }));
    }
    case "text.thread_resolved":
      return thread(event.thread, (found) => ({ ...found, resolved: { actor, at } }));
    case "text.thread_reopened":
      return thread(event.thread, ({ resolved: _resolved, ...found }) => found);
    case "text.advice_answered":
      return thread(event.thread, (found) => ({ ...found, answer: { answer: event.answer, ...noteOf(event), actor, at } }));
    case "text.suggested": {
      const { suggestion: id, change, quote, revision, organisation } = event;
      const begun: Suggested = {
        id, change, quote, ...noteOf(event), actor, at, ...(organisation === undefined ? {} : { organisation }), revision, status: "open", orphaned: false,
      };
      return { ...said, suggestions: new Map(said.suggestions).set(id, begun) };
    }
    case "text.suggestion_accepted":
      return answered(event.suggestion, "accepted", {});
    case "text.suggestion_declined":
      return answered(event.suggestion, "declined", noteOf(event));
    case "text.version_named": {
      const { version, name, of } = event;
      return { ...said, versions: [...said.versions, { version, name, revision: of, actor, at }] };
    }
    default:
      return said;
  }
}

function movedThread(thread: Thread, change: Operations): Thread {
  const from = transformPosition(change, thread.from, "second");
  const to = Math.max(from, transformPosition(change, thread.to, "first"));
  return { ...thread, from, to, orphaned: thread.orphaned || from === to };
}

function movedSuggestion(suggestion: Suggested, change: Operations): Suggested {
  if (!suggestion.change) return suggestion;
  const next = transform(change, suggestion.change, "first");
  return { ...suggestion, change: next, orphaned: suggestion.orphaned || (touches(suggestion.change) && !touches(next)) };
}

// Whether it takes something away or formats it: what it needs to be there.
function touches(change: Operations): boolean {
  return change.some((op) => op.delete !== undefined || (op.retain !== undefined && op.attributes !== undefined));
}

export function told(suggestions: Said["suggestions"]): ReadonlyMap<string, Suggestion> {
  return mapped(suggestions, ({ change, ...rest }) => change ? { ...rest, change: deltaOf(change) } : rest);
}

// A passage of what is shown (`mine` made to `text`), and a change of it, as of `text` alone.
export function committedPlace(position: number, mine: Operations, text: Operations): number {
  return transformPosition(invert(mine, text), position, "second");
}

export function committedChange(change: Operations, mine: Operations, text: Operations): Operations {
  return transform(invert(mine, text), change, "first");
}

// From a `text` frame, or the text's past: `{"<id>": {…}}`, `{"<id>": {…}}` and a list.
export function saidFrom({ threads = {}, suggestions = {}, versions = [] }: JsonObject): Said | undefined {
  const readThreads = mapFrom(threads, threadFrom);
  const readSuggestions = mapFrom(suggestions, suggestionFrom);
  const readVersions = Array.isArray(versions) ? versions.map(versionFrom) : undefined;
  return readThreads && readSuggestions && readVersions?.every((version) => version !== undefined)
    ? { threads: readThreads, suggestions: readSuggestions, versions: readVersions } : undefined;
}

function threadFrom(id: string, o: JsonObject): Thread | undefined {
  const { kind, from, to, quote, body, actor, at, revision, replies = [], orphaned, resolved, answer } = o;
  if ((kind !== "comment" && kind !== "advice") || !isCount(from) || !isCount(to) || !isText(quote) || !isText(body)
    || !isText(actor) || !isText(at) || !isCount(revision) || !Array.isArray(replies)) return undefined;
  const read = replies.map(replyFrom);
  if (!read.every((reply) => reply !== undefined)) return undefined;
  return {
    id, kind, from, to, quote, body, actor, at, revision, replies: read, orphaned: orphaned === true,
    ...(isObject(resolved) && isText(resolved["actor"]) && isText(resolved["at"])
      ? { resolved: { actor: resolved["actor"], at: resolved["at"] } } : {}),
    ...(isObject(answer) && (answer["answer"] === "accepted" || answer["answer"] === "declined")
      && isText(answer["actor"]) && isText(answer["at"])
      ? { answer: { answer: answer["answer"], ...noteOf(answer), actor: answer["actor"], at: answer["at"] } } : {}),
  };
}

function suggestionFrom(id: string, o: JsonObject): Suggested | undefined {
  const { change, quote, actor, at, organisation, revision, status, orphaned, answer } = o;
  const ops = operationsFrom(change ?? []);
  if (!ops || !isText(quote) || !isText(actor) || !isText(at) || !isCount(revision)
    || (status !== "open" && status !== "accepted" && status !== "declined")) return undefined;
  return {
    id, quote, ...noteOf(o), actor, at, ...(isText(organisation) ? { organisation } : {}), revision, status, orphaned: orphaned === true,
    ...(status === "open" ? { change: ops } : {}),
    ...(isObject(answer) && isText(answer["actor"]) && isText(answer["at"])
      ? { answer: { ...noteOf(answer), actor: answer["actor"], at: answer["at"] } } : {}),
  };
}

export function versionFrom(value: Json): NamedVersion | undefined {
  if (!isObject(value)) return undefined;
  const { version, name, revision, actor, at } = value;
  return isText(version) && isText(name) && isCount(revision) && isText(actor) && isText(at)
    ? { version, name, revision, actor, at } : undefined;
}

function replyFrom(value: Json): Reply | undefined {
  if (!isObject(value)) return undefined;
  const { actor, at, body } = value;
  return isText(actor) && isText(at) && isText(body) ? { actor, at, body } : undefined;
}

function noteOf(o: { readonly note?: Json | undefined }): { note?: string } {
  return isText(o.note) ? { note: o.note } : {};
}

function mapFrom<T>(value: Json, read: (id: string, o: JsonObject) => T | undefined): ReadonlyMap<string, T> | undefined {
  if (!isObject(value)) return undefined;
  const found = new Map<string, T>();
  for (const [id, item] of Object.entries(value)) {
    const one = isObject(item) ? read(id, item) : undefined;
    if (!one) return undefined;
    found.set(id, one);
  }
  return found;
}

function mapped<A, B>(map: ReadonlyMap<string, A>, change: (value: A) => B): ReadonlyMap<string, B> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}
