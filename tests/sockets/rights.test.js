// Nothing tells that something exists to those who may not read it, by whatever way they ask; and what is taken
// from somebody is taken at once.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { Client } from "./support/client.js";
import { within } from "./support/deadline.js";
import { messages, openapi, shared } from "./support/description.js";
import { EventStream } from "./support/event_stream.js";
import { Pen } from "./support/pen.js";
import { Group, noHurry, Server } from "./support/server.js";
import { twoTowns } from "./support/towns.js";

const partnership = "byshiv-bacsalmas";

// A world in which a proposal with texts and talk, a visit and two lists exist, and a stranger who may read none of
// them. `pairs`: the name of what exists, and of what does not, equally long.
async function closedWorld(server) {
  const towns = await twoTowns(server);
  const proposal = await towns.draft();
  const visit = `visit/${partnership}_${Client.newId()}`;
  await towns.does("officer", visit, "plan_visit", { partnership, title: "Pumps", host: "ua", kind: "meeting", from: "2030" });
  const text = `text/${proposal}/needs`;
  const pen = await Pen.open(server, towns.cookies.officer, text);
  await pen.write([{ insert: "Вода" }]);
  await towns.does("expert", text, "comment_text", { thread: "t-1", kind: "comment", base: 1, from: 0, to: 4, body: "?" });
  await towns.does("expert", text, "suggest_in_text", { suggestion: "s-1", base: 1, change: [{ delete: 1 }] });
  await pen.connection.close();
  const sites = proposal.replace("proposal/", "sites/");
  await towns.does("officer", sites, "record_site", { site: "s-1", audience: "partners" });
  await towns.does("officer", sites, "describe_site", { site: "s-1", audience: "partners", name: "Wells", kind: "waterworks" });
  const absent = (name) => name.slice(0, -1) + (name.endsWith("0") ? "1" : "0");
  return {
    ...towns, proposal, visit, text, sites,
    other: { proposal: absent(proposal), visit: absent(visit), sites: absent(sites), town: `${towns.ua.slice(0, -1)}X`, person: "u-nobody" },
  };
}

// The answer, with the name that was asked for taken out.
const blind = (text, name) => text.replaceAll(name, "NAME").replaceAll(encodeURIComponent(name), "NAME");

describe("what one may not read and what is not there are told apart", () => {
  const group = new Group();
  let server, world, stranger, size;

  after(() => group.end());
  before(async () => {
    server = await Server.start(group, { limits: noHurry });
    world = await closedWorld(server);
    stranger = world.cookies.stranger;
    size = (await server.read("/v1/views/towns", stranger)).size;
  });

  // Asks once for what is there and once for what is not; both must be refused, alike to the last byte.
  async function alike(ask, there, absent, what) {
    const [one, other] = [await ask(there), await ask(absent)];
    assert.equal(blind(one.text, there), blind(other.text, absent), what);
    assert.equal(one.status, other.status, what);
    assert.ok(one.status >= 400, `${what} was answered: ${one.text}`);
    const headers = ({ headers }) => [...headers].filter(([name]) => name !== "date");
    assert.deepEqual(headers(one), headers(other), what);
    return one;
  }

  const get = (address, more = {}) => (name) => server.fetch(address.replace("NAME", name), { cookie: stranger, ...more });

  // For each route of the description: how things are asked for by it, or why there is nothing to ask.
  const routes = {
    "/v1/views/{topic}": async () => {
      for (const kind of ["proposal", "visit"])
        for (const rest of ["", "?at=0", `?at=${size}`, "?at=999999999", "?time=2026-11-22", "?at=x"])
          await alike(get(`/v1/views/NAME${rest}`), world[kind], world.other[kind], `a view ${kind} ${rest}`);
      for (const view of ["", "/ua", "/eu", "/partners"])
        for (const rest of ["", `?at=${size}`, "?at=999999999"])
          await alike(get(`/v1/views/NAME${view}${rest}`), world.sites, world.other.sites, `sites${view} ${rest}`);
    },
    "/v1/lists/{topic}": async () => {
      for (const list of ["visits", "proposals", "feed", "partnerships"])
        for (const rest of ["", "?limit=1", `?at=${size}`, "?at=999999999", "?before=5"])
          await alike(get(`/v1/lists/${list}/NAME${rest}`), world.ua, world.other.town, `${list} ${rest}`);
    },
    "/v1/texts/{owner}/{id}/{section}": async () => {
      for (const rest of ["", "?revision=1", "?revision=99", "?at=0", "?at=999999999", "?time=2026-11-22"])
        await alike(get(`/v1/texts/NAME/needs${rest}`), world.proposal, world.other.proposal, `a text ${rest}`);
    },
    "/v1/texts/{owner}/{id}/{section}/authors": async () => {
      for (const rest of ["", "?revision=99"])
        await alike(get(`/v1/texts/NAME/needs/authors${rest}`), world.proposal, world.other.proposal, `authors ${rest}`);
    },
    "/v1/texts/{owner}/{id}/{section}/bursts": () =>
      alike(get("/v1/texts/NAME/needs/bursts"), world.proposal, world.other.proposal, "bursts"),
    "/v1/events": async () => {
      for (const accept of ["application/json", "application/x-ndjson", "text/event-stream"])
        for (const [address, there, absent] of [
          ["stream=NAME", world.proposal, world.other.proposal],
          ["stream=NAME", world.visit, world.other.visit],
          ["stream=NAME", world.sites, world.other.sites],
          ["stream=text/NAME/needs", world.proposal, world.other.proposal],
          ["stream=text/NAME/", world.proposal, world.other.proposal],
          ["stream=person/NAME", world.actors.officer, world.other.person],
          ["stream=municipality/NAME", world.ua, world.other.town],
          ["actor=NAME", world.actors.officer, world.other.person],
          ["organisation=NAME", world.ua, world.other.town],
          // One may read this partnership; where one goes on in it must not tell of anything else.
          [`stream=partnership/${partnership}&after=NAME@1`, world.proposal, world.other.proposal],
          [`stream=partnership/${partnership}&after=NAME@99`, world.proposal, world.other.proposal],
          [`stream=partnership/${partnership}&after=text/NAME/needs@1`, world.proposal, world.other.proposal],
          [`stream=partnership/${partnership}&after=person/NAME@1`, world.actors.officer, world.other.person],
        ])
          await alike(get(`/v1/events?${address}`, { headers: { accept } }), there, absent, `${accept} ${address}`);
    },
    "/v1/activity": async () => {
      for (const [stream, there, absent] of [
        ["NAME", world.proposal, world.other.proposal], ["NAME", world.visit, world.other.visit], ["NAME", world.sites, world.other.sites],
        ["text/NAME/", world.proposal, world.other.proposal], [`partnership/${partnership},NAME`, world.proposal, world.other.proposal],
      ])
        await alike(get(`/v1/activity?stream=${stream}&since=2026-11-22&step_ms=86400000&bars=3`), there, absent, `activity of ${stream}`);
    },
    "/v1/evidence/proposal/{id}": async () => {
      for (const rest of ["", "?at=1", "?at=0", "?at=999999999"])
        await alike(get(`/v1/evidence/NAME${rest}`), world.proposal, world.other.proposal, `evidence ${rest}`);
    },
    "/v1/keys": async () => {
      const sealed = async (stream) => (await server.read(`/v1/events?stream=${stream}&limit=1`, world.cookies.secretariat)).events[0].event.data.key;
      for (const stream of [`text/${world.proposal}/needs`, `person/${world.actors.officer}`]) {
        const key = await sealed(stream);
        for (const name of [key, `${key.slice(0, -3)}abc`]) assert.equal((await server.fetch(`/v1/keys?name=${name}`, { cookie: stranger })).text, '{"keys":{}}', `the key of ${stream}`);
      }
    },
    "/v1/clients": () =>
      alike((name) => server.fetch("/v1/clients", { method: "POST", cookie: stranger, body: JSON.stringify({ stream: `text/${name}/needs` }) }),
        world.proposal, world.other.proposal, "a writer"),
    "/v1/commands": () => {}, // below, each command
    "/v1/live": () => {}, // below, over the socket
    "/v1/invitations": () =>
      alike((name) => server.fetch("/v1/invitations", { method: "POST", cookie: stranger, body: JSON.stringify({ person: name }) }),
        world.actors.officer, world.other.person, "inviting again"),
    "/v1/invitations/{invitation}": async () => {
      const { json, text } = await server.fetch("/v1/invitations", {
        method: "POST", cookie: world.cookies.secretariat, body: JSON.stringify({ name: "Новий", organisation: world.ua, role: "officer", language: "uk" }),
      });
      assert.ok(json.invitation, text);
      const withdraw = (name) => server.fetch(`/v1/invitations/${name}`, { method: "DELETE", cookie: stranger });
      await alike(withdraw, json.invitation, `${json.invitation.slice(0, -3)}abc`, "an invitation");
    },
    ...Object.fromEntries(["/v1/sign-in/second-factor", "/v1/sign-out-everywhere", "/v1/me/account", "/v1/me/sessions", "/v1/me/sessions/{session}",
      "/v1/me/export", "/v1/me/password", "/v1/me/second-factor", "/v1/me/second-factor/confirm", "/v1/me/second-factor/remove", "/v1/me/tokens", "/v1/me/tokens/{token}"]
      .map((path) => [path, "about oneself: others' are not looked at"])),
    "/v1/openid": "public: which providers the page offers",
    "/v1/openid/{provider}/start": "providers of the settings, the same for everybody",
    "/v1/openid/{provider}/callback": "for whoever comes back from a provider with the state of a sign-in",
    "/v1/me/openid/{provider}/link": "about oneself",
    "/v1/me/openid/{provider}/unlink": "about oneself",
    "/v1/join/look": "for whoever holds the secret of a link",
    "/v1/join": "for whoever holds the secret of a link",
    "/v1/log/views": "auditors and the secretariat ask; it names nothing",
    "/tile/entries/{tile}": "auditors and the secretariat ask; it names nothing",
    "/checkpoint": "public, and about the whole log",
    "/tile/{level}/{tile}": "public hashes of salted entries",
    "/v1/log/key": "public",
    "/v1/log/cosigned": "public, and about the whole log",
    "/v1/proofs/inclusion": "public hashes of salted entries, by position",
    "/v1/proofs/consistency": "public hashes of salted entries",
    "/v1/me": "about oneself",
    "/v1/demo/people": "of a demo only, and everybody's",
    "/v1/sign-in": "of a demo only, by those whom the page shows",
    "/v1/sign-out": "about oneself",
    "/healthz": "public",
    "/readyz": "public",
    "/metrics": "counts only",
  };

  it("by no route of the description: each is here, or says why it names nothing", async () => {
    for (const path of Object.keys(openapi.paths)) {
      const route = routes[path];
      assert.ok(route, `${path} is not among the routes of this test: say how one asks for something by it`);
      if (typeof route === "function") await route();
    }
  });

  it("not to nobody either", async () => {
    for (const address of ["/v1/views/NAME", "/v1/texts/NAME/needs", "/v1/events?stream=NAME", "/v1/evidence/NAME"])
      await alike(get(address, { cookie: undefined }), world.proposal, world.other.proposal, address);
  });

  // As examples of the description, each command once: as it is done, where one of them is.
  const isDone = ({ summary }) => summary.endsWith("→ done");
  const examples = new Map([...messages.command.examples].sort((a, b) => isDone(a) - isDone(b)).map(({ payload }) => [payload.name, payload]));
  const kinds = { proposal: (name) => name, visit: (name) => name, text: (name) => `text/${name}/needs`, sites: (name) => name };

  it("by no command, by whatever stream it is sent to and whatever revision it expects", async () => {
    assert.deepEqual([...examples.keys()].sort(), Object.keys(shared.commands).sort());
    for (const [name, { data }] of examples)
      for (const [kind, stream] of Object.entries(kinds))
        for (const expected_revision of [undefined, 7]) {
          const id = Client.newId();
          const what = `${name} to a ${kind}, expecting ${expected_revision}`;
          const ask = (entity) => server.fetch("/v1/commands", {
            method: "POST", cookie: stranger, body: JSON.stringify({ id, stream: stream(entity), name, data, expected_revision }),
          });
          const of = kind === "text" ? "proposal" : kind;
          const [there, absent] = [world[of], world.other[of]];
          const { json } = await alike(ask, there, absent, what);
          assert.notEqual(json.code, "revision_mismatch", what);
        }
  });

  it("by no beginning of something in a partnership of one's own, under whatever id others took", async () => {
    const own = "novyi-bilous-kekava"; // the stranger's
    for (const [name, there, absent] of [
      ["draft_proposal", world.proposal, world.other.proposal], ["plan_visit", world.visit, world.other.visit],
      ["plan_visit", "visit/solotvyno-2022", "visit/solotvyno-2029"], // the secretariat chose it
    ])
      for (const expected_revision of [undefined, 0, 1, 7]) {
        const { data } = examples.get(name);
        const id = Client.newId();
        const ask = (stream) => server.fetch("/v1/commands", {
          method: "POST", cookie: stranger, body: JSON.stringify({ id, stream, name, data: { ...data, partnership: own }, expected_revision }),
        });
        const { json } = await alike(ask, there, absent, `${name} as ${there}, expecting ${expected_revision}`);
        assert.equal(json.code, "wrong_stream");
      }
    const mine = { stream: `visit/${own}_${Client.newId()}`, name: "plan_visit", data: { ...examples.get("plan_visit").data, partnership: own } };
    const begin = () => server.fetch("/v1/commands", { method: "POST", cookie: stranger, body: JSON.stringify({ id: Client.newId(), ...mine }) });
    assert.equal((await begin()).status, 200);
    assert.equal((await begin()).json.code, "already_exists");
  });

  it("by no command about people, of whom only the directory tells", async () => {
    for (const [name, { data }] of examples)
      for (const expected_revision of [undefined, 7]) {
        const id = Client.newId();
        const ask = (entity) => server.fetch("/v1/commands", {
          method: "POST", cookie: stranger, body: JSON.stringify({ id, stream: `person/${entity}`, name, data, expected_revision }),
        });
        await alike(ask, world.actors.officer, world.other.person, `${name} to a person`);
      }
  });

  it("over the socket: following, standing somewhere, commanding", async () => {
    const connection = await server.connect(stranger);
    const ask = (message) => async (name) => {
      const sent = JSON.parse(JSON.stringify(message).replaceAll("NAME", name));
      const frame = await connection.ask(sent, ({ type, topic, id }) => ["error", "refused"].includes(type) && (topic ?? id) === (sent.topic ?? sent.id),
        JSON.stringify(sent));
      return { text: JSON.stringify(frame), status: 400, headers: [] };
    };
    const cursor = { log: connection.frames[0].log, format: connection.frames[0].format, after: 1 };
    for (const more of [{}, cursor, { ...cursor, after: 999_999_999 }, { ...cursor, log: "0".repeat(32) }])
      for (const [topic, there, absent] of [
        ["NAME", world.proposal, world.other.proposal], ["NAME", world.visit, world.other.visit],
        ["text/NAME/needs", world.proposal, world.other.proposal],
        ...["NAME", "NAME/ua", "NAME/partners"].map((topic) => [topic, world.sites, world.other.sites]),
        ...["visits", "proposals", "feed", "partnerships"].map((list) => [`${list}/NAME`, world.ua, world.other.town]),
      ])
        await alike(ask({ type: "follow", topic, ...more }), there, absent, `following ${topic} ${JSON.stringify(more)}`);
    for (const place of [{}, { from: 0, to: 1 }, { from: 0, to: 999 }])
      await alike(ask({ type: "presence", topic: "text/NAME/needs", revision: 1, ...place }), world.proposal, world.other.proposal, "presence");
    for (const [name, { data }] of examples) {
      const id = Client.newId();
      await alike(ask({ type: "command", id, stream: "text/NAME/needs", name, data }), world.proposal, world.other.proposal, name);
      await alike(ask({ type: "command", id, stream: "NAME", name, data, expected_revision: 7 }), world.visit, world.other.visit, name);
    }
    await connection.close();
  });

  it("and whoever may read is told what is there", async () => {
    for (const who of ["officer", "friend", "expert", "auditor"]) {
      assert.equal((await server.read(`/v1/views/${world.proposal}`, world.cookies[who])).value.id, world.proposal.slice(9));
      assert.equal((await world.read(world.text, { who })).revision, 3);
    }
  });
});

// A connection that follows all that a test is about, and a stream of events.
async function listener(server, cookie, topics, stream) {
  const connection = await server.connect(cookie);
  for (const topic of topics) assert.equal((await connection.follow(topic)).type, "current", topic);
  const events = await EventStream.open(server, `/v1/events?stream=${stream}`, { cookie });
  await events.until(({ events: got }) => got.length > 0, "the past");
  return { connection, events };
}

// That each of the topics ended, with nothing of it afterwards, and nothing before it from `position` on.
function assertEnded({ connection }, topics, position) {
  for (const topic of topics) {
    const frames = connection.frames.filter((frame) => frame.topic === topic);
    assert.equal(frames.at(-1).type, "error", `${topic}: ${JSON.stringify(frames.at(-1))}`);
    assert.equal(frames.at(-1).problem.code, "may_not_read");
    for (const { size } of frames.slice(0, -1)) assert.ok(size === undefined || size <= position, `${topic} at ${size} after ${position}`);
  }
}

describe("a right that is taken", () => {
  const group = new Group();
  let server, towns;

  after(() => group.end());
  before(async () => {
    server = await Server.start(group);
    towns = await twoTowns(server);
  });

  // Edits the proposal and its text, and moves about, until told to stop.
  async function busy(proposal) {
    const pen = await Pen.open(server, towns.cookies.officer, `text/${proposal}/needs`);
    let running = true;
    const done = (async () => {
      for (let i = 0; running; ++i) {
        await pen.write([{ insert: `${i} ` }]);
        pen.connection.send({ type: "presence", topic: pen.topic, revision: pen.text.revision, from: 0, to: 1 });
        await towns.does("officer", proposal, "edit_proposal", { title: `Title ${i}` });
      }
    })();
    const size = async () => (await pen.connection.settle()).size;
    const goesOn = async (times) => {
      for (const until = pen.text.revision + times; pen.text.revision < until;) await pen.connection.frame(({ type }) => type === "events", "an edit");
    };
    return { pen, size, goesOn, stop: async () => { running = false; await done; await pen.connection.close(); } };
  }

  it("with the organisation ends all that it let one follow, at that place of the log", async () => {
    const proposal = await towns.draft();
    const topics = [proposal, `text/${proposal}/needs`, `feed/${towns.eu}`, `visits/${towns.eu}`];
    const writing = await busy(proposal);
    await writing.goesOn(3);
    const moving = await listener(server, towns.cookies.friend, [...topics, "towns", `partnership/${partnership}`], proposal);
    const staying = await listener(server, towns.cookies.friendMayor, topics, proposal);
    const person = `person/${towns.actors.friend}`;
    const { events } = await server.read(`/v1/events?stream=${person}`, towns.cookies.auditor);
    const moved = await towns.does("secretariat", person, "correct_person", { corrects: events[0].event.id, reason: "He moved.", organisation: "LV_0800800" });
    await writing.goesOn(5);
    await moving.connection.settle();
    await writing.stop();
    await moving.connection.settle();

    assertEnded(moving, topics, moved.from);
    assert.equal(moving.connection.frames.filter(({ type, topic }) => type === "error" && !topics.includes(topic)).length, 0);
    await within(moving.events.ended, "the end of the stream");
    assert.equal(moving.events.events.at(-1).type, "end");
    for (const event of moving.events.events.slice(0, -1)) assert.ok(EventStream.positionOf(event) < moved.from);
    for (const topic of topics) assert.equal((await moving.connection.follow(topic)).problem?.code, "may_not_read", topic);
    for (const path of [`/v1/views/${proposal}`, `/v1/texts/${proposal}/needs`, `/v1/evidence/${proposal}`, `/v1/lists/feed/${towns.eu}`])
      assert.equal((await server.fetch(path, { cookie: towns.cookies.friend })).json.code, "may_not_read", path);
    const { type, problem } = await moving.connection.command(`text/${proposal}/needs`, "comment_text", { thread: "t-9", kind: "comment", base: 1, from: 0, to: 1, body: "?" });
    assert.deepEqual([type, problem.code], ["refused", "not_found"]);

    await staying.connection.settle();
    for (const topic of topics) assert.ok(staying.connection.frames.filter((frame) => frame.topic === topic).every((frame) => frame.type !== "error"), topic);
    assert.ok(staying.connection.topics.get(proposal).size > moved.size);
    for (const one of [moving, staying]) await one.connection.close();
    await staying.events.hangUp();
  });

  it("with a town's partnership in a proposal ends its people's reading, and their places are gone for others", async () => {
    const proposal = await towns.draft();
    const text = `text/${proposal}/needs`;
    await towns.does("officer", proposal, "add_partner", { municipality: "LV_0800800" });
    const pen = await Pen.open(server, towns.cookies.officer, text);
    await pen.write([{ insert: "Вода" }]);
    const third = await listener(server, towns.cookies.stranger, [proposal, text, "proposals/LV_0800800"], proposal);
    const came = pen.connection.frame(({ type, present }) => type === "presence" && present.some(({ actor }) => actor === towns.actors.stranger), "their place");
    third.connection.send({ type: "presence", topic: text, revision: 1, from: 0, to: 2 });
    await came;
    const went = pen.connection.frame(({ type, gone }) => type === "presence" && gone?.length > 0, "their going");
    const removed = await towns.does("officer", proposal, "remove_partner", { municipality: "LV_0800800" });
    await went;
    await pen.write([{ insert: "для всіх " }]);
    await third.connection.settle();

    assertEnded(third, [proposal, text], removed.from);
    assert.ok(!third.connection.topics.get("proposals/LV_0800800").rows.has(proposal.slice(9)));
    assert.equal(third.connection.frames.filter(({ type, topic }) => type === "error" && topic === "proposals/LV_0800800").length, 0);
    await within(third.events.ended, "the end of the stream");
    assert.equal(JSON.parse(third.events.events.at(-1).data).code, "may_not_read");
    await third.connection.close();
    await pen.connection.close();
  });
});
