import { describe, expect, it } from "vitest";
import { Dates, isPartialDate, lastDayOf, localeOf } from "./dates";
import { amountFrom, Numbers } from "./money";
import { counted } from "../words/plural";

const plain = (text: string) => text.replace(/[\u00a0\u202f\u2009]/g, " ");

describe("partial dates", () => {
  it.each(["2023", "2023-06", "2024-02-29", "1900", "2199-12-31"])("%s is one", (text) => expect(isPartialDate(text)).toBe(true));
  it.each(["", "23", "2023-13", "2023-02-29", "2023-6", "1899", "2200", "?-5"])("%s is none", (text) => expect(isPartialDate(text)).toBe(false));

  it("end with the last day that they may mean", () => {
    expect([lastDayOf("2024"), lastDayOf("2024-02"), lastDayOf("2024-02-03")]).toEqual(["2024-12-31", "2024-02-29", "2024-02-03"]);
  });

  it("are written as exactly as they are known", () => {
    const en = new Dates("en-GB");
    const uk = new Dates("uk-UA");
    expect([en.partial("2023"), en.partial("2023-06"), en.partial("2023-06-19")]).toEqual(["2023", "June 2023", "19 June 2023"]);
    expect(plain(uk.partial("2023-06-19"))).toBe("19 червня 2023 р.");
    expect(plain(en.range("2026-06-03", "2026-06-05"))).toMatch(/^3\s?–\s?5 June 2026$/);
    expect(en.range("2026-06-03", "2026-06-03")).toBe("3 June 2026");
  });

  it("follow the reader's own variant of the language", () => {
    expect(localeOf("en", ["de-DE", "en-IE"])).toBe("en-IE");
    expect(localeOf("uk", ["en-GB"])).toBe("uk-UA");
  });
});

describe("amounts", () => {
  it.each([
    ["12500", 1_250_000], ["12,500.50", 1_250_050], ["12 500,50", 1_250_050], ["12.500,5", 1_250_050], ["12,500", 1_250_000],
    ["0", 0], ["0,05", 5], ["12\u00a0500", 1_250_000],
  ])("%s is %d cents", (text, amount) => expect(amountFrom(text, "EUR")).toBe(amount));
  it.each(["", "-5", "12,500,5x", "1e5", "12.345.6", "999999999999999"])("%s is none", (text) => expect(amountFrom(text, "EUR")).toBeUndefined());

  it("come back as they were typed", () => {
    for (const locale of ["en-GB", "uk-UA"]) {
      const numbers = new Numbers(locale);
      for (const amount of [0, 5, 1_250_050, 84_000_000]) expect(amountFrom(numbers.typed(amount, "EUR"), "EUR")).toBe(amount);
    }
  });

  it("are written with cents only where there are some", () => {
    expect(new Numbers("en-GB").money(1_250_000, "EUR")).toBe("€12,500");
    expect(new Numbers("en-GB").money(1_250_050, "EUR")).toBe("€12,500.50");
  });
});

it("counts in proper Ukrainian", () => {
  const forms = { one: "візит", few: "візити", many: "візитів", other: "візиту" };
  expect([1, 2, 5, 11, 21, 22, 25, 111].map((n) => counted("uk", n, forms))).toEqual([
    "1 візит", "2 візити", "5 візитів", "11 візитів", "21 візит", "22 візити", "25 візитів", "111 візитів",
  ]);
});
