import { describe, expect, it } from "vitest";
import { read } from "../forms/fields";
import { en } from "../words/en";
import { uk } from "../words/uk";
import { check, commandOf, fieldsOf, reasonOf, typedAtFirst, whatOf, type Erasure } from "./erasure";

const person: Erasure = { of: "person", stream: "person/u-1", name: "Somebody" };
const section: Erasure = {
  of: "text", stream: "text/proposal/p-1/needs", section: "Needs", paragraphs: [{ value: "5-12", label: "Садова 14" }],
  anchor: (from, to) => ({ base: 7, from: from + 1, to: to + 1 }),
};
const selected: Erasure = { ...section, selected: { quote: "Садова", place: { from: 0, to: 6 } } };

describe("erasing", () => {
  it("asks for one of the reasons, for words only where none of them is it, and for a second yes", () => {
    expect(fieldsOf(person, {}, en).map(({ name }) => name)).toEqual(["why", "confirm"]);
    expect(fieldsOf(person, { why: "other" }, en).map(({ name }) => name)).toEqual(["why", "words", "confirm"]);
    expect(fieldsOf(section, {}, en).map(({ name }) => name)).toEqual(["what", "why", "confirm"]);
    expect(fieldsOf(selected, {}, en).map(({ name }) => name)).toEqual(["why", "confirm"]);
    expect(read(fieldsOf(person, { why: "other" }, en), { why: "other", words: "x", confirm: "erase" }, en)).toMatchObject({ ok: false });
  });

  it("is confirmed by the word of one's own language alone", () => {
    for (const [t, good, bad] of [[en, "Erase", "стерти"], [uk, "стерти", "erase"]] as const) {
      expect(check({ confirm: good }, t)).toEqual({});
      expect(Object.keys(check({ confirm: bad }, t))).toEqual(["confirm"]);
    }
  });

  it("records a reason that readers of both languages understand, or one's own words", () => {
    for (const why of ["asked", "ordered", "mistake", "danger"]) expect(reasonOf({ why })).toMatch(/^[Є-ґ’ .]+ \/ [A-Za-z .]+$/);
    expect(reasonOf({ why: "other", words: "it is nobody's business" })).toBe("it is nobody's business");
  });

  it("erases a person, a whole section, a paragraph or what is selected, as of what everybody has", () => {
    const reason = reasonOf({ why: "asked" });
    expect(commandOf(person, { why: "asked" })).toEqual({ name: "erase_person", data: { reason } });
    expect(typedAtFirst(section)).toEqual({ what: "whole" });
    expect(commandOf(section, { what: "whole", why: "asked" })).toEqual({ name: "erase_text", data: { reason } });
    expect(commandOf(section, { what: "5-12", why: "asked" })).toEqual({ name: "redact_text", data: { base: 7, change: [{ retain: 6 }, { delete: 7 }], reason } });
    const first: Erasure = { ...selected, anchor: (from, to) => ({ base: 2, from, to }) };
    expect(commandOf(first, { why: "asked" })).toEqual({ name: "redact_text", data: { base: 2, change: [{ delete: 6 }], reason } });
  });

  it("tells of what was chosen", () => {
    expect(whatOf(person, {})).toBe("person");
    expect(whatOf(section, { what: "whole" })).toBe("text");
    expect(whatOf(section, { what: "5-12" })).toBe("passage");
    expect(whatOf(selected, {})).toBe("passage");
  });
});
