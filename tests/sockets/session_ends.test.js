// Sessions and tokens end by time to the moment, for whoever is connected too: over real sockets, at hours that
// the test chooses.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";

import { Browser, password, secretariatOf } from "./support/accounts.js";
import { within } from "./support/deadline.js";
import { EventStream } from "./support/event_stream.js";
import { MovedClock } from "./support/moved_clock.js";
import { folderFor, Server } from "./support/server.js";

const minute = 60, hour = 60 * minute;

// A server where sessions are over after five minutes unused or an hour, and somebody who never is: a token.
async function house(test) {
  const config = join(await folderFor(test), "mosty.toml");
  await writeFile(config, "[accounts]\nsession_idle_minutes = 5\nsession_hours = 1\n");
  const clock = await MovedClock.start(test);
  const server = await Server.start(test, { args: ["--config", config], env: clock.env });
  const olena = await secretariatOf(server);
  const day = (days) => new Date(Date.now() + days * 24 * hour * 1_000).toISOString().slice(0, 10);
  const tokenOf = async (scope, days) => {
    const { json } = await olena.post("/v1/me/tokens", { current: password, name: "script", scope, until: day(days) });
    return `Bearer ${json.secret}`;
  };
  const script = await tokenOf(["write", "events"], 40);
  let count = 0;
  const register = () => {
    const code = `HU_${++count}`;
    return ["municipality/" + code, "register_municipality", { name: `Baja ${count}`, country: "HU", scheme: "gisco", code, source: "test" }];
  };
  const byScript = (path, body) => server.fetch(path, { origin: null, headers: { authorization: script }, ...(body ? { method: "POST", body: JSON.stringify(body) } : {}) });
  // The script does something, and whoever may hears of it.
  const happens = async () => {
    const [stream, name, data] = register();
    assert.equal((await byScript("/v1/commands", { id: `c-script-${count}`, stream, name, data })).status, 200);
  };
  const recorded = async () => (await byScript("/v1/events?type=municipality.registered&limit=500")).json.events.length;
  return { server, clock, olena, tokenOf, register, happens, recorded };
}

async function isBidden(client, reason = "session_over") {
  assert.equal((await within(client.ended, "the connection ends")).code, 4001);
  assert.deepEqual([client.frames.at(-1).type, client.frames.at(-1).reason], ["bye", reason]);
}

async function endsWith(stream, code) {
  await within(stream.ended, "the stream ends");
  assert.deepEqual([stream.events.at(-1).type, JSON.parse(stream.events.at(-1).data).code], ["end", code]);
}

async function isOver(browser) {
  const { status, json } = await browser.get("/v1/me");
  assert.deepEqual([status, json.code], [401, "session_over"]);
}

it("what a connection says after its session was too long unused is not done, and wakes nothing", async (test) => {
  const { server, clock, register, recorded } = await house(test);
  for (const order of ["told before", "first to come"]) {
    const browser = new Browser(server);
    await browser.signIn("olena@cemr.eu");
    const [follower, writer, pinger] = await Promise.all([1, 2, 3].map(() => server.connect(browser.cookie)));
    const before = await recorded();
    await clock.moveTo((order === "told before" ? 0 : 10 * minute) + 5 * minute + 1);
    if (order === "told before") await isOver(browser);
    follower.send({ type: "follow", topic: "directory" });
    const [stream, name, data] = register();
    writer.send({ type: "command", id: `c-late-${order.length}`, stream, name, data });
    pinger.send({ type: "ping", n: 1 });
    for (const client of [follower, writer, pinger]) {
      await isBidden(client);
      assert.deepEqual(client.frames.map(({ type }) => type), ["welcome", "bye"]);
    }
    await isOver(browser);
    assert.equal(await recorded(), before);
    await clock.moveTo(0);
    await isOver(browser);
    await clock.moveTo(10 * minute);
  }
});

it("a session that somebody uses on one connection goes on for all of them, but for the hour", async (test) => {
  const { server, clock, olena, happens } = await house(test);
  const [used, quiet] = await Promise.all([1, 2].map(() => server.connect(olena.cookie)));
  const stream = await EventStream.open(server, "/v1/events", { cookie: olena.cookie });
  await quiet.follow("towns");
  let last = 0;
  for (let at = 4 * minute; at < hour; at += 4 * minute) {
    await clock.moveTo((last = at));
    await used.follow("directory");
    await happens();
  }
  assert.equal((await quiet.settle()).type, "pong");
  await stream.until(({ events }) => events.some(({ data }) => data.includes(`HU_${last / (4 * minute)}"`)), "all that happened");
  assert.equal((await olena.get("/v1/me")).status, 200);
  const seen = [quiet.frames.length, stream.events.length];
  await clock.moveTo(hour + 1);
  await happens();
  for (const client of [used, quiet]) await isBidden(client);
  await endsWith(stream, "session_over");
  assert.deepEqual([quiet.frames.length, stream.events.length], seen.map((count) => count + 1), "nothing of what came later");
  await isOver(olena);
});

it("the end comes by itself, at its time, when nobody does anything", async (test) => {
  const { server, clock, olena } = await house(test);
  for (let at = 4 * minute; at < hour; at += 4 * minute) {
    await clock.moveTo(at);
    assert.equal((await olena.get("/v1/me")).status, 200);
  }
  await clock.moveTo(hour - 4); // and some of it has passed
  const [client, stream] = await Promise.all([server.connect(olena.cookie), EventStream.open(server, "/v1/events", { cookie: olena.cookie })]);
  await within(isBidden(client), "the farewell", 6_000);
  await within(endsWith(stream, "session_over"), "the end of the stream", 1_000);
});

it("a stream of events that a token asked for has nothing of what came after the token’s last day", async (test) => {
  const { server, clock, tokenOf, happens } = await house(test);
  const authorization = await tokenOf(["events"], 1);
  const stream = await EventStream.open(server, "/v1/events", { authorization });
  await happens();
  await stream.until(({ events }) => events.some(({ data }) => data.includes("Baja 1")), "what came before");
  await clock.moveTo(48 * hour);
  await happens();
  await endsWith(stream, "not_signed_in");
  assert.ok(stream.events.every(({ data }) => !data.includes("Baja 2")));
  assert.equal((await server.fetch("/v1/events?limit=1", { origin: null, headers: { authorization } })).status, 401);
});
