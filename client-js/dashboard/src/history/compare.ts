import { equals, isObject, type Json, type JsonObject } from "../../../src/index";

// What differs between two states of one page. Pure; the words are the page's.

export interface FieldChange {
  readonly name: string; // `title`; of a line of a table its field, `amount`
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

export interface MemberChange {
  readonly id: string;
  readonly kind: "added" | "removed" | "changed";
  readonly fields: readonly FieldChange[]; // of one that was added or removed, all it has
  readonly shown: JsonObject; // the member after, or what it was
}

export interface Comparison {
  readonly fields: readonly FieldChange[];
  readonly tables: readonly { readonly name: string; readonly members: readonly MemberChange[] }[];
}

const tables = ["partners", "budget", "sources", "indicators", "accepted", "confirmed"] as const;
const bookkeeping = new Set(["id", "revision", "created", "changed", "facts", "order", "at", "actor", "totals", "missing", "too_long", "texts", "locked", "position"]);

export function compare(before: JsonObject, after: JsonObject): Comparison {
  const own = (view: JsonObject) => Object.fromEntries(Object.entries(view).filter(([name]) => !(tables as readonly string[]).includes(name)));
  return {
    fields: fieldsOf(own(before), own(after)),
    tables: tables.map((name) => ({ name, members: membersOf(before[name], after[name]) })).filter(({ members }) => members.length > 0),
  };
}

export function isSame({ fields, tables: changed }: Comparison): boolean {
  return fields.length === 0 && changed.length === 0;
}

// A field that holds several, an approval for example, is told by what it holds: `approval.version`.
function fieldsOf(before: JsonObject, after: JsonObject, within = ""): readonly FieldChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !bookkeeping.has(name)).flatMap((name) => {
    const [old, next] = [before[name], after[name]];
    if (equals(old, next)) return [];
    if (isObject(old) || isObject(next)) return fieldsOf(isObject(old) ? old : {}, isObject(next) ? next : {}, `${within}${name}.`);
    return [{ name: within + name, before: old, after: next }];
  });
}

function membersOf(before: Json | undefined, after: Json | undefined): readonly MemberChange[] {
  const [old, next] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
  return [...new Set([...Object.keys(old), ...Object.keys(next)])].flatMap((id) => {
    const [was, is] = [objectOf(old[id]), objectOf(next[id])];
    if (equals(was, is)) return [];
    const fields = fieldsOf(was ?? {}, is ?? {});
    const kind = !was ? "added" as const : !is ? "removed" as const : "changed" as const;
    return kind === "changed" && fields.length === 0 ? [] : [{ id, kind, fields, shown: is ?? was ?? {} }];
  });
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}
