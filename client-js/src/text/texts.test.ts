import { beforeEach, describe, expect, it } from "vitest";
import { Profile, settle } from "../testing/device";
import { begin, clock, committed, edits, flow, flowUp, fresh, insert, opened, ours, server, shown, topic } from "../testing/scene";
import { Delta } from "./delta";

beforeEach(fresh);

describe("typing", () => {
  it("is saved on this device, then sent, then saved for everyone", async () => {
    const page = await opened();
    const states: string[] = [];
    page.text.sync.subscribe(({ state }) => states.push(state));
    page.type(insert(0, "Вода"));
    await flow();
    expect(states).toEqual(["saved-for-everyone", "saving-on-device", "saved-on-device", "on-the-way", "saved-for-everyone"]);
    expect(committed()).toBe("Вода\n");
    expect(edits(page)).toMatchObject([{ data: { base: 0, sequence: 1, change: [{ insert: "Вода" }] } }]);
  });

  it("leaves the device only after it is on its disk", async () => {
    const page = await begin(ours, { slow: true });
    await flow();
    while (page.writing > 0) await page.write();
    page.type(insert(0, "A"));
    await flow();
    expect(page.frames).toEqual([]);
    expect(page.text.sync.current.state).toBe("saving-on-device");
    for (let i = 0; i < 3; i += 1) { await page.write(); await flow(); }
    expect(page.frames).toHaveLength(1);
  });

  it("while an edit is on its way becomes one next edit", async () => {
    const page = await opened();
    page.type(insert(0, "a"));
    await settle();
    for (const [index, letter] of [..."bcdef"].entries()) page.type(insert(index + 1, letter));
    await flow();
    expect(edits(page).map(({ data }) => data.change)).toEqual([[{ insert: "a" }], [{ retain: 1 }, { insert: "bcdef" }]]);
    expect(committed()).toBe("abcdef\n");
  });

  it("meets the other's in the same sentence, and both see the same", async () => {
    const theirs = new Profile("u-reka");
    const [one, two] = [await opened(), await opened(theirs)];
    one.type(insert(0, "Clean water"));
    await flow();
    one.type(insert(5, "est"));
    two.type(insert(5, " and safe"));
    await flow();
    expect(shown(one)).toBe(shown(two));
    expect(committed()).toBe(shown(one));
    expect(committed()).toMatch(/Clean(est and safe| and safeest) water\n/);
  });

  it("of more than one edit may hold is sent in several, and none is cut inside a letter", async () => {
    const page = await opened();
    const pasted = "Підвал 😀 ".repeat(6_000);
    page.type(insert(0, pasted));
    await flow();
    expect(page.frames.length).toBeGreaterThan(4);
    for (const { data } of edits(page)) {
      expect(new TextEncoder().encode(JSON.stringify(data.change)).length).toBeLessThanOrEqual(16 * 1024);
    }
    expect(committed()).toBe(`${pasted}\n`);
    expect(edits(page).map(({ data }) => data.sequence)).toEqual(page.frames.map((_, index) => index + 1));
  });

  it("that would make the text too long is parked here, taken back, and can be copied", async () => {
    const page = await opened();
    page.type(insert(0, "kept"));
    await flow();
    const pasted = "x".repeat(200_000);
    page.type(insert(2, pasted));
    expect(page.text.parked.current).toMatchObject([{ problem: { code: "text_too_long" }, text: pasted }]);
    clock.advance(1);
    expect(shown(page)).toBe("kept\n");
    await flow();
    expect(committed()).toBe("kept\n");
    expect(page.frames).toHaveLength(1);
  });

  it("is never answered by text of the page's own, even where two deletions leave no newline", async () => {
    const theirs = new Profile("u-reka");
    const [one, two] = [await opened(), await opened(theirs)];
    one.type(insert(0, "a\nb"));
    await flow();
    one.type(new Delta().retain(2).delete(2).ops); // "b" and the last newline
    two.type(new Delta().retain(1).delete(1).ops); // the first newline
    await flow();
    expect(committed()).toBe("a\n");
    expect([shown(one), shown(two)]).toEqual(["a\n", "a\n"]);
    expect(edits(one).length + edits(two).length).toBe(3);
  });

  it("waits for the end of a composition before it meets others", async () => {
    const page = await opened();
    const letGo = page.text.hold();
    page.type(insert(0, "ㅎ"));
    server.edit(topic, "u-reka", [{ insert: "Before " }], 0);
    await flow();
    expect(shown(page)).toBe("ㅎ\n");
    page.type([{ delete: 1 }, { insert: "한" }]);
    await flow();
    expect(shown(page)).toBe("한\n");
    letGo();
    clock.advance(1);
    expect(shown(page)).toBe(committed());
    expect(committed()).toBe("Before 한\n");
  });
});

describe("a cut", () => {
  it("loses nothing: typing goes on, is there again without a network, and is sent once", async () => {
    const page = await opened();
    page.type(insert(0, "Перед "));
    await flow();
    page.offline();
    page.type(insert(6, "без світла"));
    await settle();
    expect(page.text.sync.current).toMatchObject({ state: "saved-on-device", count: 1 });
    await page.kill();
    clock.advance(24 * 60 * 60 * 1000);

    const next = await begin();
    next.offline();
    await settle();
    expect(shown(next)).toBe("Перед без світла\n");
    next.type(insert(6, "день "));
    await settle();
    expect(next.text.sync.current).toMatchObject({ state: "saved-on-device", count: 2 });
    next.online();
    await flow();
    expect(committed()).toBe("Перед день без світла\n");
    expect(next.text.sync.current.state).toBe("saved-for-everyone");
  });

  it("after the server took an edit but before it said so does not make it twice", async () => {
    const page = await opened();
    page.type(insert(0, "once"));
    await settle();
    await flowUp();
    page.cut();
    clock.advance(1_000);
    await flow();
    expect(committed()).toBe("once\n");
    expect(shown(page)).toBe("once\n");
    expect(page.frames).toHaveLength(1);
  });

  it("before the server took it sends the same bytes again", async () => {
    const page = await opened();
    page.type(insert(0, "once"));
    await settle();
    page.cut();
    clock.advance(1_000);
    await flow();
    expect(page.frames[0]).toBe(page.frames[1]);
    expect(committed()).toBe("once\n");
  });

  it("and then a power cut sends the same bytes again too", async () => {
    const page = await opened();
    page.type(insert(0, "once"));
    await settle();
    page.offline();
    page.type(insert(4, " more"));
    await settle();
    await page.kill();
    server.edit(topic, "u-reka", [{ insert: "R" }]);
    const next = await opened();
    await flow();
    expect(next.frames[0]).toBe(page.frames[0]);
    expect(committed()).toBe("Ronce more\n");
    expect(shown(next)).toBe(committed());
  });

  it("ends with a summary of what others did meanwhile", async () => {
    const page = await opened();
    page.type(insert(0, "Water\nRoads"));
    await flow();
    page.offline();
    page.type(insert(5, "!"));
    await settle();
    server.edit(topic, "u-reka", new Delta().retain(5).insert(" for both banks").ops);
    server.edit(topic, "u-reka", new Delta().retain(20).insert(" of the Tisza").ops);
    server.edit(topic, "u-bela", new Delta().retain(34).delete(5).ops);
    const whys: string[] = [];
    page.text.onChange((_change, why) => whys.push(why));
    page.online();
    await flow();
    expect(whys).toEqual(["merge"]);
    expect(committed()).toBe("Water for both banks of the Tisza!\n\n");
    expect(shown(page)).toBe(committed());
    expect(page.text.merge.current).toMatchObject({
      edits: 3,
      by: [{ actor: "u-reka", edits: 2, added: 28, removed: 0, places: 1 }, { actor: "u-bela", added: 0, removed: 5, places: 1 }],
      passages: [{ actor: "u-reka", from: 5, to: 33, quote: "for both banks of the Tisza" }, { actor: "u-bela", quote: "" }],
    });
    page.text.dismissMerge();
    expect(page.text.merge.current).toBeUndefined();
  });

  it("without changes of others has nothing to tell", async () => {
    const page = await opened();
    page.type(insert(0, "mine"));
    await flow();
    page.cut();
    clock.advance(1_000);
    await flow();
    expect(page.text.merge.current).toBeUndefined();
  });

  it("before the first opening leaves the text closed until it is known", async () => {
    const page = await begin();
    page.offline();
    await settle();
    expect(page.text.sync.current).toEqual({ state: "opening" });
    page.online();
    await flow();
    expect(page.text.sync.current).toEqual({ state: "saved-for-everyone", at: undefined });
    expect(shown(page)).toBe("\n");
  });
});
