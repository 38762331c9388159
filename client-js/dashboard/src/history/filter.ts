import type { StoredEvent } from "../../../src/index";
import { sections } from "../texts/sections";

// Which events of a history a reader wants to see. All of it is in the address, so that a finding can be shared.

export const filter_names = ["type", "actor", "organisation", "stream", "about", "since", "until"] as const;

export type Filter = { readonly [name in typeof filter_names[number]]: string };

export const no_filter: Filter = { type: "", actor: "", organisation: "", stream: "", about: "", since: "", until: "" };

export function filterFrom(query: URLSearchParams): Filter {
  return Object.fromEntries(filter_names.map((name) => [name, query.get(name)?.slice(0, 200) ?? ""])) as Filter;
}

export function isFiltered(filter: Filter): boolean {
  return filter_names.some((name) => filter[name] !== "");
}

// The one figure or field of an entity that an event is about: `budget/b-1`, `title`, `texts/needs`.
export function isAbout(event: StoredEvent, about: string): boolean {
  if (about === "") return true;
  const [part = "", member = ""] = about.split("/");
  const { type, data, stream } = event;
  switch (part) {
    case "budget": return type.startsWith("proposal.budget_line_") && data["line"] === member;
    case "sources": return type.startsWith("proposal.funding_source_") && data["source"] === member;
    case "indicators": return type.startsWith("proposal.indicator_") && data["indicator"] === member;
    case "partners": return type === "proposal.drafted" || (type.startsWith("proposal.partner_") && data["municipality"] === member);
    case "texts": return stream.startsWith("text/") && stream.endsWith(`/${member}`);
    default: return part in data || (Array.isArray(data["cleared"]) && data["cleared"].includes(part));
  }
}

// Whether a stream can hold an event of that type: a text's are `text.…`, a proposal's `proposal.…`, of sites `site.…`.
export function mayHold(stream: string, type: string): boolean {
  return type === "" || stream.split("/")[0]?.replace(/^sites$/, "site") === type.split(".")[0];
}

export function textStreams(proposal: string): readonly string[] {
  return sections.map((section) => `text/proposal/${proposal}/${section}`);
}
