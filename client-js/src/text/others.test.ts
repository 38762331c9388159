import { beforeEach, describe, expect, it } from "vitest";
import { Profile, settle } from "../testing/device";
import { clock, committed, flow, fresh, insert, opened, ours, server, shown, topic } from "../testing/scene";
import { Delta } from "./delta";
import { inlineRebaser, type Rebaser } from "./rebase";

beforeEach(fresh);

describe("the order of events", () => {
  it("is kept when they come twice, or when some are missing", async () => {
    const page = await opened();
    server.edit(topic, "u-reka", [{ insert: "a" }]);
    await flow();
    const [first] = server.eventsAfter(topic, 0);
    const [connection] = server.connections;
    if (!first || !connection) throw new Error("nobody is connected");
    connection.say({ type: "events", topic, size: 1, revision: 1, events: [first] });
    await flow();
    expect(shown(page)).toBe("a\n");

    connection.followed.clear();
    server.edit(topic, "u-reka", [{ insert: "b" }]);
    connection.followed.add(topic);
    server.edit(topic, "u-reka", [{ insert: "c" }]);
    await flow();
    expect(shown(page)).toBe("cba\n");
  });

  it("goes on after a resync", async () => {
    const page = await opened();
    const [connection] = server.connections;
    if (!connection) throw new Error("nobody is connected");
    connection.followed.clear();
    server.edit(topic, "u-reka", [{ insert: "a" }]);
    connection.followed.add(topic);
    server.resync(connection, topic, 0);
    await flow();
    expect(shown(page)).toBe("a\n");
  });

  it("is the same where many events meet what is typed meanwhile, apart from the page", async () => {
    const jobs: (() => void)[] = [];
    const rebaser: Rebaser = (text, client) => {
      const job = inlineRebaser(text, client);
      return { ...job, end: (since) => new Promise((resolve) => { jobs.push(() => { void job.end(since).then(resolve); }); }) };
    };
    const page = await opened(ours, { rebaser });
    page.type(insert(0, "Мій текст"));
    await flow();
    page.offline();
    page.type(insert(9, " далі"));
    await settle();
    for (let i = 0; i < 450; i += 1) server.edit(topic, "u-reka", new Delta().retain(i * 2).insert("їх").ops);
    page.online();
    await flow();
    expect(page.text.sync.current).toEqual({ state: "merging", behind: 450 });
    page.type(insert(0, "і ще "));
    await flow();
    expect(page.frames).toHaveLength(1);
    for (const job of jobs) job();
    await flow();
    for (let i = 0; i < 50; i += 1) { clock.advance(1); await flow(); }
    expect(shown(page)).toBe(committed());
    expect(committed()).toContain("і ще");
    expect(committed()).toContain("далі");
    expect(page.text.merge.current).toMatchObject({ edits: 450, by: [{ actor: "u-reka", added: 900, places: 1 }] });
  });
});

describe("people", () => {
  it("see where the others stand, moved with the text, until they leave or fall silent", async () => {
    const theirs = new Profile("u-reka");
    const [one, two] = [await opened(), await opened(theirs)];
    one.type(insert(0, "Clean water"));
    await flow();
    two.text.point(6, 11);
    await flow();
    expect(one.text.people.current).toMatchObject([{ actor: "u-reka", from: 6, to: 11 }]);
    expect(two.text.people.current).toEqual([]);

    one.type(insert(0, "Very "));
    expect(one.text.people.current).toMatchObject([{ from: 11, to: 16 }]);
    await flow();
    expect(one.text.people.current).toMatchObject([{ from: 11, to: 16 }]);

    two.text.leave();
    clock.advance(100);
    await flow();
    expect(one.text.people.current).toEqual([]);

    two.text.point(0, 0);
    clock.advance(100);
    await flow();
    expect(one.text.people.current).toHaveLength(1);
    two.offline();
    for (let i = 0; i < 31; i += 1) { clock.advance(1_000); await flow(); }
    expect(one.text.people.current).toEqual([]);
  });

  it("stay in sight while they type, each letter behind which they stand", async () => {
    const [one, two] = [await opened(), await opened(new Profile("u-reka"))];
    one.type(insert(0, "Clean water"));
    await flow();
    two.text.point(5, 5);
    await flow();
    const places: (number | undefined)[] = [];
    const stop = one.text.people.subscribe((people) => { places.push(people[0]?.from); });
    for (let at = 5; at < 10; at += 1) {
      two.type(insert(at, "a"));
      two.text.point(at + 1, at + 1);
      await flow();
      clock.advance(20);
      await flow();
    }
    stop();
    expect(places.at(-1)).toBe(10);
    expect(places).not.toContain(undefined);
  });

  it("tell where they stand at most ten times a second, and again every ten seconds", async () => {
    const page = await opened();
    page.type(insert(0, "0123456789"));
    await flow();
    const told = () => page.messages.filter(({ type }) => type === "presence");
    for (let at = 0; at < 10; at += 1) { page.text.point(at, at); clock.advance(10); }
    expect(told().length).toBeLessThanOrEqual(2);
    clock.advance(100);
    expect(told().at(-1)).toMatchObject({ from: 9, to: 9, revision: 1 });
    const before = told().length;
    clock.advance(9_000);
    await flow();
    expect(told()).toHaveLength(before);
    clock.advance(1_000);
    expect(told()).toHaveLength(before + 1);
  });
});

describe("what is said of a text", () => {
  it("moves with it, and is an orphan when its passage is gone", async () => {
    const page = await opened();
    page.type(insert(0, "Clean water for both"));
    await flow();
    expect(page.text.anchor(6, 11)).toEqual({ base: 1, from: 6, to: 11 });
    server.record(topic, "u-reka", "text.commented", { thread: "t-1", kind: "comment", from: 6, to: 11, quote: "water", body: "Which?" });
    server.record(topic, "u-reka", "text.replied", { thread: "t-1", body: "All of it." });
    await flow();
    page.type(insert(0, "Very "));
    expect(page.text.threads.current.get("t-1")).toMatchObject({ from: 11, to: 16, replies: [{ body: "All of it." }], orphaned: false });
    await flow();
    expect(page.text.threads.current.get("t-1")).toMatchObject({ from: 11, to: 16 });
    page.type(new Delta().retain(10).delete(7).ops);
    await flow();
    expect(page.text.threads.current.get("t-1")).toMatchObject({ orphaned: true, quote: "water" });
  });

  it("is a suggestion that is re-based until somebody answers it", async () => {
    const page = await opened();
    page.type(insert(0, "Clean water"));
    await flow();
    const change = new Delta().retain(6).delete(5).insert("air").ops;
    server.record(topic, "u-reka", "text.suggested", { suggestion: "s-1", change: change as never, quote: "water" });
    await flow();
    page.type(insert(0, "Very "));
    await flow();
    expect(page.text.suggestions.current.get("s-1")?.change?.ops).toEqual(new Delta().retain(11).insert("air").delete(5).ops);
    const effect = new Delta().retain(11).insert("air").delete(5).ops;
    server.record(topic, "u-oksana", "text.suggestion_accepted", { suggestion: "s-1", change: effect as never }, effect);
    server.record(topic, "u-oksana", "text.version_named", { version: "v-1", name: "To the council", revision: 3 });
    await flow();
    expect(shown(page)).toBe("Very Clean air\n");
    expect(page.text.suggestions.current.get("s-1")).toMatchObject({ status: "accepted", answer: { actor: "u-oksana" } });
    expect(page.text.suggestions.current.get("s-1")).not.toHaveProperty("change");
    expect(page.text.versions.current).toMatchObject([{ version: "v-1", name: "To the council", revision: 3 }]);
  });
});
