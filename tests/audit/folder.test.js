// A server does not start on a folder that lost or changed what was signed.
import assert from "node:assert/strict";
import { cp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";

import { folderFor, run, Server } from "../sockets/support/server.js";

import { audit } from "./support/auditor.js";
import { copyFolder } from "./support/copy.js";
import { Log } from "./support/log.js";

const start = (data) => run("serve", "--data", data, "--listen", "127.0.0.1:0");
const said = ({ stderr }) => stderr.trim().split("\n").map((line) => JSON.parse(line)).find(({ level }) => level === "critical").message;

it("an older copy of the log beside its checkpoints is refused, and the right one goes on", async (test) => {
  const server = await Server.start(test);
  const older = await folderFor(test);
  await server.stop();
  await copyFolder(server.data, older);
  await server.restart();
  const log = await Log.of(server);
  const state = join(await folderFor(test), "state");
  await log.grow(5);
  await log.covered();
  assert.ok((await audit({ url: log.url, key: log.key, cookie: log.cookie, state })).ok);
  await server.stop();

  await cp(join(server.data, "checkpoints"), join(older, "checkpoints"));
  const refused = await start(older);
  assert.equal(refused.code, 1);
  assert.match(said(refused), /^cannot start: missing_acknowledged: the log has \d+ entries, but \d+ of them were signed/);
  const register = join(await folderFor(test), "eu.csv");
  await writeFile(register, "gisco_id,country,nuts3,name,population_2020,area_km2,lat,lon\nAT_10201,AT,AT112,Rust,1980,20.12,47.80118,16.67409\n");
  const imported = await run("import", "--data", older, register);
  assert.notEqual(imported.code, 0);
  assert.match(imported.stderr, /were signed and shown in a checkpoint/);
  const verified = await run("verify", "--data", older);
  assert.equal(verified.code, 1);
  assert.match(verified.stdout, /^wrong: \d+ entries were signed in a checkpoint, the log holds \d+: its end is missing/m);

  await server.restart();
  const again = await audit({ url: server.origin, key: log.key, cookie: await server.signIn(await server.person("auditor")), state });
  assert.ok(again.ok, again.said);
});

it("what was acknowledged is signed over a kill, and the key is the owner's alone", async (test) => {
  const server = await Server.start(test);
  const log = await Log.of(server);
  for (let round = 0; round < 4; ++round) {
    const size = await log.grow(3);
    await server.kill();
    await server.restart();
    Object.assign(log, { url: server.origin, cookie: await server.signIn(await server.person("auditor")) });
    const checkpoint = await log.checkpoint();
    assert.ok(checkpoint.size >= size, `${checkpoint.size} of ${size}`);
    log.desk = undefined;
  }
  const { ok, said: sentence } = await audit(log);
  assert.ok(ok, sentence);
  for (const name of ["checkpoint.key", "checkpoints"]) assert.equal((await stat(join(server.data, name))).mode & 0o777, 0o600);
});

it("a missing or another key, or a damaged checkpoint, is refused in a clear sentence", async (test) => {
  const server = await Server.start(test);
  await server.stop();
  const key = join(server.data, "checkpoint.key"), checkpoints = join(server.data, "checkpoints");
  const [right, signed] = [await readFile(key), await readFile(checkpoints)];

  await writeFile(key, Buffer.alloc(32, 7));
  assert.match(said(await start(server.data)), /^cannot start: corrupted: .*was not signed with/);
  await rm(key);
  assert.match(said(await start(server.data)), /^cannot start: corrupted: .*checkpoint\.key is missing/);
  await writeFile(key, right, { mode: 0o600 });
  const newest = signed.lastIndexOf("\n\nmosty.invalid") + 2;
  for (const place of [newest, newest + 60, signed.length - 20]) {
    const damaged = Buffer.from(signed);
    damaged[place] ^= 1;
    await writeFile(checkpoints, damaged);
    const { code } = await start(server.data);
    assert.equal(code, 1, `byte ${place}`);
    const verified = await run("verify", "--data", server.data);
    assert.equal(verified.code, 1, `byte ${place}: ${verified.stdout}`);
  }
  await writeFile(checkpoints, signed);
  const { code, stdout } = await run("verify", "--data", server.data);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^checkpoints: \d+, the newest of \d+ entries$/m);
  await server.restart();
});
