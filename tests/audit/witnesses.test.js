// Cities that watch each other: a server and three witnesses, each a process of its own.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";

import { until } from "../sockets/support/deadline.js";
import { folderFor, Group, run, Server } from "../sockets/support/server.js";

import { audit } from "./support/auditor.js";
import { copyFolder } from "./support/copy.js";
import { Log } from "./support/log.js";
import { Witness } from "./support/witness.js";

const cosigners = (note) => note.split("\n\n")[1].trim().split("\n").slice(1).map((line) => line.split(" ")[1]);

async function configure(test, witnesses, quorum, more = "") {
  const path = join(await folderFor(test), "mosty.toml");
  const tables = witnesses.map(({ url, key }) => `[[log.witness]]\nurl = "${url}"\nkey = "${key}"\n`).join("");
  await writeFile(path, `demo = true\n[log]\nquorum = ${quorum}\n${tables}${more}`);
  return path;
}

// A server in a folder that exists already, so that its key is known before its witnesses start.
async function seeded(test) {
  const server = await Server.start(test);
  const log = await Log.of(server);
  await server.stop();
  return { server, key: log.key };
}

const named = (test, key, ...names) => Promise.all(names.map((name) => Witness.start(test, { name: `${name}.example/witness`, logs: [key] })));

async function witnessed(test, witnesses, quorum, { server }, more) {
  server.args = ["--config", await configure(test, witnesses, quorum, more)];
  await server.restart();
  return Log.of(server);
}

const cosignedCheckpoint = (log, size) => until(async () => {
  const checkpoint = await log.checkpoint("/v1/log/cosigned");
  return checkpoint?.size >= size && checkpoint;
}, `a cosigned checkpoint of ${size} entries`);

describe("three witnesses", () => {
  const group = new Group();
  let seed, witnesses, log;

  before(async () => {
    seed = await seeded(group);
    witnesses = await named(group, seed.key, "kyiv", "riga", "gdansk");
    log = await witnessed(group, witnesses, 2, seed);
  });
  after(() => group.end());

  const strict = (rest = {}) =>
    audit({ url: log.url, key: log.key, cookie: log.cookie, witnesses: witnesses.map(({ key }) => key), quorum: 2, path: "/v1/log/cosigned", ...rest });

  it("cosign what the log shows, and an auditor with a policy of two of three is content", async () => {
    for (let i = 0; i < 5; ++i) {
      const size = await log.grow(1 + 30 * i);
      const { note } = await cosignedCheckpoint(log, size);
      assert.ok(cosigners(note).length >= 2, note);
      const { ok, said } = await strict();
      assert.ok(ok, said);
    }
    assert.ok((await log.server.metric("mosty_witness_cosignatures_total")) >= 10);
    assert.equal(await log.server.metric("mosty_checkpoint_cosigned_size"), await log.server.metric("mosty_log_size"));
  });

  it("show what they cosigned to whoever asks", async () => {
    const { size } = await cosignedCheckpoint(log, log.size);
    const path = `/${createHash("sha256").update(log.origin).digest("hex")}/checkpoint`;
    for (const witness of witnesses) {
      const note = await until(async () => {
        const answer = await fetch(witness.url + path);
        assert.equal(answer.headers.get("content-type"), "text/plain; charset=utf-8");
        const text = await answer.text();
        return Number(text.split("\n")[1]) >= size && text;
      }, `${witness.name} shows ${size}`);
      assert.deepEqual(cosigners(note), [witness.name]);
    }
    assert.equal((await fetch(`${witnesses[0].url}/${"0".repeat(64)}/checkpoint`)).status, 404);
  });

  it("of whom one is gone are two still; when it comes back it cosigns again", async () => {
    await witnesses[0].kill();
    const size = await log.grow(3);
    const { note } = await cosignedCheckpoint(log, size);
    assert.deepEqual(cosigners(note).sort(), [witnesses[1].name, witnesses[2].name].sort());
    await witnesses[0].start();
    await until(async () => cosigners((await log.checkpoint()).note).length === 3, "all three again", 60_000);
  });

  it("of whom two are gone are no quorum, and the log is shown all the same", async () => {
    await witnesses[0].kill();
    await witnesses[1].kill();
    const before = (await log.checkpoint("/v1/log/cosigned")).size;
    const size = await log.grow(3);
    const { note } = await log.covered(size);
    assert.ok(cosigners(note).length <= 1);
    assert.equal((await log.checkpoint("/v1/log/cosigned")).size, before);
    assert.ok((await audit(log)).ok);
    await witnesses[0].start();
    await witnesses[1].start();
    await cosignedCheckpoint(log, size);
  });

  it("never give a forked history a quorum", async (test) => {
    await cosignedCheckpoint(log, log.size);
    const data = await mkdtemp(join(tmpdir(), "mosty-fork-"));
    test.after(() => rm(data, { recursive: true, force: true }));
    const common = log.size;
    await log.server.stop();
    await copyFolder(log.server.data, data);
    await log.server.restart();
    const state = join(await folderFor(test), "state");
    log = await Log.of(log.server);
    await cosignedCheckpoint(log, common);
    const forked = await Server.start(test, { data, args: log.server.args });
    const fork = await Log.of(forked);
    assert.equal(fork.key, log.key);

    // The one history is a step ahead; then both grow at once and ask the same three.
    await cosignedCheckpoint(log, await log.grow(1));
    const sizes = [];
    for (let round = 0; round < 8; ++round) {
      await Promise.all([log.grow(5), fork.grow(round % 2 ? 9 : 2)]);
      await fork.covered();
      await cosignedCheckpoint(log, log.size);
      for (const { note, size } of [await fork.checkpoint(), (await fork.checkpoint("/v1/log/cosigned")) ?? { note: "\n\n\n", size: 0 }]) {
        if (size <= common) continue; // before the two parted they are one
        sizes.push(size);
        assert.ok(cosigners(note).length < 2, `two of three cosigned a fork:\n${note}`);
      }
    }
    assert.ok(sizes.length >= 8);
    const { ok, said } = await strict({ state });
    assert.ok(ok, said);
    const policy = await strict({ url: fork.url, cookie: fork.cookie, path: "/checkpoint" });
    assert.ok(!policy.ok && /witnesses cosigned, not 2/.test(policy.said), policy.said);
    assert.ok((await forked.metric("mosty_witness_failures_total")) > 0);
    const news = forked.stderr.split("\n").filter((line) => line.includes("does not cosign"));
    assert.ok(news.length >= 1 && news.length <= 12, `told once each, not at every try:\n${news.join("\n")}`);
  });

  it("keep what they cosigned over a kill, so that no other history gets in between", async () => {
    await cosignedCheckpoint(log, log.size);
    const note = (await log.checkpoint()).note.split("\n— ").slice(0, 2).join("\n— ");
    for (const witness of witnesses) {
      await witness.kill();
      await witness.start();
      const conflict = await witness.post(`old 0\n\n${note.endsWith("\n") ? note : `${note}\n`}`);
      assert.equal(conflict.status, 409);
      assert.equal(conflict.headers.get("content-type"), "text/x.tlog.size");
      assert.match(await conflict.text(), /^[1-9]\d*\n$/);
    }
  });
});

describe("witnesses that lie or hang", () => {
  it("hold nothing up, count for nothing, and are told of once", async (test) => {
    const seed = await seeded(test);
    const [honest] = await named(test, seed.key, "kyiv");
    const silent = createTcpServer(() => {}); // takes the request and says nothing
    const serve = async (server) => {
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
      test.after(() => (server.closeAllConnections?.(), server.close()));
      return `http://127.0.0.1:${server.address().port}`;
    };
    const lines = { forged: `— riga.example/witness ${Buffer.alloc(76, 7).toString("base64")}\n`, nonsense: "<html>hello</html>\n", flood: "x".repeat(1 << 20) };
    let asked = 0;
    const lying = createServer((request, response) => {
      const kinds = Object.keys(lines);
      request.resume().on("end", () => response.end(lines[kinds[asked++ % kinds.length]]));
    });
    // Keys of witnesses that exist, at addresses of those that cheat.
    const [riga, gdansk] = await named(test, seed.key, "riga", "gdansk");
    const log = await witnessed(test, [honest, { url: await serve(lying), key: riga.key }, { url: await serve(silent), key: gdansk.key }], 2, seed);
    for (let i = 0; i < 12; ++i) {
      const size = await log.grow(1);
      const acknowledged = performance.now();
      const { note } = await log.covered(size);
      console.log(`covered after ${(performance.now() - acknowledged).toFixed(0)} ms, cosigned by ${cosigners(note).join(" ")}`);
      assert.ok(cosigners(note).every((name) => name === honest.name));
    }
    await until(async () => cosigners((await log.checkpoint()).note).length === 1, "the honest one's cosignature");
    assert.equal(await log.checkpoint("/v1/log/cosigned"), undefined);
    await until(() => asked >= 3, "the liar is asked again");
    await until(async () => (await log.server.metric("mosty_witness_failures_total")) >= 4, "failures are counted");
    const news = log.server.stderr.split("\n").filter((line) => line.includes("does not cosign"));
    assert.equal(news.length, 2, news.join("\n"));
    for (const line of news) JSON.parse(line);
    const { ok, said } = await audit(log);
    assert.ok(ok, said);
    const stopped = await log.server.stop();
    assert.equal(stopped.code, 0);
  });
});

describe("a witness behind TLS", () => {
  it("is believed to be there when its certificate is right, and not otherwise", async (test) => {
    const folder = await folderFor(test);
    const [keyFile, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    await promisify(execFile)("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
      "-subj", "/CN=witness", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", keyFile, "-out", certificate]);
    const seed = await seeded(test);
    const [witness] = await named(test, seed.key, "kyiv");
    const front = createTlsServer({ key: await readFile(keyFile), cert: await readFile(certificate) }, (request, response) => {
      const parts = [];
      request.on("data", (part) => parts.push(part)).on("end", async () => {
        const answer = await fetch(witness.url + request.url, { method: request.method, body: Buffer.concat(parts) });
        response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") }).end(Buffer.from(await answer.arrayBuffer()));
      });
    });
    await new Promise((resolve) => front.listen(0, "127.0.0.1", resolve));
    test.after(() => (front.closeAllConnections(), front.close()));
    const { port } = front.address();
    const at = (host) => [{ url: `https://${host}:${port}`, key: witness.key }];

    process.env.SSL_CERT_FILE = certificate; // the server inherits it
    try {
      const log = await witnessed(test, at("127.0.0.1"), 1, seed);
      const { note } = await cosignedCheckpoint(log, await log.grow(3));
      assert.deepEqual(cosigners(note), [witness.name]);
      await log.server.stop();

      const elsewhere = await witnessed(test, at("localhost"), 1, seed); // not the name in the certificate
      await elsewhere.covered(await elsewhere.grow(1));
      assert.equal(await elsewhere.checkpoint("/v1/log/cosigned"), undefined);
      await until(() => /does not cosign: certificate verify failed/.test(elsewhere.server.stderr), "a word about the certificate");
      await elsewhere.server.stop();
    } finally {
      delete process.env.SSL_CERT_FILE;
    }
    const distrusting = await witnessed(test, at("127.0.0.1"), 1, seed);
    await distrusting.covered(await distrusting.grow(1));
    assert.equal(await distrusting.checkpoint("/v1/log/cosigned"), undefined);
    await until(() => /does not cosign: certificate verify failed/.test(distrusting.server.stderr), "a word about the certificate");
    await distrusting.server.stop();

    const told = await witnessed(test, at("127.0.0.1"), 1, seed, `[tls]\nauthorities = "${certificate}"\n`);
    assert.deepEqual(cosigners((await cosignedCheckpoint(told, await told.grow(1))).note), [witness.name]);
  });
});

describe("a witness by itself", () => {
  it("answers what is malformed as the protocol says, and remembers nothing of it", async (test) => {
    const seed = await seeded(test);
    const [witness] = await named(test, seed.key, "kyiv");
    const note = (await readFile(join(seed.server.data, "checkpoints"), "utf8")).trimEnd().split("\n").slice(-5).join("\n") + "\n";
    const said = async (body) => {
      const answer = await witness.post(body);
      return [answer.status, (await answer.text()).split(":")[0]];
    };
    assert.deepEqual(await said(""), [400, "malformed_note"]);
    assert.deepEqual(await said("old 0\n"), [400, "malformed_note"]);
    assert.deepEqual(await said(`old x\n\n${note}`), [400, "malformed_note"]);
    assert.deepEqual(await said(`old 0\n\n${note.slice(0, -5)}`), [400, "malformed_note"]);
    assert.deepEqual(await said(`old 0\n${`${"A".repeat(43)}=\n`.repeat(64)}\n${note}`), [400, "malformed_note"]);
    assert.deepEqual(await said(`old 0\n\n${note.replace(/\n\d+\n/, "\n007\n")}`), [400, "malformed_checkpoint"]);
    assert.deepEqual(await said(`old 0\n\n${note.replace(/^mosty/, "other")}`), [404, "unknown_origin"]);
    assert.deepEqual(await said(`old 0\n\n${note.replace(/\n\d+\n/, "\n7\n")}`), [403, "bad_signature"]);
    assert.deepEqual(await said(`old 9999999\n\n${note}`), [400, "old_size_too_big"]);
    assert.deepEqual(await said(`old 0\n${"A".repeat(43)}=\n\n${note}`), [422, "not_consistent"]);
    assert.equal((await said("x".repeat(300_000)))[0], 413);
    assert.equal((await fetch(`${witness.url}/add-checkpoint`)).status, 405);
    assert.equal((await fetch(`${witness.url}/`)).status, 404);
    assert.deepEqual(await said(`old 0\n\n${note}`).then(([status]) => status), 200);
  });

  it("does not start on wrong settings, nor twice on one folder", async (test) => {
    const seed = await seeded(test);
    const [witness] = await named(test, seed.key, "kyiv");
    const args = ["witness", "--listen", "127.0.0.1:0"];
    const second = await run(...args, "--data", witness.data, "--name", "w", "--log", seed.key);
    assert.equal(second.code, 1);
    assert.match(second.stderr, /another/);
    const data = await folderFor(test);
    const wrong = await run(...args, "--data", data, "--name", "a name", "--log", "x", "--log", witness.key);
    assert.equal(wrong.code, 2);
    assert.equal(wrong.stderr.trim().split("\n").length, 3);
  });
});
