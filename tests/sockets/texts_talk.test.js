// What is said about a text moves with it: comments, advice, suggestions, versions, and the way back.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";

import { Pen } from "./support/pen.js";
import { random } from "./support/random.js";
import { randomEdit } from "./support/random_edits.js";
import { Group, Server } from "./support/server.js";
import { lettersOf } from "./support/text_copy.js";
import { twoTowns } from "./support/towns.js";

describe("talk about a text", () => {
  const group = new Group();
  let server, towns, topic, here, there;

  after(() => group.end());
  before(async () => {
    server = await Server.start(group);
    towns = await twoTowns(server);
  });
  beforeEach(async () => {
    topic = await towns.text();
    here = await Pen.open(server, towns.cookies.officer, topic);
    there = await Pen.open(server, towns.cookies.friend, topic);
    await here.write([{ insert: "Вода для всіх людей" }]);
    await there.reach(1);
  });

  const says = async (who, name, data) => {
    const done = await towns.does(who, topic, name, data);
    await Promise.all([here.reach(done.revision), there.reach(done.revision)]);
    return done;
  };
  const refused = (who, name, data) => towns.refused(who, topic, name, data);
  const comment = (thread, from, to, more = {}) => 
    ({ thread, kind: "comment", base: here.text.revision, from, to, body: "Чому?", ...more });

  // The server's whole text, a follower's fold and a newcomer's snapshot are one.
  const agrees = async () => {
    const { threads = {}, suggestions = {}, versions = [], content, revision } = await towns.read(topic);
    const newcomer = await server.connect(towns.cookies.auditor);
    await newcomer.follow(topic);
    for (const { text } of [here, there, newcomer.topics.get(topic)]) {
      assert.equal(text.revision, revision);
      assert.deepEqual(text.content.ops, content);
      assert.deepEqual(text.threads, threads);
      assert.deepEqual(text.suggestions, suggestions);
      assert.deepEqual(text.versions, versions);
    }
    await newcomer.close();
    return { threads, suggestions, versions, content, revision };
  };

  it("a comment is answered, resolved and opened again", async () => {
    await says("friend", "comment_text", comment("t-1", 0, 4));
    await says("officer", "reply_in_text", { thread: "t-1", body: "Бо так" });
    await says("expert", "reply_in_text", { thread: "t-1", body: "Справді" });
    await says("mayor", "resolve_thread", { thread: "t-1" });
    let { threads } = await agrees();
    const { quote, replies, resolved, kind, from, to, body, actor, revision } = threads["t-1"];
    assert.deepEqual({ quote, kind, from, to, body, actor, revision },
      { quote: "Вода", kind: "comment", from: 0, to: 4, body: "Чому?", actor: towns.actors.friend, revision: 2 });
    assert.deepEqual(replies.map((one) => [one.actor, one.body]),
      [[towns.actors.officer, "Бо так"], [towns.actors.expert, "Справді"]]);
    assert.equal(resolved.actor, towns.actors.mayor);
    assert.equal(await refused("mayor", "resolve_thread", { thread: "t-1" }), "already_done");
    await says("friendMayor", "reopen_thread", { thread: "t-1" });
    ({ threads } = await agrees());
    assert.equal(threads["t-1"].resolved, undefined);
  });

  it("who may not speak, speaks of nothing or to nobody is told so", async () => {
    for (const [who, code] of [["auditor", "not_allowed"], ["stranger", "not_found"]])
      assert.equal(await refused(who, "comment_text", comment("t-1", 0, 4)), code, who);
    assert.equal(await refused("officer", "comment_text", comment("t-1", 4, 4)), "edit_out_of_range");
    assert.equal(await refused("officer", "comment_text", comment("t-1", 0, 100)), "edit_out_of_range");
    assert.equal(await refused("officer", "comment_text", comment("t-1", 0, 4, { base: 99 })), "base_from_future");
    assert.equal(await refused("officer", "reply_in_text", { thread: "t-none", body: "Алло?" }), "not_found");
    await says("officer", "comment_text", comment("t-1", 0, 4));
    assert.equal(await refused("friend", "comment_text", comment("t-1", 0, 4)), "already_exists");
    assert.equal(here.text.revision, 2);
  });

  it("a passage that would cut a character in two is refused", async () => {
    await here.write([{ insert: "🌊🌊" }]);
    for (const [from, to] of [[1, 2], [0, 1], [1, 3], [2, 3], [3, 5]])
      assert.equal(await refused("officer", "comment_text", comment("t-1", from, to)), "edit_out_of_range", `${from}–${to}`);
    await says("officer", "comment_text", comment("t-1", 2, 4));
    assert.equal((await agrees()).threads["t-1"].quote, "🌊");
  });

  it("advice is an expert's, and answered by those who write", async () => {
    assert.equal(await refused("officer", "comment_text", comment("t-1", 0, 4, { kind: "advice" })), "not_allowed");
    await says("expert", "comment_text", comment("t-1", 0, 4, { kind: "advice", body: "Назвіть річку." }));
    await says("expert", "comment_text", comment("t-2", 5, 8, { kind: "advice", body: "Для кого?" }));
    assert.equal(await refused("expert", "answer_advice", { thread: "t-1", answer: "accepted" }), "not_allowed");
    assert.equal(await refused("officer", "resolve_thread", { thread: "t-1" }), "wrong_status");
    await says("friend", "answer_advice", { thread: "t-1", answer: "accepted" });
    await says("mayor", "answer_advice", { thread: "t-2", answer: "declined", note: "Це вже сказано" });
    assert.equal(await refused("mayor", "answer_advice", { thread: "t-1", answer: "declined" }), "already_done");
    const { threads } = await agrees();
    assert.deepEqual([threads["t-1"].answer.answer, threads["t-1"].answer.actor], ["accepted", towns.actors.friend]);
    assert.deepEqual([threads["t-2"].answer.answer, threads["t-2"].answer.note], ["declined", "Це вже сказано"]);
    await says("officer", "comment_text", comment("t-3", 0, 4));
    assert.equal(await refused("officer", "answer_advice", { thread: "t-3", answer: "accepted" }), "wrong_status");
  });

  it("a suggestion changes nothing until the other side accepts it", async () => {
    const change = [{ retain: 5 }, { insert: "чиста " }, { delete: 4 }];
    await says("friend", "suggest_in_text", { suggestion: "s-1", base: 1, change, note: "Ясніше" });
    assert.equal(here.text.letters, "Вода для всіх людей\n");
    await here.write([{ insert: "О, " }]);
    await there.reach(here.text.revision);
    for (const who of ["friend", "friendMayor", "expert", "auditor"])
      assert.equal(await refused(who, "accept_suggestion", { suggestion: "s-1" }), "not_allowed", who);
    await says("officer", "accept_suggestion", { suggestion: "s-1" });
    assert.equal(here.text.letters, "О, Вода чиста всіх людей\n");
    const { suggestions } = await agrees();
    const { status, quote, answer, actor, note } = suggestions["s-1"];
    assert.deepEqual([status, quote, note], ["accepted", "для ", "Ясніше"]);
    assert.deepEqual([actor, answer.actor], [towns.actors.friend, towns.actors.officer]);
    assert.equal(suggestions["s-1"].change, undefined);
    assert.equal(await refused("officer", "accept_suggestion", { suggestion: "s-1" }), "already_done");
    const { runs } = await towns.read(topic, { rest: "/authors" });
    let at = 0;
    const accepted = runs.find(({ length }) => (at += length) > here.text.letters.indexOf("чиста"));
    assert.equal(accepted.actor, towns.actors.officer);
  });

  it("a suggestion is declined by the other side or taken back by its author", async () => {
    const suggest = (who, suggestion) => says(who, "suggest_in_text", { suggestion, base: 1, change: [{ delete: 4 }] });
    await suggest("friend", "s-1");
    await suggest("friend", "s-2");
    await suggest("expert", "s-3");
    assert.equal(await refused("friendMayor", "decline_suggestion", { suggestion: "s-1" }), "not_allowed");
    await says("officer", "decline_suggestion", { suggestion: "s-1", note: "Ні, дякуємо" });
    await says("friend", "decline_suggestion", { suggestion: "s-2" });
    await says("friend", "decline_suggestion", { suggestion: "s-3" });
    const { suggestions } = await agrees();
    assert.deepEqual(Object.values(suggestions).map(({ status }) => status), ["declined", "declined", "declined"]);
    assert.equal(suggestions["s-1"].answer.note, "Ні, дякуємо");
    assert.equal(here.text.letters, "Вода для всіх людей\n");
  });

  it("when the passage is gone, the thread and the suggestion stay and say so", async () => {
    await says("officer", "comment_text", comment("t-1", 5, 8));
    await says("officer", "comment_text", comment("t-2", 0, 8));
    const change = [{ retain: 5 }, { insert: "кожному" }, { delete: 3 }];
    await says("friend", "suggest_in_text", { suggestion: "s-1", base: 1, change });
    await here.write([{ retain: 5 }, { delete: 4 }]);
    await there.reach(here.text.revision);
    let { threads, suggestions } = await agrees();
    assert.deepEqual([threads["t-1"].orphaned, threads["t-1"].quote], [true, "для"]);
    assert.deepEqual([threads["t-2"].orphaned, threads["t-2"].from, threads["t-2"].to], [undefined, 0, 5]);
    assert.equal(suggestions["s-1"].orphaned, true);
    await here.write([{ retain: 5 }, { insert: "для " }]);
    await there.reach(here.text.revision);
    ({ threads, suggestions } = await agrees());
    assert.equal(threads["t-1"].orphaned, true);
    assert.equal(await refused("officer", "accept_suggestion", { suggestion: "s-1" }), "orphaned");
    await says("officer", "reply_in_text", { thread: "t-1", body: "Було тут" });
    await says("officer", "decline_suggestion", { suggestion: "s-1" });
    assert.equal(await refused("officer", "comment_text", comment("t-3", 5, 8, { base: 1 })), "orphaned");
    await agrees();
  });

  it("under random edits of both, every anchor and suggestion is where an own fold says", async () => {
    const dice = random("anchors");
    const edits = async (pen) => {
      const answer = await pen.send(pen.command(randomEdit(dice, pen.text.content).ops));
      assert.equal(answer.type, "done", JSON.stringify(answer));
      ++pen.sequence;
    };
    const speaks = async (pen, who, id) => {
      const base = pen.text.revision;
      const { length } = pen.text.letters;
      const from = dice.below(length - 1), to = from + 1 + dice.below(length - from - 1);
      const { status, json } = await (dice.below(2)
        ? towns.asks(who, topic, "comment_text", { ...comment(id, from, to), base })
        : towns.asks(who, topic, "suggest_in_text", { suggestion: id, base, change: randomEdit(dice, pen.text.content).ops }));
      assert.ok(status === 200 || ["orphaned", "edit_out_of_range"].includes(json.code), JSON.stringify(json));
    };
    const both = [[here, "officer"], [there, "friend"]];
    for (let i = 0; i < 120; ++i)
      await Promise.all(both.map(([pen, who]) => (dice.below(3) ? edits(pen) : speaks(pen, who, `r-${i}-${who}`))));
    const { revision } = await towns.read(topic);
    await Promise.all([here.reach(revision), there.reach(revision)]);
    const { threads, suggestions } = await agrees();
    const orphans = Object.values(threads).filter(({ orphaned }) => orphaned).length;
    const counts = [threads, suggestions].map((all) => Object.keys(all).length);
    console.log(`${counts[0]} threads, ${orphans} of them orphaned; ${counts[1]} suggestions; revision ${revision}`);
    assert.ok(counts[0] > 5 && counts[1] > 5);
  });

  it("a version is named, and bringing it back keeps authors and threads", async () => {
    await there.write([{ retain: 19 }, { insert: ", разом" }]);
    await here.reach(2);
    await says("officer", "comment_text", comment("t-1", 0, 4));
    await says("mayor", "name_text_version", { version: "v-1", name: "Надіслано до ради", revision: 3 });
    assert.equal(await refused("mayor", "name_text_version", { version: "v-2", name: "Завтра", revision: 99 }), "base_from_future");
    assert.equal(await refused("expert", "name_text_version", { version: "v-2", name: "Моє", revision: 1 }), "not_allowed");
    const wanted = here.text.letters;

    await here.write([{ retain: 5 }, { delete: 4 }, { retain: 4, attributes: { bold: true } }]);
    await here.write([{ insert: "Зайве. " }]);
    await there.reach(here.text.revision);
    assert.equal(await refused("auditor", "restore_text", { revision: 3 }), "not_allowed");
    await says("mayor", "restore_text", { revision: 3 });
    const { versions, threads, content, revision } = await agrees();
    assert.deepEqual(content, [{ insert: wanted }]);
    assert.deepEqual(versions.map(({ version, name, revision: at, actor }) => [version, name, at, actor]),
      [["v-1", "Надіслано до ради", 3, towns.actors.mayor]]);
    assert.deepEqual([threads["t-1"].from, threads["t-1"].to, threads["t-1"].orphaned], [0, 4, undefined]);
    assert.equal(revision, 7);

    const { runs } = await towns.read(topic, { rest: "/authors" });
    const authorOf = (passage) => {
      let at = 0;
      return runs.find(({ length }) => (at += length) > wanted.indexOf(passage)).actor;
    };
    for (const [passage, who] of [["Вода", "officer"], ["для", "mayor"], ["людей", "officer"], [", разом", "friend"]])
      assert.equal(authorOf(passage), towns.actors[who], passage);
  });

  it("approval freezes the texts it names, and withdrawing opens them again", async () => {
    const proposal = topic.slice("text/".length).replace("/objective", "");
    await says("friend", "suggest_in_text", { suggestion: "s-1", base: 1, change: [{ delete: 4 }] });
    assert.equal(await towns.refused("officer", proposal, "ask_approval"), "incomplete");
    const sections = ["needs", "target_groups", "partnership", "activities", "results", "risks", "sustainability"];
    for (const section of sections) {
      const pen = await Pen.open(server, towns.cookies.officer, `text/${proposal}/${section}`);
      await pen.write([{ insert: `Про ${section}` }]);
      await pen.connection.close();
    }
    const done = await towns.does("officer", proposal, "ask_approval");
    const { events } = await server.read(`/v1/events?from=${done.from}&limit=1`, towns.cookies.secretariat);
    assert.equal(events[0].event.type, "proposal.approval_asked");
    assert.deepEqual(events[0].event.data.texts, { objective: 2, ...Object.fromEntries(sections.map((section) => [section, 1])) });

    assert.equal((await here.refused([{ insert: "Ще. " }])).code, "locked");
    assert.equal(await refused("officer", "restore_text", { revision: 0 }), "locked");
    assert.equal(await refused("officer", "accept_suggestion", { suggestion: "s-1" }), "locked");
    await says("friend", "comment_text", comment("t-1", 0, 4));
    assert.equal(here.text.letters, "Вода для всіх людей\n");

    await towns.does("officer", proposal, "withdraw_approval", { version: 1, reason: "Ще не все" });
    await here.write([{ insert: "Ще. " }]);
    assert.equal(here.text.letters, "Ще. Вода для всіх людей\n");
    assert.equal(lettersOf((await towns.read(topic)).content), here.text.letters);
  });
});
