import { orderOf } from "../../verifier/fold.mjs";
import { isObject, isText, type Json, type JsonObject } from "../json";

// The rows of the server's lists, from the views of what they list.

export function rowOf(stream: string, view: JsonObject, views: ReadonlyMap<string, JsonObject>): JsonObject {
  const [kind = ""] = stream.split("/");
  const created = objectOf(view["created"]);
  const head = { id: view["id"]!, order: orderOf(Number(created["position"])) };
  const changed = objectOf(view["changed"]);
  switch (kind) {
    case "partnership":
      return { ...head, ...pick(view, "ua", "eu", "by", "status", "sectors"), accepted: sidesOf(view["accepted"]), ...relatedTo(view, views), ...pick(changed, "at") };
    case "visit":
      return {
        ...head, ...pick(view, "partnership", "ua", "eu", "title", "host", "kind", "from", "to", "place", "status", "by"),
        confirmed: sidesOf(view["confirmed"]), ...pick(changed, "at"),
      };
    default: {
      const approval = objectOf(view["approval"]);
      return {
        ...head, ...pick(view, "partnership", "ua", "eu", "title", "lead", "status", "sectors", "totals", "revision"), ...pick(approval, "version", "asked_side"),
        approved: sidesOf(approval["approved"]), invented: isInvented(view), ...pick(changed, "at", "actor"),
      };
    }
  }
}

// What a partnership's row counts of its visits and proposals, and until when one of them was held.
function relatedTo({ id }: JsonObject, views: ReadonlyMap<string, JsonObject>): JsonObject {
  const own = (kind: string) => [...views].filter(([stream, view]) => stream.startsWith(`${kind}/`) && view["partnership"] === id).map(([, view]) => view);
  const visits = own("visit");
  const held = visits.map((visit) => objectOf(visit["held"])).map(({ to, from }) => to ?? from).filter(isText).sort();
  return { visits: visits.length, proposals: own("proposal").length, ...(held.length > 0 ? { last_contact: held.at(-1)! } : {}) };
}

function isInvented(view: JsonObject): boolean {
  return ["budget", "sources", "indicators"].some((name) => Object.values(objectOf(view[name])).some((figure) => objectOf(figure)["invented"] === true));
}

function sidesOf(signed: Json | undefined): readonly string[] {
  return ["ua", "eu"].filter((side) => side in objectOf(signed));
}

function pick(from: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => from[name] === undefined ? [] : [[name, from[name]]]));
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
