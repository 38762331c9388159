import { beforeEach, describe, expect, it } from "vitest";
import { localFailure, page } from "../testing/fetched";
import type { Fetched, ListPage } from "../../../src/index";
import { RegisterNames } from "./register-names";

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe("names of towns that no partnership names", () => {
  let asked: string[], found: Record<string, string>, answers: ((answer: Fetched<ListPage>) => void)[], now: number, names: RegisterNames;

  beforeEach(() => {
    [asked, found, answers, now] = [[], {}, [], 1_000];
    names = new RegisterNames((search) => {
      asked.push(search);
      return new Promise((resolve) => { answers.push(resolve); });
    }, (id, { name }) => { found[id] = name; }, () => now);
  });

  it("are looked up once, by the very id", async () => {
    for (let i = 0; i < 3; i += 1) names.want("HU_10719");
    answers[0]?.(page([{ id: "HU_107191", order: "1", name: "Another", country: "HU" }, { id: "HU_10719", order: "2", name: "Bácsalmás", country: "HU" }]));
    await settle();
    names.want("HU_10719");
    expect(asked).toEqual(["HU_10719"]);
    expect(found).toEqual({ HU_10719: "Bácsalmás" });
  });

  it("are a few questions at a time", async () => {
    for (let i = 0; i < 10; i += 1) names.want(`HU_1000${i}`);
    expect(asked).toHaveLength(4);
    answers[0]?.(page([]));
    await settle();
    expect(asked).toHaveLength(5);
  });

  it("are asked for again after a pause where nobody answered, and not where there is no such town", async () => {
    names.want("HU_10719");
    names.want("LV_0800800");
    answers[0]?.(localFailure("unreachable"));
    answers[1]?.(page([]));
    await settle();
    names.want("HU_10719");
    expect(asked).toHaveLength(2);
    now += 30_000;
    names.want("HU_10719");
    names.want("LV_0800800");
    expect(asked).toEqual(["HU_10719", "LV_0800800", "HU_10719"]);
  });

  it("are not looked for where it is no town", () => {
    for (const id of ["cemr", "u-7q2mkd", "", "UA321", "<b>"]) names.want(id);
    expect(asked).toEqual([]);
  });

  it("are bounded", () => {
    for (let i = 0; i < 600; i += 1) names.want(`HU_${10_000 + i}`);
    for (let i = 0; i < 600; i += 1) answers[i]?.(page([]));
    names.want("HU_99999");
    expect(asked).not.toContain("HU_99999");
  });
});
