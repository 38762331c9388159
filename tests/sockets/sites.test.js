// Places of critical infrastructure: their audience reads what they are; everybody else, every file and every other
// answer learns how many there are.
import assert from "node:assert/strict";
import { cp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { Client } from "./support/client.js";
import { until } from "./support/deadline.js";
import { EventStream } from "./support/event_stream.js";
import { bringKeys, folderFor, Group, run, Server } from "./support/server.js";
import { twoTowns } from "./support/towns.js";

// Unmistakable, and in no other file: names, addresses, coordinates, equipment, remarks.
const secrets = {
  name: "Квазарна насосна", address: "провулок Перетинчастий 77", note: "zimmermann-telegram-note",
  asset: "Гідрант Мьобіуса", lat_e5: 5_043_217, lon_e5: 3_019_283, serves: 48_151,
};
const shared = { name: "Спільна вежа Ерланга", note: "jabberwock-shared-note" };
const words = [secrets.name, secrets.address, secrets.note, secrets.asset, `"lat_e5":${secrets.lat_e5}`, `"lon_e5":${secrets.lon_e5}`, ...Object.values(shared)];

const description = (site, audience, more = {}) => ({
  site, audience, name: secrets.name, kind: "pumping_station", address: secrets.address, lat_e5: secrets.lat_e5, lon_e5: secrets.lon_e5,
  serves: secrets.serves, assets: [{ name: secrets.asset, count: 3, condition: "worn" }], note: secrets.note, ...more,
});

async function filesWith(folder) {
  const found = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    for (const word of words) if (bytes.includes(word)) found.push(`${path.slice(folder.length + 1)}: ${word}`);
  }
  return found;
}

const wordsIn = (text) => words.filter((word) => text.includes(word));

describe("places of critical infrastructure", () => {
  const group = new Group();
  let server, towns, proposal, sites, saved, recordedAt;

  after(() => group.end());
  before(async () => {
    server = await Server.start(group, { args: ["--demo", "--log-level", "debug"] });
    towns = await twoTowns(server);
    proposal = await towns.draft();
    sites = proposal.replace("proposal/", "sites/");
    await towns.does("officer", sites, "record_site", { site: "s-1", audience: "town" });
    recordedAt = (await towns.does("officer", sites, "describe_site", description("s-1", "town"))).size;
    await towns.does("officer", sites, "record_site", { site: "s-2", audience: "partners" });
    await towns.does("mayor", sites, "describe_site", { site: "s-2", audience: "partners", name: shared.name, kind: "waterworks", note: shared.note });
  });

  const view = (topic, who, rest = "") => server.fetch(`/v1/views/${topic}${rest}`, { cookie: towns.cookies[who] });

  it("are read by their audience alone", async () => {
    for (const who of ["officer", "mayor"]) {
      const { json } = await view(`${sites}/ua`, who);
      assert.deepEqual(Object.keys(json.value), ["s-1"]);
      const { order, at, actor, side, ...said } = json.value["s-1"];
      const { site, audience, ...written } = description("s-1", "town");
      assert.deepEqual(said, written);
      assert.equal(side, "ua");
      assert.equal(actor, towns.actors.officer);
      assert.ok(order && at && site && audience);
    }
    for (const who of ["officer", "mayor", "friend", "friendMayor"])
      assert.equal((await view(`${sites}/partners`, who)).json.value["s-2"].name, shared.name);
    for (const who of ["friend", "friendMayor", "expert", "auditor", "secretariat", "stranger"]) {
      const { json, text } = await view(`${sites}/ua`, who);
      assert.equal(json.code, "may_not_read", who);
      assert.deepEqual(wordsIn(text), []);
    }
    for (const who of ["expert", "auditor", "secretariat", "stranger"])
      assert.equal((await view(`${sites}/partners`, who)).json.code, "may_not_read", who);
    assert.match((await view(`${sites}/ua`, "officer")).headers.get("cache-control"), /no-store/);
  });

  it("are counted by everybody who reads the proposal, and by nobody else", async () => {
    for (const who of ["officer", "friend", "expert", "auditor", "secretariat"]) {
      const { json, text } = await view(sites, who);
      assert.deepEqual(Object.entries(json.value.sites).map(([id, { side, audience }]) => [id, side, audience]), [["s-1", "ua", "town"], ["s-2", "ua", "partners"]]);
      assert.deepEqual(wordsIn(text), []);
    }
    assert.equal((await view(sites, "stranger")).json.code, "may_not_read");
  });

  it("answer whoever may not read them like those that are not there", async () => {
    const absent = sites.slice(0, -1) + (sites.endsWith("0") ? "1" : "0");
    for (const who of ["friend", "auditor", "stranger"])
      for (const rest of ["", `?at=${recordedAt}`, "?at=999999999", "?time=2026-11-22"]) {
        const [one, other] = [await view(`${sites}/ua`, who, rest), await view(`${absent}/ua`, who, rest)];
        assert.equal(one.status, other.status);
        assert.equal(one.text.replaceAll(sites, "S"), other.text.replaceAll(absent, "S"), `${who} ${rest}`);
      }
    const [live, gone] = await Promise.all([sites, absent].map(async (name) => {
      const client = await server.connect(towns.cookies.friend);
      const { problem } = await client.follow(`${name}/ua`);
      return JSON.stringify(problem).replaceAll(name, "S");
    }));
    assert.equal(live, gone);
    for (const name of [sites, absent])
      assert.equal(await towns.refused("stranger", name, "share_site", { site: "s-1" }), "not_found");
  });

  it("are in no answer to those who go through all events, nor in an export, a bundle or a feed", async () => {
    const answers = [];
    for (const who of ["auditor", "secretariat", "officer", "friend", "expert"])
      answers.push((await server.fetch(`/v1/events?stream=${sites}`, { cookie: towns.cookies[who] })).text);
    const { json } = await server.fetch(`/v1/events?stream=${sites}`, { cookie: towns.cookies.auditor });
    const described = json.events.filter(({ event }) => event.type === "site.described");
    assert.equal(described.length, 2);
    for (const { event, opened } of described) {
      assert.equal(opened, undefined);
      assert.deepEqual(Object.keys(event.data), ["key", "sealed"]);
    }
    for (const accept of ["application/json", "application/x-ndjson"])
      answers.push((await server.fetch("/v1/events?limit=500", { cookie: towns.cookies.auditor, headers: { accept } })).text);
    answers.push((await server.fetch("/v1/me/export", { cookie: towns.cookies.officer })).text);
    assert.match(answers.at(-1), /site\.described/);
    answers.push((await server.fetch("/v1/lists/feed/all?limit=50", { cookie: towns.cookies.auditor })).text);
    assert.match(answers.at(-1), /site\.recorded/);
    answers.push((await view(proposal, "officer")).text, (await view("directory", "officer")).text);
    await until(async () => Number((await server.fetch("/checkpoint")).text.split("\n")[1]) >= json.size, "a checkpoint of all");
    const bundle = await server.fetch(`/v1/evidence/${proposal}`, { cookie: towns.cookies.officer });
    assert.equal(bundle.status, 200);
    assert.doesNotMatch(bundle.text, /sites\//);
    answers.push(bundle.text);
    answers.push((await server.fetch("/metrics")).text);
    for (const text of answers) assert.deepEqual(wordsIn(text), []);
    const stream = await EventStream.open(server, `/v1/events?stream=${sites}`, { cookie: towns.cookies.auditor });
    await stream.until(({ events }) => events.length >= 4, "the events of the places");
    assert.deepEqual(wordsIn(JSON.stringify(stream.events)), []);
    await stream.hangUp();
  });

  it("are told live, and lost at the very place at which a right is taken", async () => {
    const client = await server.connect(towns.cookies.friend);
    const topic = `${sites}/partners`;
    await client.follow(topic);
    const patched = client.frame((frame) => frame.type === "patch" && frame.topic === topic, "the patch");
    await towns.does("officer", sites, "describe_site", { site: "s-2", audience: "partners", name: shared.name, kind: "bridge", note: shared.note });
    assert.deepEqual((await patched).patch["s-2"].kind, "bridge");

    const ended = client.frame((frame) => frame.type === "error" && frame.topic === topic, "the end");
    await towns.does("secretariat", `person/${towns.actors.friend}`, "change_role", { role: "expert", reason: "advises now" });
    assert.equal((await ended).problem.code, "may_not_read");
    await towns.does("officer", sites, "describe_site", { site: "s-2", audience: "partners", name: shared.name, kind: "waterworks", note: shared.note });
    await client.settle();
    const at = client.frames.findIndex((frame) => frame.type === "error" && frame.topic === topic);
    assert.ok(client.frames.slice(at + 1).every((frame) => frame.topic !== topic));
    assert.equal((await view(topic, "friend")).json.code, "may_not_read");
    await towns.does("secretariat", `person/${towns.actors.friend}`, "change_role", { role: "officer", reason: "back in office" });
    assert.equal((await view(topic, "friend")).json.value["s-2"].kind, "waterworks");
  });

  it("come back to a follower who was away, whole, and only when they changed", async () => {
    const client = await server.connect(towns.cookies.officer);
    const topic = `${sites}/ua`;
    await client.follow(topic);
    const { log, format, size } = client.frames[0];
    const again = await server.connect(towns.cookies.officer);
    again.topics.set(topic, { ...client.topics.get(topic) });
    await again.follow(topic, { log, format, after: size });
    assert.ok(again.frames.every((frame) => frame.type !== "snapshot"));
    await towns.does("officer", sites, "describe_site", description("s-1", "town", { serves: 1 }));
    await towns.does("officer", sites, "describe_site", description("s-1", "town"));
    const third = await server.connect(towns.cookies.officer);
    await third.follow(topic, { log, format, after: size });
    assert.equal(third.frames.find((frame) => frame.type === "snapshot").value["s-1"].serves, secrets.serves);
  });

  it("go to another audience under another key, and are lost by the old one, for the past too", async () => {
    assert.equal(await towns.refused("friend", sites, "share_site", { site: "s-1" }), "not_allowed");
    const before = (await towns.does("mayor", sites, "share_site", { site: "s-1" })).size;
    assert.equal((await view(`${sites}/partners`, "friend")).json.value["s-1"].name, secrets.name);
    assert.deepEqual((await view(`${sites}/ua`, "officer")).json.value, {});
    assert.equal(await towns.refused("officer", sites, "describe_site", description("s-1", "town", { name: "x" })), "wrong_status");

    const after = (await towns.does("officer", sites, "withdraw_site", { site: "s-1" })).size;
    assert.equal((await view(`${sites}/partners`, "friend")).json.value["s-1"], undefined);
    for (const at of [before, after])
      assert.deepEqual(wordsIn((await view(`${sites}/partners`, "friend", `?at=${at}`)).text).filter((word) => !Object.values(shared).includes(word)), []);
    // Its own town sees what it saw.
    assert.equal((await view(`${sites}/ua`, "mayor", `?at=${recordedAt}`)).json.value["s-1"].name, secrets.name);
    assert.deepEqual((await view(`${sites}/ua`, "mayor", `?at=${recordedAt - 1}`)).json.value, {});

    const { events } = (await server.fetch(`/v1/events?stream=${sites}&limit=100`, { cookie: towns.cookies.auditor })).json;
    assert.equal(new Set(events.filter(({ event }) => event.type === "site.described").map(({ event }) => event.data.key)).size, 3);
  });

  it("are in no file, before and after the server stops, and what it derives is as a rebuild has it", async () => {
    assert.deepEqual(await filesWith(server.data), []);
    saved = await folderFor(group);
    assert.equal((await run("backup", server.data, saved)).code, 0);
    assert.deepEqual(await filesWith(saved), []);
    await server.stop();
    assert.deepEqual(await filesWith(server.data), []);
    const compared = await run("replay", "--data", server.data, "--compare");
    assert.equal(compared.code, 0, compared.stdout + compared.stderr);
    for (const args of [["events", server.data], ["replay", "--data", server.data]]) {
      const { code, stdout, stderr } = await run(...args);
      assert.equal(code, 0, stderr);
      assert.deepEqual(wordsIn(stdout + stderr), []);
    }
    assert.deepEqual(wordsIn(server.stderr), []);
    await server.restart();
    towns.cookies.officer = await server.signIn(await server.person("officer", towns.ua));
    assert.equal((await view(`${sites}/ua`, "officer")).json.value["s-1"].name, secrets.name);
  });

  it("stay what they are when the views are folded anew", async () => {
    const copy = join(await folderFor(group), "data");
    await server.stop();
    await cp(server.data, copy, { recursive: true });
    await server.restart();
    await rm(join(copy, "views"), { recursive: true });
    const other = await Server.start(group, { data: copy });
    const cookie = await other.signIn(await other.person("officer", towns.ua));
    const { value } = await other.read(`/v1/views/${sites}/ua`, cookie);
    assert.equal(value["s-1"].name, secrets.name);
    await other.stop();
    assert.deepEqual(await filesWith(copy), []);
  });

  it("are forgotten for ever when their town erases them, live, without a new life of the server", async () => {
    for (const [who, role, town] of [["officer", "officer", towns.ua], ["mayor", "mayor", towns.ua], ["secretariat", "secretariat"], ["auditor", "auditor"]])
      towns.cookies[who] = await server.signIn(await server.person(role, town));
    assert.equal(await towns.refused("secretariat", sites, "erase_site", { site: "s-1" }), "not_allowed");
    const client = await server.connect(towns.cookies.officer);
    await client.follow(`${sites}/ua`);
    const gone = client.frame((frame) => frame.type === "patch" && frame.topic === `${sites}/ua`, "the place is gone");
    await towns.does("mayor", sites, "erase_site", { site: "s-1" });
    assert.deepEqual((await gone).patch, { "s-1": null });
    for (const rest of ["", `?at=${recordedAt}`])
      assert.deepEqual((await view(`${sites}/ua`, "officer", rest)).json.value, {});
    assert.deepEqual(Object.keys((await view(sites, "auditor")).json.value.sites), ["s-2"]);
    assert.equal(await towns.refused("officer", sites, "describe_site", description("s-1", "town")), "erased");
    await client.settle();
    assert.equal(client.socket.readyState, client.socket.OPEN);

    assert.deepEqual(await filesWith(server.data), []);
    const { code, stdout } = await run("verify", server.data);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^erased: what \d+ entries said/m);
    assert.equal((await run("keys", "check", server.data)).code, 0);
  });

  it("do not come back with an older backup", async () => {
    const restored = join(await folderFor(group), "data");
    assert.equal((await run("restore", saved, restored)).code, 0);
    await bringKeys(server.data, restored);
    const older = await Server.start(group, { data: restored });
    const cookie = await older.signIn(await older.person("officer", towns.ua));
    assert.deepEqual((await older.read(`/v1/views/${sites}/ua`, cookie)).value, {});
    assert.equal((await older.read(`/v1/views/${sites}/partners`, cookie)).value["s-2"].name, shared.name);
    for (const at of [recordedAt])
      assert.deepEqual((await older.read(`/v1/views/${sites}/ua?at=${at}`, cookie)).value, {});
    assert.deepEqual(await filesWith(restored), []);
    assert.equal((await run("verify", restored)).code, 0);
  });

  it("refuse a description that is none, and name the field", async () => {
    const client = await server.connect(towns.cookies.officer);
    const asked = (data) => client.command(sites, "describe_site", { site: "s-2", audience: "partners", name: "n", kind: "other", ...data }, { id: Client.newId() });
    assert.equal((await asked({ lat_e5: 1 })).problem.field, "lon_e5");
    assert.equal((await asked({ assets: [{ name: "a", condition: "rusty" }] })).problem.field, "assets");
  });
});
