import { account, http } from "../app/account.svelte";
import type { EntityPage } from "../app/entity-page.svelte";
import { outbox } from "../app/outbox.svelte";
import { contentOf, open_texts, type Text } from "../app/text.svelte";
import { scopeOf } from "../entities/rights";
import type { Entity } from "../entities/types";
import { sitesTopic } from "../sites/sites";
import { sections, topicOf } from "../texts/sections";
import type { JsonObject, PastText, StoredEvent, Topic } from "../../../src/index";
import type { Shown, ShownRows, ShownText, ShownView } from "../../../src/audit/index";
import { allRows, type Scope } from "./scope";

// What a page shows, to be held against its events.

export interface Looked extends Shown {
  readonly unsettled: readonly string[]; // texts with changes that only this device has: nothing to compare
}

const lists = ["partnership", "visit", "proposal"] as const;
const patience_ms = 8_000;
const look_ms = 100;

// What the server says that the pages of a scope show with the first `size` events. Undefined where something did not
// come: then nothing can be compared.
export async function shownAt({ kind, id }: Scope, size: number): Promise<Looked | undefined> {
  if (kind === "programme") return undefined;
  if (kind === "partnership" || kind === "municipality") {
    const view = kind === "partnership" ? await viewAt(`partnership/${id}`, size) : [];
    const all = await Promise.all(lists.map(async (list) => ({ list, ...await allRows(listOf(list), size) })));
    const rows = all.map(({ list, rows: these }) => ({ kind: list, size, rows: own({ kind, id }, list, these) }));
    return view && all.every(({ isWhole }) => isWhole) ? { views: view, texts: [], rows, unsettled: [] } : undefined;
  }
  const [view, sites, texts] = await Promise.all([viewAt(`${kind}/${id}`, size), kind === "proposal" ? viewAt(sitesTopic(id), size) : [], kind === "proposal" ? textsAt(id, size) : []]);
  return view && sites && texts && { views: [...view, ...sites], texts, rows: [], unsettled: [] };
}

// What an entity's page shows at this moment, of the present or of a past. Undefined where it shows nothing current.
export async function shownOn(page: EntityPage<Entity>, scope: Scope): Promise<Looked | undefined> {
  if (page.pastSize !== undefined) {
    const past = await shownAt(scope, page.pastSize);
    return past && page.shown && { ...past, views: past.views.map((view) => view.stream === page.stream ? { ...view, value: page.shown as unknown as JsonObject } : view) };
  }
  const views = topicsOf(page, scope).map((name) => topicNow(name));
  const rows = listsOf(scope).map((kind) => ({ kind, topic: topicNow(listOf(kind)) }));
  if (!views.every((topic) => topic?.value) || !rows.every(({ topic }) => topic?.window && topic.window.rows.length === topic.window.total)) return undefined;
  const texts = textsOf(scope);
  return {
    views: views.flatMap((topic) => topic?.value && Object.keys(topic.value).length > 0 ? [{ stream: topic.name, size: topic.size, value: topic.value }] : []),
    texts: texts.filter(({ settled }) => settled).map(({ topic, shared, content, threads, suggestions, versions }): ShownText => ({
      stream: topic, revision: shared.revision, content: content as ShownText["content"], versions,
      threads: new Map(threads.map((thread) => [thread.id, thread])), suggestions: new Map(suggestions.map((one) => [one.id, one])),
    })),
    rows: rows.flatMap(({ kind, topic }): ShownRows[] => topic?.window ? [{ kind, size: topic.size, rows: own(scope, kind, topic.window.rows) }] : []),
    unsettled: [
      ...texts.filter(({ settled }) => !settled).map(({ topic }) => topic),
      ...outbox.pendingFor(page.stream, page.following.topic?.size ?? 0).length > 0 ? [page.stream] : [],
    ],
  };
}

// The streams of which the page shows less than their events tell, also after a moment's patience: news of them are
// kept from it. Of a past moment nothing is late.
export async function lateOn(page: EntityPage<Entity>, scope: Scope, events: readonly StoredEvent[]): Promise<readonly string[]> {
  if (page.pastSize !== undefined) return [];
  const late = () => [
    ...topicsOf(page, scope).filter((name) => !reaches(name, events.filter(({ stream }) => stream === name))),
    ...listsOf(scope).map((kind) => [listOf(kind), events.filter(({ stream }) => stream.startsWith(`${kind}/`))] as const).filter(([name, own]) => !reaches(name, own)).map(([name]) => name),
    ...textsOf(scope).filter(({ topic, settled, shared }) => settled && events.some(({ stream, revision }) => stream === topic && revision > shared.revision)).map(({ topic }) => topic),
  ];
  for (const until = Date.now() + patience_ms; late().length > 0 && Date.now() < until;) await new Promise((over) => setTimeout(over, look_ms));
  return late();
}

// Whether what is held of the topic has all of these events in it. Of one that is not current nobody says that it has.
function reaches(name: string, events: readonly StoredEvent[]): boolean {
  const size = topicNow(name)?.size;
  return size === undefined || events.every(({ position }) => position < size);
}

// What the page follows; it must be followed already.
function topicsOf(page: EntityPage<Entity>, { kind, id }: Scope): readonly string[] {
  return [page.stream, ...kind === "proposal" ? [sitesTopic(id)] : []];
}

function listsOf({ kind }: Scope): readonly ShownRows["kind"][] {
  return kind === "partnership" ? lists : [];
}

function listOf(kind: ShownRows["kind"]): string {
  return `${kind}s/${scopeOf(account.me!)}`;
}

function textsOf({ kind, id }: Scope): readonly Text[] {
  return kind === "proposal" ? sections.flatMap((section) => open_texts.get(topicOf(id, section)) ?? []) : [];
}

// As the page holds it; undefined when that is not current.
function topicNow(name: string): Topic | undefined {
  const followed = account.client.follow(name);
  const { current } = followed;
  followed.release();
  return current.status.state === "current" ? current : undefined;
}

function own({ kind, id }: Scope, list: ShownRows["kind"], rows: readonly unknown[]): readonly JsonObject[] {
  const all = rows as readonly JsonObject[];
  return kind === "municipality" ? all.filter((row) => row["ua"] === id || row["eu"] === id) : all.filter((row) => row[list === "partnership" ? "id" : "partnership"] === id);
}

// None of what does not exist yet.
async function viewAt(topic: string, size: number): Promise<readonly ShownView[] | undefined> {
  const view = await http.viewAsOf(topic, { at: size });
  return view.ok ? Object.keys(view.value.value).length > 0 ? [{ stream: topic, size, value: view.value.value }] : [] : undefined;
}

async function textsAt(proposal: string, size: number): Promise<readonly ShownText[] | undefined> {
  const texts = await Promise.all(sections.map((section) => http.textAt(topicOf(proposal, section), { at: size })));
  return texts.every(({ ok }) => ok) ? texts.flatMap((text) => text.ok ? [shownText(text.value)] : []) : undefined;
}

function shownText({ topic, revision, content, threads, suggestions, versions }: PastText): ShownText {
  return { stream: topic, revision, content: contentOf(content) as ShownText["content"], threads, suggestions, versions };
}
