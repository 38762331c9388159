// Whoever may read a text gets all of it: whole, piece by piece, as it was, and who stands where.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import Delta from "quill-delta";

import { until } from "./support/deadline.js";
import { Pen } from "./support/pen.js";
import { Group, Server } from "./support/server.js";
import { lettersOf } from "./support/text_copy.js";
import { twoTowns } from "./support/towns.js";

const pieceBytesMax = 256 * 1024;
const bytesOf = (frame) => Buffer.byteLength(JSON.stringify(frame));

describe("reading a text", () => {
  const group = new Group();
  let server, towns, topic, officer, friend;

  after(() => group.end());
  before(async () => {
    server = await Server.start(group);
    towns = await twoTowns(server);
    ({ officer, friend } = towns.cookies);
  });
  beforeEach(async () => {
    topic = await towns.text();
  });

  it("whoever may read its proposal may follow and fetch it, and nobody else", async () => {
    const pen = await Pen.open(server, officer, topic);
    await pen.write([{ insert: "Вода" }]);
    for (const who of ["officer", "mayor", "friend", "friendMayor", "expert", "auditor", "secretariat"]) {
      const reader = await server.connect(towns.cookies[who]);
      const current = await reader.follow(topic);
      assert.deepEqual([current.type, current.revision], ["current", 1], who);
      assert.equal(reader.topics.get(topic).text.letters, "Вода\n");
      assert.equal(lettersOf((await towns.read(topic, { who })).content), "Вода\n");
      await reader.close();
    }
    const stranger = await server.connect(towns.cookies.stranger);
    const { type, problem } = await stranger.follow(topic);
    assert.deepEqual([type, problem.code], ["error", "may_not_read"]);
    const path = `/v1/${topic.replace("text", "texts")}`;
    for (const rest of ["", "/authors", "/bursts", "?revision=0"]) {
      assert.equal((await server.fetch(path + rest, { cookie: towns.cookies.stranger })).status, 403, rest);
      assert.equal((await server.fetch(path + rest)).status, 401, rest);
    }
    assert.equal((await server.fetch(`/v1/events?stream=${topic}`, { cookie: towns.cookies.stranger })).status, 403);
    await pen.write([{ insert: "Чиста " }]);
    await stranger.settle();
    assert.ok(!stranger.frames.some((frame) => frame.type === "events" || frame.type === "text"));
  });

  it("a section that no form has is no topic", async () => {
    const reader = await server.connect(officer);
    for (const name of [topic.replace("objective", "poetry"), topic + "/more", topic.replace("/objective", ""), "text"])
      assert.equal((await reader.follow(name)).problem?.code, "unknown_topic", name);
    const path = `/v1/${topic.replace("text", "texts").replace("objective", "poetry")}`;
    assert.equal((await server.fetch(path, { cookie: officer })).status, 404);
  });

  it("a text that nobody has written yet is one newline at revision 0", async () => {
    const reader = await server.connect(officer);
    assert.equal((await reader.follow(topic)).revision, 0);
    assert.equal(reader.topics.get(topic).text.letters, "\n");
    const { revision, revisions, content } = await towns.read(topic);
    assert.deepEqual({ revision, revisions, content }, { revision: 0, revisions: 0, content: [{ insert: "\n" }] });
  });

  it("a cursor of another log or of the future is answered with history_changed and the whole text", async () => {
    const pen = await Pen.open(server, officer, topic);
    await pen.write([{ insert: "Вода" }]);
    const { log, format } = pen.connection.frames[0];
    const foreign = { log: "0".repeat(log.length), format, after: 1 };
    for (const cursor of [foreign, { log, format, after: 2 }, { log, format, after: 2 ** 53 - 1 }]) {
      const reader = await server.connect(friend);
      const current = await reader.follow(topic, cursor);
      assert.equal(current.revision, 1);
      assert.deepEqual(reader.frames.slice(1, 3).map(({ type }) => type), ["history_changed", "text"]);
      assert.deepEqual([reader.frames[1].log, reader.frames[1].topic], [log, topic]);
      assert.equal(reader.topics.get(topic).text.letters, "Вода\n");
      await reader.close();
    }
    // Who is up to date hears nothing but that.
    const reader = await server.connect(friend);
    reader.topics.set(topic, { text: pen.text });
    await reader.follow(topic, { log, format, after: 1 });
    assert.deepEqual(reader.frames.slice(1).map(({ type }) => type), ["current"]);
  });

  // Three thousand edits: 8 MB of events, and a text that ends as it was.
  const flood = (pen) => {
    const filler = "вода ".repeat(600);
    const inAndOut = (_, i) => [{ retain: 1 }, i % 2 ? { delete: filler.length } : { insert: filler }];
    return pen.writeAll(Array.from({ length: 3_000 }, inAndOut), 20);
  };
  const gotEachOnce = (reader, from, pen) => {
    const text = reader.topics.get(topic).text; // which takes no event twice and misses none
    assert.equal(text.letters, pen.text.letters);
    const frames = reader.frames.slice(from);
    const pieces = frames.filter(({ type }) => type === "events");
    for (const piece of pieces) assert.ok(bytesOf(piece) <= pieceBytesMax, `a piece of ${bytesOf(piece)} bytes`);
    assert.ok(!frames.some(({ type }) => type === "text"), "what waits to be sent can only be taken over single edits");
    return pieces.length;
  };

  it("a reader who was away and reads slowly gets each edit once, in pieces, and goes on live", { timeout: 120_000 }, async () => {
    const pen = await Pen.open(server, officer, topic);
    await pen.write([{ insert: "Початок" }]);
    const away = await server.connect(friend);
    await away.follow(topic);
    const held = away.topics.get(topic);
    away.socket.terminate();
    await away.ended;
    await flood(pen);

    const back = await server.connect(friend);
    back.topics.set(topic, held);
    const { log, format } = back.frames[0];
    const all = back.frame((frame) => frame.topic === topic && held.text.revision === 3_101, "all edits", 60_000);
    back.send({ type: "follow", topic, log, format, after: 1 });
    back.socket.pause();
    await pen.writeAll(Array.from({ length: 100 }, () => [{ insert: "." }]));
    back.socket.resume();
    await all;
    assert.ok(gotEachOnce(back, 1, pen) > 30);
    assert.equal((await towns.read(topic)).revision, 3_101);
  });

  it("a reader too slow for what is written live is told so, and gets each edit once", { timeout: 120_000 }, async () => {
    const pen = await Pen.open(server, officer, topic);
    const slow = await server.connect(friend);
    await slow.follow(topic);
    const { text } = slow.topics.get(topic);
    const from = slow.frames.length;
    const all = slow.frame((frame) => frame.topic === topic && text.revision === 3_001, "all edits", 60_000);
    slow.socket.pause();
    await flood(pen);
    slow.socket.resume();
    await pen.write([{ insert: "." }]);
    await all;
    gotEachOnce(slow, from, pen);
    assert.ok(slow.frames.some(({ type }) => type === "resync"));
  });

  it("who comes, leaves and comes again while the other writes gets each edit once", { timeout: 120_000 }, async () => {
    const pen = await Pen.open(server, officer, topic);
    const writing = pen.writeAll(Array.from({ length: 400 }, () => [{ insert: "в" }]), 1);
    let written = false, times = 0;
    writing.finally(() => (written = true));
    const comesAndLeaves = async () => {
      const reader = await server.connect(friend);
      const { log, format } = reader.frames[0];
      await reader.follow(topic);
      const { text } = reader.topics.get(topic);
      while (!written) {
        reader.send({ type: "unfollow", topic });
        await reader.settle();
        await reader.follow(topic, { log, format, after: text.revision });
        ++times;
      }
      if (text.revision < 400) await reader.frame(() => text.revision === 400, "the last edit");
      await reader.settle();
      assert.equal(text.letters, "в".repeat(400) + "\n");
    };
    await Promise.all([writing, comesAndLeaves(), comesAndLeaves(), comesAndLeaves()]);
    console.log(`followed ${times} times`);
  });

  // What comes whole may be a little older than the text; the events since then follow.
  it("a text of nearly 200,000 letters comes whole, in parts of at most 256 KiB", { timeout: 60_000 }, async () => {
    const pen = await Pen.open(server, officer, topic);
    const filler = "їжак🌊 вода".repeat(18) + "\n";
    await pen.writeAll(Array.from({ length: 1_001 }, (_, i) => [{ insert: filler, ...(i % 2 ? { attributes: { bold: true } } : {}) }]));
    const reader = await server.connect(friend);
    const { revision } = await reader.follow(topic);
    assert.equal(revision, 1_001);
    const parts = reader.frames.filter(({ type }) => type === "text");
    assert.ok(parts.length > 1);
    parts.forEach((part, i) => {
      assert.deepEqual([part.part, part.parts, part.revision], [i, parts.length, parts[0].revision]);
      assert.ok(bytesOf(part) <= pieceBytesMax, `a part of ${bytesOf(part)} bytes`);
    });
    assert.deepEqual(reader.topics.get(topic).text.content, pen.text.content);
    assert.deepEqual((await towns.read(topic)).content, pen.text.content.ops);
  });

  it("the past is read by revision, by the log's size and by the moment", async () => {
    const pens = [await Pen.open(server, officer, topic), await Pen.open(server, friend, topic)];
    const seen = [{ revision: 0, content: [{ insert: "\n" }] }];
    for (let i = 0; i < 24; ++i) {
      const pen = pens[i >> 2 & 1];
      await pens[0].reach(i);
      await pens[1].reach(i);
      const change = new Delta().retain(i).insert(String.fromCodePoint(0x430 + i)).retain(1, i % 5 ? undefined : { header: 1 });
      const { size } = await pen.write(change.chop().ops);
      seen.push({ revision: i + 1, size, content: pen.text.content.ops });
    }
    const { events } = await server.read(`/v1/events?stream=${topic}&limit=500`, officer);
    for (const { revision, size, content } of seen) {
      const past = await towns.read(topic, { rest: `?revision=${revision}` });
      assert.deepEqual([past.topic, past.revision, past.revisions], [topic, revision, 24]);
      assert.deepEqual(past.content, content);
      if (!revision) continue;
      assert.equal(past.actor, towns.actors[(revision - 1) >> 2 & 1 ? "friend" : "officer"]);
      const bySize = await towns.read(topic, { rest: `?at=${size}` });
      assert.deepEqual([bySize.revision, bySize.content], [revision, content]);
      const { event } = events[revision - 1];
      const last = events.filter((one) => one.event.time <= event.time).at(-1).event;
      const byTime = await towns.read(topic, { rest: `?time=${event.time}` });
      assert.equal(byTime.revision, last.revision);
      assert.deepEqual(byTime.content, seen[last.revision].content);
    }
    const future = await server.fetch(`/v1/${topic.replace("text", "texts")}?revision=25`, { cookie: officer });
    assert.ok(future.status >= 400 && future.status < 500, future.text);
    assert.equal((await towns.read(topic, { rest: "?at=0" })).revision, 0);
  });

  it("bursts tell who wrote when, and authors who wrote what", async () => {
    const [here, there] = [await Pen.open(server, officer, topic), await Pen.open(server, friend, topic)];
    const appends = (pen, letter) => pen.write(new Delta().retain(pen.text.letters.length - 1).insert(letter).ops);
    for (const letter of "Вода") await appends(here, letter);
    await there.reach(4);
    for (const letter of [" ", "!", "🌊"]) await appends(there, letter);
    await here.reach(there.text.revision);
    await here.write([{ insert: "Чиста " }]);

    const { bursts, revision } = await towns.read(topic, { rest: "/bursts" });
    assert.equal(revision, 8);
    const { officer: mine, friend: theirs } = towns.actors;
    assert.deepEqual(bursts.map(({ from, to, actor }) => [from, to, actor]), [[8, 8, mine], [5, 7, theirs], [1, 4, mine]]);
    for (const { at, until: end } of bursts) assert.ok(at <= end);
    for (const { to, position } of bursts) {
      const { content, revision: then } = await towns.read(topic, { rest: `?at=${position + 1}` });
      assert.equal(then, to, "a burst's position is its last edit's");
      assert.ok(content);
    }
    assert.equal((await towns.read(topic, { rest: "/bursts?limit=1" })).bursts.length, 1);

    const { runs } = await towns.read(topic, { rest: "/authors" });
    let at = 0;
    const wrote = runs.map(({ length, actor }) => [here.text.letters.slice(at, (at += length)), actor]);
    assert.equal(at, here.text.letters.length);
    assert.deepEqual(wrote.slice(0, 3), [["Чиста ", mine], ["Вода", mine], [" !🌊", theirs]]);
    const before = await towns.read(topic, { rest: "/authors?revision=4" });
    assert.equal(before.revision, 4);
    assert.deepEqual([before.runs[0].length, before.runs[0].actor], [4, mine]);
  });

  it("where the other stands is seen while it is so, at most ten times a second", { timeout: 60_000 }, async () => {
    const [here, there] = [await Pen.open(server, officer, topic), await Pen.open(server, friend, topic)];
    await here.write([{ insert: "Вода для всіх" }]);
    await there.reach(1);
    const who = here.connection.frames[0].connection;
    const places = () => there.connection.frames.filter(({ type }) => type === "presence");
    const held = () => places().flatMap(({ present = [] }) => present).filter((one) => one.who === who);
    const stands = (from, to) => ({ type: "presence", topic, revision: 1, ...(from === undefined ? {} : { from, to }) });

    here.connection.send(stands(3, 5));
    await until(() => held().length, "the other's place");
    assert.deepEqual(held()[0], { who, actor: towns.actors.officer, revision: 1, from: 3, to: 5 });

    // A storm of moves: the last is seen, and between any eleven frames lies a second or nearly.
    const first = places().length;
    const came = [];
    const watch = there.connection.frame((frame) => {
      if (frame.type === "presence") came.push(performance.now());
      return frame.type === "presence" && frame.present?.some((one) => one.who === who && one.from === 9 && one.to === 10);
    }, "the last place");
    for (let i = 0; i < 300; ++i) {
      here.connection.send(stands(i % 9, 9));
      await pause(4);
    }
    here.connection.send(stands(9, 10));
    await watch;
    const seconds = (came.at(-1) - came[0]) / 1_000;
    console.log(`300 moves in ${seconds.toFixed(1)} s came as ${places().length - first} frames`);
    assert.ok(came.length <= 10 * seconds + 4);

    // A third who comes later sees who is there.
    const third = await Pen.open(server, towns.cookies.mayor, topic);
    const told = ({ type, present = [] }) => type === "presence" && present.some((one) => one.who === who);
    await until(() => third.connection.frames.some(told), "who is there already");

    // Gone: by leaving the text, and by leaving altogether.
    const isGone = (name) => there.connection.frame((frame) => frame.type === "presence" && frame.gone?.includes(name), "somebody goes");
    let gone = isGone(who);
    here.connection.send(stands());
    await gone;
    here.connection.send(stands(1, 1));
    await until(() => held().at(-1).from === 1, "the other is back");
    gone = isGone(who);
    here.connection.send({ type: "unfollow", topic });
    await gone;
    third.connection.send({ ...stands(2, 2) });
    const thirds = third.connection.frames[0].connection;
    await until(() => places().some(({ present = [] }) => present.some((one) => one.who === thirds)), "the third");
    gone = isGone(thirds);
    third.connection.socket.terminate();
    await gone;
    assert.equal((await towns.read(topic)).revision, 1);
  });
});
