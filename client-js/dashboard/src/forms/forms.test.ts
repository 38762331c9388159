import { describe, expect, it } from "vitest";
import { en } from "../words/en";
import { correctionAct } from "./corrections";
import { dateFrom, read, type Field } from "./fields";

const fields: readonly Field[] = [
  { kind: "text", name: "title", label: "Title", max: 10 },
  { kind: "text", name: "reason", label: "Reason", min: 3, max: 100, optional: true },
  { kind: "date", name: "from", label: "First day", partial: true },
  { kind: "date", name: "to", label: "Last day", partial: true, optional: true },
  { kind: "money", name: "amount", label: "Amount" },
  { kind: "many", name: "sectors", label: "Sectors", options: [], max: 2 },
  { kind: "flag", name: "invented", label: "Invented" },
  { kind: "lines", name: "lessons", label: "Lessons", max: 2, line_max: 5, optional: true },
];
const typed = { title: " Water ", from: "2027-03", amount: "1,5", sectors: ["energy"], lessons: " a \n\nb" };

describe("a form", () => {
  it("becomes the data of a command", () => {
    expect(read(fields, typed, en)).toEqual({
      ok: true, data: { title: "Water", from: "2027-03", amount: 150, currency: "EUR", sectors: ["energy"], invented: false, lessons: ["a", "b"] },
    });
  });

  it("names every mistake by its field", () => {
    const answer = read(fields, { title: "far too long a title", reason: "x", from: "?-5", to: "", amount: "", sectors: [], lessons: "a\nb\nc" }, en);
    expect(answer.ok ? [] : Object.keys(answer.errors)).toEqual(["title", "reason", "from", "amount", "sectors", "lessons"]);
  });

  it("sees a last day before the first", () => {
    expect(read(fields, { ...typed, to: "2027-02-28" }, en)).toEqual({ ok: false, errors: { to: en.forms.badOrder } });
    expect(read(fields, { ...typed, to: "2027-03-01" }, en).ok).toBe(true);
  });

  it("puts a date together from what is known of it", () => {
    expect([dateFrom("", "", "2027"), dateFrom("", "3", "2027"), dateFrom("5", "3", "2027"), dateFrom("", "", ""), dateFrom("5", "", "2027")])
      .toEqual(["2027", "2027-03", "2027-03-05", "", "?-5"]);
  });
});

describe("a correction", () => {
  const fact = { order: 3, type: "visit.held", at: "", actor: "", data: { from: "2026-11-01", participants_ua: 4 } };
  const act = correctionAct("visit/v-1", "e-9", fact, en, () => "");

  it("sends only what differs from the record", () => {
    expect(act).toMatchObject({ command: "correct_visit", typed: { from: "2026-11-01", participants_ua: "4" } });
    expect(act.shape?.({ from: "2026-11-02", participants_ua: 4, retracted: false, reason: "Typo" }))
      .toEqual({ corrects: "e-9", reason: "Typo", from: "2026-11-02" });
  });

  it("takes the whole record back without touching its fields", () => {
    expect(act.shape?.({ from: "2026-11-02", retracted: true, reason: "Never was" })).toEqual({ corrects: "e-9", reason: "Never was", retracted: true });
  });

  it("that corrects nothing is not sent", () => {
    expect(act.check?.({ from: "2026-11-01", participants_ua: 4, retracted: false, reason: "?" })).toEqual({ reason: en.facts.nothingChanged });
  });

  it("calls the fact's own reason by its other name", () => {
    const cancelled = { order: 3, type: "visit.cancelled", at: "", actor: "", data: { reason: "Snow" } };
    const own = correctionAct("visit/v-1", "e-9", cancelled, en, () => "");
    expect(own.typed).toEqual({ fact_reason: "Snow" });
    expect(own.shape?.({ fact_reason: "Ice", retracted: false, reason: "Typo" })).toEqual({ corrects: "e-9", reason: "Typo", fact_reason: "Ice" });
  });
});
