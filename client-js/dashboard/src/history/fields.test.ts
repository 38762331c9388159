import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../src/index";
import { Dates } from "../format/dates";
import { Numbers } from "../format/money";
import { formatsIn } from "../texts/changed-formats";
import { en } from "../words/en";
import { uk } from "../words/uk";
import { fieldsOf, labelOf, readOf, type Reader, type Shown } from "./fields";

// Every field of every type of event that logs may hold, as the domain lists them: each line has type, version, field
// and kind.
const vectors = new URL("../../../../tests/vectors/", import.meta.url);
const recorded = readFileSync(new URL("event_fields.txt", vectors), "utf8").split("\n").filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split(" ") as [type: string, version: string, name: string, kind: string]);
const events = readdirSync(new URL("events/", vectors)).map((file) => ({ file, event: JSON.parse(readFileSync(new URL(`events/${file}`, vectors), "utf8")) as { type: string; data: JsonObject } }));

const readers: readonly (readonly [string, Reader])[] = [
  ["English", { t: en, language: "en", dates: new Dates("en-GB"), numbers: new Numbers("en-GB") }],
  ["Ukrainian", { t: uk, language: "uk", dates: new Dates("uk-UA"), numbers: new Numbers("uk-UA") }],
];
const [[, english], [, ukrainian]] = readers as [readonly [string, Reader], readonly [string, Reader]];

function textsOf(shown: Shown): readonly string[] {
  return shown.kind === "text" ? [shown.text] : shown.kind === "list" ? shown.items.flatMap(textsOf) : [];
}

function told(type: string, data: JsonObject, reader = english): Record<string, string> {
  return Object.fromEntries(fieldsOf({ type, data }, reader).map(({ label, value }) => [label, (textsOf(value).join("; ") || JSON.stringify(value)).replace(/[\u00a0\u202f]/g, " ")]));
}

describe.each(readers)("in %s", (_, reader) => {
  it("each type of event is told in a sentence", () => {
    const types = [...new Set(recorded.map(([type]) => type))];
    expect(types.length).toBeGreaterThan(60);
    expect(types.filter((type) => !Object.hasOwn(reader.t.happened, type))).toEqual([]);
  });

  it("each field of each type has a name and is read", () => {
    const fields = recorded.filter(([, , name]) => name !== "-");
    expect(fields.filter(([type, , name]) => labelOf(type, name, reader.t) === undefined).map(([type, , name]) => `${type} ${name}`)).toEqual([]);
    expect(fields.filter(([type, , name]) => readOf(type, name) === undefined).map(([type, , name]) => `${type} ${name}`)).toEqual([]);
  });

  it("each word of the domain that a field may hold is told by a word", () => {
    const raw = recorded.flatMap(([type, , name, kind]) => {
      const [shape, words] = kind.replace(/^list:/, "").split(":") as [string, string | undefined];
      if (shape !== "word") return [];
      return words!.split("|").filter((word) => textsOf(readOf(type, name)!(kind.startsWith("list:") ? [word] : word, reader, {})).every((text) => text === word)).map((word) => `${type} ${name} ${word}`);
    });
    expect(raw).toEqual([]);
  });

  it("nothing that was ever recorded is shown as the program has it", () => {
    for (const { file, event } of events) {
      for (const { label, value } of fieldsOf(event, reader)) {
        expect(label, file).not.toMatch(/_/);
        for (const text of textsOf(value)) expect(text, `${file} ${label}`).not.toMatch(/[{}]|^undefined$|NaN|Invalid/);
      }
    }
    expect(events.length).toBeGreaterThan(70);
  });
});

describe("values are told", () => {
  it("as years without grouping, coordinates in degrees, areas and numbers with their units", () => {
    const town = { name: "Byshiv", lat_e5: 5_021_234, lon_e5: -2_989_876, area_ha: 21_020, population: 11_240, population_year: 2020, scheme: "katottg", country: "UA", kind: "rural" };
    expect(told("municipality.registered", town)).toEqual({
      "Name in Latin script": "Byshiv", Latitude: "50.21234° N", Longitude: "29.89876° W", Area: "21,020 ha", Inhabitants: "11,240", "Counted in": "2020",
      Register: "KATOTTG, the codifier of Ukraine", Country: "Ukraine", Kind: "Rural",
    });
    expect(told("municipality.registered", town, ukrainian)).toMatchObject({ Широта: "50,21234° пн. ш.", Довгота: "29,89876° зх. д.", "Рік підрахунку": "2020", Країна: "Україна" });
  });

  it("as money in its currency, and as a plain amount where none was recorded", () => {
    expect(told("proposal.funding_source_set", { name: "EBRD", amount: 1_250_050, currency: "EUR", kind: "loan", status: "asked", invented: true }))
      .toEqual({ Name: "EBRD", Amount: "€12,500.50", Kind: "Loan", Status: "Asked for", Invented: "yes" });
    expect(told("proposal.corrected", { amount: 1_250_050 })).toEqual({ Amount: "12,500.50" });
  });

  it("as dates where they are dates, and as places in a text where they are these", () => {
    expect(told("visit.planned", { from: "2026-06", to: "2026-07-03" })).toEqual({ "First day": "June 2026", "Last day": "3 July 2026" });
    expect(told("text.commented", { from: 2020, to: 2026, kind: "advice" })).toEqual({ "From character": "2,020", "To character": "2,026", Kind: "Advice" });
    expect(told("person.handed_over", { to: "u-2" })).toEqual({ "Handed over to": '{"kind":"person","id":"u-2"}' });
    expect(told("text.edited", { typed_at: Date.UTC(2020, 4, 3, 12) })).toEqual({ "Typed, as claimed": expect.stringContaining("2020") as string });
  });

  it("as what a form's sections are called, and equipment with its number and condition", () => {
    expect(told("proposal.approval_asked", { texts: { needs: 1_012, results: 3 }, version: 2 })).toEqual({ "Texts, each as of its revision": "Needs and relevance: revision 1,012; Results: revision 3", Version: "2" });
    expect(told("site.described", { assets: [{ name: "Pump", count: 3, condition: "worn" }] }, ukrainian)).toEqual({ Обладнання: "3 × Pump, зношене" });
  });

  it("as they are where the field is newer than this program", () => {
    expect(told("proposal.sung", { melody: "high", verses: [1, 2], key: { tone: 3 } })).toEqual({ melody: "high", verses: "1; 2", key: '{"tone":3}' });
  });
});

describe("the formats of a change", () => {
  const after = "Pumps are worn.\nPipes\n";
  const of = (change: Json) => formatsIn(change as never, after).map(({ name, value, quote }) => `${name}=${String(value)} ${quote}`);

  it("are named with the words that they are about", () => {
    expect(of([{ retain: 5, attributes: { bold: true } }, { retain: 5 }, { retain: 4, attributes: { link: "https://mosty.example", italic: null } }]))
      .toEqual(["bold=true Pumps", "link=https://mosty.example worn", "italic=null worn"]);
  });

  it("of a line are named with the line that ends there", () => {
    expect(of([{ retain: 15 }, { retain: 1, attributes: { header: 2 } }, { retain: 5 }, { retain: 1, attributes: { list: null } }])).toEqual(["header=2 Pumps are worn.", "list=null Pipes"]);
  });

  it("come with what is written, and count what was taken away for nothing", () => {
    expect(of([{ delete: 9 }, { insert: "Pumps", attributes: { bold: true } }])).toEqual(["bold=true Pumps"]);
    expect(of([{ insert: "Pumps are " }])).toEqual([]);
  });
});
