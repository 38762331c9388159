import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Problem } from "../../../src/index";
import { Dates } from "../format/dates";
import { Numbers } from "../format/money";
import { en } from "../words/en";
import { uk } from "../words/uk";

const shown = vi.hoisted(() => ({ locale: {} as { t: unknown; language: string } }));
vi.mock("../app/locale.svelte", () => shown);
const { sayBesideField, sayProblem, sayRefusal } = await import("./problems");
const { fieldLabel, recorded_by, writtenIn } = await import("./written");

const root = new URL("../../../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

// As the domain lists them.
const codes = [.../enum class RejectionCode \{([^}]*)\}/.exec(read("domain/base/rejection.hpp"))![1]!.matchAll(/\w+/g)].map(([code]) => code);
const commands = [...new Set(read("tests/vectors/rights.txt").split("\n").flatMap((line) => /^([a-z]+(?:_[a-z]+)*)(?: \||  )/.exec(line)?.[1] ?? []))].filter((name) => name !== "columns");

const readers = {
  English: { t: en, language: "en" as const, dates: new Dates("en-GB"), numbers: new Numbers("en-GB") },
  Ukrainian: { t: uk, language: "uk" as const, dates: new Dates("uk-UA"), numbers: new Numbers("uk-UA") },
};
const names = { townName: (id: string) => `town ${id}`, personName: (id: string) => `person ${id}` };

const problem = (code: string, more: Partial<Problem> = {}): Problem => ({ code, title: code, detail: `The server's own words of ${code}.`, status: 409, params: {}, ...more });
const reads = (language: keyof typeof readers) => { Object.assign(shown.locale, readers[language]); };

afterEach(() => { for (const name of Object.keys(shown.locale)) delete (shown.locale as Record<string, unknown>)[name]; });

describe.each(["English", "Ukrainian"] as const)("in %s", (language) => {
  it("every reason for which the domain refuses has words of the page's own", () => {
    reads(language);
    expect(codes.length).toBeGreaterThan(30);
    const words: Record<string, string> = readers[language].t.problems;
    expect(codes.filter((code) => !Object.hasOwn(words, code))).toEqual([]);
    expect(codes.filter((code) => sayProblem(problem(code)).includes("own words"))).toEqual([]);
  });

  it("what is missing is named, part by part", () => {
    reads(language);
    const { t } = readers[language];
    const said = sayProblem(problem("incomplete", { field: "summary", params: { missing: "summary, risks" } }));
    expect(said).toContain(t.lacks["summary"]);
    expect(said).toContain(t.texts.sections.risks.title);
    expect(said).not.toMatch(/\bsummary, risks\b/);
  });

  it("an id that does not fit its partnership says how it has to begin, and a long one how long it may be", () => {
    reads(language);
    expect(sayProblem(problem("wrong_stream", { params: { stream: "visit/x", begins: "p-1_" } }))).toContain("p-1_");
    expect(sayProblem(problem("wrong_stream", { params: { stream: "partnership/x", max: "40" } }))).toContain("40");
    expect(sayProblem(problem("wrong_stream", { params: { stream: "visit/x" } }))).toBe(readers[language].t.problems.wrong_stream);
  });

  it("no field of a form is called by its name in the data", () => {
    reads(language);
    const { t } = readers[language];
    const form = { name: "set_budget_line", labelsNow: { description: t.proposals.description } };
    expect(sayRefusal(form, problem("too_long", { field: "description" }))).toBe(`${t.proposals.description}: ${t.problems.too_long}`);
    expect(sayRefusal({ name: "describe_site", labelsNow: {} }, problem("too_long", { field: "address" }))).toBe(`${t.events.labels["address"]}: ${t.problems.too_long}`);
    expect(sayRefusal({ name: "describe_site", labelsNow: {} }, problem("too_long", { field: "of_a_newer_server" }))).toBe(t.problems.too_long);
  });

  it("what was written is told in words: lines without ids, towns by name, letters of a suggestion", () => {
    reads(language);
    const reader = readers[language];
    const { t } = reader;
    const line = { line: "b-7f", category: "staff", partner: "HU_10719", description: "Engineer", amount: 150_000, currency: "EUR", invented: false };
    const told = writtenIn({ name: "set_budget_line", data: line }, reader, names, { partner: t.proposals.partner });
    expect(told.map(({ name }) => name)).toEqual(["category", "partner", "description", "amount", "invented"]);
    expect(told.find(({ name }) => name === "partner")).toEqual({ name: "partner", label: t.proposals.partner, text: "town HU_10719" });
    expect(told.find(({ name }) => name === "category")?.text).toBe(t.categories.staff);
    const suggested = { suggestion: "s-1", base: 7, change: [{ retain: 4 }, { insert: "And the schools." }, { delete: 2 }], note: "Why not" };
    expect(writtenIn({ name: "suggest_in_text", data: suggested }, reader, names).map(({ text }) => text)).toEqual(["And the schools.", "Why not"]);
  });

  it("a value that was taken away is told as such", () => {
    reads(language);
    expect(writtenIn({ name: "edit_proposal", data: { summary: null } }, readers[language], names)).toEqual([{ name: "summary", label: readers[language].t.fields["summary"], text: readers[language].t.fields["cleared"] }]);
  });

  it("beside the field only what is wrong is said", () => {
    reads(language);
    const said = sayBesideField(problem("invalid_field", { field: "until", detail: "until: this day is past. Choose one that is to come." }));
    expect(said).toBe(language === "English" ? "This day is past. Choose one that is to come." : uk.forms.badHere);
    expect(sayBesideField(problem("invalid_field", { field: "amount", detail: "", params: { min: "0", max: "10" } }))).toBe(readers[language].t.forms.badRange("0", "10"));
  });
});

it("every command is told by the words of what it records", () => {
  const types = new Set(read("tests/vectors/event_fields.txt").split("\n").map((line) => line.split(" ")[0]));
  expect(commands.length).toBeGreaterThan(60);
  expect(commands.filter((command) => !types.has(recorded_by[command]))).toEqual([]);
});

it("fields that a command has and its event has not are called something, too", () => {
  for (const [command, field] of [["correct_visit", "fact_reason"], ["comment_text", "body"], ["hand_over", "to"], ["record_answer", "amount"]] as const) {
    for (const reader of Object.values(readers)) expect(fieldLabel({ name: command }, field, reader), `${command}.${field}`).toBeDefined();
  }
});
