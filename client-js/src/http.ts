import { entriesIn, type StoredBytes } from "./entries";
import { doneFrom, rowsFrom, type Done } from "./frames";
import { isCount, isObject, isText, type Json, type JsonObject } from "./json";
import { localProblem, problemFrom, type Problem } from "./problem";
import type { Row } from "./rows";
import { erasing_types, erasureFrom } from "./text/erasures";
import type { Erasure, PastText } from "./text/open-text";
import { authorsFrom, burstsFrom, pastTextFrom, type Authors, type Bursts } from "./text/past";

// What is fetched once, not followed: the past, pages of lists, events, who one is.

export type Fetched<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

export interface Me {
  readonly actor: string;
  readonly name: string;
  readonly organisation: string;
  readonly role: string; // in which they act today
  readonly ownRole?: string; // of a deputy who acts in another
  readonly language: string;
  readonly demo?: boolean;
}

export interface DemoPerson extends Me {
  readonly invented: boolean;
}

export interface DemoPeople {
  readonly people: readonly DemoPerson[];
  readonly towns: JsonObject;
}

export interface PastView {
  readonly topic: string;
  readonly size: number;
  readonly time: string | undefined;
  readonly value: JsonObject;
}

export interface ListPage {
  readonly size: number;
  readonly total: number;
  readonly rows: readonly Row[];
  readonly next: string | undefined;
}

export interface StoredEvent {
  readonly position: number;
  readonly entry: string; // its stored bytes, as text: what its hash is of, and what all the others are read from
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly time: string;
  readonly revision: number;
  readonly actor: string;
  readonly data: JsonObject; // opened when they are sealed; empty when nobody opened them, or they are erased
  readonly command: string; // which one was decided into it, and into which others
  readonly index: number; // among that command's events
  readonly correlation: string;
  readonly cause: string | undefined; // the id of the event that led to it
}

export interface EventPage {
  readonly size: number;
  readonly events: readonly StoredEvent[];
  readonly next: number | undefined;
}

export interface EventFilter {
  readonly from?: number;
  readonly after?: string; // `<stream>@<revision>`
  readonly before?: number;
  readonly limit?: number;
  readonly stream?: string; // with a slash at its end, all below it
  readonly type?: string;
  readonly actor?: string;
  readonly organisation?: string; // that the actor belonged to when it was recorded
  readonly correlation?: string; // the command with which a chain of events began
  readonly since?: string;
  readonly until?: string;
}

const erasures_max = 100; // older ones than these say nothing that the newer do not

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export class Http {
  readonly #fetch: Fetch;
  readonly #refused: (problem: Problem) => void;

  // `refused` is told of every refusal, beside whoever asked.
  constructor(fetch: Fetch, refused: (problem: Problem) => void = () => {}) {
    this.#fetch = fetch;
    this.#refused = refused;
  }

  me(): Promise<Fetched<Me>> {
    return this.ask("/v1/me", meFrom);
  }

  demoPeople(): Promise<Fetched<DemoPeople>> {
    return this.ask("/v1/demo/people", demoPeopleFrom);
  }

  signIn(actor: string): Promise<Fetched<Me>> {
    return this.ask("/v1/sign-in", meFrom, post({ actor }));
  }

  // `forgetDevice`: the browser shall not be known as one in which somebody has signed in before.
  signOut(forgetDevice = false): Promise<Fetched<true>> {
    return this.ask("/v1/sign-out", () => true as const, post({ forget_device: forgetDevice }));
  }

  // The view with the first `at` events, or with those up to `time` (RFC 3339, or a date's end).
  viewAsOf(topic: string, moment: { at: number } | { time: string }): Promise<Fetched<PastView>> {
    return this.ask(`/v1/views/${topic}?${query(moment)}`, pastViewFrom);
  }

  // `at`: with the first so many events of the log.
  list(topic: string, filter: { limit?: number; before?: string; search?: string; country?: string; at?: number; time?: string } = {}): Promise<Fetched<ListPage>> {
    return this.ask(`/v1/lists/${topic}?${query(filter)}`, listPageFrom);
  }

  events(filter: EventFilter): Promise<Fetched<EventPage>> {
    return this.ask(`/v1/events?${query(filter)}`, (value, text) => eventPageFrom(value, entriesIn(text)));
  }

  // How many events of these streams, or of all, were recorded in each of `bars` stretches from a time on.
  activity(streams: readonly string[], since: string, step_ms: number, bars: number): Promise<Fetched<readonly number[]>> {
    const asked = { ...(streams.length === 0 ? {} : { stream: streams.join(",") }), since, step_ms, bars };
    const read = (value: Json) => isObject(value) && Array.isArray(value["counts"]) && value["counts"].every((count) => typeof count === "number") ? value["counts"] as readonly number[] : undefined;
    return this.ask(`/v1/activity?${query(asked)}`, read);
  }

  // An id for a new writer of that text, for this person only.
  newTextClient(topic: string): Promise<Fetched<string>> {
    const read = (value: Json) => isObject(value) && isText(value["client"]) ? value["client"] : undefined;
    return this.ask("/v1/clients", read, post({ stream: topic }));
  }

  // The text as of a revision, of the first `at` events of the log, or of a time.
  textAt(topic: string, moment: { revision: number } | { at: number } | { time: string }): Promise<Fetched<PastText>> {
    return this.ask(`/v1/texts/${inTexts(topic)}?${query(moment)}`, pastTextFrom);
  }

  // When texts were erased, or a passage of them, in that order: of one text, or of all below a name that ends with a slash.
  async erasures(stream: string): Promise<Fetched<readonly (Erasure & { readonly stream: string })[]>> {
    const newest = { stream, type: erasing_types, before: Number.MAX_SAFE_INTEGER, limit: erasures_max };
    const page = await this.events(newest);
    if (!page.ok) return page;
    const found = page.value.events.flatMap((event) => {
      const erasure = erasureFrom(event);
      return erasure ? [{ ...erasure, stream: event.stream }] : [];
    });
    return { ok: true, value: found.reverse() };
  }

  textAuthors(topic: string, moment: { revision?: number } = {}): Promise<Fetched<Authors>> {
    return this.ask(`/v1/texts/${inTexts(topic)}/authors?${query(moment)}`, authorsFrom);
  }

  textBursts(topic: string, filter: { limit?: number } = {}): Promise<Fetched<Bursts>> {
    return this.ask(`/v1/texts/${inTexts(topic)}/bursts?${query(filter)}`, burstsFrom);
  }

  // For scripts; people's commands go through `Client.command`, which survives cuts.
  command(command: { id: string; stream: string; name: string; data: JsonObject }): Promise<Fetched<Done>> {
    return this.ask("/v1/commands", (value) => isObject(value) ? doneFrom(value) : undefined, post(command));
  }

  // What is fetched by any other request of this server.
  async ask<T>(url: string, read: (value: Json, text: string) => T | undefined, init?: RequestInit): Promise<Fetched<T>> {
    let response: Response;
    let body: Json;
    let text: string;
    try {
      response = await this.#fetch(url, { credentials: "same-origin", ...init });
      text = await response.text();
      body = text === "" ? null : JSON.parse(text) as Json;
    } catch {
      return failed("unreachable", "The server could not be reached.");
    }
    if (!response.ok) {
      const problem = problemFrom(body) ?? localProblem("unavailable", `The server answered ${response.status}.`);
      this.#refused(problem);
      return { ok: false, problem };
    }
    const value = read(body, text);
    return value === undefined ? failed("unexpected", "The answer could not be understood.") : { ok: true, value };
  }
}

function failed(code: string, detail: string): { ok: false; problem: Problem } {
  return { ok: false, problem: localProblem(code, detail) };
}

export function post(body: JsonObject): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

function query(filter: object): string {
  const pairs = Object.entries(filter).filter(([, value]) => value !== undefined && value !== "");
  return new URLSearchParams(pairs.map(([key, value]) => [key, String(value)])).toString();
}

// `text/proposal/p-1/objective` is /v1/texts/proposal/p-1/objective.
function inTexts(topic: string): string {
  return topic.replace(/^text\//, "");
}

export function meFrom(value: Json): Me | undefined {
  if (!isObject(value)) return undefined;
  const { actor, name, organisation, role, own_role, language, demo } = value;
  return isText(actor) && isText(name) && isText(organisation) && isText(role)
    ? {
      actor, name, organisation, role, language: isText(language) ? language : "en",
      ...(isText(own_role) ? { ownRole: own_role } : {}), ...(demo === true ? { demo } : {}),
    } : undefined;
}

function demoPeopleFrom(value: Json): DemoPeople | undefined {
  if (!isObject(value) || !Array.isArray(value["people"])) return undefined;
  const people = value["people"].flatMap((item: Json) => {
    const me = meFrom(item);
    return me && isObject(item) ? [{ ...me, invented: item["invented"] === true }] : [];
  });
  return { people, towns: isObject(value["towns"]) ? value["towns"] : {} };
}

function pastViewFrom(value: Json): PastView | undefined {
  if (!isObject(value)) return undefined;
  const { topic, size, time, value: view } = value;
  return isText(topic) && isCount(size) && isObject(view)
    ? { topic, size, time: isText(time) ? time : undefined, value: view } : undefined;
}

function listPageFrom(value: Json): ListPage | undefined {
  if (!isObject(value)) return undefined;
  const { size, total, next } = value;
  const rows = rowsFrom(value["rows"]);
  return isCount(size) && isCount(total) && rows
    ? { size, total, rows, next: isText(next) ? next : undefined } : undefined;
}

function eventPageFrom(value: Json, entries: readonly StoredBytes[]): EventPage | undefined {
  if (!isObject(value) || !isCount(value["size"]) || !Array.isArray(value["events"])) return undefined;
  const { size, next } = value;
  return { size, events: entries.flatMap((stored) => storedEventFrom(stored) ?? []), next: isCount(next) ? next : undefined };
}

// Read from the stored bytes themselves: what is shown and what is verified cannot differ, but for what is sealed.
export function storedEventFrom({ position, entry, opened }: StoredBytes): StoredEvent | undefined {
  const event = parsed(entry);
  if (!isCount(position) || !isObject(event)) return undefined;
  const isSealed = event["datacontenttype"] === "application/vnd.mosty.sealed+json";
  const known = isSealed ? parsed(opened ?? "{}") ?? {} : event["data"];
  const data = isSealed && !isObject(known) ? {} : known;
  const { id, type, subject, time, revision, actor, commandid, commandindex, correlationid, causationid } = event;
  return isText(id) && isText(type) && isText(subject) && isText(time) && isCount(revision) && isText(actor) && isObject(data)
    ? {
      position, entry, id, type, stream: subject, time, revision, actor, data,
      command: isText(commandid) ? commandid : "", index: isCount(commandindex) ? commandindex : 0,
      correlation: isText(correlationid) ? correlationid : "", cause: isText(causationid) ? causationid : undefined,
    } : undefined;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
