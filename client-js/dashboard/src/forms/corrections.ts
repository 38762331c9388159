import { equals, type Json, type JsonObject } from "../../../src/index";
import type { Fact } from "../entities/types";
import type { Words } from "../words/en";
import { optionsOf, reasonField, sectorsField, type Act } from "./acts";
import { currencyOf, type Field, type Typed } from "./fields";

// The fields of a recorded fact that a correction may replace. A fact without any can be taken back.
export function correctable(type: string, t: Words): readonly Field[] {
  const text = (name: string, max: number, rows?: number): Field =>
    ({ kind: "text", name, label: t.fields[name] ?? name, max, optional: true, ...(rows ? { rows } : {}) });
  const date = (name: string, partial = true): Field => ({ kind: "date", name, label: t.fields[name] ?? name, partial, optional: true });
  const count = (name: string): Field => ({ kind: "count", name, label: t.fields[name] ?? name, optional: true });
  const choice = (name: string, table: Readonly<Record<string, string>>): Field =>
    ({ kind: "choice", name, label: t.fields[name] ?? name, options: optionsOf(table), optional: true });
  const sides = { ua: t.sides.ua, eu: t.sides.eu };
  switch (type) {
    case "partnership.proposed":
      return [sectorsField(t), text("note", 1_000, 3), text("strand", 200), text("phase", 200), text("source", 1_000)];
    case "partnership.accepted": return [date("on")];
    case "partnership.ended": return [date("on"), factReason(t)];
    case "partnership.declined":
    case "partnership.withdrawn":
    case "visit.cancelled":
    case "proposal.returned":
    case "proposal.approval_withdrawn": return [factReason(t)];
    case "visit.planned":
      return [text("title", 200), choice("kind", t.kinds), choice("host", sides), date("from"), date("to"), text("place", 200), text("purpose", 1_000, 3)];
    case "visit.postponed": return [date("from"), date("to"), factReason(t)];
    case "visit.held": return [date("from"), date("to"), count("participants_ua"), count("participants_eu")];
    case "visit.reported":
      return [text("summary", 4_000, 6), { kind: "lines", name: "lessons", label: t.fields["lessons"] ?? "", max: 20, line_max: 500, optional: true, hint: t.forms.onePerLine }];
    case "proposal.drafted": return [choice("lead", sides), text("source", 1_000)];
    case "proposal.submitted": return [text("funder", 200), date("on", false), text("reference", 200)];
    case "proposal.answered":
      return [choice("answer", t.answers), date("on", false), { kind: "money", name: "amount", label: t.fields["amount"] ?? "", optional: true }, text("note", 1_000, 3)];
    default: return [];
  }
}

// A fact's own reason goes by another name, because `reason` says why one corrects.
const own_reason = "fact_reason";

function factReason(t: Words): Field {
  return { kind: "text", name: own_reason, label: t.fields["reason"] ?? "", min: 3, max: 1_000, rows: 3, optional: true };
}

// The first fact of an entity cannot be taken back: the entity would not exist.
export function retractable(type: string): boolean {
  return !["partnership.proposed", "visit.planned", "proposal.drafted"].includes(type);
}

export function correctionAct(stream: string, event: string, fact: Fact, t: Words, typedAmount: (amount: number, currency: string) => string): Act {
  const own = correctable(fact.type, t);
  const retract: Field = { kind: "flag", name: "retracted", label: `${t.facts.retract}. ${t.facts.retractHelp}` };
  const entity = stream.split("/")[0] ?? "";
  return {
    stream, command: `correct_${entity}`, title: t.facts.correctTitle, help: t.facts.help, confirm: t.facts.confirm,
    fields: [...own.map((field) => ({ ...field, optional: recorded(field, fact) === undefined })), ...(retractable(fact.type) ? [retract] : []), { ...reasonField(t), label: t.facts.why }],
    typed: typedFrom(own, fact.data, typedAmount),
    check: (data): Record<string, string> => data["retracted"] === true || Object.keys(replaced(data, fact)).length > 0 ? {} : { reason: t.facts.nothingChanged },
    shape: (data) => ({
      corrects: event, reason: data["reason"] ?? "",
      ...(data["retracted"] === true ? { retracted: true } : replaced(data, fact)),
    }),
  };
}

// What the record says in the field. What it says may be replaced but not emptied.
function recorded(field: Field, fact: Fact): Json | undefined {
  return fact.data[field.name === own_reason ? "reason" : field.name];
}

// Only what differs from the record.
function replaced(data: JsonObject, fact: Fact): JsonObject {
  return Object.fromEntries(Object.entries(data).filter(([name, value]) =>
    name !== "reason" && name !== "retracted" && !equals(value, fact.data[name === own_reason ? "reason" : name])
    && !(name === "currency" && equals(data["amount"], fact.data["amount"]) && fact.data["amount"] === undefined)));
}

function typedFrom(fields: readonly Field[], data: JsonObject, typedAmount: (amount: number, currency: string) => string): Typed {
  const typed: Record<string, string | boolean | readonly string[]> = {};
  for (const field of fields) {
    const value: Json | undefined = data[field.name === own_reason ? "reason" : field.name];
    if (value === undefined) continue;
    if (field.kind === "money" && typeof value === "number") {
      const currency = String(data["currency"] ?? "EUR");
      typed[field.name] = typedAmount(value, currency);
      typed[currencyOf(field.name)] = currency;
    } else if (Array.isArray(value)) typed[field.name] = field.kind === "lines" ? value.join("\n") : value.map(String);
    else typed[field.name] = String(value);
  }
  return typed;
}
