// What is sealed in the log, and what is left where somebody or something was erased: in no file, of no answer.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createDecipheriv } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { until } from "./support/deadline.js";
import { erases } from "./support/erasing.js";
import { Pen } from "./support/pen.js";
import { bringKeys, folderFor, Group, run, Server } from "./support/server.js";
import { lettersOf } from "./support/text_copy.js";
import { twoTowns } from "./support/towns.js";

const other = new URL("../../client-js/verifier/verify-bundle.mjs", import.meta.url).pathname;
const runOther = (file, ...args) =>
  new Promise((resolve) => execFile(process.execPath, [other, file, ...args], (error, stdout, stderr) => resolve({ code: error?.code ?? 0, text: stdout + stderr })));

// The files below a folder in which the words stand.
async function filesWith(folder, words) {
  const found = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await readFile(path)).includes(words)) found.push(path.slice(folder.length + 1));
  }
  return found;
}

const address = "Вулиця Садова 14, котельня";
const remark = "Nobody else may know where it is";

describe("sealing", () => {
  const group = new Group();
  let server, towns, text, proposal, saved, stranger;

  after(() => group.end());
  before(async () => {
    server = await Server.start(group);
    towns = await twoTowns(server);
    stranger = (await server.people()).find(({ actor }) => actor === towns.actors.stranger);
  });

  // The server begins a new life when something was erased; it is there again when its form of views is the new one.
  async function verifies() {
    const { code, stdout } = await run("verify", server.data);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^sound: /m);
    return stdout;
  }

  const bundle = async () => {
    const { size } = await server.read("/v1/events?limit=1", towns.cookies.auditor);
    await until(async () => Number((await server.fetch("/checkpoint")).text.split("\n")[1]) >= size, "a checkpoint of all");
    return (await server.fetch(`/v1/evidence/${proposal}`, { cookie: towns.cookies.officer })).json;
  };
  async function bundleVerifies(json) {
    const file = join(await folderFor(group), "bundle.json");
    await writeFile(file, JSON.stringify(json));
    const [ours, others] = [await run("verify-bundle", file), await runOther(file)];
    assert.equal(ours.code, 0, ours.stdout + ours.stderr);
    assert.equal(others.code, 0, others.text);
    return [ours.stdout, others.text];
  }

  it("lets nobody read names and texts in the log, and everybody who may in the answers", async () => {
    text = await towns.text("needs");
    proposal = text.slice(5, text.lastIndexOf("/"));
    const pen = await Pen.open(server, towns.cookies.officer, text);
    await pen.write([{ insert: `Опалення. ${address}. Дах.` }]);
    await towns.does("friend", text, "comment_text", { thread: "t-1", kind: "comment", base: 1, from: 10, to: 20, body: remark });

    // Neither in the log nor in what is derived from it, whatever RocksDB has done with it by now.
    const isNowhere = async () => {
      for (const words of [stranger.name, address, remark]) assert.deepEqual(await filesWith(server.data, words), []);
    };
    await isNowhere();
    await server.stop();
    await isNowhere();
    await server.restart();
    await isNowhere();
    assert.match(lettersOf((await towns.read(text, { who: "friend" })).content), /Садова 14/);
    const directory = await server.read("/v1/views/directory", towns.cookies.officer);
    assert.equal(directory.value[stranger.actor].name, stranger.name);

    const { events } = await server.read(`/v1/events?stream=${text}`, towns.cookies.officer);
    assert.deepEqual(Object.keys(events[0].event.data), ["key", "sealed"]);
    assert.equal(events[0].event.datacontenttype, "application/vnd.mosty.sealed+json");
    assert.equal(events[0].event.commandhash, "sealed");
    await verifies();
  });

  it("gives whoever may read a proposal the keys to its texts with the evidence", async () => {
    const json = await bundle();
    assert.equal(Object.keys(json.keys).length, 1);
    await bundleVerifies(json);
    const { keys: _keys, ...without } = json;
    const file = join(await folderFor(group), "bundle.json");
    await writeFile(file, JSON.stringify(without));
    assert.equal((await run("verify-bundle", file)).code, 1);
    assert.equal((await runOther(file)).code, 1);
  });

  it("gives the keys of what they may read to those who open it themselves, and to nobody else", async () => {
    const sealedIn = async (stream, who) => (await server.read(`/v1/events?stream=${stream}&limit=1`, towns.cookies[who])).events[0];
    const keysFor = async (who, ...names) => (await server.read(`/v1/keys?name=${names.join(",")}`, towns.cookies[who])).keys;
    const { event, opened } = await sealedIn(text, "officer");
    const person = (await sealedIn(`person/${towns.actors.officer}`, "auditor")).event.data.key;
    const own = event.data.key;
    assert.deepEqual(Object.keys(await keysFor("officer", own, person, "k-never")).sort(), [own, person].sort(), "oneself and one's own texts");
    assert.deepEqual(Object.keys(await keysFor("friend", own, person)), [own]);
    assert.deepEqual(await keysFor("stranger", own, person), {});
    assert.deepEqual(Object.keys(await keysFor("auditor", own, person)).length, 2);

    const [key, sealed] = [await keysFor("friend", own), Buffer.from(event.data.sealed, "base64")];
    const bytes = (await server.fetch(`/v1/events?stream=${text}&limit=1`, { cookie: towns.cookies.friend, headers: { accept: "application/x-ndjson" } })).text.trimEnd();
    const decipher = createDecipheriv("aes-256-gcm", Buffer.from(key[own], "base64"), sealed.subarray(0, 12)).setAAD(Buffer.from(bytes.slice(0, bytes.indexOf(event.data.sealed)))).setAuthTag(sealed.subarray(-16));
    assert.deepEqual(JSON.parse(decipher.update(sealed.subarray(12, -16), undefined, "utf8") + decipher.final("utf8")).data, opened);

    for (const name of ["", "abc", "k-A", `${own},`, Array.from({ length: 65 }, (_, index) => `k-${index}`).join(",")]) {
      const { status, json } = await server.fetch(`/v1/keys?name=${name}`, { cookie: towns.cookies.officer });
      assert.deepEqual([status, json.code, json.field], [422, "invalid_field", "name"], name.slice(0, 20));
    }
    assert.equal((await server.fetch(`/v1/keys?name=${own}`)).status, 401);
  });

  it("gives everybody all that is theirs, opened, and nothing of others", async () => {
    const mine = await server.read("/v1/me/export", towns.cookies.officer);
    assert.equal(mine.actor, towns.actors.officer);
    assert.equal(mine.profile.organisation, towns.ua);
    assert.match(JSON.stringify(mine.events), /Садова 14/);
    assert.doesNotMatch(JSON.stringify(mine.events), new RegExp(remark));
    const about = `person/${mine.actor}`;
    assert.ok(mine.events.every(({ event }) => event.actor === mine.actor || event.subject === about));
    assert.ok(mine.events.some(({ event }) => event.subject === about && event.data.name === mine.profile.name));
  });

  it("saves the log without its keys", async () => {
    saved = await folderFor(group);
    assert.equal((await run("backup", server.data, saved)).code, 0);
    for (const words of [stranger.name, address, remark]) assert.deepEqual(await filesWith(saved, words), []);
    assert.deepEqual((await readdir(saved)).filter((name) => /key/.test(name)), []);
  });

  it("forgets a person whom the secretariat erases, and nobody else may", async () => {
    assert.equal(await towns.refused("officer", `person/${stranger.actor}`, "erase_person", { reason: "asked for it" }), "not_allowed");
    const follower = await server.connect(towns.cookies.officer);
    await follower.follow("directory");
    const { log, format, size } = follower.frames[0];
    await erases(server, towns, `person/${stranger.actor}`, "erase_person", { reason: "asked for it" });
    assert.equal((await follower.ended).code, 1012);

    assert.deepEqual(await filesWith(server.data, stranger.name), []);
    const { value } = await server.read("/v1/views/directory", towns.cookies.officer);
    assert.deepEqual(value[stranger.actor], { erased: true });
    for (const at of [size, 100]) {
      const { value } = await server.read(`/v1/views/directory?at=${at}`, towns.cookies.officer);
      assert.doesNotMatch(JSON.stringify(value), new RegExp(stranger.name));
    }
    for (const args of [["events", server.data], ["replay", server.data]]) {
      const { code, stdout, stderr } = await run(...args);
      assert.equal(code, 0, stderr);
      assert.doesNotMatch(stdout, new RegExp(stranger.name));
    }
    assert.match(await verifies(), /^erased: what 1 entries said/m);

    // Who was there before must let go of what it holds.
    const back = await server.connect(towns.cookies.officer);
    const changed = await back.ask({ type: "follow", topic: "directory", log, format, after: size }, (frame) => frame.type === "history_changed", "the history has changed");
    assert.equal(changed.topic, "directory");
  });

  it("lets no erased person act or come back", async () => {
    assert.equal(await towns.refused("stranger", proposal, "edit_proposal", { title: "Mine" }), "signed_out");
    const profile = { name: "Somebody", organisation: towns.ua, role: "officer", language: "uk" };
    assert.equal(await towns.refused("secretariat", `person/${stranger.actor}`, "register_person", profile), "erased");
  });

  it("removes a passage and goes on with what is left", async () => {
    const from = "Опалення. ".length;
    await erases(server, towns, text, "redact_text", { base: 2, change: [{ retain: from }, { delete: address.length }], reason: "where something critical stands" });
    assert.equal(lettersOf((await towns.read(text)).content), "Опалення. . Дах.\n");
    for (const words of [address, remark]) assert.deepEqual(await filesWith(server.data, words), []);
    const pen = await Pen.open(server, towns.cookies.friend, text);
    await pen.write([{ insert: "Ще: " }]);
    assert.equal(pen.text.letters, "Ще: Опалення. . Дах.\n");
    assert.equal((await pen.refused([{ insert: "x" }], { base: 1 })).code, "erased");
    await verifies();

    const json = await bundle();
    assert.deepEqual(Object.values(json.keys).map((key) => key === null).sort(), [false, true]);
    for (const said of await bundleVerifies(json)) assert.match(said, /2 (of the )?events/);
  });

  it("forgets a text, closes it, and what it was at any time", async () => {
    const follower = await server.connect(towns.cookies.officer);
    await follower.follow(text);
    const { revision } = follower.topics.get(text).text;
    await erases(server, towns, text, "erase_text", { reason: "the owner asked for it" });
    assert.deepEqual(await filesWith(server.data, "Дах."), []);
    for (const rest of ["", "?revision=1", `?revision=${revision}`])
      assert.equal(lettersOf((await towns.read(text, { rest })).content), "\n");
    const pen = await Pen.open(server, towns.cookies.officer, text);
    assert.equal((await pen.refused([{ insert: "x" }])).code, "erased");
    const again = await server.connect(towns.cookies.officer);
    again.send({ type: "follow", topic: text, log: follower.frames[0].log, format: again.frames[0].format, after: 1 });
    await again.frame((frame) => frame.type === "history_changed", "what was held is no more");
    const { rows } = await server.read("/v1/lists/feed/all?limit=20", towns.cookies.auditor);
    const row = rows.find(({ type, stream }) => type === "text.commented" && stream === text);
    assert.deepEqual(row.data, { section: "needs", erased: true });
    await verifies();
    await bundleVerifies(await bundle());
  });

  it("brings nothing back when an older copy of the log is restored beside today's keys", async () => {
    const restored = join(await folderFor(group), "data");
    assert.equal((await run("restore", saved, restored)).code, 0);
    await assert.rejects(Server.start(group, { data: restored, args: [] }), /put the folder.s keys beside its log/);
    const { code, stdout } = await run("verify", restored);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^sealed: \d+ entries were not opened/m);

    await bringKeys(server.data, restored);
    const older = await Server.start(group, { data: restored });
    const cookie = await older.signIn(await older.person("secretariat"));
    const { value } = await older.read("/v1/views/directory", cookie);
    assert.deepEqual(value[stranger.actor], { erased: true });
    assert.ok(Object.values(value).filter(({ name }) => name).length > 5);
    const path = `/v1/${text.replace("text", "texts")}`;
    assert.equal(lettersOf((await older.read(path, cookie)).content), "\n");
    for (const words of [stranger.name, address, remark, "Дах."]) assert.deepEqual(await filesWith(restored, words), []);
    assert.equal((await run("verify", restored)).code, 0);
  });

  it("wraps its keys by a new master key when it stands still", async () => {
    assert.equal((await run("keys", "rotate", server.data)).code, 2);
    await server.stop();
    const before = await readFile(join(server.data, "master.key"));
    const rotated = await run("keys", "rotate", server.data);
    assert.equal(rotated.code, 0, rotated.stderr);
    assert.notDeepEqual(await readFile(join(server.data, "master.key")), before);
    const checked = await run("keys", "check", server.data);
    assert.equal(checked.code, 0, checked.stdout + checked.stderr);
    // Three of what was erased, and with each the one of what was derived before.
    assert.match(checked.stdout, /^keys: \d+, and 6 destroyed/m);
    await server.restart();
    const cookie = await server.signIn(await server.person("secretariat"));
    assert.equal(lettersOf((await server.read(`/v1/${text.replace("text", "texts")}`, cookie)).content), "\n");
    await verifies();
  });

  it("says where the master key of before still is when the new one goes elsewhere", async (test) => {
    await server.stop();
    const elsewhere = join(await folderFor(test), "new.key");
    const rotated = await run("keys", "rotate", server.data, "--to", elsewhere);
    assert.equal(rotated.code, 0, rotated.stderr);
    assert.ok(rotated.stdout.includes(`that of before is still in ${join(server.data, "master.key")}`), rotated.stdout);
    const checked = await run("keys", "check", server.data, "--master-key", elsewhere);
    assert.equal(checked.code, 0, checked.stdout + checked.stderr);
  });
});
