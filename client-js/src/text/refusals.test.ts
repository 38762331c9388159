import { beforeEach, describe, expect, it } from "vitest";
import { Profile, settle } from "../testing/device";
import { clock, committed, edits, flow, flowUp, fresh, insert, opened, ours, server, shown, topic, wait } from "../testing/scene";
import { memoryKeeping } from "./memory-keeping";

beforeEach(fresh);

describe("a refusal", () => {
  it("parks the edit with all that rests on it; the text is what is committed, and a reload keeps both so", async () => {
    const page = await opened();
    page.type(insert(0, "good"));
    await flow();
    server.refusals.push("locked");
    page.type(insert(4, " bad"));
    await settle();
    page.type(insert(8, ", worse"));
    const whys: string[] = [];
    page.text.onChange((_change, why) => whys.push(why));
    await flow();
    expect(shown(page)).toBe("good\n");
    expect(whys).toEqual(["parked"]);
    const [parked] = page.text.parked.current;
    expect(parked).toMatchObject({ problem: { code: "locked" }, text: " bad, worse", removed: 0, revision: 1, at: clock.now() });
    expect(parked?.change.ops).toEqual(insert(4, " bad, worse"));
    await page.kill();

    const next = await opened();
    expect(shown(next)).toBe("good\n");
    expect(next.text.parked.current).toMatchObject([{ text: " bad, worse" }]);
    next.text.dismissParked(parked?.id ?? "");
    await settle();
    await next.kill();
    expect((await opened()).text.parked.current).toEqual([]);
    expect(committed()).toBe("good\n");
  });

  it.each(["overloaded", "unavailable"])("as %s is no refusal: the same bytes go again later", async (code) => {
    const page = await opened();
    server.refusals.push(code);
    page.type(insert(0, "later"));
    await flow();
    expect(committed()).toBe("\n");
    clock.advance(600);
    await flow();
    expect(page.frames).toHaveLength(2);
    expect(page.frames[0]).toBe(page.frames[1]);
    expect(committed()).toBe("later\n");
  });

  it.each(["sequence_reused", "command_id_reused", "unknown_client", "sequence_gap"])(
    "as %s is about the writer: the edit goes again under a new name", async (code) => {
      const page = await opened();
      server.refusals.push(code);
      page.type(insert(0, "mine"));
      await settle();
      page.type(insert(4, " too"));
      await flow();
      await wait(2_000);
      expect(committed()).toBe("mine too\n");
      expect(shown(page)).toBe("mine too\n");
      const [first, second] = edits(page);
      expect(second?.id).not.toBe(first?.id);
      expect(second?.data).toMatchObject({ sequence: 1, change: [{ insert: "mine too" }] });
      expect(page.text.parked.current).toEqual([]);
    });

  it("of a copied profile, which wrote under the same name, loses neither one's letters", async () => {
    const page = await opened();
    page.type(insert(0, "a"));
    await flow();
    const disk = memoryKeeping();
    for (const note of await ours.disk.notes(ours.actor)) {
      const kept = await ours.disk.load(note);
      if (kept) await disk.write(note, { note, ...kept, parked: [], acknowledged: [] });
    }
    const copy = await opened(new Profile(ours.actor, disk));
    page.type(insert(1, "b"));
    copy.type(insert(1, "c"));
    await flow();
    await wait(2_000);
    expect([...committed().trim()].sort().join("")).toBe("abc");
    expect([shown(page), shown(copy)]).toEqual([committed(), committed()]);
  });

  const refuseTopic = async (code: string) => {
    for (const connection of server.connections) connection.say({ type: "error", topic, problem: { code, title: "", status: 403, detail: "" } });
    await flow();
  };

  it("to follow the text for want of room is told, and what is known of it stays", async () => {
    const page = await opened();
    page.type(insert(0, "known"));
    await flow();
    await refuseTopic("too_many_subscriptions");
    expect(page.text.sync.current).toMatchObject({ state: "refused", problem: { code: "too_many_subscriptions" } });
    expect(shown(page)).toBe("known\n");
  });

  it.each(["may_not_read", "not_signed_in"])("to read the text (%s) takes it from the page and from the device, of all tabs", async (code) => {
    const [page, other] = [await opened(), await opened()];
    page.type(insert(0, "secret"));
    await flow();
    server.refusals.push("locked");
    page.type(insert(0, "parked "));
    await flow();
    expect(page.text.parked.current).toHaveLength(1);
    await wait(1_000);
    page.offline();
    page.type(insert(0, "unsent "));
    await settle();
    page.online();
    expect(await ours.disk.unsent(ours.actor)).toMatchObject({ changes: 1, parked: 1 });
    await refuseTopic(code);
    for (const one of [page, other]) {
      expect(shown(one)).toBe("\n");
      expect(one.text.sync.current).toMatchObject({ state: "refused", problem: { code } });
      expect(one.text.parked.current).toEqual([]);
    }
    expect(await ours.disk.notes(ours.actor)).toEqual([]);
    expect(await ours.disk.parked(ours.actor, topic)).toEqual([]);

    page.type(insert(0, "still here?"));
    await wait(2_000);
    expect(shown(page)).toBe("\n"); // nothing is typed where nothing may be read
    expect(page.messages.filter(({ name }) => name === "edit_text").length).toBe(edits(page).length);
    await page.kill();
    await other.kill();
    expect(await ours.disk.notes(ours.actor)).toEqual([]);
    expect(committed()).toBe("secret\n");
  });

  it("to read a text that is not open is found out at the next visit, and it is forgotten", async () => {
    const page = await opened();
    page.type(insert(0, "known"));
    await flow();
    await wait(1_000);
    page.text.release();
    await settle();
    await page.kill();
    const place = { actor: ours.actor, slot: 0 };
    const [note] = await ours.disk.notes(ours.actor);
    const kept = note && await ours.disk.load(note);
    for (const other of ["text/proposal/p-1/needs", "text/proposal/p-2/needs"]) {
      const there = { ...place, topic: other };
      await ours.disk.write(there, { note: { ...there, unsent: 0, at: clock.now() }, ...(kept ? { checkpoint: kept.checkpoint } : {}), entries: [], parked: [], acknowledged: [] });
    }
    server.closed.add("text/proposal/p-2/needs");
    await opened();
    await settle();
    expect((await ours.disk.notes(ours.actor)).map((one) => one.topic).sort()).toEqual([topic, "text/proposal/p-1/needs"].sort());
    expect(await ours.disk.load({ ...place, topic: "text/proposal/p-2/needs" })).toBeUndefined();
  });

  it("to read the text is over when the right comes back: it is there whole, and can be written", async () => {
    const page = await opened();
    page.type(insert(0, "shared"));
    await flow();
    await refuseTopic("may_not_read");
    page.cut();
    await wait(2_000);
    expect(shown(page)).toBe("shared\n");
    page.type(insert(6, " again"));
    await flow();
    expect(committed()).toBe("shared again\n");
  });
});

describe("a server that was set back", () => {
  it("takes what is unsent; what only it had lost is parked, to be copied", async () => {
    const page = await opened();
    page.type(insert(0, "one"));
    await flow();
    page.type(insert(3, " two"));
    await flow();
    page.offline();
    page.type(insert(7, " three"));
    await settle();
    server.setBack(topic, 1, "log-2");
    page.online();
    await flow();
    await wait(2_000);
    expect(committed()).toBe("one three\n");
    expect(shown(page)).toBe(committed());
    expect(page.text.parked.current).toMatchObject([{ text: " two", problem: { code: "history_changed" } }]);
  });

  it("that still has the edit under way does not get it twice", async () => {
    const page = await opened();
    page.type(insert(0, "one"));
    await settle();
    await flowUp();
    page.offline();
    server.setBack(topic, 1, "log-2");
    page.online();
    await flow();
    await wait(2_000);
    expect(committed()).toBe("one\n");
    expect(shown(page)).toBe("one\n");
    expect(page.text.sync.current.state).toBe("saved-for-everyone");
  });
});
