import { isObject, type Json, type JsonObject } from "../../../src/index";
import type { Dates } from "../format/dates";
import type { Numbers } from "../format/money";
import { isSection } from "../texts/sections";
import type { Ops } from "../texts/ops";
import type { Words } from "../words/en";
import type { Language } from "../words/plural";

// What an event recorded, field by field: its name and its value in the reader's words. Pure; what a name or an id leads
// to is the page's.

export type Shown =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "id"; readonly id: string } // means nothing outside the log
  | { readonly kind: "town"; readonly id: string }
  | { readonly kind: "person"; readonly id: string }
  | { readonly kind: "stream"; readonly id: string }
  | { readonly kind: "event"; readonly id: string }
  | { readonly kind: "member"; readonly table: "budget" | "sources" | "indicators"; readonly id: string } // a line of the proposal
  | { readonly kind: "said"; readonly of: "threads" | "suggestions"; readonly id: string } // what it is about, its text knows
  | { readonly kind: "change"; readonly change: Ops }
  | { readonly kind: "list"; readonly items: readonly Shown[] };

export interface ShownField {
  readonly name: string;
  readonly label: string;
  readonly value: Shown;
}

export interface Recorded {
  readonly type: string;
  readonly data: JsonObject;
}

export interface Reader {
  readonly t: Words;
  readonly language: Language;
  readonly dates: Dates;
  readonly numbers: Numbers;
}

type Read = (value: Json, reader: Reader, data: JsonObject) => Shown;

export function fieldsOf(event: Recorded, reader: Reader): readonly ShownField[] {
  const { type, data } = event;
  const isMoney = typeof data["amount"] === "number" && typeof data["currency"] === "string";
  return Object.entries(data).filter(([name]) => !(name === "currency" && isMoney) && !(name === "repair")).map(([name, value]) => ({
    name, label: labelOf(type, name, reader.t) ?? name, value: (readOf(type, name) ?? unknown)(value, reader, data),
  }));
}

// What the field is called in this type of event; nothing when there is no word for it.
export function labelOf(type: string, name: string, t: Words): string | undefined {
  return named(t.events.labels, type, name) ?? own(t.fields, name);
}

// How the field's values are read; nothing when nobody knows it.
export function readOf(type: string, name: string): Read | undefined {
  return named(readers, type, name);
}

function named<T>(table: Readonly<Record<string, T>>, type: string, name: string): T | undefined {
  return own(table, `${type}.${name}`) ?? own(table, `${type.split(".")[0]}.${name}`) ?? own(table, name);
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

const text = (value: string): Shown => ({ kind: "text", text: value });
const plain: Read = (value, reader) => typeof value === "number" ? text(reader.numbers.whole(value)) : typeof value === "string" ? text(value) : unknown(value, reader, {});
const year: Read = (value) => text(String(value));
const id: Read = (value) => ({ kind: "id", id: String(value) });
const to = (kind: "town" | "person" | "event"): Read => (value) => ({ kind, id: String(value) });
const day: Read = (value, { dates }) => text(dates.partial(String(value)));
const flag: Read = (value, { t }) => text(value === true ? t.events.yes : t.events.no);
const member = (table: "budget" | "sources" | "indicators"): Read => (value) => ({ kind: "member", table, id: String(value) });
const said = (of: "threads" | "suggestions"): Read => (value) => ({ kind: "said", of, id: String(value) });
const all = (read: Read): Read => (value, reader, data) => ({ kind: "list", items: Array.isArray(value) ? value.map((one: Json) => read(one, reader, data)) : [] });

// A word of the domain as the catalogue has it; one that is newer than this program as it is.
const word = (table: (t: Words) => Readonly<Record<string, string>>): Read => (value, { t }) => text(own(table(t), String(value)) ?? String(value));

const degrees = (side: "latitude" | "longitude"): Read => (value, { t, numbers }) => typeof value === "number"
  ? text(t.events[side](numbers.decimal(Math.abs(value) / 100_000, 5), value >= 0)) : text(String(value));

const money: Read = (value, { numbers }, { currency }) => typeof value !== "number" ? text(String(value))
  : text(typeof currency === "string" ? numbers.money(value, currency) : numbers.decimal(value / 100, 2));

const nameOf = (type: "region" | "currency"): Read => (value, { language }) => text(new Intl.DisplayNames(language, { type }).of(String(value)) ?? String(value));

const change: Read = (value) => ({ kind: "change", change: opsOf(value) });

const revisions: Read = (value, { t, numbers }) => ({
  kind: "list", items: Object.entries(isObject(value) ? value : {}).map(([section, revision]) =>
    text(`${isSection(section) ? t.texts.sections[section].title : section}: ${t.events.revision(numbers.whole(Number(revision)))}`)),
});

const asset: Read = (value, { t, numbers }) => {
  if (!isObject(value)) return text(String(value));
  const { name, count, condition } = value;
  return text(`${typeof count === "number" ? `${numbers.whole(count)} × ` : ""}${String(name)}, ${own(t.sites.conditions as Record<string, string>, String(condition)) ?? String(condition)}`);
};

// Of a newer server: shown as it is, so that nothing is hidden.
const unknown: Read = (value, reader) => Array.isArray(value) ? all(plain)(value, reader, {}) : text(typeof value === "string" ? value : JSON.stringify(value));

export function opsOf(value: Json | undefined): Ops {
  return Array.isArray(value) ? value.filter(isObject) as unknown as Ops : [];
}

const side = word((t) => t.sides);

const readers: Readonly<Record<string, Read>> = {
  title: plain, summary: plain, note: plain, reason: plain, fact_reason: plain, purpose: plain, place: plain, strand: plain, phase: plain, source: plain, description: plain,
  name: plain, name_local: plain, region: plain, district: plain, centre: plain, unit: plain, funder: plain, reference: plain, quote: plain, body: plain, address: plain,
  lessons: all(plain), content_hash: id, client: id, site: id, invitation: id, token: id, provider: id, code: id, version: plain,
  sectors: all(word((t) => t.sectors)), side, by: side, host: side, lead: side, category: word((t) => t.categories), role: word((t) => t.roles), language: word((t) => t.events.languages),
  scheme: word((t) => t.events.schemes), confidence: word((t) => t.events.confidence), scope: all(word((t) => t.events.scopes)), audience: word((t) => t.events.audiences),
  status: word((t) => t.sourceStatus), answer: word((t) => t.answers), cleared: all(word((t) => t.fields)),
  on: day, from: day, to: day, until: day, baseline_on: day, typed_at: (value, { dates }) => text(dates.instant(Number(value))),
  ua: to("town"), eu: to("town"), partner: to("town"), partners: all(to("town")), municipality: to("town"), organisation: to("town"), deputy: to("person"), corrects: to("event"),
  partnership: (value) => ({ kind: "stream", id: `partnership/${String(value)}` }),
  country: nameOf("region"), currency: nameOf("currency"), amount: money, lat_e5: degrees("latitude"), lon_e5: degrees("longitude"),
  area_ha: (value, { t, numbers }) => text(t.events.area(numbers.whole(Number(value)))), population: plain, population_year: year, settlements: plain,
  participants_ua: plain, participants_eu: plain, serves: plain, assets: all(asset), baseline: plain, target: plain, content_revision: plain, revision: plain, base: plain, sequence: plain,
  invented: flag, retracted: flag, texts: revisions, line: member("budget"), indicator: member("indicators"), thread: said("threads"), suggestion: said("suggestions"), change,
  repair: change, "municipality.kind": word((t) => t.events.townKinds), "visit.kind": word((t) => t.kinds), "proposal.kind": word((t) => t.sourceKinds), "text.kind": word((t) => t.events.threadKinds), "site.kind": word((t) => t.sites.kinds),
  "person.handed_over.to": to("person"), "proposal.funding_source_set.source": member("sources"), "proposal.funding_source_removed.source": member("sources"),
  "text.from": plain, "text.to": plain, "text.answer": word((t) => t.events.adviceAnswers), "text.version": id,
};
