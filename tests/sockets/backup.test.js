// Backups beside a running server, and what is made of them.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { it } from "node:test";

import { until } from "./support/deadline.js";
import { officerWithProposal } from "./support/demo.js";
import { random } from "./support/random.js";
import { binary, bringKeys, folderFor, run, Server } from "./support/server.js";

const rounds = process.env.MOSTY_LONG ? 60 : 12;

// What the backup's head says.
async function headOf(folder) {
  const text = await readFile(join(folder, "backup"), "utf8");
  const value = (name) => new RegExp(`^${name} (.*)$`, "m").exec(text)?.[1];
  return { size: Number(value("size")), root: value("root"), log: value("log"), key: value("key"), text };
}

async function linesOf(data) {
  const { code, stdout, stderr } = await run("events", "--data", data);
  assert.equal(code, 0, stderr);
  return stdout.trimEnd().split("\n");
}

// Eight people who write as fast as they are answered, until they are told to stop.
class Writers {
  acknowledged = []; // {id, from, count}, in the order of the answers

  constructor(server, world) {
    Object.assign(this, { server, world });
  }

  async start() {
    this.clients = await Promise.all(Array.from({ length: 8 }, () => this.server.connect(this.world.cookie)));
    this.running = this.clients.map((client, writer) => this.#write(client, writer));
  }

  async #write(client, writer) {
    for (let i = 0; !this.stopped; ++i) {
      const id = `writer-${writer}-${i}`;
      const answer = await client.command(this.world.proposal, "set_indicator",
        { indicator: `i-${writer}`, name: "Metres of pipe", unit: "m", target: i }, { id });
      assert.equal(answer.type, "done");
      if (answer.count) this.acknowledged.push({ id, from: answer.from });
    }
  }

  // How far the log is known to be durable.
  get size() {
    return Math.max(0, ...this.acknowledged.slice(-64).map(({ from }) => from + 1));
  }

  async stop() {
    this.stopped = true;
    await Promise.all(this.running);
  }
}

it("a backup beside eight writers, and the next, hold all that was acknowledged, and become a server again", { timeout: 300_000 }, async (test) => {
  const server = await Server.start(test);
  const world = await officerWithProposal(server);
  const to = join(await folderFor(test), "backup");
  const writers = new Writers(server, world);
  await writers.start();
  await until(() => writers.size > 1_500, "the writers have written");

  const bytes = [];
  const sizes = [];
  for (let round = 0; round < 3; ++round) {
    const acknowledgedBefore = writers.size;
    const { code, stdout, stderr } = await run("backup", server.data, to);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^saved [0-9,]+ entries of log [0-9a-f]{32}: /m);
    assert.match(stdout, /^not in it, and to be kept elsewhere: checkpoint\.key, clients\.key, credentials and credentials\.key/m);
    const { size } = await headOf(to);
    assert.ok(size >= acknowledgedBefore, "all that was acknowledged before it began is in it");
    sizes.push(size);
    bytes.push(Number(/ files and ([0-9,]+) bytes/.exec(stdout)[1].replaceAll(",", "")));
    const checked = await run("check-backup", to);
    assert.equal(checked.code, 0, checked.stdout);
    await until(() => writers.size > size + 200, "the writers go on");
  }
  await writers.stop();
  assert.ok(sizes[0] < sizes[1] && sizes[1] < sizes[2]);
  assert.ok(bytes[1] < bytes[0], "only what is new is written");
  assert.ok(!(await readdir(to)).some((name) => name.endsWith(".key")), "no key is in it");

  const restored = join(await folderFor(test), "data");
  const { code, stdout, stderr } = await run("restore", to, restored);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^restored [0-9,]+ entries into /m);
  const verified = await run("verify", "--data", restored);
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);

  // Byte for byte, and each acknowledged command where its answer said.
  const size = sizes.at(-1);
  const originals = (await linesOf(server.data)).slice(0, size);
  assert.deepEqual(await linesOf(restored), originals);
  let checked = 0;
  for (const { id, from } of writers.acknowledged) {
    if (from >= size) continue;
    assert.equal(JSON.parse(originals[from]).commandid, id);
    ++checked;
  }
  assert.ok(checked > 1_500);

  // A server starts on it, with the keys that are kept elsewhere. It is another log, so a cursor of the first means nothing.
  await bringKeys(server.data, restored);
  const again = await Server.start(test, { data: restored });
  const client = await again.connect(await again.signIn(world.officer));
  const [welcome] = client.frames;
  assert.notEqual(welcome.log, server.log);
  assert.equal(welcome.size, size);
  const told = client.frame((frame) => frame.type === "history_changed", "the other history");
  await client.follow(world.proposal, { log: (await headOf(to)).log, format: welcome.format, after: size - 1 });
  assert.equal((await told).log, welcome.log);
  const answer = await client.command(world.proposal, "edit_proposal", { title: "Written after a restore" });
  assert.equal(answer.type, "done");
  await again.stop();

  // The restored log goes on with the backup that it came from.
  const next = await run("backup", restored, to);
  assert.equal(next.code, 0, next.stderr);
  assert.equal((await headOf(to)).log, welcome.log);
});

it(`a backup killed anywhere leaves the one before, ${rounds} times over, and the next completes`, { timeout: 300_000 }, async (test) => {
  const { below } = random("backup: kill -9");
  const server = await Server.start(test);
  const world = await officerWithProposal(server);
  const to = join(await folderFor(test), "backup");
  const writers = new Writers(server, world);
  await writers.start();
  await until(() => writers.size > 1_000, "the writers have written");

  let whole = 0, killed = 0;
  const began = Date.now();
  assert.equal((await run("backup", server.data, to)).code, 0);
  const usual = Date.now() - began;
  let size = (await headOf(to)).size;
  for (let round = 0; round < rounds || (killed === 0 && round < 10 * rounds); ++round) {
    await until(() => writers.size > size + 300, "the writers go on");
    const child = spawn(binary, ["backup", server.data, to], { stdio: "ignore" });
    const timer = setTimeout(() => child.kill("SIGKILL"), below(usual + 1));
    const signal = await new Promise((resolve) => child.on("close", (_, by) => resolve(by)));
    clearTimeout(timer);
    signal ? ++killed : ++whole;
    const checked = await run("check-backup", to);
    assert.equal(checked.code, 0, `after ${killed} kills: ${checked.stdout}${checked.stderr}`);
    const now = (await headOf(to)).size;
    assert.ok(now >= size, "never less than before");
    size = now;
  }
  await writers.stop();
  console.log(`backups: ${killed} killed, ${whole} came to their end`);
  assert.equal((await run("backup", server.data, to)).code, 0);
  const checked = await run("check-backup", to);
  assert.equal(checked.code, 0, checked.stdout);
  assert.equal((await headOf(to)).size, await server.metric("mosty_log_size"));
  const leftovers = (await readdir(to, { recursive: true })).filter((name) => name.endsWith(".new"));
  for (const name of leftovers) assert.ok((await stat(join(to, name))).size < 17e6);
});

// A small sound backup, of which each test may spoil a copy.
async function small(test) {
  const server = await Server.start(test);
  await officerWithProposal(server);
  const folder = await folderFor(test);
  const to = join(folder, "backup");
  assert.equal((await run("backup", server.data, to)).code, 0);
  return { server, folder, to, size: (await headOf(to)).size };
}

it("a flipped bit in a backup is told with its position, and nothing is restored", async (test) => {
  const { folder, to } = await small(test);
  const file = join(to, "tile/entries/000");
  const bytes = await readFile(file);
  // In the third entry, behind two lengths and two entries.
  let at = 0;
  for (let i = 0; i < 2; ++i) at += 2 + bytes.readUInt16BE(at);
  bytes[at + 40] ^= 0x10;
  await writeFile(file, bytes);

  const restored = join(folder, "data");
  const { code, stdout, stderr } = await run("restore", to, restored);
  assert.equal(code, 1);
  assert.equal(stdout, "damaged: entry 2 is damaged, in tile/entries/000\n");
  assert.match(stderr, /^mosty restore: nothing was restored$/m);
  await assert.rejects(stat(restored));
  await assert.rejects(stat(`${restored}.restoring`));
  const checked = await run("check-backup", to);
  assert.equal(checked.code, 1);
  assert.match(checked.stdout, /^damaged: entry 2 is damaged, in tile\/entries\/000$/m);
});

it("a backup into its own data folder is refused, whatever way leads there", async (test) => {
  const { server, folder, to } = await small(test);
  const link = join(folder, "elsewhere");
  await symlink(server.data, link);
  const names = await readdir(server.data);
  for (const inside of [server.data, join(server.data, "backup"), join(server.data, "log", "a", "b"), join(link, "backup"), join(server.data, "..", basename(server.data), "backup")]) {
    const { code, stdout, stderr } = await run("backup", server.data, inside);
    assert.equal(code, 2, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /^mosty backup: .* lies in the data folder that is to be saved, and would be lost with it: name a folder elsewhere/);
  }
  assert.deepEqual(await readdir(server.data), names);
  assert.equal((await run("backup", link, to)).code, 0);
});

it("damaged, cut, empty and foreign backups are each refused in a sentence", async (test) => {
  const { server, folder, to, size } = await small(test);
  const restored = join(folder, "data");
  const refusal = async (spoil) => {
    const copy = join(folder, "spoiled");
    await rm(copy, { recursive: true, force: true });
    await cp(to, copy, { recursive: true });
    await spoil(copy);
    const { code, stdout, stderr } = await run("restore", copy, restored);
    assert.notEqual(code, 0);
    await assert.rejects(stat(restored));
    return { code, text: stdout + stderr };
  };
  const cut = await refusal((copy) => writeFile(join(copy, "tile/entries/000"), ""));
  assert.equal(cut.code, 1);
  assert.match(cut.text, /^damaged: entries 0 to 255: tile\/entries\/000: it holds 0 entries, not 256$/m);

  const missing = await refusal((copy) => rm(join(copy, "tile/entries/000")));
  assert.equal(missing.code, 1);
  assert.match(missing.text, /^damaged: entries 0 to 255: .*No such file/m);

  const head = await refusal(async (copy) => writeFile(join(copy, "backup"), (await headOf(copy)).text.replace(`size ${size}`, `size ${size - 1}`)));
  assert.equal(head.code, 1);
  assert.match(head.text, /it is damaged: its lines do not have the hash/);

  const none = await refusal((copy) => rm(join(copy, "backup")));
  assert.equal(none.code, 2);
  assert.match(none.text, /there is no backup in /);

  // Another log's backup is continued by nobody.
  const other = await Server.start(test);
  const foreign = await run("backup", other.data, to);
  assert.equal(foreign.code, 1);
  assert.match(foreign.stderr, /are not the first of this log|the log only/);
  assert.equal((await headOf(to)).log, (await headOf(to)).log);
  assert.equal((await run("check-backup", to)).code, 0);
  assert.equal((await run("backup", server.data, to)).code, 0);
});

it("a restore adds to nothing that is there, and one that was cut short is begun again", async (test) => {
  const { server, folder, to } = await small(test);
  const onto = await run("restore", to, server.data);
  assert.equal(onto.code, 2);
  assert.match(onto.stderr, /is not empty: name a folder that is not there yet/);

  const restored = join(folder, "data");
  await mkdir(`${restored}.restoring`);
  const inTheWay = await run("restore", to, restored);
  assert.equal(inTheWay.code, 2);
  assert.match(inTheWay.stderr, /\.restoring is in the way/);
  await writeFile(join(`${restored}.restoring`, "unfinished-restore"), "");
  await writeFile(join(`${restored}.restoring`, "mark"), "half");
  await mkdir(restored);
  assert.equal((await run("restore", to, restored)).code, 0);
  assert.equal((await run("verify", "--data", restored)).code, 0);
  assert.ok(!(await readdir(folder)).includes("data.restoring"));
});

it("a disk that takes no more ends a backup in a sentence, and the one before stays", async (test) => {
  const { server, folder, to, size } = await small(test);
  const world = await officerWithProposal(server);
  const client = await server.connect(world.cookie);
  for (let i = 0; i < 300; ++i)
    await client.command(world.proposal, "set_indicator", { indicator: "i-1", name: "Pipe", unit: "m", target: i });
  // No file may be longer than 16 KiB, as if there were no room for it.
  const limited = async (...args) => {
    const child = spawn("bash", ["-c", `ulimit -f 16; trap '' XFSZ; exec "$0" "$@"`, binary, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    return { code: await new Promise((resolve) => child.on("close", resolve)), stderr };
  };
  const failed = await limited("backup", server.data, to);
  assert.equal(failed.code, 2);
  assert.match(failed.stderr, /^mosty backup: cannot write .*tile\/entries\/.*File too large$/m);
  assert.equal((await headOf(to)).size, size);
  assert.equal((await run("check-backup", to)).code, 0);
  assert.equal((await run("backup", server.data, to)).code, 0);

  const restored = join(folder, "data");
  const unrestored = await limited("restore", to, restored);
  assert.equal(unrestored.code, 2);
  assert.match(unrestored.stderr, /^mosty restore: .+ is there room enough on the disk\?/m);
  await assert.rejects(stat(restored));
  assert.equal((await run("restore", to, restored)).code, 0);
});

it("a tool says what is wrong with folders that are none", async (test) => {
  const folder = await folderFor(test);
  for (const [args, sentence] of [
    [["backup", join(folder, "absent"), join(folder, "to")], /^mosty backup: there is no log in /],
    [["restore", join(folder, "absent"), join(folder, "data")], /^mosty restore: there is no backup in /],
    [["check-backup", join(folder, "absent")], /^mosty check-backup: there is no backup in /],
  ]) {
    const { code, stderr } = await run(...args);
    assert.equal(code, 2);
    assert.match(stderr, sentence);
  }
});
