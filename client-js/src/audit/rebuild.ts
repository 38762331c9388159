import { equals, isObject, isText, type Json, type JsonObject } from "../json";
import { compose, empty_text, normalised, operationsFrom, type Operations } from "../text/delta";

// A proposal's figures and texts again, from its events alone: whether what a page shows is what was recorded. Content
// is edited, never corrected, so the last word on each part holds. Status and approvals are not computed again.

export interface Recorded {
  readonly position: number;
  readonly type: string;
  readonly stream: string;
  readonly data: JsonObject;
}

export interface Shown {
  readonly view: JsonObject;
  readonly texts: Readonly<Record<string, Operations>>; // by section
}

type Table = Record<string, JsonObject>;

const tables = { budget: "line", sources: "source", indicators: "indicator" } as const;
const changes_letters = new Set(["text.edited", "text.suggestion_accepted", "text.restored"]);

// The parts of `shown` that its events do not make so: `title`, `budget/b-1`, `texts/needs`. `events`: all there are of
// the proposal and its texts, in any order.
export function differsFromEvents(events: readonly Recorded[], shown: Shown): readonly string[] {
  const ordered = [...events].sort((a, b) => a.position - b.position);
  const own = ordered.filter(({ stream }) => stream.startsWith("proposal/"));
  return [...figuresThatDiffer(own, shown.view), ...textsThatDiffer(ordered, shown.texts)];
}

function figuresThatDiffer(events: readonly Recorded[], view: JsonObject): string[] {
  const fields: Record<string, Json> = {};
  const lines: Record<string, Table> = { budget: {}, sources: {}, indicators: {} };
  let partners: string[] = [];
  for (const { type, data } of events) {
    const set = (name: keyof typeof tables) => {
      const { [tables[name]]: id, ...line } = data;
      lines[name]![String(id)] = line;
    };
    switch (type) {
      case "proposal.drafted":
      case "proposal.edited":
        for (const name of ["title", "summary", "sectors"]) if (data[name] !== undefined) fields[name] = data[name];
        for (const name of Array.isArray(data["cleared"]) ? data["cleared"] : []) delete fields[String(name)];
        if (Array.isArray(data["partners"])) partners = data["partners"].map(String);
        break;
      case "proposal.partner_added": partners = [...partners, String(data["municipality"])]; break;
      case "proposal.partner_removed": partners = partners.filter((town) => town !== data["municipality"]); break;
      case "proposal.budget_line_set": set("budget"); break;
      case "proposal.budget_line_removed": delete lines["budget"]![String(data["line"])]; break;
      case "proposal.funding_source_set": set("sources"); break;
      case "proposal.funding_source_removed": delete lines["sources"]![String(data["source"])]; break;
      case "proposal.indicator_set": set("indicators"); break;
      case "proposal.indicator_removed": delete lines["indicators"]![String(data["indicator"])]; break;
    }
  }
  return [
    ...["title", "summary", "sectors"].filter((name) => !equals(view[name], fields[name])),
    ...equals(Object.keys(objectOf(view["partners"])).sort(), [...partners].sort()) ? [] : ["partners"],
    ...Object.keys(tables).flatMap((name) => linesThatDiffer(objectOf(view[name]), lines[name]!).map((id) => `${name}/${id}`)),
  ];
}

// What the view adds to a line, its place and who set it last, the event does not hold in its data.
function linesThatDiffer(shown: JsonObject, made: Table): readonly string[] {
  return [...new Set([...Object.keys(shown), ...Object.keys(made)])].filter((id) => {
    const { order: _order, at: _at, actor: _actor, ...line } = objectOf(shown[id]);
    return !(id in shown) || !equals(line, made[id]);
  });
}

function textsThatDiffer(events: readonly Recorded[], shown: Shown["texts"]): string[] {
  const made = new Map<string, Operations>();
  for (const { type, stream, data } of events) {
    if (!stream.startsWith("text/") || !changes_letters.has(type)) continue;
    const section = stream.split("/").at(-1)!;
    for (const change of [data["change"], data["repair"]]) {
      const ops = operationsFrom(change);
      if (ops) made.set(section, compose(made.get(section) ?? empty_text, ops));
    }
  }
  return [...new Set([...made.keys(), ...Object.keys(shown)])]
    .filter((section) => !isSameText(shown[section] ?? empty_text, made.get(section) ?? empty_text)).map((section) => `texts/${section}`);
}

function isSameText(a: Operations, b: Operations): boolean {
  const plain = (text: Operations) => normalised(text).filter(({ insert }) => isText(insert));
  return equals(plain(a) as Json, plain(b) as Json);
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
