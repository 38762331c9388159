// Whoever leaves hands over to a colleague: what was theirs alone is the successor's, and nothing else is.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { Browser, joined, password } from "./support/accounts.js";
import { Client } from "./support/client.js";
import { within } from "./support/deadline.js";
import { EventStream } from "./support/event_stream.js";
import { Pen } from "./support/pen.js";
import { Group, noHurry, Server } from "./support/server.js";
import { twoTowns } from "./support/towns.js";

const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
const succession = (to) => ({ to: to.actor, reason: "a longer journey" });
const leaving = { reason: "retired" };

describe("handing over", () => {
  const group = new Group();
  let server, towns, secretariat, text;
  let count = 0;

  before(async () => {
    server = await Server.start(group, { limits: noHurry });
    towns = await twoTowns(server);
    secretariat = new Browser(server);
    await secretariat.post("/v1/sign-in", { actor: towns.actors.secretariat });
    text = await towns.text("needs");
    const pen = await Pen.open(server, towns.cookies.officer, text);
    await pen.write([{ insert: "Water for all" }]);
    await pen.connection.close();
  });
  after(() => group.end());

  // Somebody new with an account.
  const someone = (organisation = towns.ua, role = "officer") =>
    joined(secretariat, { name: `Colleague ${++count}`, organisation, role }, `colleague${count}@town.ua`);
  const officers = (number) => Promise.all(Array.from({ length: number }, () => someone()));

  async function does(who, stream, name, data) {
    const { status, json, text: said } = await who.command(stream, name, data);
    assert.equal(status, 200, `${name}: ${said}`);
    return json;
  }

  async function refused(who, stream, name, data, code) {
    const { status, json, text: said } = await who.command(stream, name, data);
    assert.ok(status >= 400, `${name} was not refused: ${said}`);
    assert.equal(json.code, code, said);
  }

  const handsOver = (from, to, by = from) => does(by, `person/${from.actor}`, "hand_over", succession(to));

  async function suggests(who) {
    const suggestion = Client.newId();
    await does(who, text, "suggest_in_text", { suggestion, base: 1, change: [{ insert: "Clean " }] });
    return { suggestion };
  }

  const takesBack = (who, suggestion) => does(who, text, "decline_suggestion", suggestion);
  const mayNotTakeBack = (who, suggestion) => refused(who, text, "decline_suggestion", suggestion, "not_allowed");
  const directory = async () => (await server.read("/v1/views/directory", secretariat.cookie)).value;

  it("gives the successor what its suggester alone could do, and everybody learns who that is", async () => {
    const [first, second, other] = await officers(3);
    const suggestion = await suggests(first);
    await mayNotTakeBack(second, suggestion);
    await handsOver(first, second);
    assert.equal((await directory())[first.actor].successor, second.actor);
    await mayNotTakeBack(other, suggestion);
    await takesBack(second, suggestion);
    const { suggestions } = await towns.read(text);
    assert.deepEqual([suggestions[suggestion.suggestion].status, suggestions[suggestion.suggestion].answer.actor], ["declined", second.actor]);
  });

  it("makes nobody the judge of what they go on with", async () => {
    const [first, second] = await officers(2);
    const suggestion = await suggests(first);
    await handsOver(first, second);
    await refused(second, text, "accept_suggestion", suggestion, "not_allowed");
    await towns.does("friend", text, "accept_suggestion", suggestion);
  });

  it("reaches what is suggested afterwards, and what was before", async () => {
    const [first, second] = await officers(2);
    const before_ = await suggests(first);
    await handsOver(first, second);
    const after_ = await suggests(first);
    for (const suggestion of [before_, after_]) await takesBack(second, suggestion);
  });

  it("goes on from hand to hand, and everybody on the way may take it back", async () => {
    const people = await officers(8);
    const [first, ...later] = people;
    const suggestions = [];
    for (const _ of later) suggestions.push(await suggests(first));
    for (const [at, one] of later.entries()) await handsOver(people[at], one);
    for (const [at, one] of later.entries()) await takesBack(one, suggestions[at]);
    const own = await suggests(later.at(-1));
    await mayNotTakeBack(first, own); // it leads one way only
  });

  it("in a circle gives each what is the others', and holds nobody up", async () => {
    const [first, second, third, stranger] = await officers(4);
    for (const [from, to] of [[first, second], [second, third], [third, first]]) await handsOver(from, to);
    for (const who of [first, second, third]) {
      const suggestion = await suggests(first);
      await mayNotTakeBack(stranger, suggestion);
      await takesBack(who, suggestion);
    }
  });

  it("to somebody else puts that one in the place of the first, and the same again changes nothing", async () => {
    const [first, second, third] = await officers(3);
    const suggestion = await suggests(first);
    await handsOver(first, second);
    assert.equal((await handsOver(first, second)).count, 0);
    await handsOver(first, third);
    await mayNotTakeBack(second, suggestion);
    await takesBack(third, suggestion);
  });

  it("gives no account, no token and no deputy's days, and ends none", async () => {
    const [mayor, [first, second]] = await Promise.all([someone(towns.ua, "mayor"), officers(2)]);
    const today = new Date().toISOString().slice(0, 10);
    await does(mayor, `person/${mayor.actor}`, "appoint_deputy", { deputy: first.actor, from: today, until });
    const made = await first.post("/v1/me/tokens", { current: password, name: "script", scope: ["read"], until });
    assert.equal(made.status, 200, made.text);
    await handsOver(first, second);
    assert.deepEqual((await second.get("/v1/me/tokens")).json.tokens, []);
    assert.equal((await second.delete(`/v1/me/tokens/${made.json.token}`)).status, 404);
    assert.deepEqual((await Promise.all([first, second].map((one) => one.get("/v1/me")))).map(({ json }) => json.role), ["mayor", "officer"]);
    const bearer = await server.fetch("/v1/me", { headers: { authorization: `Bearer ${made.json.secret}` }, origin: null });
    assert.deepEqual([bearer.status, bearer.json.actor], [200, first.actor]);
    for (const name of ["sign_out_everywhere", "revoke_token", "set_password"]) {
      await refused(second, `person/${first.actor}`, name, name === "revoke_token" ? { token: made.json.token } : {}, "not_allowed");
    }
    assert.equal((await new Browser(server).signIn(`colleague${count}@town.ua`)).status, 200);
  });

  it("is done by the person, by colleagues of a role as high at least, and by the secretariat", async () => {
    const [mayor, [first, second, third]] = await Promise.all([someone(towns.ua, "mayor"), officers(3)]);
    await handsOver(first, second, third);
    await handsOver(second, third, mayor);
    await handsOver(mayor, first, secretariat);
    const people = await directory();
    assert.deepEqual([first, second, mayor].map(({ actor }) => people[actor].successor), [second, third, first].map(({ actor }) => actor));
    await refused(first, `person/${mayor.actor}`, "hand_over", succession(second), "not_allowed"); // a mayor stands higher
  });

  it("is refused to strangers, and to everybody who only looks on", async () => {
    const [first, second] = await officers(2);
    const onlookers = await Promise.all([["HU_10719", "officer"], ["HU_10719", "mayor"], ["auc", "auditor"], ["cemr", "expert"], ["cemr", "funder"]]
      .map(([organisation, role]) => someone(organisation, role)));
    for (const one of onlookers) await refused(one, `person/${first.actor}`, "hand_over", succession(second), "not_allowed");
    const nobody = await server.fetch("/v1/commands", { method: "POST", body: JSON.stringify({ id: Client.newId(), stream: `person/${first.actor}`, name: "hand_over", data: succession(second) }) });
    assert.deepEqual([nobody.status, nobody.json.code], [401, "not_signed_in"]);
    const made = await first.post("/v1/me/tokens", { current: password, name: "reads", scope: ["read"], until });
    const token = await server.fetch("/v1/commands", {
      method: "POST", origin: null, headers: { authorization: `Bearer ${made.json.secret}`, "content-type": "application/json" },
      body: JSON.stringify({ id: Client.newId(), stream: `person/${first.actor}`, name: "hand_over", data: succession(second) }),
    });
    assert.deepEqual([token.status, token.json.code], [403, "token_scope"]);
    assert.equal((await directory())[first.actor].successor, undefined);
  });

  it("is only to a colleague who takes part: not to oneself, to another town, to whoever has left, to nobody", async () => {
    const [[first, gone], elsewhere] = await Promise.all([officers(2), someone(towns.eu)]);
    await does(gone, `person/${gone.actor}`, "leave", leaving);
    const wish = (to, code) => refused(first, `person/${first.actor}`, "hand_over", succession(to), code);
    for (const to of [first, elsewhere]) await wish(to, "invalid_field");
    for (const to of [gone, { actor: "u-nobody" }]) await wish(to, "not_found");
    await refused(first, `person/${first.actor}`, "hand_over", { to: gone.actor }, "invalid_field"); // without a reason
    await refused(secretariat, "person/u-nobody", "hand_over", succession(first), "not_found");
  });

  it("ends with leaving: sessions, tokens, streams and all that is followed, at that place of the log", async () => {
    const [first, second] = await officers(2);
    const suggestion = await suggests(first);
    const made = await first.post("/v1/me/tokens", { current: password, name: "script", scope: ["read", "write"], until });
    const events = await first.post("/v1/me/tokens", { current: password, name: "events", scope: ["events"], until });
    const bearer = ({ json }) => ({ authorization: `Bearer ${json.secret}` });
    const elsewhere = new Browser(server);
    await elsewhere.signIn(`colleague${count - 1}@town.ua`);
    assert.equal((await elsewhere.get("/v1/me")).json.actor, first.actor);
    const proposal = text.replace(/^text\//, "").replace(/\/needs$/, "");
    const topics = ["directory", "towns", proposal, `feed/${towns.ua}`, text];
    const [here, there] = await Promise.all([first, elsewhere].map(({ cookie }) => server.connect(cookie)));
    for (const client of [here, there]) for (const topic of topics) assert.equal((await client.follow(topic)).type, "current");
    const stream = await EventStream.open(server, `/v1/events?stream=${proposal}`, { cookie: first.cookie });
    assert.equal(stream.status, 200);
    const ofToken = await EventStream.open(server, `/v1/events?stream=${proposal}`, bearer(events));
    assert.equal(ofToken.status, 200);
    const friend = await server.connect(towns.cookies.friend);
    await friend.follow(text);
    await here.ask({ type: "presence", topic: text, revision: 1, from: 1, to: 2 }, ({ type }) => type === "presence", "one's own place");
    await friend.settle();

    await handsOver(first, second);
    const stands = friend.frame(({ type, gone }) => type === "presence" && gone?.length > 0, "the place of the one who left is gone");
    const { from: position } = await does(first, `person/${first.actor}`, "leave", leaving);
    await towns.does("officer", proposal, "edit_proposal", { title: "What comes later" });

    for (const client of [here, there]) {
      assert.equal((await within(client.ended, "the connection ends")).code, 4001);
      assert.deepEqual([client.frames.at(-1).type, client.frames.at(-1).reason], ["bye", "signed_out"]);
      for (const topic of topics) {
        const last = client.frames.findLast((frame) => frame.topic === topic);
        assert.deepEqual([topic, last.type, last.problem?.code], [topic, "error", "not_signed_in"]);
      }
      const late = client.frames.filter(({ size }) => size > position);
      assert.deepEqual(late, [], "nothing of what came from that entry on");
    }
    await stands;
    for (const [one, code] of [[stream, "signed_out"], [ofToken, "not_signed_in"]]) {
      await within(one.ended, "the stream ends");
      const end = one.events.at(-1);
      assert.deepEqual([end.type, JSON.parse(end.data).code], ["end", code]);
      assert.ok(one.events.every(({ data }) => !data.includes("What comes later")));
    }
    for (const browser of [first, elsewhere]) {
      const { status, json } = await browser.get("/v1/me");
      assert.deepEqual([status, json.code], [401, "signed_out"]);
    }
    for (const token of [made, events]) {
      const path = token === made ? "/v1/me" : `/v1/events?stream=${proposal}`;
      assert.equal((await server.fetch(path, { headers: bearer(token), origin: null })).status, 401);
    }
    await assert.rejects(server.connect(first.cookie), /401/);
    assert.equal((await new Browser(server).signIn(`colleague${count - 1}@town.ua`)).json.code, "sign_in_refused");
    const gone = (await directory())[first.actor];
    assert.deepEqual([gone.left, gone.successor], [true, second.actor]);
    await takesBack(second, suggestion);
  });

  it("is possible after leaving, by those who stay", async () => {
    const [first, second, third] = await officers(3);
    const suggestion = await suggests(first);
    await does(first, `person/${first.actor}`, "leave", leaving);
    await mayNotTakeBack(second, suggestion);
    assert.equal((await first.command(`person/${first.actor}`, "hand_over", succession(second))).status, 401);
    await handsOver(first, second, third);
    await does(second, `person/${second.actor}`, "leave", leaving);
    await handsOver(second, third, secretariat);
    await takesBack(third, suggestion);
  });

  it("outlives a restart, and ends with an erasure, after which nobody knows who the successor was", async () => {
    const [first, second, third] = await officers(3);
    const suggestions = [await suggests(first), await suggests(first), await suggests(second)];
    await handsOver(first, second);
    await handsOver(second, third);
    await server.stop();
    await server.restart();
    await takesBack(third, suggestions[0]);
    await does(secretariat, `person/${first.actor}`, "erase_person", { reason: "asked for it" });
    await within((async () => {
      // The server begins a new life.
      for (;;) {
        const view = await server.fetch("/v1/views/directory", { cookie: secretariat.cookie }).catch(() => undefined);
        if (view?.status === 200 && view.json.value[first.actor].erased) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })(), "the server's next life", 30_000);
    assert.deepEqual((await directory())[first.actor], { erased: true });
    for (const who of [second, third]) await mayNotTakeBack(who, suggestions[1]);
    await takesBack(third, suggestions[2]); // what was the second one's own is the third one's
    const events = await server.fetch(`/v1/events?stream=person/${first.actor}&type=person.handed_over`, { cookie: secretariat.cookie });
    assert.equal(events.json.events.length, 1, "that something was handed over stays");
    assert.ok(!events.text.includes(second.actor), "to whom does not");
  });
});
