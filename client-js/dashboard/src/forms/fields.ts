import type { Json, JsonObject } from "../../../src/index";
import { isPartialDate } from "../format/dates";
import { amountFrom } from "../format/money";
import type { Words } from "../words/en";

// A form is a list of fields; what is typed becomes a command's data, or errors that name their field.

interface Common {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly optional?: boolean;
  readonly isPrivate?: boolean; // no help with spelling: browsers may ask services on the network for it
}

export type Field =
  | (Common & { kind: "text"; max: number; min?: number; rows?: number })
  | (Common & { kind: "lines"; max: number; line_max: number })
  | (Common & { kind: "date"; partial: boolean })
  | (Common & { kind: "count" })
  | (Common & { kind: "money" }) // gives `amount` and `currency`
  | (Common & { kind: "choice"; options: readonly Option[] })
  | (Common & { kind: "many"; options: readonly Option[]; max: number })
  | (Common & { kind: "flag" })
  | (Common & { kind: "town"; country?: string; exclude?: string });

export interface Option {
  readonly value: string;
  readonly label: string;
}

// What a form calls its fields.
export function labelsOf(fields: readonly Field[]): Readonly<Record<string, string>> {
  return Object.fromEntries(fields.map(({ name, label }) => [name, label]));
}

// What stands in the inputs, as typed.
export type Typed = Record<string, string | boolean | readonly string[]>;
export type Errors = Record<string, string>;
export type Read = { readonly ok: true; readonly data: JsonObject } | { readonly ok: false; readonly errors: Errors };

export const currencyOf = (name: string) => `${name}.currency`;

export function read(fields: readonly Field[], typed: Typed, t: Words): Read {
  const data: Record<string, Json> = {};
  const errors: Errors = {};
  for (const field of fields) {
    const answer = readOne(field, typed, t);
    if (answer === undefined) continue;
    if ("error" in answer) errors[field.name] = answer.error;
    else Object.assign(data, answer.data);
  }
  if (typeof data["from"] === "string" && typeof data["to"] === "string" && data["to"].slice(0, data["from"].length) < data["from"].slice(0, data["to"].length)) {
    errors["to"] = t.forms.badOrder;
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, data };
}

type Answer = { readonly data: JsonObject } | { readonly error: string } | undefined;

// Nothing at all for an optional field that was left empty.
function readOne(field: Field, typed: Typed, t: Words): Answer {
  const { name, label } = field;
  const value = typed[name];
  if (field.kind === "flag") return { data: { [name]: value === true } };
  if (field.kind === "many") {
    const chosen = Array.isArray(value) ? value : [];
    if (chosen.length === 0 && field.optional) return undefined;
    return chosen.length >= 1 && chosen.length <= field.max ? { data: { [name]: chosen } } : { error: t.forms.chooseSome(label, field.max) };
  }
  const text = typeof value === "string" ? value.trim() : "";
  if (text === "") {
    if (field.optional) return undefined;
    return { error: field.kind === "choice" ? t.forms.chooseOne(label) : t.forms.required(label) };
  }
  switch (field.kind) {
    case "text":
      if (text.length > field.max) return { error: t.forms.tooLong(label, field.max) };
      return text.length < (field.min ?? 1) ? { error: t.forms.tooShort(label, field.min ?? 1) } : { data: { [name]: text } };
    case "lines": {
      const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
      if (lines.length > field.max) return { error: t.forms.tooManyLines(label, field.max) };
      return lines.some((line) => line.length > field.line_max) ? { error: t.forms.tooLong(label, field.line_max) } : { data: { [name]: lines } };
    }
    case "date":
      return isPartialDate(text) && (field.partial || text.length === 10) ? { data: { [name]: text } } : { error: t.forms.badDate(label) };
    case "count": {
      const number = Number(text.replace(/[\s\u00a0\u202f]/g, ""));
      return Number.isSafeInteger(number) && number >= 0 ? { data: { [name]: number } } : { error: t.forms.badNumber(label) };
    }
    case "money": {
      const currency = String(typed[currencyOf(name)] ?? "EUR");
      const amount = amountFrom(text, currency);
      return amount === undefined ? { error: t.forms.badMoney(label) } : { data: { [name]: amount, currency } };
    }
    case "choice":
    case "town":
      return { data: { [name]: text } };
  }
}

// Puts a partial date together from its three inputs; keeps nonsense, so that `read` can name it.
export function dateFrom(day: string, month: string, year: string): string {
  const two = (text: string) => text.trim().padStart(2, "0");
  if (!day.trim() && !month.trim() && !year.trim()) return "";
  if (!month.trim()) return day.trim() ? `?-${day}` : year.trim();
  return day.trim() ? `${year.trim()}-${two(month)}-${two(day)}` : `${year.trim()}-${two(month)}`;
}
