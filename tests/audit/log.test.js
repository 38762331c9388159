// The log of a real server, judged by two programs that are not ours: golang.org/x/mod/sumdb's note and tlog,
// and @sigstore/verify. Then the same by way of somebody who changes it: neither may be taken in.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { folderFor, Group, Server } from "../sockets/support/server.js";

import { audit } from "./support/auditor.js";
import { copyFolder } from "./support/copy.js";
import { Log } from "./support/log.js";
import { tamper } from "./support/proxy.js";
import { checkInclusion, logOf, openCheckpoint } from "./support/sigstore.js";
import { entriesOf, leafHash, parseTilePath, tilePath, Tree } from "./support/tree.js";

describe("the log of a server", () => {
  const group = new Group();
  let server, log, sigstore;

  before(async () => {
    server = await Server.start(group);
    log = await Log.of(server);
    sigstore = logOf(log.key);
    await log.grow(300);
    await log.covered();
  });
  after(() => group.end());

  const ask = (rest = {}) => audit({ url: log.url, key: log.key, cookie: log.cookie, ...rest });

  // Everything under the checkpoint, as sigstore sees it at `url`.
  async function sigstoreJudges(url, { proofs = (position, size) => log.inclusion(position, size, url) } = {}) {
    const note = (await log.bytes("/checkpoint", { url })).toString();
    const checkpoint = openCheckpoint(note, sigstore);
    const size = Number(checkpoint.logSize);
    const entries = await log.entries(size, url);
    for (let position = 0; position < size; ++position)
      checkInclusion(entries[position] ?? Buffer.alloc(0), position, await proofs(position, size), checkpoint);
    return size;
  }

  it("is whole to both, every entry of it, at every size", async () => {
    for (const growth of [1, 2, 1]) {
      await log.grow(growth);
      const { size } = await log.covered();
      const { ok, said } = await ask();
      assert.ok(ok, said);
      assert.match(said, /^verified \d+ entries/);
      assert.ok(Number(said.split(" ")[1]) >= size);
    }
    assert.equal(await sigstoreJudges(log.url), log.size);
  });

  it("continues what an auditor saw before", async (test) => {
    const state = join(await folderFor(test), "state");
    for (let i = 0; i < 6; ++i) {
      const { ok, said } = await ask({ state });
      assert.ok(ok, said);
      await log.grow(1 + 40 * i);
      await log.covered();
    }
  });

  it("is nobody's without its own key", async () => {
    const other = await Server.start(group, { args: ["--demo"] });
    const { text } = await other.fetch("/v1/log/key");
    const { ok, said } = await ask({ key: text.trim() });
    assert.ok(!ok, said);
    const { note } = await log.checkpoint();
    assert.throws(() => openCheckpoint(note, logOf(text)), /invalid checkpoint signature/);
  });

  // What is done to the entries, and where it can be seen.
  const forgeries = {
    "a flipped bit": (entries) => entries.map((entry, i) => (i === 123 ? flipped(entry) : entry)),
    "a dropped entry": (entries) => entries.filter((_, i) => i !== 123),
    "a dropped last entry": (entries) => entries.slice(0, -1),
    "a reordered pair": (entries) => entries.map((_, i) => entries[i === 123 ? 124 : i === 124 ? 123 : i]),
    "an added entry": (entries) => [...entries.slice(0, 123), Buffer.from('{"type":"forged"}'), ...entries.slice(123)],
  };

  for (const [what, forge] of Object.entries(forgeries)) {
    it(`${what} in the entries alone is caught by both`, async (test) => {
      const { size } = await log.covered();
      const forged = new Tree(forge(await log.entries(size)));
      const url = await tamper(test, server, (path) => {
        const tile = parseTilePath(path);
        return tile?.level === "entries" ? forged.bundle(tile.number, tile.width) : undefined;
      });
      const { ok, said } = await ask({ url });
      assert.ok(!ok && /is not the one in the tree|entries, not/.test(said), said);
      await assert.rejects(sigstoreJudges(url), /calculated root hash does not match|ends within/);
    });

    it(`${what} with tiles and proofs made to fit is caught by both`, async (test) => {
      const { size } = await log.covered();
      const forged = new Tree(forge(await log.entries(size)));
      const url = await tamper(test, server, (path) => {
        const tile = parseTilePath(path);
        if (!tile) return undefined;
        if (tile.level === "entries") return forged.bundle(tile.number, tile.width);
        const fits = (tile.number * 256 + tile.width) * 256 ** Number(tile.level) <= forged.size;
        return fits ? forged.tile(Number(tile.level), tile.number, tile.width) : undefined;
      });
      const { ok, said } = await ask({ url });
      assert.ok(!ok && /inconsistent tile|is not the one in the tree|entries, not/.test(said), said);
      const proofs = async (position) => (position < forged.size ? forged.inclusion(position) : log.inclusion(position, size));
      await assert.rejects(sigstoreJudges(url, { proofs }), /TLOG_INCLUSION_PROOF_ERROR|does not match|invalid hash count/);
    });
  }

  it("a flipped bit in any tile, or in the checkpoint, is caught", async (test) => {
    const { size, note } = await log.covered();
    const seen = new Set();
    let target;
    const url = await tamper(test, server, (path, body) => {
      seen.add(path);
      return path === target ? flipped(body) : undefined;
    });
    assert.ok((await ask({ url })).ok);
    assert.ok(seen.has(tilePath("0", 0)) && seen.has("/checkpoint"), [...seen].join(" "));
    for (target of [...seen]) {
      const { ok, said } = await ask({ url });
      assert.ok(!ok, `${target}: ${said}`);
    }
    for (let at = 0; at < note.indexOf("\n\n"); ++at) {
      const bytes = Buffer.from(note);
      bytes[at] ^= 1;
      assert.throws(() => openCheckpoint(bytes.toString(), sigstore), `byte ${at} of ${size}`);
    }
  });

  it("a forked history is caught by both, though its key is right", async (test) => {
    const state = join(await folderFor(test), "state");
    const data = await mkdtemp(join(tmpdir(), "mosty-fork-"));
    test.after(() => rm(data, { recursive: true, force: true }));
    await server.stop();
    await copyFolder(server.data, data);
    await server.restart();
    log = await Log.of(server);
    const common = await log.grow(1);
    await log.grow(20);
    await log.covered();
    assert.ok((await ask({ state })).ok);
    const seen = await log.entries(log.size);

    const forked = await Server.start(test, { data });
    const fork = await Log.of(forked);
    assert.equal(fork.key, log.key);
    await fork.grow(30);
    const { note, size } = await fork.covered();
    assert.ok(size > log.size);
    // By itself the fork is a sound log.
    const alone = await audit({ url: fork.url, key: fork.key, cookie: fork.cookie });
    assert.ok(alone.ok, alone.said);
    const { ok, said } = await audit({ url: fork.url, key: fork.key, cookie: fork.cookie, state });
    assert.ok(!ok && /not a continuation of the/.test(said), said);
    // What one saw in the one history is not in the other.
    const checkpoint = openCheckpoint(note, sigstore);
    const position = common - 1;
    assert.throws(() => checkInclusion(seen[position], position, [], checkpoint));
    const proof = await fork.inclusion(position, size);
    assert.throws(() => checkInclusion(seen[position], position, proof, checkpoint), /does not match/);
    checkInclusion(seen[0], 0, await fork.inclusion(0, size), checkpoint);
  });

  it("is signed within a second of what it acknowledges", async () => {
    const lags = [];
    for (let i = 0; i < 20; ++i) {
      const size = await log.grow(1);
      const acknowledged = performance.now();
      await log.covered(size);
      lags.push(performance.now() - acknowledged);
    }
    console.log(`a checkpoint covers an entry ${lags.map((lag) => lag.toFixed(0)).join(", ")} ms after its acknowledgement`);
  });

  it("leaf hashes are those of the entries, as tiles and as proofs give them", async () => {
    const { size } = await log.covered();
    const entries = await log.entries(size);
    const leaves = entries.map(leafHash);
    const tree = new Tree(entries);
    for (const path of [tilePath("0", 0), tilePath("0", Math.floor(size / 256), size % 256)]) {
      const { number, width } = parseTilePath(path);
      assert.deepEqual(await log.bytes(path), Buffer.concat(leaves.slice(number * 256, number * 256 + width)));
    }
    assert.deepEqual(await log.bytes(tilePath("1", 0, Math.floor(size / 256))), tree.tile(1, 0, Math.floor(size / 256)));
    const { leaf, proof } = JSON.parse(await log.bytes(`/v1/proofs/inclusion?position=7&size=${size}`));
    assert.equal(leaf, leaves[7].toString("base64"));
    assert.deepEqual(proof, tree.inclusion(7).map((hash) => hash.toString("base64")));
    assert.equal((await log.checkpoint()).note.split("\n")[2], tree.root().toString("base64"));
    assert.equal(entriesOf(tree.bundle(0, 256)).length, 256);
  });
});

function flipped(bytes) {
  const changed = Buffer.from(bytes);
  changed[changed.length >> 1] ^= 1;
  return changed;
}
