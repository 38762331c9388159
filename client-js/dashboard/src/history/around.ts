import { http } from "../app/account.svelte";
import { contentOf } from "../app/text.svelte";
import { sentence } from "../entities/sentences";
import { isObject, type JsonObject, type StoredEvent } from "../../../src/index";
import { nothing, type Content } from "../texts/ops";
import { nameThen } from "./event-of";
import { opsOf, type Shown, type ShownField } from "./fields";

// What an event's ids mean, as things stood just before it: fetched only where it has such ids.

export interface Around {
  readonly before: Content | undefined; // the text as it was; undefined where it cannot be shown
  nameOf(shown: Shown): string | undefined; // what stands behind an id, in words
  linkOf(shown: Shown): string | undefined;
}

export const nothing_around: Around = { before: undefined, nameOf: () => undefined, linkOf: () => undefined };

const earlier_max = 500;

export async function lookAround(event: StoredEvent, fields: readonly ShownField[]): Promise<Around> {
  const shown = fields.flatMap(({ value }) => value.kind === "list" ? value.items : [value]);
  const has = (...kinds: readonly Shown["kind"][]) => shown.find(({ kind }) => kinds.includes(kind));
  const [text, view, corrected, partnership] = await Promise.all([
    has("change", "said") ? textBefore(event) : undefined,
    has("member") ? viewBefore(event) : undefined,
    correctedBy(event, has("event")),
    partnershipOf(event, has("stream")),
  ]);
  return {
    before: text?.content,
    nameOf(one) {
      switch (one.kind) {
        case "member": return memberName(event.data, view, one);
        case "said": return text?.quotes.get(one.id) ?? quoteIn(event.data);
        case "event": return corrected?.told;
        case "stream": return partnership;
        default: return undefined;
      }
    },
    linkOf: (one) => one.kind === "event" ? corrected?.link : undefined,
  };
}

async function textBefore({ stream, revision }: StoredEvent): Promise<{ readonly content: Content; readonly quotes: ReadonlyMap<string, string> } | undefined> {
  if (revision <= 1) return { content: nothing, quotes: new Map() };
  const past = await http.textAt(stream, { revision: revision - 1 });
  if (!past.ok) return undefined;
  const { content, threads, suggestions } = past.value;
  return { content: contentOf(content), quotes: new Map([...threads, ...suggestions].map(([id, { quote }]) => [id, quote])) };
}

async function viewBefore({ stream, position }: StoredEvent): Promise<JsonObject | undefined> {
  const view = await http.viewAsOf(stream, { at: position });
  return view.ok ? view.value.value : undefined;
}

async function correctedBy({ stream, position }: StoredEvent, shown: Shown | undefined): Promise<{ readonly told: string; readonly link: string } | undefined> {
  if (shown?.kind !== "event") return undefined;
  const [earlier, entity] = await Promise.all([http.events({ stream, before: position, limit: earlier_max }), nameThen(stream, position)]);
  const found = earlier.ok ? earlier.value.events.find(({ id }) => id === shown.id) : undefined;
  return found && { told: sentence({ ...found, ...entity }), link: `/events/${found.position}?stream=${found.stream}` };
}

async function partnershipOf({ position }: StoredEvent, shown: Shown | undefined): Promise<string | undefined> {
  return shown?.kind === "stream" ? (await nameThen(shown.id, position)).title : undefined;
}

function memberName(data: JsonObject, view: JsonObject | undefined, { table, id }: Extract<Shown, { kind: "member" }>): string | undefined {
  const members = view?.[table];
  const member = isObject(members) ? members[id] : undefined;
  const { description, name } = { ...(isObject(member) ? member : {}), ...data };
  return typeof description === "string" ? description : typeof name === "string" ? name : undefined;
}

function quoteIn({ quote }: JsonObject): string | undefined {
  return typeof quote === "string" ? quote : undefined;
}

// The one change that an event made: what it repairs belongs to it.
export function repairOf({ data }: StoredEvent): boolean {
  return opsOf(data["repair"]).length > 0;
}
