import { beforeEach, describe, expect, it } from "vitest";
import { Page, Profile, settle } from "../testing/device";
import { begin, chance, clock, committed, edits, flow, fresh, insert, opened, ours, server, shown, topic, wait } from "../testing/scene";
import { plainText } from "./delta";
import { memoryKeeping } from "./memory-keeping";

beforeEach(fresh);

describe("tabs of one browser", () => {
  it("write side by side, each with a place of its own", async () => {
    const [one, two] = [await opened(), await opened()];
    one.type(insert(0, "1"));
    two.type(insert(0, "2"));
    await flow();
    expect([...committed().trim()].sort().join("")).toBe("12");
    expect([shown(one), shown(two)]).toEqual([committed(), committed()]);
    expect((await ours.disk.notes(ours.actor)).map(({ slot }) => slot).sort()).toEqual([0, 1]);
    expect(new Set([...edits(one), ...edits(two)].map(({ id }) => id)).size).toBe(2);
  });

  it("that are gone have their unsent work sent by another, which shows it as anybody's", async () => {
    const [one, two] = [await opened(), await opened()];
    two.offline();
    two.type(insert(0, "left behind"));
    await settle();
    await two.kill();
    clock.advance(60_000);
    await flow();
    expect(committed()).toBe("left behind\n");
    expect(shown(one)).toBe("left behind\n");
    expect(await ours.disk.unsent(ours.actor)).toEqual({ changes: 0, texts: 0, parked: 0 });
  });

  it("that are gone have what is refused of it parked where it can be seen", async () => {
    const [one, two] = [await opened(), await opened()];
    two.offline();
    two.type(insert(0, "left behind"));
    await settle();
    await two.kill();
    server.refusals.push("locked");
    await wait(60_000);
    expect(one.text.parked.current).toMatchObject([{ text: "left behind", problem: { code: "locked" } }]);
    expect(committed()).toBe("\n");
  });

  it("opened without a network show the text as another tab had it", async () => {
    const one = await opened();
    one.type(insert(0, "known"));
    await flow();
    await wait(1_000);
    const two = await begin();
    two.offline();
    await settle();
    expect(shown(two)).toBe("known\n");
  });

  it("left and entered again at once find what was unsent, to the last letter", async () => {
    const page = await opened();
    page.offline();
    page.type(insert(0, "quic"));
    page.text.release();
    page.type(insert(4, "k"));
    const again = page.client.openText(topic);
    await settle();
    expect(plainText(again.content.ops)).toBe("quick\n");
    expect(again.sync.current).toMatchObject({ state: "saved-on-device", count: 2 });
    expect(() => { page.type(insert(0, "late")); }).toThrow("left");
  });
});

describe("this device", () => {
  it("that cannot keep anything says so, and what is typed is still sent", async () => {
    const broken = new Profile("u-oksana", { ...memoryKeeping(), write: () => Promise.reject(new Error("full")) });
    const page = await opened(broken);
    page.offline();
    page.type(insert(0, "here only"));
    await settle();
    expect(page.text.sync.current).toMatchObject({ state: "not-saved", problem: { code: "not_kept" } });
    broken.trusting = true;
    page.online();
    await flow();
    expect(committed()).toBe("here only\n");
    expect(page.text.sync.current.state).toBe("saved-for-everyone");
  });

  it("forgets a person wholly, and first tells what is unsent", async () => {
    const page = await opened();
    page.offline();
    page.type(insert(0, "a"));
    page.type(insert(1, "b"));
    await settle();
    expect(await page.client.unsentTexts()).toEqual({ changes: 2, texts: 1, parked: 0 });
    expect(await page.client.forgetTexts()).toEqual({ changes: 2, texts: 1, parked: 0 });
    expect(await ours.disk.notes(ours.actor)).toEqual([]);
    const next = await opened();
    expect(shown(next)).toBe("\n");
  });

  it("forgets a person wholly, too, while a text is being opened or left", async () => {
    const page = await opened();
    page.offline();
    page.type(insert(0, "a"));
    page.text.release();
    page.client.openText(topic);
    page.client.openText("text/proposal/p-2/needs");
    expect(await page.client.forgetTexts()).toEqual({ changes: 1, texts: 1, parked: 0 });
    await settle();
    await wait(2_000);
    expect(await ours.disk.notes(ours.actor)).toEqual([]);
  });

  it("tells what was unsent of a text that was taken away just before its person was signed out", async () => {
    const page = await opened();
    page.offline();
    page.type(insert(0, "a"));
    await settle();
    page.online();
    for (const connection of server.connections) connection.say({ type: "error", topic, problem: { code: "not_signed_in", title: "", status: 401, detail: "" } });
    await flow();
    expect(await ours.disk.notes(ours.actor)).toEqual([]);
    expect(await page.client.forgetTexts()).toEqual({ changes: 1, texts: 1, parked: 0 });
  });

  it("lets go of what a second tab knew after a day, never of what is unsent", async () => {
    const [one, two, three] = [await opened(), await opened(), await opened()];
    one.type(insert(0, "known"));
    await flow();
    await wait(1_000);
    three.offline();
    three.type(insert(0, "unsent "));
    await settle();
    for (const page of [one, two, three]) await page.kill();
    clock.advance(25 * 60 * 60 * 1000);
    const next = await begin();
    next.offline();
    await settle();
    expect((await ours.disk.notes(ours.actor)).map(({ slot }) => slot).sort()).toEqual([0, 2]);
    expect(shown(next)).toBe("unsent known\n");
  });

  it("never sends one person's work as another", async () => {
    const page = await opened();
    page.offline();
    page.type(insert(0, "Oksana's"));
    await settle();
    await page.kill();
    const other = new Page(ours, server, topic, clock, chance, { signedInAs: "u-reka" });
    await settle();
    await flow();
    expect(other.text.sync.current).toMatchObject({ state: "refused", problem: { code: "signed_in_as_another" } });
    expect(other.frames).toEqual([]);
    expect(committed()).toBe("\n");
  });
});
