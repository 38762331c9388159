// What is wrong with a folder is told, with a code that a script can use; what is left of it becomes a new one.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cp, open, readdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";

import { officerWithProposal } from "./support/demo.js";
import { bringKeys, folderFor, run, Server } from "./support/server.js";

// A stopped server's folder, with some history in a table and some in a write-ahead log.
async function folderWithHistory(test) {
  const server = await Server.start(test);
  const world = await officerWithProposal(server);
  const client = await server.connect(world.cookie);
  for (let i = 0; i < 10; ++i) await client.command(world.proposal, "edit_proposal", { title: `Title ${i}` });
  const size = await server.metric("mosty_log_size");
  await server.stop();
  await server.restart(); // brings what there is into a table
  const again = await server.connect(world.cookie);
  for (let i = 0; i < 5; ++i) await again.command(world.proposal, "edit_proposal", { title: `Later title ${i}` });
  await server.stop();
  return { server, world, data: server.data, size: size + 5 };
}

async function largest(folder, extension) {
  let found;
  for (const name of await readdir(folder)) {
    if (!name.endsWith(extension)) continue;
    const { size } = await stat(join(folder, name));
    if (!found || size > found.size) found = { path: join(folder, name), size };
  }
  assert.ok(found, `${folder} has no ${extension}`);
  return found;
}

async function flipBit(path, offset) {
  const file = await open(path, "r+");
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, offset);
  byte[0] ^= 0x10;
  await file.write(byte, 0, 1, offset);
  await file.close();
}

async function hashesOf(folder) {
  const hashes = {};
  for (const name of (await readdir(folder)).sort())
    if ((await stat(join(folder, name))).isFile()) hashes[name] = createHash("sha256").update(await readFile(join(folder, name))).digest("hex");
  return hashes;
}

async function hashesBelow(folder) {
  const hashes = {};
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(file.parentPath, file.name);
    if (file.isFile()) hashes[path] = createHash("sha256").update(await readFile(path)).digest("hex");
  }
  return hashes;
}

it("a sound folder is told as sound, with what was checked", async (test) => {
  const { server, size } = await folderWithHistory(test);
  for (const args of [["--data", server.data], [server.data]]) {
    const { code, stdout, stderr } = await run("verify", ...args);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, new RegExp(`^sound: log [0-9a-f]{32}, ${size} entries, \\d+ index keys$`, "m"));
    assert.match(stdout, new RegExp(`^views: as of ${size} entries, \\d+ rows, equal to a rebuild$`, "m"));
    assert.match(stdout, /^streams: \d{3,}$/m);
    assert.match(stdout, new RegExp(`^checkpoints: [1-9]\\d*, the newest of ${size} entries$`, "m"));
  }
  const repaired = await run("repair", server.data);
  assert.equal(repaired.code, 0, repaired.stdout + repaired.stderr);
  assert.match(repaired.stdout, new RegExp(`^log [0-9a-f]{32}: ${size} entries, of which 0 are lost$`, "m"));
  assert.match(repaired.stdout, new RegExp(`^proven: the first ${size} entries`, "m"));
});

it("views that are ahead of a log that was put back are told", async (test) => {
  const { server, world, data, size } = await folderWithHistory(test);
  const kept = await folderFor(test); // without the checkpoints, which outlive it
  for (const name of ["log", "mark"]) await cp(join(data, name), join(kept, name), { recursive: true });
  await server.restart();
  const client = await server.connect(world.cookie);
  await client.command(world.proposal, "edit_proposal", { title: "Gone" });
  await server.stop();
  await rm(join(data, "log"), { recursive: true });
  for (const name of ["log", "mark"]) await cp(join(kept, name), join(data, name), { recursive: true });

  const { code, stdout } = await run("verify", data);
  assert.equal(code, 1);
  assert.match(stdout, new RegExp(`^wrong: the views stand for ${size + 1} entries, the log holds ${size}$`, "m"));
  assert.match(stdout, new RegExp(`^wrong: ${size + 1} entries were signed in a checkpoint, the log holds ${size}: `, "m"));
  const repair = await run("repair", data);
  assert.equal(repair.code, 1);
  assert.match(repair.stdout, new RegExp(`^lost: ${size}$`, "m"));
});

it("a damaged table is told, and repair brings what precedes the damage into a new folder", async (test) => {
  const { server, data, size } = await folderWithHistory(test);
  const log = join(data, "log");
  const { path } = await largest(log, ".sst");
  await flipBit(path, 20_000); // entries sort first, so they fill the table's beginning
  const before = await hashesOf(log);

  const verified = await run("verify", data);
  assert.equal(verified.code, 1, verified.stdout + verified.stderr);
  // One sentence for what one place of damage hides.
  const told = /^wrong: entry (\d+) to (\d+) cannot be read: (\d{6}\.sst) is damaged between its bytes (\d+) and (\d+)$/m.exec(verified.stdout);
  assert.ok(told && told[3] === path.split("/").at(-1) && told[4] <= 20_000 && 20_000 < told[5], verified.stdout);
  assert.equal(verified.stdout.match(/^wrong: entry/gm).length, 1);
  assert.match(verified.stdout, /^mosty repair tells what of it is whole and proven$/m);

  const shown = await run("repair", data);
  assert.equal(shown.code, 1, shown.stdout + shown.stderr);
  assert.match(shown.stdout, /^damaged: \d{6}\.sst is damaged between its bytes \d+ and \d+$/m);
  const [, from, to] = /^lost: (\d+) to (\d+)$/m.exec(shown.stdout).map(Number);
  assert.match(shown.stdout, new RegExp(`^whole: the first ${from} entries$`, "m"));
  assert.match(shown.stdout, new RegExp(`: ${size} entries, of which ${to - from + 1} are lost$`, "m"));

  const target = join(await folderFor(test), "repaired");
  const written = await run("repair", data, "--to", target);
  assert.equal(written.code, 1, written.stdout + written.stderr);
  assert.deepEqual(await hashesOf(log), before, "the damaged folder is left as it was");
  const report = await readFile(join(target, "repair.txt"), "utf8");
  assert.equal(report, written.stdout);
  const leftOut = (await readFile(join(target, "left-out.ndjson"), "utf8")).trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.equal(leftOut.length, size - to - 1);
  assert.equal(leftOut[0].position, to + 1);
  assert.equal(JSON.parse(leftOut[0].entry).specversion, "1.0");
  assert.match(written.stdout, new RegExp(`^written: ${from} entries to .*, as log [0-9a-f]{32}$`, "m"));
  assert.match(written.stdout, /^to bring: keys and master\.key /m);

  const again = await run("repair", data, "--to", target);
  assert.equal(again.code, 2);
  assert.match(again.stderr, /is not empty/);

  const checked = await run("verify", target);
  assert.equal(checked.code, 0, checked.stdout);
  await bringKeys(data, target);
  server.data = target;
  await server.restart();
  assert.equal(await server.metric("mosty_log_size"), from);
  assert.equal((await run("verify", target)).code, 0);
});

it("a flipped bit in a write-ahead log is told with file, byte and entries, and repair proves that all are there", async (test) => {
  const { server, data, size } = await folderWithHistory(test);
  const { path, size: bytes } = await largest(join(data, "log"), ".log");
  const at = Math.floor(bytes / 2);
  await flipBit(path, at);

  const file = path.split("/").at(-1).replace(".", "\\.");
  const damaged = new RegExp(`^damaged: ${file} is damaged at byte (\\d+), in the append of entr(?:y|ies) (\\d+)(?: to (\\d+))?; tried with bit 4 of byte ${at} turned back$`, "m");
  const verified = await run("verify", data);
  assert.equal(verified.code, 1, verified.stdout + verified.stderr);
  const [, place, first] = damaged.exec(verified.stdout).map(Number);
  assert.ok(place <= at && first >= size - 5 && first < size, verified.stdout);
  assert.match(verified.stdout, new RegExp(`^whole: the first ${size} entries$`, "m"));
  assert.match(verified.stdout, /^not sound: the log cannot be opened; mosty repair tells what is left$/m);

  const target = join(await folderFor(test), "repaired");
  const written = await run("repair", data, "--to", target);
  assert.equal(written.code, 1, written.stdout + written.stderr);
  assert.match(written.stdout, damaged);
  assert.match(written.stdout, new RegExp(`^recovered: ${first}[ ,]`, "m"));
  assert.doesNotMatch(written.stdout, /^lost: /m);
  assert.match(written.stdout, new RegExp(`^written: ${size} entries to `, "m"));
  const checked = await run("verify", target);
  assert.equal(checked.code, 0, checked.stdout);
  await bringKeys(data, target);
  server.data = target;
  await server.restart();
  assert.equal(await server.metric("mosty_log_size"), size);
});

it("of an append that is damaged in several bytes only the entries that were hit are lost", async (test) => {
  const { data, size } = await folderWithHistory(test);
  const { path, size: bytes } = await largest(join(data, "log"), ".log");
  const file = await open(path, "r+");
  const at = (await readFile(path)).indexOf("Later title 2", Math.floor(bytes / 4));
  await file.write(Buffer.from("xxxxx"), 0, 5, at);
  await file.close();

  const shown = await run("repair", data);
  assert.equal(shown.code, 1, shown.stdout + shown.stderr);
  assert.match(shown.stdout, new RegExp(`^damaged: .* is damaged at byte \\d+, in the append of entr(y|ies) ${size - 3}$`, "m"));
  assert.match(shown.stdout, new RegExp(`^lost: ${size - 3}$`, "m"));
  assert.match(shown.stdout, new RegExp(`^log [0-9a-f]{32}: ${size} entries, of which 1 are lost$`, "m"));
  const verified = await run("verify", data);
  assert.equal(verified.code, 1);
  assert.match(verified.stdout, new RegExp(`^lost: ${size - 3}$`, "m"));
});

// Where the last record of a write-ahead log begins: blocks of 32 KiB, in them fragments of a checksum (4 bytes), a
// length (2), a type (1) and as many bytes.
async function lastRecord(path) {
  const bytes = await readFile(path);
  let last;
  for (let at = 0; at < bytes.length;) {
    const left = 32_768 - (at % 32_768);
    if (left < 7) at += left;
    else {
      if ([1, 2].includes(bytes[at + 6])) last = at;
      at += 7 + bytes.readUInt16LE(at + 4);
    }
  }
  return last;
}

for (const [damage, harm, isLost = false] of [
  ["the length of its last append was hit", async (path) => flipBit(path, (await lastRecord(path)) + 5)],
  ["its end, hashes of its tree, is cut off", async (path, size) => truncate(path, size - 3)],
  ["its last record is cut off whole", async (path) => truncate(path, await lastRecord(path)), true],
])
  it(`a log is opened by nothing, told by everything and left as it is when ${damage}`, async (test) => {
    const { data, size } = await folderWithHistory(test);
    const { path, size: bytes } = await largest(join(data, "log"), ".log");
    await harm(path, bytes);
    const before = [await hashesOf(join(data, "log")), await hashesOf(data)];

    const target = join(await folderFor(test), "target");
    const registers = join(await folderFor(test), "register.csv");
    await writeFile(registers, "katottg,name\n");
    for (const args of [
      ["serve", "--data", data, "--listen", "127.0.0.1:0"],
      ["import", "--data", data, registers],
      ["invite", "--data", data, "--organisation", "cemr", "--role", "secretariat", "--name", "Olha"],
      ["events", "--data", data], ["replay", "--data", data], ["replay", "--data", data, "--compare"],
      ["evidence", data, "--stream", "proposal/byshiv-bacsalmas_water"], ["backup", data, target], ["keys", "check", "--data", data],
    ]) {
      const { code, stdout, stderr } = await run(...args);
      assert.notEqual(code, 0, args[0]);
      assert.equal(stdout, "", args[0]);
      assert.match(stderr, new RegExp(`the log holds ${size - 1} entries, but ${size} were acknowledged`), args[0]);
      assert.match(stderr, /“mosty repair /, args[0]);
    }
    const verified = await run("verify", data);
    assert.equal(verified.code, 1, verified.stdout);
    assert.match(verified.stdout, new RegExp(`^wrong: ${size} entries were acknowledged, the log holds ${size - 1}$`, "m"));
    const file = path.split("/").at(-1).replace(".", "\\.");
    if (!isLost)
      assert.match(verified.stdout, new RegExp(`^damaged: ${file} (is damaged at byte|ends at byte) \\d+`, "m"));
    assert.match(verified.stdout, isLost ? new RegExp(`^lost: ${size - 1}$`, "m") : new RegExp(`^recovered: ${size - 1}, `, "m"));
    assert.match(verified.stdout, /^mosty repair tells what of it is whole and proven$/m);
    const repaired = await run("repair", data, "--to", target);
    assert.match(repaired.stdout, new RegExp(`^written: ${isLost ? size - 1 : size} entries to `, "m"));
    assert.equal((await run("verify", target)).code, 0);
    assert.deepEqual([await hashesOf(join(data, "log")), await hashesOf(data)], before);
  });

it("a log of which files are gone is not sound, and no server begins a new one in its place", async (test) => {
  const { data, size } = await folderWithHistory(test);
  const away = join(await folderFor(test), "away");
  const gone = async (name, sentence) => {
    await rename(join(data, name), away);
    const verified = await run("verify", data);
    assert.equal(verified.code, 1, verified.stdout + verified.stderr);
    assert.match(verified.stdout, sentence);
    const begun = await run("serve", "--data", data, "--listen", "127.0.0.1:0");
    assert.equal(begun.code, 1, begun.stdout);
    assert.match(begun.stderr, /“mosty repair /);
    await rm(join(data, "log"), { recursive: true, force: true });
    await cp(whole, join(data, "log"), { recursive: true });
    await rm(away, { recursive: true });
  };
  const whole = join(await folderFor(test), "log");
  await cp(join(data, "log"), whole, { recursive: true });
  await gone("log", new RegExp(`^wrong: the log is gone, but ${size} entries were acknowledged$`, "m"));
  await gone(join("log", (await largest(join(data, "log"), ".log")).path.split("/").at(-1)), new RegExp(`^wrong: ${size} entries were acknowledged, the log holds ${size - 5}$`, "m"));
  await gone("log/CURRENT", /^wrong: /m);
  await rename(join(data, "log", "CURRENT"), away);
  await rename(join(data, "mark"), `${away}.mark`);
  const begun = await run("serve", "--data", data, "--listen", "127.0.0.1:0");
  assert.equal(begun.code, 1);
  assert.match(begun.stderr, /CURRENT is gone, but .* is there/);
  await rename(away, join(data, "log", "CURRENT"));
  await rename(`${away}.mark`, join(data, "mark"));
  assert.equal((await run("verify", data)).code, 0);
});

it("a damaged slot of the mark is told", async (test) => {
  const { data } = await folderWithHistory(test);
  for (const slot of [0, 1]) {
    await flipBit(join(data, "mark"), slot * 4_096 + 60);
    const { code, stdout } = await run("verify", data);
    assert.equal(code, 1, stdout);
    assert.match(stdout, new RegExp(`^wrong: the slot of the durable mark at byte ${slot * 4_096} cannot be read$`, "m"));
    await flipBit(join(data, "mark"), slot * 4_096 + 60);
  }
});

it("keys that are gone are told, and none are made in their place", async (test) => {
  const { server, data } = await folderWithHistory(test);
  const away = join(await folderFor(test), "keys");
  await rename(join(data, "keys"), away);
  const before = [await hashesOf(join(data, "log")), await hashesOf(data)];
  const { code, stdout } = await run("verify", data);
  assert.equal(code, 1, stdout);
  assert.match(stdout, /^wrong: keys is gone: without it nobody can read again what \d+ sealed entries say$/m);
  for (const args of [["serve", "--data", data, "--listen", "127.0.0.1:0"], ["invite", "--data", data, "--organisation", "cemr", "--role", "secretariat", "--name", "Olha"]]) {
    const refused = await run(...args);
    assert.equal(refused.code, 1, refused.stdout);
    assert.match(refused.stderr, /is sealed under k-\w+, and .*keys is not there: put the folder's keys beside its log/);
  }
  assert.deepEqual([await hashesOf(join(data, "log")), await hashesOf(data)], before);
  await rename(away, join(data, "keys"));
  assert.equal((await run("verify", data)).code, 0);
  await server.restart();
});

it("damage of what else lies in a folder is told: credentials, checkpoints, views", async (test) => {
  const { data } = await folderWithHistory(test);
  const sound = await run("verify", data);
  assert.match(sound.stdout, /^credentials: [1-9]\d* records$/m);
  const toldOf = async (path, offset, sentence) => {
    await flipBit(path, offset);
    const { code, stdout } = await run("verify", data);
    assert.equal(code, 1, stdout);
    assert.match(stdout, sentence);
    await flipBit(path, offset);
  };
  // An encrypted file has a page before what is in it.
  await toldOf((await largest(join(data, "credentials"), ".sst")).path, 4_096 + 20, /^wrong: the credentials cannot be read: \d{6}\.sst is damaged between its bytes 4096 and \d+$/m);
  await toldOf(join(data, "views", "CURRENT"), 20, /^wrong: the views cannot be read, which is no loss, since the next start folds them anew when they are deleted: /m);
  const checkpoints = await readFile(join(data, "checkpoints"));
  await writeFile(join(data, "checkpoints"), checkpoints.subarray(0, 100));
  assert.match((await run("verify", data)).stdout, /^wrong: checkpoints is damaged: in its 100 bytes there is no whole checkpoint$/m);
  await writeFile(join(data, "checkpoints"), checkpoints);
  assert.equal((await run("verify", data)).code, 0);
});

it("credentials that cannot be read are told, and nothing is begun or made in their place", async (test) => {
  const { server, data } = await folderWithHistory(test);
  const key = /^key \S+ credentials:1 \S+\n/m;
  const whole = await readFile(join(data, "keys"), "utf8");
  assert.match(whole, key);
  const table = (await largest(join(data, "credentials"), ".sst")).path;
  const [lost, damaged] = [/is encrypted under a key that is not in .*keys: put the keys there that belong to it, or move it away, and everyone is invited anew/, /the credentials cannot be read: \d{6}\.sst is damaged/];
  for (const [harm, mend, sentence] of [
    [() => writeFile(join(data, "keys"), whole.replace(key, "")), () => writeFile(join(data, "keys"), whole), lost],
    [() => flipBit(table, 4_096 + 20), () => flipBit(table, 4_096 + 20), damaged],
  ]) {
    await harm();
    const before = await hashesBelow(data);
    for (const [code, ...args] of [[1, "verify", data], [1, "serve", "--demo", "--data", data, "--listen", "127.0.0.1:0"], [1, "invite", "--data", data, "--organisation", "cemr", "--role", "secretariat", "--name", "Olha"], [1, "keys", "check", data]]) {
      const told = await run(...args);
      assert.equal(told.code, code, told.stdout + told.stderr);
      assert.match(told.stdout + told.stderr, sentence);
    }
    assert.deepEqual(await hashesBelow(data), before);
    await mend();
  }
  assert.equal((await run("verify", data)).code, 0);
  assert.equal((await run("keys", "check", data)).code, 0);

  // The master key lies elsewhere: what it opens is not looked at, and nothing is wrong.
  const elsewhere = join(await folderFor(test), "master.key");
  await rename(join(data, "master.key"), elsewhere);
  const unopened = await run("verify", data);
  assert.equal(unopened.code, 0, unopened.stdout);
  assert.match(unopened.stdout, /^credentials: not read, their key is not here$/m);
  assert.match((await run("verify", data, "--master-key", elsewhere)).stdout, /^credentials: [1-9]\d* records$/m);
  await rename(elsewhere, join(data, "master.key"));

  await rm(join(data, "credentials"), { recursive: true });
  await server.restart();
});

it("clients of a repaired folder learn that history has changed", async (test) => {
  const { server, world, data } = await folderWithHistory(test);
  await server.restart();
  const before = await server.connect(world.cookie);
  const { log, format, size } = before.frames[0];
  await server.stop();

  const target = join(await folderFor(test), "repaired");
  assert.equal((await run("repair", data, "--to", target)).code, 0);
  await bringKeys(data, target);
  server.data = target;
  await server.restart();
  const client = await server.connect(await server.signIn(await server.person("secretariat")));
  assert.notEqual(client.frames[0].log, log);
  await client.follow("programme", { log, format, after: size });
  assert.deepEqual(client.frames.slice(1).map((frame) => frame.type), ["history_changed", "snapshot", "current"]);
});

it("a checkpoint that was changed is told", async (test) => {
  const { data, size } = await folderWithHistory(test);
  const file = join(data, "checkpoints");
  const text = await readFile(file, "utf8");
  const changed = text.replace(new RegExp(`\n${size}\n(.)`), (_, letter) => `\n${size}\n${letter === "A" ? "B" : "A"}`);
  assert.notEqual(changed, text);
  await writeFile(file, changed);
  const { code, stdout } = await run("verify", data);
  assert.equal(code, 1);
  assert.match(stdout, new RegExp(`^wrong: the checkpoint of ${size} entries: `, "m"));
});

it("a master key that does not open the keys is told, one that is kept elsewhere is no fault", async (test) => {
  const { data } = await folderWithHistory(test);
  const elsewhere = join(await folderFor(test), "master.key");
  await cp(join(data, "master.key"), elsewhere);
  await rm(join(data, "master.key"));
  const without = await run("verify", data);
  assert.equal(without.code, 0, without.stdout);
  assert.match(without.stdout, /^keys: there is no master key in /m);
  assert.match(without.stdout, /^views: not compared, keys are missing$/m);

  const config = join(await folderFor(test), "mosty.toml");
  await writeFile(config, `[sealing]\nmaster_key_file = "${elsewhere}"\n`);
  const equal = /^views: as of \d+ entries, \d+ rows, equal to a rebuild$/m;
  for (const options of [["--config", config], ["--master-key", elsewhere]]) {
    const opened = await run("verify", data, ...options);
    assert.equal(opened.code, 0, opened.stdout);
    assert.match(opened.stdout, equal);
    const replayed = await run("replay", "--data", data, "--hash", ...options);
    assert.equal(replayed.code, 0, replayed.stderr);
    const evidence = await run("evidence", data, "--stream", "proposal/byshiv-bacsalmas_water", ...options);
    assert.equal(evidence.code, 0, evidence.stderr);
    const events = await run("events", data, "--organisation", "HU_10719", ...options);
    assert.equal(events.code, 0, events.stderr);
    assert.ok(events.stdout.length > 0);
  }
  assert.equal((await run("replay", "--data", data, "--hash")).code, 2);
  assert.match((await run("verify", data, "--config", `${config}.absent`)).stderr, /^mosty verify: /);

  await flipBit(elsewhere, 5);
  const wrong = await run("verify", data, "--master-key", elsewhere);
  assert.equal(wrong.code, 1, wrong.stdout);
  assert.match(wrong.stdout, /^wrong: the keys of what is sealed cannot be opened: /m);
});

it("checkpoints that are gone beside their key are told", async (test) => {
  const { data } = await folderWithHistory(test);
  await rm(join(data, "checkpoints"));
  const { code, stdout } = await run("verify", data);
  assert.equal(code, 1);
  assert.match(stdout, /^wrong: what checkpoint\.key signed is not kept: checkpoints is gone or empty$/m);
});

it("a log that cannot be opened for damage is not sound, which is another answer than that there is none", async (test) => {
  const { data, size } = await folderWithHistory(test);
  const manifest = join(data, "log", (await readdir(join(data, "log"))).find((name) => name.startsWith("MANIFEST-")));
  const toldOf = async (path, offset) => {
    await flipBit(path, offset);
    const { code, stdout } = await run("verify", data);
    assert.equal(code, 1, stdout);
    assert.match(stdout, new RegExp(`^whole: the first ${size} entries$`, "m"));
    assert.match(stdout, /^not sound: the log cannot be opened; mosty repair tells what is left$/m);
    await flipBit(path, offset);
    return stdout;
  };
  assert.match(await toldOf(manifest, 20), /^wrong: Corruption: /m);
  assert.match(await toldOf(join(data, "log", "CURRENT"), "MANIFEST-00000".length), /^wrong: /m); // names another file
  assert.equal((await run("verify", join(data, "absent"))).code, 2);
});

it("a folder that a server has open is not repaired", async (test) => {
  const server = await Server.start(test);
  const { code, stderr } = await run("repair", server.data);
  assert.equal(code, 2);
  assert.match(stderr, /^mosty repair: .*lock/m);
  const absent = await run("repair", join(server.data, "absent"));
  assert.equal(absent.code, 2);
});
