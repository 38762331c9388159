import { beforeEach, describe, expect, it } from "vitest";
import { connect, type Client } from "./client";
import type { JsonObject } from "./json";
import type { Topic } from "./topics";
import { pageLocks } from "./text/locks";
import { memoryKeeping } from "./text/memory-keeping";
import { inlineRebaser } from "./text/rebase";
import type { TextWorld } from "./text/text-world";
import { FakeClock, FakeNetwork, SeededChance } from "./testing/world";

let clock: FakeClock;
let network: FakeNetwork;
let client: Client;

beforeEach(() => {
  clock = new FakeClock();
  network = new FakeNetwork();
  client = connect({ url: "ws://test/v1/live", socket: network.open, clock, random: new SeededChance(1) });
});

function edit(title: string, stream = "proposal/p-1") {
  return client.command(stream, "edit_proposal", { title });
}

function done(id: unknown, size = 1): JsonObject {
  return { type: "done", id: String(id), from: size - 1, count: 1, size, revision: 1 };
}

function refusal(id: unknown, code: string): JsonObject {
  return { type: "refused", id: String(id), problem: { code, title: code, status: 400, detail: "Why." } };
}

function view(topic: string, size: number, value: JsonObject): JsonObject[] {
  return [{ type: "snapshot", topic, size, value }, { type: "current", topic, size }];
}

function reconnect(): void {
  clock.advance(20_000);
  network.last.welcome();
}

describe("commands", () => {
  it("go out once the server has said welcome, and end with its answer", async () => {
    const handle = edit("A");
    expect(handle.current).toEqual({ state: "queued" });
    expect(network.last.sent).toEqual([]);

    network.last.welcome();
    expect(handle.current).toEqual({ state: "sent" });
    expect(network.last.of("command")).toEqual([
      { type: "command", id: handle.id, stream: "proposal/p-1", name: "edit_proposal", data: { title: "A" } },
    ]);

    network.last.say(done(handle.id, 132));
    expect(handle.current).toEqual({ state: "done", from: 131, count: 1, size: 132, revision: 1 });
    expect(await handle.finished).toMatchObject({ state: "done" });
    expect(client.waiting.current).toBe(0);
  });

  it("unacknowledged at a cut are sent again with the same id and bytes, in order", () => {
    network.last.welcome();
    const first = edit("A");
    const second = edit("B");
    const before = network.last.sent[0];
    network.last.cut();
    const third = edit("C");
    expect(first.current).toEqual({ state: "queued" });
    expect(client.waiting.current).toBe(3);

    reconnect();
    expect(network.last.sent[0]).toBe(before);
    for (const handle of [first, second, third]) {
      expect(network.last.of("command").at(-1)?.["id"]).toBe(handle.id);
      network.last.say(done(handle.id));
    }
    expect(network.last.of("command").map(({ data }) => data)).toEqual([{ title: "A" }, { title: "B" }, { title: "C" }]);
    expect(client.waiting.current).toBe(0);
  });

  it("of different streams do not wait for each other", () => {
    network.last.welcome();
    edit("A", "proposal/p-1");
    edit("B", "proposal/p-2");
    expect(network.last.of("command")).toHaveLength(2);
  });

  it("made offline leave together, in few messages", () => {
    for (let i = 0; i < 100; i += 1) edit("A", `proposal/p-${i}`);
    network.last.welcome();
    expect(network.last.sent).toHaveLength(2);
    expect(network.last.of("command")).toHaveLength(100);
  });

  it("refused are final and are not sent again", () => {
    network.last.welcome();
    const handle = edit("A");
    network.last.say(refusal(handle.id, "locked"));
    expect(handle.current).toMatchObject({ state: "refused", problem: { code: "locked", detail: "Why." } });
    network.last.cut();
    reconnect();
    expect(network.last.of("command")).toEqual([]);
  });

  it.each(["overloaded", "unavailable"])("answered %s are sent again later, unchanged, before anything newer", (code) => {
    network.last.welcome();
    const first = edit("A");
    network.last.say(refusal(first.id, code));
    const second = edit("B");
    expect(first.current).toEqual({ state: "queued" });
    expect(network.last.of("command")).toHaveLength(1);

    clock.advance(600);
    expect(network.last.of("command").map(({ id }) => id)).toEqual([first.id, first.id]);
    expect(network.last.sent[0]).toBe(network.last.sent[1]);
    network.last.say(done(first.id));
    expect(network.last.of("command").at(-1)?.["id"]).toBe(second.id);
  });

  it("answered twice are finished once", () => {
    network.last.welcome();
    const handle = edit("A");
    network.last.say(done(handle.id, 5), done(handle.id, 9));
    expect(handle.current).toMatchObject({ state: "done", size: 5 });
  });

  it("beyond a thousand are refused here, and say so", () => {
    for (let i = 0; i < 1_000; i += 1) edit(`T${i}`);
    const beyond = edit("too much");
    expect(beyond.current).toMatchObject({ state: "refused", problem: { code: "queue_full" } });
    expect(client.waiting.current).toBe(1_000);
  });

  it("too big for one message are refused here", () => {
    expect(edit("x".repeat(70_000)).current).toMatchObject({ state: "refused", problem: { code: "too_big" } });
  });

  it("of one person are never sent as another", () => {
    network.last.welcome();
    const handle = edit("A");
    network.last.cut();
    clock.advance(20_000);
    network.last.welcome(0, "log-1", "u-2");
    expect(handle.current).toMatchObject({ state: "refused", problem: { code: "signed_in_as_another" } });
    expect(network.last.of("command")).toEqual([]);
  });
});

describe("topics", () => {
  const topic = "proposal/p-1";

  it("take a snapshot, then patches, and ignore what they hold already", () => {
    network.last.welcome(5);
    const followed = client.follow(topic);
    expect(network.last.of("follow")).toEqual([{ type: "follow", topic, limit: 100 }]);
    network.last.say(...view(topic, 5, { title: "A", note: "x" }));
    const patch = { type: "patch", topic, size: 6, patch: { title: "B", note: null } };
    network.last.say(patch, patch, { type: "patch", topic, size: 5, patch: { title: "old" } });
    expect(followed.current).toMatchObject({ size: 6, value: { title: "B" }, status: { state: "current" } });
    expect(followed.current.value).not.toHaveProperty("note");
  });

  it("resume after a cut from what is held: nothing missing, nothing twice", () => {
    network.last.welcome(5);
    const followed = client.follow(topic);
    network.last.say(...view(topic, 5, { title: "A" }));
    network.last.cut();
    expect(followed.current.status).toEqual({ state: "waiting" });
    expect(followed.current.value).toEqual({ title: "A" });

    clock.advance(20_000);
    network.last.welcome(9);
    expect(network.last.of("follow")).toEqual([{ type: "follow", topic, limit: 100, log: "log-1", format: 1, after: 5 }]);
    network.last.say(
      { type: "patch", topic, size: 7, patch: { title: "B" } },
      { type: "current", topic, size: 9 },
    );
    expect(followed.current).toMatchObject({ size: 9, value: { title: "B" } });
  });

  it("ask anew from nothing when a change does not fit what is held", () => {
    network.last.welcome(5);
    const followed = client.follow(topic);
    network.last.say({ type: "patch", topic, size: 6, patch: { title: "B" } });
    expect(network.last.of("follow")).toHaveLength(2);
    expect(network.last.of("follow")[1]).not.toHaveProperty("after");
    network.last.say(...view(topic, 6, { title: "B" }));
    expect(followed.current.value).toEqual({ title: "B" });
  });

  it("take what follows a resync as the continuation", () => {
    network.last.welcome(5);
    const followed = client.follow(topic);
    network.last.say(...view(topic, 5, { n: 1 }));
    network.last.say({ type: "resync", topic });
    expect(client.link.current).toEqual({ state: "catching-up", behind: 1 });
    network.last.say({ type: "patch", topic, size: 8, patch: { n: 2 } }, { type: "current", topic, size: 8 });
    expect(followed.current).toMatchObject({ size: 8, value: { n: 2 } });
    expect(client.link.current).toEqual({ state: "live" });
  });

  it("start again when history changed, while the queue is kept", () => {
    network.last.welcome(50);
    const followed = client.follow(topic);
    network.last.say(...view(topic, 50, { title: "old log" }));
    network.last.cut();
    const handle = edit("A");

    clock.advance(20_000);
    network.last.welcome(3, "log-2");
    network.last.say({ type: "history_changed", topic, log: "log-2" }, ...view(topic, 3, { title: "new log" }));
    expect(followed.current).toMatchObject({ size: 3, value: { title: "new log" }, held: { log: "log-2" } });
    expect(network.last.of("command").map(({ id }) => id)).toEqual([handle.id]);
  });

  it("fold lists, and are told once a message", () => {
    network.last.welcome(5);
    const followed = client.follow("visits/all", { limit: 2 });
    network.last.say(
      { type: "snapshot", topic: "visits/all", size: 5, total: 2, rows: [{ id: "b", order: "2", size: 5 }, { id: "a", order: "1", size: 4 }] },
      { type: "current", topic: "visits/all", size: 5 },
    );
    let told = 0;
    followed.subscribe(() => { told += 1; });
    network.last.say(
      { type: "rows", topic: "visits/all", size: 6, total: 3, upsert: [{ id: "c", order: "3", size: 6 }] },
      { type: "rows", topic: "visits/all", size: 7, total: 2, upsert: [], remove: ["a"] },
    );
    expect(followed.current.window?.rows.map(({ id }) => id)).toEqual(["c", "b"]);
    expect(told).toBe(2);
  });

  it("that may not be followed say why", () => {
    network.last.welcome();
    const followed = client.follow(topic);
    network.last.say({ type: "error", topic, problem: { code: "may_not_read", title: "No", status: 403, detail: "" } });
    expect(followed.current.status).toMatchObject({ state: "refused", problem: { code: "may_not_read" } });
    expect(client.link.current).toEqual({ state: "live" });
  });

  it("that may not be read any more are shown and remembered no longer, nor any that nobody looks at", () => {
    const kept = new Map<string, Topic>();
    client.close();
    client = connect({
      url: "", socket: network.open, clock, random: new SeededChance(1),
      memory: {
        load: (name) => kept.get(name),
        save: (one) => { kept.set(one.name, one); },
        keepOnly: (names) => { for (const name of kept.keys()) if (!names.has(name)) kept.delete(name); },
      },
    });
    network.last.welcome();
    const followed = client.follow(topic);
    const towns = client.follow("towns");
    const left = client.follow("visit/v-9");
    for (const name of [topic, "towns", "visit/v-9"]) {
      network.last.say({ type: "snapshot", topic: name, size: 5, value: { title: "Water" } }, { type: "current", topic: name, size: 5 });
    }
    left.release();
    expect([...kept.keys()].sort()).toEqual([topic, "towns", "visit/v-9"].sort());
    network.last.say({ type: "error", topic, problem: { code: "may_not_read", title: "No", status: 403, detail: "" } });
    expect(followed.current.value).toBeUndefined();
    expect(followed.current.held).toBeUndefined();
    expect(towns.current.value).toEqual({ title: "Water" });
    expect([...kept.keys()]).toEqual(["towns"]);
    expect(client.follow("visit/v-9").current.value).toBeUndefined();
  });

  it("are followed once for all who look, and left after the last", () => {
    network.last.welcome();
    const one = client.follow(topic);
    const two = client.follow(topic);
    one.release();
    one.release();
    expect(network.last.of("unfollow")).toEqual([]);
    two.release();
    expect(network.last.of("follow")).toHaveLength(1);
    expect(network.last.of("unfollow")).toEqual([{ type: "unfollow", topic }]);
  });

  it("remembered from before are shown at once and resumed", () => {
    const saved: Topic[] = [];
    const remembered: Topic = {
      name: topic, limit: 100, size: 4, status: { state: "current" }, held: { log: "log-1", format: 1 }, value: { title: "kept" },
    };
    client = connect({
      url: "", socket: network.open, clock, random: new SeededChance(2),
      memory: { load: () => remembered, save: (held) => { saved.push(held); }, keepOnly: () => {} },
    });
    const followed = client.follow(topic);
    expect(followed.current).toMatchObject({ value: { title: "kept" }, status: { state: "waiting" } });
    network.last.welcome(4);
    expect(network.last.of("follow")[0]).toMatchObject({ after: 4, log: "log-1" });
    network.last.say({ type: "current", topic, size: 4 });
    expect(saved.at(-1)).toMatchObject({ name: topic, size: 4 });
  });
});

describe("what is restricted", () => {
  const restricted = "sites/p-1/ua";

  it("is neither stored on the device nor looked for there, and is gone when nobody looks any more", () => {
    const touched: string[] = [];
    const client = connect({
      url: "", socket: network.open, clock, random: new SeededChance(3),
      memory: { load: (name) => { touched.push(name); return undefined; }, save: ({ name }) => { touched.push(name); }, keepOnly: () => {} },
    });
    network.last.welcome();
    const followed = client.follow(restricted);
    const open = client.follow("sites/p-1");
    for (const topic of [restricted, "sites/p-1"]) {
      network.last.say({ type: "snapshot", topic, size: 5, value: { "s-1": { name: "Station" } } }, { type: "current", topic, size: 5 });
    }
    network.last.say({ type: "patch", topic: restricted, size: 6, patch: { "s-1": { name: "Other" } } });
    expect(followed.current.value).toEqual({ "s-1": { name: "Other" } });
    followed.release();
    open.release();
    expect(touched).toContain("sites/p-1");
    expect(touched).not.toContain(restricted);
    expect(client.follow(restricted).current.value).toBeUndefined();
    client.close();
  });
});

describe("a text", () => {
  const topic = "text/proposal/p-1/objective";
  const texts: TextWorld = {
    actor: "u-1", keeping: memoryKeeping(), locks: pageLocks(), rebaser: inlineRebaser,
    newClient: async () => ({ ok: true, value: "k-1" }),
    erasures: async () => ({ ok: true, value: [] }),
  };

  it("is followed by its revision, and the connection is live once it is current", async () => {
    client = connect({ url: "", socket: network.open, clock, random: new SeededChance(3), texts });
    const text = client.openText(topic);
    for (let i = 0; i < 20; i += 1) await Promise.resolve();
    network.last.welcome(5);
    expect(network.last.of("follow")).toEqual([{ type: "follow", topic }]);
    expect(client.link.current).toEqual({ state: "catching-up", behind: 1 });
    network.last.say(
      { type: "text", topic, size: 5, revision: 2, part: 0, parts: 1, content: [{ insert: "Water\n" }] },
      { type: "current", topic, size: 5, revision: 2 },
    );
    expect(client.link.current).toEqual({ state: "live" });
    expect(text.content.ops).toEqual([{ insert: "Water\n" }]);

    network.last.cut();
    clock.advance(20_000);
    network.last.welcome(5);
    expect(network.last.of("follow")).toEqual([{ type: "follow", topic, log: "log-1", format: 1, after: 2 }]);
    text.release();
    for (let i = 0; i < 20; i += 1) await Promise.resolve();
    expect(network.last.of("unfollow")).toEqual([{ type: "unfollow", topic }]);
  });

  it("cannot be opened by a client that was made without texts", () => {
    expect(() => client.openText(topic)).toThrow("without texts");
  });
});

describe("the connection", () => {
  it("is live when all that is followed is current", () => {
    const states: string[] = [];
    client.link.subscribe((link) => states.push(link.state));
    client.follow("directory");
    network.last.welcome(1);
    network.last.say(...view("directory", 1, {}));
    expect(states).toEqual(["connecting", "catching-up", "live"]);
  });

  it("asks after ten seconds of silence, and gives up five seconds later", () => {
    network.last.welcome();
    clock.advance(9_999);
    expect(network.last.of("ping")).toEqual([]);
    clock.advance(1);
    expect(network.last.of("ping")).toEqual([{ type: "ping", n: 1 }]);
    clock.advance(4_999);
    expect(client.link.current.state).toBe("live");
    clock.advance(1);
    expect(client.link.current.state).toBe("offline");
    expect(network.sockets[0]?.closedByClient).toBe(true);
  });

  it("stays while pongs come", () => {
    network.last.welcome();
    for (let n = 1; n <= 10; n += 1) {
      clock.advance(10_000);
      network.last.say({ type: "pong", n, size: 0 });
    }
    expect(client.link.current.state).toBe("live");
    expect(network.sockets).toHaveLength(1);
  });

  it("gives up a socket that never says welcome", () => {
    clock.advance(10_000);
    expect(client.link.current.state).toBe("offline");
  });

  it("tries again after pauses that grow from 0.25 s to at most 15 s, and remembers since when", () => {
    const since = clock.now();
    const pauses: number[] = [];
    for (let i = 0; i < 12; i += 1) {
      network.last.cut();
      const link = client.link.current;
      if (link.state !== "offline") throw new Error(link.state);
      expect(link.since).toBe(since);
      pauses.push(link.retryAt - clock.now());
      clock.advance(link.retryAt - clock.now());
    }
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(250);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(15_000);
    expect(pauses[0]).toBeLessThanOrEqual(500);
    expect(network.sockets).toHaveLength(13);
  });

  it("tries at once when the network comes back", () => {
    network.last.cut();
    client.wake();
    expect(network.sockets).toHaveLength(2);
    expect(client.link.current.state).toBe("connecting");
    clock.advance(5_000);
    expect(network.sockets).toHaveLength(2);
  });

  it("comes back after the pause that a leaving server asks for", () => {
    network.last.welcome();
    network.last.say({ type: "bye", reason: "restarting", after_ms: 1_200 });
    network.last.cut(1012);
    clock.advance(1_199);
    expect(network.sockets).toHaveLength(1);
    clock.advance(251);
    expect(network.sockets).toHaveLength(2);
  });

  it.each([1008, 4001])("does not insist once signed out, by %i", (code) => {
    network.last.welcome();
    network.last.cut(code);
    clock.advance(60_000);
    expect(client.link.current).toEqual({ state: "signed-out", why: "session_over" });
    expect(network.sockets).toHaveLength(1);
  });

  it.each(["signed_out", "session_over"])("tells how the sign-in has ended: %s", (reason) => {
    network.last.welcome();
    network.last.say({ type: "bye", reason, after_ms: 0 });
    network.last.cut(1006); // whatever else goes wrong then
    clock.advance(60_000);
    expect(client.link.current).toEqual({ state: "signed-out", why: reason });
    expect(network.sockets).toHaveLength(1);
  });

  it("drops a server that does not speak the protocol", () => {
    network.last.welcome();
    network.last.events.message("[{\"type\":\"patch\",\"topic\":5}]");
    expect(client.link.current.state).toBe("offline");
  });

  it("does not listen to a socket it has given up", () => {
    network.last.welcome();
    clock.advance(15_000);
    network.sockets[0]?.welcome(0, "log-1", "u-9");
    network.sockets[0]?.cut();
    expect(client.actor.current).toBe("u-1");
    expect(client.link.current.state).toBe("offline");
  });

  it("ends for good when closed", () => {
    network.last.welcome();
    client.close();
    clock.advance(60_000);
    expect(network.sockets).toHaveLength(1);
    expect(client.link.current).toEqual({ state: "closed" });
  });
});
