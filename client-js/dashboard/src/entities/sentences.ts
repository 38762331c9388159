import type { Json, JsonObject } from "../../../src/index";
import { known } from "../app/known.svelte";
import { locale } from "../app/locale.svelte";
import { ownerOf } from "../texts/sections";

interface Happened {
  readonly type: string;
  readonly data: JsonObject;
  readonly title?: string | undefined;
  readonly actor: string;
  readonly ua?: string | undefined;
  readonly eu?: string | undefined;
  readonly stream?: string;
}

// An event as a sentence in the reader's language, without its actor.
export function sentence(event: Happened): string {
  const { t } = locale;
  const tell = Object.hasOwn(t.happened, event.type) ? t.happened[event.type as keyof typeof t.happened] : undefined;
  if (!tell) return event.type;
  const { data } = event;
  return tell({
    title: text(data["title"]) ?? event.title ?? "",
    side: sideOf(event),
    dates: dates(data),
    what: what(event.type, data),
    version: text(data["version"]) ?? "",
    subject: subjectOf(event),
    section: sectionOf(event.stream),
    data,
  });
}

// Whose entry it is, for the types whose sentences have no title.
function subjectOf({ stream = "", title = "", data, actor }: Happened): string {
  const [kind, id = ""] = stream.split("/");
  switch (kind) {
    case "partnership": return title;
    case "municipality": return known.town(id) ? known.townName(id) : text(data["name"]) ?? (known.anyTown(id) ? known.townName(id) : "");
    case "person": return id !== actor && known.person(id) && !known.person(id)!.erased ? known.personName(id) : "";
    default: return "";
  }
}

// Where the event leads: the page of its entity, and of a text the place on it.
export function pageOf(stream: string): string | undefined {
  const owner = ownerOf(stream);
  if (owner) return `/proposals/${owner.proposal}#${owner.section}`;
  const [kind, id] = stream.split("/");
  if (kind === "sites" && id) return `/proposals/${id}#sites`;
  const pages: Record<string, string> = { partnership: "partnerships", visit: "visits", proposal: "proposals" };
  const page = kind === undefined ? undefined : pages[kind];
  return page && id ? `/${page}/${id}` : undefined;
}

// The stream of the entity that a stream belongs to: a text's is its proposal's, and so is that of sites.
export function entityOf(stream: string): string {
  const owner = ownerOf(stream);
  return owner ? `proposal/${owner.proposal}` : stream.replace(/^sites\//, "proposal/");
}

// One field of recorded data in the reader's words.
export function fieldValue(name: string, value: Json | undefined, currency?: string): string {
  const { t, dates: format, numbers } = locale;
  if (value === undefined || value === null) return t.common.unknown;
  if (Array.isArray(value)) return value.map((item: Json) => fieldValue(name, item, currency)).join(", ");
  if (typeof value === "number") return name === "amount" && currency ? numbers.money(value, currency) : numbers.whole(value);
  if (typeof value !== "string") return typeof value === "boolean" ? (value ? t.banks.done : "—") : JSON.stringify(value);
  if (["on", "from", "to", "baseline_on"].includes(name)) return format.partial(value);
  const table: Record<string, string> | undefined = tables()[name];
  const word = table && Object.hasOwn(table, value) ? table[value] : undefined;
  if (word !== undefined) return word;
  return ["ua", "eu", "partner", "partners", "municipality", "organisation"].includes(name) ? known.townName(value) : value;
}

function tables(): Record<string, Record<string, string>> {
  const { t } = locale;
  return {
    sectors: t.sectors, side: t.sides, by: t.sides, host: t.sides, lead: t.sides, category: t.categories, answer: t.answers,
    kind: { ...t.kinds, ...t.sourceKinds }, status: { ...t.status, ...t.sourceStatus }, role: t.roles, cleared: t.fields,
  };
}

function what(type: string, data: JsonObject): string {
  const { t } = locale;
  switch (type) {
    case "proposal.edited":
      return [...Object.keys(data).filter((key) => key !== "cleared"), ...(Array.isArray(data["cleared"]) ? data["cleared"] : [])]
        .map((key) => t.fields[String(key)]?.toLocaleLowerCase(locale.language) ?? String(key)).join(", ");
    case "proposal.budget_line_set":
      return [text(data["description"]), money(data)].filter(Boolean).join(", ");
    case "proposal.funding_source_set":
      return [text(data["name"]), money(data), fieldValue("status", data["status"]).toLocaleLowerCase(locale.language)].filter(Boolean).join(", ");
    case "proposal.indicator_set":
      return text(data["name"]) ?? "";
    case "proposal.submitted":
      return text(data["funder"]) ?? "";
    case "proposal.answered":
      return [fieldValue("answer", data["answer"]).toLocaleLowerCase(locale.language), money(data)].filter(Boolean).join(", ");
    case "text.commented":
    case "text.replied":
      return shortly(text(data["body"]));
    case "text.suggested":
      return shortly(text(data["quote"]));
    case "text.version_named":
      return text(data["name"]) ?? "";
    default:
      return "";
  }
}

function shortly(text = ""): string {
  return text.length > 80 ? `${text.slice(0, 79).replace(/[\uD800-\uDBFF]$/, "")}…` : text;
}

function sectionOf(stream: string | undefined): string {
  const owner = stream === undefined ? undefined : ownerOf(stream);
  return owner ? locale.t.texts.sections[owner.section].title : "";
}

function money(data: JsonObject): string {
  const { amount, currency } = data;
  return typeof amount === "number" && typeof currency === "string" ? locale.numbers.money(amount, currency) : "";
}

function dates(data: JsonObject): string {
  const from = text(data["from"]);
  return from ? locale.dates.range(from, text(data["to"])) : "";
}

function sideOf(event: { data: JsonObject; actor: string; ua?: string | undefined; eu?: string | undefined }): string {
  const side = event.data["side"];
  if (side !== "ua" && side !== "eu") return "";
  const town = event[side];
  return town ? known.townName(town) : locale.t.sides[side];
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
}
