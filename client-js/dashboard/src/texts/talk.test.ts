import { describe, expect, it } from "vitest";
import type { Suggestion, Sync, Thread } from "../../../src/index";
import { paragraphsOf, placeFrom } from "../forms/text-acts";
import { proposal } from "../testing/entities";
import { en } from "../words/en";
import { uk } from "../words/uk";
import { authorsOf, burstAt } from "./past";
import { bankOf } from "./people";
import { textStatus } from "./status";
import { inOrder, isOpen, marksOfThreads, suggestionsInOrder } from "./threads";

function thread(part: Partial<Thread>): Thread {
  return { id: "t-1", kind: "comment", from: 0, to: 4, quote: "Вода", body: "?", actor: "u-1", at: "2026-11-25T10:00:00.000Z", revision: 1, replies: [], orphaned: false, ...part };
}

function suggestion(part: Partial<Suggestion>): Suggestion {
  return { id: "s-1", quote: "", actor: "u-1", at: "2026-11-25T10:00:00.000Z", revision: 1, status: "open", orphaned: false, ...part };
}

const done = { actor: "u-2", at: "2026-11-25T11:00:00.000Z" };

describe("threads", () => {
  it("stand in the order of the text, those that lost their passage last", () => {
    const threads = [thread({ id: "late", from: 9, to: 12 }), thread({ id: "lost", from: 0, to: 0, orphaned: true }), thread({ id: "early", from: 2 })];
    expect(inOrder(threads).map(({ id }) => id)).toEqual(["early", "late", "lost"]);
  });

  it("are open until a comment is resolved or advice is answered", () => {
    expect(isOpen(thread({}))).toBe(true);
    expect(isOpen(thread({ resolved: done }))).toBe(false);
    expect(isOpen(thread({ kind: "advice", answer: { ...done, answer: "declined" } }))).toBe(false);
  });

  it("mark their passages only while they are open and there is one", () => {
    const threads = [thread({ id: "a" }), thread({ id: "b", resolved: done }), thread({ id: "c", orphaned: true, from: 3, to: 3 })];
    expect(marksOfThreads(threads)).toEqual([{ id: "a", from: 0, to: 4 }]);
  });
});

it("open suggestions stand before settled ones, and the latest first", () => {
  const suggestions = [suggestion({ id: "old" }), suggestion({ id: "settled", revision: 9, status: "declined" }), suggestion({ id: "new", revision: 5 })];
  expect(suggestionsInOrder(suggestions).map(({ id }) => id)).toEqual(["new", "old", "settled"]);
});

describe("where a person's work is", () => {
  const say = (sync: Sync, link: "live" | "offline" = "live", t: typeof en = en) => textStatus(sync, link, t, () => "14:05", () => "the disk is full.");

  it("is told in words: on this device first, then for everyone with the time", () => {
    expect(say({ state: "saved-on-device", since: 0, count: 1 }).sentence).toBe("Saved on this device");
    expect(say({ state: "saved-for-everyone", at: 5 })).toEqual({ sentence: "Saved for everyone · 14:05", tone: "good" });
    expect(say({ state: "saved-for-everyone", at: 5 }, "live", uk).sentence).toBe("Збережено для всіх · 14:05");
  });

  it("is no error while there is no connection", () => {
    expect(say({ state: "saved-on-device", since: 0, count: 2 }, "offline")).toMatchObject({ tone: "good", sentence: expect.stringContaining("you can close the page") });
    expect(say({ state: "saved-on-device", since: 0, count: 2 }, "offline", uk).sentence).toContain("2 зміни підуть");
  });

  it("is an error when this device refuses to keep it", () => {
    const problem = { type: "", title: "", status: 0, code: "quota", detail: "", params: {} };
    expect(say({ state: "not-saved", problem })).toMatchObject({ tone: "wrong", sentence: expect.stringContaining("Leave this page open") });
  });
});

it("a passage's writers are told stretch by stretch", () => {
  const runs = [{ length: 5, revision: 1, actor: "u-1", at: "a" }, { length: 1, revision: 2, actor: "u-2", at: "b" }, { length: 5, revision: 3, actor: "u-2", at: "c" }];
  expect(authorsOf("Чиста вода\n", runs, { from: 3, to: 8 })).toEqual([
    { actor: "u-1", at: "a", revision: 1, quote: "та" }, { actor: "u-2", at: "c", revision: 3, quote: "во" },
  ]);
  const minute = (second: number) => `2026-11-25T10:00:${String(second).padStart(2, "0")}.000Z`;
  const typed = [{ length: 3, revision: 4, actor: "u-1", at: minute(1) }, { length: 7, revision: 2, actor: "u-1", at: minute(40) }, { length: 1, revision: 0, actor: "", at: "" }];
  expect(authorsOf("Чиста вода\n", typed, { from: 0, to: 11 })).toEqual([{ actor: "u-1", at: minute(1), revision: 2, quote: "Чиста вода" }]);
});

it("a revision is in the hand that had begun last", () => {
  const bursts = [{ from: 7, to: 9, position: 29, actor: "u-2", at: "", until: "" }, { from: 1, to: 4, position: 4, actor: "u-1", at: "", until: "" }];
  expect(burstAt(bursts, 8)?.actor).toBe("u-2");
  expect(burstAt(bursts, 6)?.actor).toBe("u-1");
  expect(burstAt(bursts, 0)).toBeUndefined();
});

it("people stand on the bank of their town; the programme on neither", () => {
  const shared = proposal({ partners: { UA1: { order: 0, side: "ua" }, EU1: { order: 1, side: "eu" }, EU9: { order: 2, side: "eu" } } });
  expect(["UA1", "EU1", "EU9", "cemr", undefined].map((organisation) => bankOf(organisation, shared))).toEqual(["ua", "eu", "eu", "other", "other"]);
});

it("paragraphs to comment on are those that say something, with their places", () => {
  const options = paragraphsOf([{ insert: "Мета" }, { insert: "\n", attributes: { header: 1 } }, { insert: "\n  \nЩо зробимо\n" }]);
  expect(options).toEqual([{ value: "0-4", label: "Мета" }, { value: "9-19", label: "Що зробимо" }]);
  expect(placeFrom(options[1]?.value)).toEqual({ from: 9, to: 19 });
});
