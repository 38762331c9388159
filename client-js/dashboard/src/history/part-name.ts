import { known } from "../app/known.svelte";
import type { Words } from "../words/en";
import type { Difference } from "../../../src/audit/index";

// What a page calls the part of it in which it differs from its events: “Budget, b-1”, “Needs and relevance: comments”.
export function partName({ stream, part }: Difference, t: Words): string {
  const [first = "", member = "", below = ""] = part.split("/");
  if (stream.startsWith("text/")) {
    const section = streamPart(stream, t);
    return first === "content" ? section : `${section}: ${named(first, t)}`;
  }
  if (first === "row") return `${t.audit.verify.parts.row} ${stream}${member === "" ? "" : `, ${named(member, t)}${below === "" ? "" : `, ${below}`}`}`;
  const inside = first === "partners" ? known.townName(member) : first === "approval" || first === "created" || first === "changed" ? named(member, t) : member;
  return member === "" ? named(first, t) : `${named(first, t)}, ${inside}`;
}

// What a page calls a stream of which it shows a part, or a list.
export function streamPart(stream: string, t: Words): string {
  if (stream.startsWith("text/")) {
    const section = stream.split("/").at(-1)!;
    return t.texts.sections[section as keyof typeof t.texts.sections]?.title ?? section;
  }
  return stream.startsWith("sites/") ? t.sites.title : stream;
}

function named(name: string, t: Words): string {
  const { parts } = t.audit.verify;
  if (name in parts) return parts[name as keyof typeof parts];
  return name in t.audit.compare.tables ? t.audit.compare.tables[name as keyof typeof t.audit.compare.tables] : t.fields[name] ?? name;
}
