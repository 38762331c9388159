// What is served to auditors, byte for byte as C2SP tlog-tiles v0.1.0 and tlog-checkpoint v1.0.0 say, and what
// is answered to those who ask for what is not there.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";

import { Raw } from "../sockets/support/raw.js";
import { Group, Server } from "../sockets/support/server.js";

import { Log } from "./support/log.js";
import { tilePath } from "./support/tree.js";

describe("what auditors fetch", () => {
  const group = new Group();
  let server, log, size;

  before(async () => {
    server = await Server.start(group);
    log = await Log.of(server);
    await log.grow(260);
    ({ size } = await log.covered());
  });
  after(() => group.end());

  async function refused(path, status, code, options = {}) {
    const answer = await server.fetch(path, options);
    assert.equal(answer.status, status, `${path}: ${answer.text}`);
    assert.equal(answer.json.code, code, path);
    assert.ok(!/immutable/.test(answer.headers.get("cache-control") ?? ""), path);
    return answer.json;
  }

  // One request by itself, without a client that unpacks or tidies it: head and body as they came.
  async function raw(path, { method = "GET", headers = {} } = {}) {
    const connection = await Raw.open(server);
    const lines = [`${method} ${path} HTTP/1.1`, "Host: 127.0.0.1", "Connection: close", ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
    connection.write(lines.join("\r\n") + "\r\n\r\n");
    await connection.ended;
    const split = connection.received.indexOf("\r\n\r\n");
    return { head: connection.received.subarray(0, split).toString().toLowerCase(), body: connection.received.subarray(split + 4) };
  }

  it("a checkpoint is the three lines, an empty one, and the log's signature", async () => {
    const { headers, text } = await server.fetch("/checkpoint");
    assert.equal(headers.get("content-type"), "text/plain; charset=utf-8");
    assert.equal(headers.get("cache-control"), "no-cache");
    const [origin, count, root, empty, signature, end, ...rest] = text.split("\n");
    assert.match(origin, /^mosty\.invalid\/[0-9a-f]{32}$/);
    assert.match(count, /^[1-9]\d*$/);
    assert.equal(Buffer.from(root, "base64").length, 32);
    assert.equal(empty, "");
    const [, name, blob] = /^\u2014 (\S+) (\S+)$/.exec(signature);
    assert.equal(name, origin);
    const bytes = Buffer.from(blob, "base64");
    assert.equal(bytes.length, 4 + 64);
    assert.equal(bytes.subarray(0, 4).toString("hex"), log.key.split("+")[1]);
    assert.equal(end, "");
    assert.deepEqual(rest, []);
  });

  it("the key is one line, its name the origin", async () => {
    const { headers, text } = await server.fetch("/v1/log/key");
    assert.equal(headers.get("content-type"), "text/plain; charset=utf-8");
    assert.match(text, /^mosty\.invalid\/[0-9a-f]{32}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\n$/);
    assert.equal(Buffer.from(text.trim().split("+").slice(2).join("+"), "base64")[0], 1);
  });

  it("tiles are whole hashes, for ever, and there are exactly those that the checkpoint has", async () => {
    const full = Math.floor(size / 256), rest = size % 256;
    for (const [path, hashes] of [
      ...Array.from({ length: full }, (_, number) => [tilePath(0, number), 256]),
      ...(rest ? [[tilePath(0, full, rest), rest], [tilePath(0, full, 1), 1]] : []),
      [tilePath(0, 0, 255), 255],
      [tilePath(1, 0, full), full],
    ]) {
      const { status, headers } = await server.fetch(path);
      assert.equal(status, 200, path);
      assert.equal(headers.get("content-type"), "application/octet-stream");
      assert.equal(headers.get("cache-control"), "public, max-age=31536000, immutable");
      assert.equal(headers.get("content-encoding"), null);
      assert.equal((await log.bytes(path)).length, 32 * hashes, path);
    }
    for (const path of [
      tilePath(0, full, Math.min(255, rest + 2)), tilePath(0, full), tilePath(0, full + 1), tilePath(0, full + 1, 1), tilePath(1, 0, full + 1),
      tilePath(1, 0), tilePath(1, 1, 1), tilePath(2, 0, 1), tilePath(63, 0), tilePath(0, 1234067), tilePath(0, 999999999999),
    ]) await refused(path, 404, "no_such_tile");
  });

  it("a tile has one name", async () => {
    for (const path of [
      "/tile/", "/tile/0", "/tile/0/", "/tile/0/0", "/tile/0/00", "/tile/0/0000", "/tile/00/000", "/tile/64/000", "/tile/-1/000", "/tile/+0/000",
      "/tile/0/x000/000", "/tile/0/000/000", "/tile/0/001/x000", "/tile/0/X001/000", "/tile/0/000.p", "/tile/0/000.p/", "/tile/0/000.p/0",
      "/tile/0/000.p/256", "/tile/0/000.p/01", "/tile/0/000.p/-1", "/tile/0/000.p/1/", "/tile/0/000.q/1", "/tile/0/000/", "/tile//000",
      "/tile/data/000", "/tile/8/0/000/x", "/tile/entries", "/tile/entries/", "/tile/entries/0", "/tile/entries/000.p/999",
      "/tile/0/x999/x999/x999/x999/x999/x999/x999/999", "/tile/0/" + "x001/".repeat(400) + "000",
    ]) await refused(path, 404, "not_found", { cookie: log.cookie });
  });

  it("HEAD tells what GET would", async () => {
    for (const path of ["/checkpoint", tilePath(0, 0), "/v1/log/key", "/v1/proofs/inclusion?position=0"]) {
      const get = await raw(path);
      const head = await raw(path, { method: "HEAD" });
      assert.equal(head.body.length, 0);
      const length = (answer) => /content-length: (\d+)/.exec(answer.head)[1];
      assert.equal(length(head), length(get));
      assert.equal(Number(length(get)), get.body.length);
    }
    const refusedPost = await server.fetch("/checkpoint", { method: "POST", body: "x" });
    assert.equal(refusedPost.status, 405);
  });

  it("entries are for auditors and the secretariat, and for no shared cache", async () => {
    const path = tilePath("entries", 0);
    await refused(path, 401, "not_signed_in");
    await refused(path, 401, "not_signed_in", { cookie: "mosty=forged" });
    for (const role of ["officer", "mayor", "expert"]) await refused(path, 403, "may_not_read", { cookie: await server.signIn(await server.person(role)) });
    // Who may not read them learns nothing of them.
    await refused(tilePath("entries", 999), 403, "may_not_read", { cookie: await server.signIn(await server.person("officer")) });
    for (const role of ["auditor", "secretariat"]) {
      const answer = await server.fetch(path, { cookie: await server.signIn(await server.person(role)) });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get("content-type"), "application/octet-stream");
      assert.equal(answer.headers.get("cache-control"), "no-store");
    }
    await refused(tilePath("entries", 999), 404, "no_such_tile", { cookie: log.cookie });
    await refused(tilePath("entries", Math.floor(size / 256), Math.min(255, (size % 256) + 2)), 404, "no_such_tile", { cookie: log.cookie });
  });

  it("entries are the stored bytes, each after its length, packed or not", async () => {
    const path = tilePath("entries", 0);
    const plain = await raw(path, { headers: { cookie: log.cookie } });
    assert.ok(!plain.head.includes("content-encoding"));
    const packed = await raw(path, { headers: { cookie: log.cookie, "accept-encoding": "gzip" } });
    assert.match(packed.head, /content-encoding: gzip/);
    assert.match(packed.head, /vary: accept-encoding/);
    assert.ok(packed.body.length < plain.body.length / 2);
    assert.deepEqual(gunzipSync(packed.body), plain.body);

    const lines = (await server.fetch("/v1/events?from=0&limit=256", { cookie: log.cookie, headers: { accept: "application/x-ndjson" } })).text;
    const expected = lines.trimEnd().split("\n").flatMap((line) => {
      const bytes = Buffer.from(line), length = Buffer.alloc(2);
      length.writeUInt16BE(bytes.length);
      return [length, bytes];
    });
    assert.deepEqual(plain.body, Buffer.concat(expected));
  });

  it("proofs are for entries and sizes that there are", async () => {
    const inclusion = "/v1/proofs/inclusion", consistency = "/v1/proofs/consistency";
    assert.equal((await server.read(`${inclusion}?position=0`)).size >= size, true);
    assert.equal((await server.read(`${consistency}?from=0`)).proof.length, 0);
    assert.deepEqual(await server.read(`${consistency}?from=${size}&to=${size}`), { from: size, to: size, proof: [] });
    assert.deepEqual((await server.read(`${inclusion}?position=0&size=1`)).proof, []);
    const beyond = await refused(`${inclusion}?position=0&size=${size + 1_000_000}`, 404, "no_such_size");
    assert.ok(Number(beyond.params.size) >= size);
    await refused(`${inclusion}?position=${size}&size=${size}`, 404, "no_such_entry");
    await refused(`${inclusion}?position=0&size=0`, 404, "no_such_entry");
    await refused(`${inclusion}?position=9223372036854775807`, 404, "no_such_entry");
    await refused(`${consistency}?from=0&to=${size + 1_000_000}`, 404, "no_such_size");
    await refused(`${consistency}?from=5&to=4`, 404, "no_such_size");
    for (const query of ["", "?position=", "?position=x", "?position=-1", "?position=01", "?position=1.5", "?position=0&size=x", "?position=18446744073709551616", "?size=3"])
      await refused(inclusion + query, 422, "invalid_field");
    for (const query of ["", "?from=x", "?from=0&to=", "?from=0&to=-1", "?to=3"]) await refused(consistency + query, 422, "invalid_field");
    await refused("/v1/proofs/absence", 404, "not_found");
  });

  it("an empty log has a checkpoint, and no tiles", async () => {
    const empty = await Server.start(group, { args: [] });
    const { text } = await empty.fetch("/checkpoint");
    assert.deepEqual(text.split("\n").slice(1, 3), ["0", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="]);
    for (const path of [tilePath(0, 0), tilePath(0, 0, 1)]) assert.equal((await empty.fetch(path)).json.code, "no_such_tile");
    assert.equal((await empty.fetch("/v1/proofs/consistency?from=0&to=0")).status, 200);
    assert.equal((await empty.fetch("/v1/proofs/inclusion?position=0")).json.code, "no_such_entry");
  });
});
