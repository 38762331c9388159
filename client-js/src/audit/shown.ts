import { viewOf } from "../../verifier/fold.mjs";
import { equals, isObject, isText, type Json, type JsonObject } from "../json";
import { compose, empty_text, normalised, type Delta, type Operations } from "../text/delta";
import { effectOf, eventFrom } from "../text/events";
import type { NamedVersion, Suggestion, Thread } from "../text/open-text";
import { heardSaid, told, unsaid, type Said } from "../text/said";
import { rowOf } from "./rows";

// Whether what a page shows is what was recorded: its views, texts and rows again, from the events alone.

export interface Recorded {
  readonly position: number;
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly time: string;
  readonly revision: number;
  readonly actor: string;
  readonly data: JsonObject | null; // null: its key is destroyed
}

// As with the first `size` events of the log.
export interface ShownView {
  readonly stream: string;
  readonly size: number;
  readonly value: JsonObject;
}

export interface ShownText {
  readonly stream: string;
  readonly revision: number;
  readonly content: Operations;
  readonly threads: ReadonlyMap<string, Thread>;
  readonly suggestions: ReadonlyMap<string, Suggestion>;
  readonly versions: readonly NamedVersion[];
}

// The rows of a list, as with the first `size` events of the log: all of them that belong to these streams.
export interface ShownRows {
  readonly kind: "partnership" | "visit" | "proposal";
  readonly size: number;
  readonly rows: readonly JsonObject[];
}

export interface Shown {
  readonly views: readonly ShownView[];
  readonly texts: readonly ShownText[];
  readonly rows: readonly ShownRows[];
}

export interface Difference {
  readonly stream: string;
  readonly part: string; // `title`, `budget/b-1`, `totals/EUR`; of a text `content`, `threads/t-1` …; of a list `row/status`
}

// What of it the events do not make so. `events`: all there are of these streams, in any order.
export function differencesIn(events: readonly Recorded[], { views, texts, rows }: Shown): readonly Difference[] {
  const ordered = [...events].sort((a, b) => a.position - b.position);
  return [
    ...views.flatMap((view) => partsThatDiffer(view.stream, view.value, viewOf(view.stream, until(ordered, view.size), unknown) ?? {})),
    ...texts.flatMap((text) => textParts(ordered.filter(({ stream }) => stream === text.stream), text)),
    ...rows.flatMap((list) => rowParts(until(ordered, list.size), list)),
    ...textsLeftOut(ordered),
  ];
}

// Texts that a version of a proposal names at a revision which their events do not reach.
function textsLeftOut(events: readonly Recorded[]): readonly Difference[] {
  const reached = new Map(events.map(({ stream, revision }) => [stream, revision]));
  const named = events.filter(({ type }) => type === "proposal.approval_asked").flatMap(({ stream, data }) => {
    const texts = data?.["texts"];
    return isObject(texts) ? Object.entries(texts).map(([section, revision]) => [`text/${stream}/${section}`, Number(revision)] as const) : [];
  });
  const missing = named.filter(([stream, revision]) => (reached.get(stream) ?? 0) < revision).map(([stream]) => stream);
  return [...new Set(missing)].map((stream) => ({ stream, part: "content" }));
}

function until(events: readonly Recorded[], size: number): readonly Recorded[] {
  return events.filter(({ position }) => position < size);
}

// On which bank a partner is who joined later only the register says.
const unknown = () => undefined;

// --- views ---

function partsThatDiffer(stream: string, shown: JsonObject, made: JsonObject): readonly Difference[] {
  return namesIn(shown, made).flatMap((name) => {
    const [is, was] = [shown[name], name === "partners" ? withoutUnknown(made[name], shown[name]) : made[name]];
    if (equals(is, was)) return [];
    if (!isObject(is) || !isObject(was)) return [{ stream, part: name }];
    return namesIn(is, was).filter((member) => !equals(is[member], was[member])).map((member) => ({ stream, part: `${name}/${member}` }));
  });
}

function withoutUnknown(made: Json | undefined, shown: Json | undefined): Json | undefined {
  if (!isObject(made) || !isObject(shown)) return made;
  return Object.fromEntries(Object.entries(made).map(([town, line]) => {
    const other = shown[town];
    return [town, isObject(line) && line["side"] === undefined && isObject(other) && isText(other["side"]) ? { ...line, side: other["side"] } : line];
  }));
}

function namesIn(...objects: readonly JsonObject[]): readonly string[] {
  return [...new Set(objects.flatMap((object) => Object.keys(object)))];
}

// --- texts ---

interface FoldedText {
  readonly content: Operations;
  readonly said: Said;
}

const begun: FoldedText = { content: empty_text, said: unsaid };

function textParts(events: readonly Recorded[], shown: ShownText): readonly Difference[] {
  const { stream, revision } = shown;
  const own = events.filter((event) => event.revision <= revision);
  if (own.length !== revision) return [{ stream, part: "content" }];
  const { content, said } = own.reduce(folded, begun);
  const parts = [
    ...isSameText(shown.content, content) ? [] : ["content"],
    ...membersThatDiffer("threads", shown.threads, said.threads),
    ...membersThatDiffer("suggestions", plain(shown.suggestions), plain(told(said.suggestions))),
    ...equals(shown.versions as unknown as Json, said.versions as unknown as Json) ? [] : ["versions"],
  ];
  return parts.map((part) => ({ stream, part }));
}

// What came before something that is forgotten for ever is gone, and the text begins anew.
function folded(before: FoldedText, { type, revision, actor, time, data }: Recorded): FoldedText {
  if (data === null || type === "text.erased" || type === "text.redacted") return begun;
  const event = eventFrom({ revision, type, actor, at: time, data });
  if (!event) return before;
  const effect = effectOf(event);
  return { content: compose(before.content, effect), said: heardSaid(before.said, event, effect) };
}

function membersThatDiffer<T>(name: string, shown: ReadonlyMap<string, T>, made: ReadonlyMap<string, T>): readonly string[] {
  return [...new Set([...shown.keys(), ...made.keys()])]
    .filter((id) => !equals(shown.get(id) as Json | undefined, made.get(id) as Json | undefined)).map((id) => `${name}/${id}`);
}

function plain(suggestions: ReadonlyMap<string, Suggestion>): ReadonlyMap<string, JsonObject> {
  return new Map([...suggestions].map(([id, { change, ...rest }]) => [id, { ...rest, ...(change ? { change: opsOf(change) } : {}) } as unknown as JsonObject]));
}

function opsOf({ ops }: Delta): Json {
  return normalised(ops) as Json;
}

function isSameText(a: Operations, b: Operations): boolean {
  const plainly = (text: Operations) => normalised(text).filter(({ insert }) => isText(insert)) as Json;
  return equals(plainly(a), plainly(b));
}

// --- lists ---

function rowParts(events: readonly Recorded[], { kind, rows }: ShownRows): readonly Difference[] {
  const streams = [...new Set(events.map(({ stream }) => stream))].filter((stream) => /^(partnership|visit|proposal)\//.test(stream));
  const views = new Map(streams.map((stream) => [stream, (viewOf(stream, events, unknown) ?? {}) as JsonObject]));
  const shown = new Map(rows.map(({ size: _size, ...row }) => [`${kind}/${String(row["id"])}`, row as JsonObject]));
  const listed = new Set([...shown.keys(), ...streams.filter((stream) => stream.startsWith(`${kind}/`))]);
  return [...listed].flatMap((stream) => {
    const [row, view] = [shown.get(stream), views.get(stream)];
    if (!row || !view) return [{ stream, part: "row" }];
    return partsThatDiffer(stream, row, rowOf(stream, view, views)).map(({ part }) => ({ stream, part: `row/${part}` }));
  });
}
