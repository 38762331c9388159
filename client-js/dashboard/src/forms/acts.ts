import type { JsonObject } from "../../../src/index";
import type { Words } from "../words/en";
import type { Errors, Field, Option, Typed } from "./fields";

// What a dialog asks before a command is sent.
export interface Act {
  readonly stream: string;
  readonly first?: { readonly command: string; readonly data: JsonObject }; // sent before it, once
  readonly command: string;
  readonly title: string;
  readonly help?: string;
  readonly confirm: string;
  readonly grave?: boolean; // cannot be undone
  readonly fields: readonly Field[];
  readonly typed?: Typed; // what stands in the fields at first
  readonly also?: JsonObject; // data that nobody is asked for
  readonly shape?: (data: JsonObject) => JsonObject; // the last word on the command's data
  readonly check?: (data: JsonObject) => Errors; // what only all fields together can tell
}

export function reasonField(t: Words): Field {
  return { kind: "text", name: "reason", label: t.common.reason, min: 3, max: 1_000, rows: 3 };
}

export function optionsOf(table: Readonly<Record<string, string>>): readonly Option[] {
  return Object.entries(table).map(([value, label]) => ({ value, label }));
}

export function sectorsField(t: Words): Field {
  return { kind: "many", name: "sectors", label: t.partnerships.sectors, hint: t.partnerships.sectorsHint, options: optionsOf(t.sectors), max: 6 };
}
