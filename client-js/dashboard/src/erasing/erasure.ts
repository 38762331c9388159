import type { JsonObject } from "../../../src/index";
import type { Errors, Field, Option, Typed } from "../forms/fields";
import { placeFrom } from "../forms/text-acts";
import type { Place } from "../texts/marks";
import type { Words } from "../words/en";

// What may be erased for ever, and what is asked before. The reason of an erasure stands in the log in the clear.

export type Erasure =
  | { readonly of: "person"; readonly stream: string; readonly name: string }
  | {
      readonly of: "text"; readonly stream: string; readonly section: string;
      readonly selected?: { readonly quote: string; readonly place: Place };
      readonly paragraphs: readonly Option[]; // to choose from where nothing is selected
      readonly anchor: (from: number, to: number) => { readonly base: number; readonly from: number; readonly to: number };
    };

export type What = "person" | "text" | "passage";

const whole = "whole";

// What the dialog tells of, as chosen so far.
export function whatOf(erasure: Erasure, typed: Typed): What {
  if (erasure.of === "person") return "person";
  return erasure.selected || (typed["what"] ?? whole) !== whole ? "passage" : "text";
}

export function titleOf(erasure: Erasure, t: Words): string {
  if (erasure.of === "person") return t.erasing.personTitle(erasure.name);
  return erasure.selected ? t.erasing.passageTitle(erasure.section) : t.erasing.textTitle(erasure.section);
}

export function typedAtFirst(erasure: Erasure): Typed {
  return erasure.of === "text" && !erasure.selected ? { what: whole } : {};
}

export function fieldsOf(erasure: Erasure, typed: Typed, t: Words): readonly Field[] {
  const { erasing } = t;
  const what: readonly Field[] = erasure.of === "text" && !erasure.selected
    ? [{ kind: "choice", name: "what", label: erasing.what, options: [{ value: whole, label: erasing.wholeText }, ...erasure.paragraphs.map(({ value, label }) => ({ value, label: erasing.paragraph(label) }))] }]
    : [];
  const words: readonly Field[] = typed["why"] === "other"
    ? [{ kind: "text", name: "words", label: erasing.words, hint: erasing.wordsHint, min: 3, max: 900, rows: 3 }] : [];
  const reasons = Object.entries(erasing.reasons).map(([value, label]) => ({ value, label }));
  return [
    ...what, { kind: "choice", name: "why", label: erasing.why, hint: erasing.whyHint, options: reasons }, ...words,
    { kind: "text", name: "confirm", label: erasing.confirm, hint: erasing.confirmHint(erasing.word), max: 100 },
  ];
}

export function check(data: JsonObject, t: Words): Errors {
  const said = String(data["confirm"]).toLowerCase();
  return said === t.erasing.word ? {} : { confirm: t.erasing.notConfirmed(t.erasing.word) };
}

type Reason = keyof Words["erasing"]["reasons"];

// What the log keeps for ever, for readers of either language. They name nobody.
const recorded: Readonly<Record<Exclude<Reason, "other">, string>> = {
  asked: "Про це попросила ця людина. / The person asked for it.",
  ordered: "Так вирішив суд або інший орган. / A court or an authority ordered it.",
  mistake: "Це оприлюднили помилково. / It was published by mistake.",
  danger: "Це комусь загрожує. / It endangers somebody.",
};

export function reasonOf(data: JsonObject): string {
  const why = data["why"] as Reason;
  return why === "other" ? String(data["words"]) : recorded[why];
}

// A recorded reason in the reader's language, where it is one of those that are offered.
export function sayReason(reason: string, t: Words): string {
  const found = Object.entries(recorded).find(([, words]) => words === reason);
  return found ? t.erasing.reasons[found[0] as Reason] : reason;
}

export function commandOf(erasure: Erasure, data: JsonObject): { readonly name: string; readonly data: JsonObject } {
  const reason = reasonOf(data);
  if (erasure.of === "person") return { name: "erase_person", data: { reason } };
  const place = erasure.selected?.place ?? (data["what"] === whole ? undefined : placeFrom(data["what"]));
  if (!place) return { name: "erase_text", data: { reason } };
  const { base, from, to } = erasure.anchor(place.from, place.to);
  return { name: "redact_text", data: { base, change: [...(from > 0 ? [{ retain: from }] : []), { delete: to - from }], reason } };
}
