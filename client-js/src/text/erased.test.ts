import { beforeEach, describe, expect, it } from "vitest";
import { settle } from "../testing/device";
import { committed, edits, flow, flowUp, fresh, insert, opened, ours, server, shown, topic, wait } from "../testing/scene";
import { closedAt, forgottenSince, mayBeErased } from "./erasures";
import type { Erasure } from "./open-text";
import { unsaid } from "./said";

beforeEach(fresh);

const erased: Erasure = { kind: "erased", revision: 2, actor: "u-clara", at: "2026-11-25T10:00:00.000Z", reason: "A law." };

const kept = async () => JSON.stringify(await Promise.all((await ours.disk.notes(ours.actor)).map(async (note) => [await ours.disk.load(note), await ours.disk.acknowledged(note)])));

describe("a text that is erased", () => {
  it("while somebody looks is empty at once, says when and by whom, and takes no letter any more", async () => {
    const page = await opened();
    page.type(insert(0, "secret"));
    await flow();
    server.erase(topic, "u-clara", "A law.");
    await flow();
    expect(shown(page)).toBe("\n");
    expect(page.text.erased.current).toEqual(erased);
    expect(page.text.merge.current).toBeUndefined();
    const sent = edits(page).length;
    page.type(insert(0, "still here?"));
    await wait(2_000);
    expect(shown(page)).toBe("\n");
    expect(edits(page)).toHaveLength(sent);
    expect(page.text.parked.current).toEqual([]);
  });

  it("is known as such after the server's new life, without a moment in which it seems open", async () => {
    const page = await opened();
    page.type(insert(0, "secret"));
    await flow();
    server.erase(topic, "u-clara", "A law.");
    await flow();
    const told: unknown[] = [];
    page.text.erased.subscribe((now) => told.push(now?.revision));
    server.newLife();
    await wait(2_000);
    expect(new Set(told)).toEqual(new Set([2]));
  });

  it("while somebody writes puts aside what no server had, to be copied until it is dismissed", async () => {
    const page = await opened();
    page.type(insert(0, "secret"));
    await flow();
    page.type(insert(6, ", mine on its way"));
    await settle();
    await flowUp(); // the edit that is sent is committed before the erasure, and goes with all the rest
    server.erase(topic, "u-clara", "A law.");
    page.type(insert(23, ", mine unsent"));
    await flow();
    expect(shown(page)).toBe("\n");
    expect(page.text.parked.current).toMatchObject([{ text: ", mine unsent", problem: { code: "erased" } }]);
    expect(page.text.sync.current.state).toBe("saved-for-everyone");
    server.newLife();
    await wait(2_000);
    expect(page.text.parked.current).toHaveLength(1);
    page.text.dismissParked(page.text.parked.current[0]?.id ?? "");
    await settle();
    await page.kill();
    expect(await ours.disk.parked(ours.actor, topic)).toEqual([]);
    expect(committed()).toBe("\n");
  });

  it("while a device was away is known when it is back, and what was typed meanwhile is put aside", async () => {
    const page = await opened();
    page.type(insert(0, "secret"));
    await flow();
    await wait(1_000);
    page.offline();
    page.type(insert(6, " offline"));
    await settle();
    server.erase(topic, "u-clara", "A law.");
    server.newLife();
    page.online();
    await wait(2_000);
    expect(shown(page)).toBe("\n");
    expect(page.text.erased.current).toEqual(erased);
    expect(page.text.parked.current).toMatchObject([{ text: " offline" }]);
    expect(page.text.merge.current).toBeUndefined();
  });

  it("leaves nothing of what it said on the device, acknowledged edits and copies of closed tabs neither", async () => {
    const [page, other] = [await opened(), await opened()];
    page.type(insert(0, "secret"));
    await flow();
    await wait(1_000);
    other.text.release();
    await settle();
    await other.kill();
    expect(await kept()).toContain("secret");
    server.erase(topic, "u-clara", "A law.");
    await wait(2_000);
    expect(await kept()).not.toContain("secret");
    expect(await ours.disk.notes(ours.actor)).toHaveLength(1);
  });

  it("is still known as such by a page that is opened without a connection", async () => {
    const page = await opened();
    page.type(insert(0, "secret"));
    await flow();
    server.erase(topic, "u-clara", "A law.");
    await wait(2_000);
    await page.kill();
    const next = await opened();
    next.offline();
    await settle();
    expect(next.text.erased.current).toEqual(erased);
  });

  it("is told from one of which everything was only deleted", async () => {
    const page = await opened();
    page.type(insert(0, "gone"));
    await flow();
    page.type([{ delete: 4 }]);
    await flow();
    server.newLife();
    await wait(2_000);
    expect(page.text.erased.current).toBeUndefined();
    page.type(insert(0, "anew"));
    await flow();
    expect(committed()).toBe("anew\n");
  });

  it("and is not open here is forgotten on the device at the next visit; what was not accepted stays", async () => {
    const page = await opened();
    page.type(insert(0, "secret"));
    await flow();
    server.refusals.push("locked");
    page.type(insert(0, "mine "));
    await flow();
    await wait(1_000);
    await page.kill();
    server.erase(topic, "u-clara", "A law.");
    const elsewhere = await opened(ours, { topic: "text/proposal/p-1/needs" });
    await wait(1_000);
    expect(await kept()).not.toContain("secret");
    expect(await ours.disk.parked(ours.actor, topic)).toMatchObject([{ text: "mine " }]);
    await elsewhere.kill();
  });
});

it("a text of which a passage is removed shows what is left, and unsent letters stay where they were written", async () => {
  const page = await opened();
  page.type(insert(0, "One. Secret. Two."));
  await flow();
  page.offline();
  page.type(insert(4, " Mine."));
  await settle();
  server.erase(topic, "u-clara", "A law.", "One. Two.");
  server.newLife();
  page.online();
  await wait(2_000);
  expect(shown(page)).toBe("One. Mine. Two.\n");
  expect(committed()).toBe("One. Mine. Two.\n");
  expect(page.text.erased.current).toBeUndefined();
});

it("a passage that is removed stays on no device, as an edit that was acknowledged neither", async () => {
  const page = await opened();
  page.type(insert(0, "One. Secret. Two."));
  await flow();
  await wait(1_000);
  expect(await kept()).toContain("Secret");
  server.erase(topic, "u-clara", "A law.", "One. Two.");
  await flow();
  server.newLife();
  await wait(2_000);
  expect(await kept()).not.toContain("Secret");
  page.type(insert(9, " Three."));
  await flow();
  await wait(1_000);
  expect(await kept()).toContain("Three.");
  expect(committed()).toBe("One. Two. Three.\n");
});

it("an edit that was under way while a passage is removed is not lost: it is made again on what is left", async () => {
  const page = await opened();
  page.type(insert(0, "One. Secret. Two."));
  await flow();
  server.erase(topic, "u-clara", "A law.", "One. Two.");
  page.type(insert(17, " Three.")); // before the page has heard of it
  await flow();
  await wait(1_000);
  server.newLife();
  await wait(3_000);
  expect(shown(page)).toBe("One. Two. Three.\n");
  expect(committed()).toBe("One. Two. Three.\n");
  expect(page.text.parked.current).toEqual([]);
});

it("a passage that is removed while somebody looks never shows twice what is left", async () => {
  const page = await opened();
  page.type(insert(0, "One. Secret. Two."));
  await flow();
  const seen = new Set<string>();
  page.text.onChange(() => seen.add(shown(page)));
  server.erase(topic, "u-clara", "A law.", "One. Two.");
  await flow();
  server.newLife();
  await wait(2_000);
  expect([...seen]).toEqual(["One. Two.\n"]);
});

describe("of a text's erasures", () => {
  const redacted: Erasure = { ...erased, kind: "redacted", revision: 5 };

  it("the last one by a revision says whether it was closed then", () => {
    expect(closedAt([erased, redacted], 1)).toBeUndefined();
    expect(closedAt([erased, redacted], 2)).toBe(erased);
    expect(closedAt([erased, redacted], 4)).toBe(erased);
    expect(closedAt([erased, redacted], 5)).toBeUndefined();
  });

  it("the first one after a revision says by which that was forgotten, unless nothing had been written yet", () => {
    expect(forgottenSince([erased, redacted], 0)).toBeUndefined();
    expect(forgottenSince([erased, redacted], 1)).toBe(erased);
    expect(forgottenSince([erased, redacted], 4)).toBe(redacted);
    expect(forgottenSince([erased, redacted], 5)).toBeUndefined();
  });

  it("one is looked for only where something was written, nothing stands there and nothing is said", () => {
    const empty = { revision: 3, content: [{ insert: "\n" }], said: unsaid };
    expect(mayBeErased(empty)).toBe(true);
    expect(mayBeErased({ ...empty, revision: 0 })).toBe(false);
    expect(mayBeErased({ ...empty, content: [{ insert: "a\n" }] })).toBe(false);
    expect(mayBeErased({ ...empty, said: { ...unsaid, versions: [{ version: "v", name: "n", revision: 1, actor: "u", at: "" }] } })).toBe(false);
    expect(mayBeErased({ ...empty, erased })).toBe(false);
  });
});
