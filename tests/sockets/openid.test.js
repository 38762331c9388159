// Signing in by an organisation's own provider: over real sockets, with a provider of the tests' own.
import assert from "node:assert/strict";
import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { Browser, describedOfProviders, inviteByTool, joined, password, secretariatOf, seen } from "./support/accounts.js";
import { Authority } from "./support/certificates.js";
import { forged, OpenIdProvider, SigningKey } from "./support/openid_provider.js";
import { folderFor, Group, run, Server } from "./support/server.js";

const kyiv = "UA80000000000093317", town = "UA32140010000049369";

async function typesOf(server, actor) {
  const { stdout } = await run("events", server.data, "--stream", `person/${actor}`);
  return stdout.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line).type.replace("person.", ""));
}

async function serverWith(test, ...tables) {
  const config = join(await folderFor(test), "mosty.toml");
  await writeFile(config, tables.join("\n"));
  return Server.start(test, { args: ["--config", config] });
}

// A server, its secretariat, and a provider that knows its way back.
async function house(test, { organisations = ["cemr", kyiv], more, ...options } = {}) {
  const provider = await OpenIdProvider.start(test, options);
  const server = await serverWith(test, provider.settings({ organisations, more }));
  provider.redirectUris.add(`${server.origin}/v1/openid/kyiv/callback`);
  return { provider, server, secretariat: await secretariatOf(server) };
}

const invited = async (secretariat, organisation = kyiv, role = "officer") =>
  (await secretariat.post("/v1/invitations", { name: "Іван", organisation, role, language: "uk" })).json;

// The way to the provider.
async function begin(browser, { path = "/v1/openid/kyiv/start", body = {} } = {}) {
  const { status, json, text } = await browser.post(path, body);
  assert.equal(status, 200, text);
  return json.location;
}

// What the provider does there: the path with which it sends the browser back.
async function throughProvider(location) {
  const answer = await fetch(location, { redirect: "manual" });
  assert.equal(answer.status, 302, await answer.text());
  const { pathname, search } = new URL(answer.headers.get("location"));
  return pathname + search;
}

// All of it: the page at which one ends.
async function walk(browser, what) {
  const answer = await browser.comeFromElsewhere(await throughProvider(await begin(browser, what)));
  assert.equal(answer.status, 303);
  return answer.headers.get("location");
}

const joinBy = (browser, secret) => walk(browser, { body: { token: secret } });

// Somebody who joined by the provider as this subject.
async function joinedBy({ server, provider, secretariat }, subject, organisation) {
  const { secret, person } = await invited(secretariat, organisation);
  provider.subject = subject;
  const browser = Object.assign(new Browser(server), { actor: person });
  assert.equal(await joinBy(browser, secret), "/");
  return browser;
}

describe("signing in by an organisation's own provider", () => {
  const group = new Group();
  let all, server, provider, secretariat;
  before(async () => {
    all = await house(group);
    ({ server, provider, secretariat } = all);
  });
  after(() => group.end());

  it("anybody may see which providers there are, by name alone", async () => {
    const { json } = await new Browser(server).get("/v1/openid");
    assert.deepEqual(json, { providers: [{ id: "kyiv", name: { uk: "Київ Цифровий", en: "Kyiv Digital" } }] });
  });

  it("whoever was invited joins by it, signs out and signs in again, without any password", async () => {
    const ivan = await joinedBy(all, "ivan-1");
    assert.equal((await ivan.get("/v1/me")).json.actor, ivan.actor);
    assert.deepEqual(await typesOf(server, ivan.actor), ["registered", "invited", "joined", "provider_linked"]);
    const { json } = await ivan.get("/v1/me/account");
    assert.deepEqual(json, { password: false, second_factor: false, providers: [{ id: "kyiv", name: { uk: "Київ Цифровий", en: "Kyiv Digital" }, linked: true }] });

    await ivan.post("/v1/sign-out");
    assert.equal((await ivan.get("/v1/me")).status, 401);
    assert.equal(await walk(ivan), "/");
    assert.equal((await ivan.get("/v1/me")).json.actor, ivan.actor);
    assert.equal((await ivan.get("/v1/me/sessions")).json.sessions.length, 1);
  });

  it("the provider is asked for nothing but an id, with a challenge of its verifier", async () => {
    const location = new URL(await begin(new Browser(server)));
    assert.equal(location.origin + location.pathname, `${provider.issuer}/authorize`);
    const query = Object.fromEntries(location.searchParams);
    assert.equal(query.scope, "openid");
    assert.equal(query.redirect_uri, `${server.origin}/v1/openid/kyiv/callback`);
    assert.deepEqual(Object.keys(query).sort(), ["client_id", "code_challenge", "code_challenge_method", "nonce", "redirect_uri", "response_type", "scope", "state"]);
  });

  it("an invitation is taken up once, by those of the provider's organisations", async () => {
    const { secret } = await invited(secretariat);
    const look = await new Browser(server).post("/v1/join/look", { token: secret });
    assert.deepEqual(look.json.providers.map(({ id }) => id), ["kyiv"]);
    provider.subject = "once-1";
    assert.equal(await joinBy(new Browser(server), secret), "/");
    const again = await new Browser(server).post("/v1/openid/kyiv/start", { token: secret });
    assert.deepEqual([again.status, again.json.code], [410, "invitation_closed"]);

    const other = await invited(secretariat, town);
    assert.deepEqual((await new Browser(server).post("/v1/join/look", { token: other.secret })).json.providers, []);
    const refused = await new Browser(server).post("/v1/openid/kyiv/start", { token: other.secret });
    assert.deepEqual([refused.status, refused.json.code], [403, "openid_not_for_you"]);
  });

  it("two who come home with one invitation are one", async () => {
    const { secret } = await invited(secretariat);
    const browsers = [new Browser(server), new Browser(server)];
    const paths = [];
    for (const [i, browser] of browsers.entries()) {
      provider.subject = `two-${i}`;
      paths.push(await throughProvider(await begin(browser, { body: { token: secret } })));
    }
    const pages = await Promise.all(browsers.map(async (browser, i) => (await browser.comeFromElsewhere(paths[i])).headers.get("location")));
    assert.equal(pages.filter((page) => page === "/").length, 1, pages.join(" "));
  });

  it("an identity that is somebody's joins as nobody else, and the invitation stays open", async () => {
    await joinedBy(all, "taken-1");
    const { secret } = await invited(secretariat);
    assert.equal(await joinBy(new Browser(server), secret), "/sign-in?problem=openid_taken");
    provider.subject = "taken-2";
    assert.equal(await joinBy(new Browser(server), secret), "/");
  });

  it("an identity that nobody is linked with lets nobody in, whatever address it claims", async () => {
    await joined(secretariat, { name: "Ольга", organisation: kyiv, role: "officer" }, "olha@kyiv.example");
    provider.subject = "stranger-1";
    provider.claims = { email: "olha@kyiv.example", email_verified: true };
    const browser = new Browser(server);
    assert.equal(await walk(browser), "/sign-in?problem=openid_unknown");
    assert.equal(browser.session, undefined);
    provider.claims = {};
  });

  it("whoever does not want to sign in there is told so", async () => {
    provider.subject = undefined;
    assert.equal(await walk(new Browser(server)), "/sign-in?problem=openid_cancelled");
  });

  it("a code and a state work once, and in the browser that began alone", async () => {
    const ivan = await joinedBy(all, "browser-1");
    const thief = new Browser(server);
    const path = await throughProvider(await begin(ivan));
    assert.equal((await thief.comeFromElsewhere(path)).headers.get("location"), "/sign-in?problem=openid_over");
    thief.plantElsewhere(new Browser(server));
    await begin(thief); // with a cookie of its own
    assert.equal((await thief.comeFromElsewhere(path)).headers.get("location"), "/sign-in?problem=openid_over");
    assert.equal(thief.session, undefined);
    assert.equal((await ivan.comeFromElsewhere(path)).headers.get("location"), "/");
    assert.equal((await ivan.comeFromElsewhere(path)).headers.get("location"), "/sign-in?problem=openid_over");
    for (const bad of ["?code=x", "?state=x", "", `?state=${"a".repeat(5_000)}&code=x`])
      assert.equal((await ivan.comeFromElsewhere(`/v1/openid/kyiv/callback${bad}`)).headers.get("location"), "/sign-in?problem=openid_over");
  });

  it("one browser may be away in two tabs", async () => {
    const ivan = await joinedBy(all, "tabs-1");
    const [first, second] = [await begin(ivan), await begin(ivan)];
    assert.equal((await ivan.comeFromElsewhere(await throughProvider(first))).headers.get("location"), "/");
    assert.equal((await ivan.comeFromElsewhere(await throughProvider(second))).headers.get("location"), "/");
  });

  it("a code that the provider never gave is not believed", async () => {
    const browser = new Browser(server);
    const path = new URL(await throughProvider(await begin(browser)), server.origin);
    path.searchParams.set("code", "invented");
    assert.equal((await browser.comeFromElsewhere(path.pathname + path.search)).headers.get("location"), "/sign-in?problem=openid_refused");
  });

  it("a page of ours alone begins, and never a token for scripts", async () => {
    const foreign = await server.fetch("/v1/openid/kyiv/start", { method: "POST", origin: "https://evil.example", body: "{}" });
    assert.deepEqual([foreign.status, foreign.json.code], [403, "bad_origin"]);
    const script = await server.fetch("/v1/openid/kyiv/start", { method: "POST", origin: "https://evil.example", headers: { authorization: "Bearer mosty_x" }, body: "{}" });
    assert.deepEqual([script.status, script.json.code], [403, "token_scope"]);
    for (const [method, path, status] of [["GET", "/v1/openid/kyiv/start", 404], ["POST", "/v1/openid/kyiv/callback", 404], ["POST", "/v1/openid/other/start", 404],
      ["POST", "/v1/me/openid/kyiv/link", 401], ["POST", "/v1/me/openid/kyiv/unlink", 401], ["POST", "/v1/openid", 405]])
      assert.equal((await server.fetch(path, { method, ...(method === "POST" ? { body: "{}" } : {}) })).status, status, path);
  });

  it("whoever has a password links it from their account with that password, and unlinks it", async () => {
    const olha = await joined(secretariat, { name: "Ольга", organisation: kyiv, role: "officer" }, "olha2@kyiv.example");
    provider.subject = "olha-2";
    const wrong = await olha.post("/v1/me/openid/kyiv/link", { current: "not it at all" });
    assert.deepEqual([wrong.status, wrong.json.code], [403, "wrong_password"]);
    const link = { path: "/v1/me/openid/kyiv/link", body: { current: password } };
    assert.equal(await walk(olha, link), "/account?linked=kyiv");
    const twice = await olha.post(link.path, link.body);
    assert.deepEqual([twice.status, twice.json.code], [409, "already_done"]);

    const phone = new Browser(server);
    assert.equal(await walk(phone), "/");
    assert.equal((await phone.get("/v1/me")).json.actor, olha.actor);
    const [unlinked] = [await olha.post("/v1/me/openid/kyiv/unlink", { current: password })];
    assert.equal(unlinked.status, 204);
    assert.equal((await phone.get("/v1/me")).status, 401); // came in by it
    assert.equal((await olha.get("/v1/me")).status, 200);
    assert.equal(await walk(phone), "/sign-in?problem=openid_unknown");
    assert.equal((await olha.post("/v1/me/openid/kyiv/unlink", { current: password })).status, 404);
    assert.deepEqual((await typesOf(server, olha.actor)).slice(-2), ["provider_linked", "provider_unlinked"]);
  });

  it("nobody links an identity that is somebody else's, nor one of another organisation's provider", async () => {
    await joinedBy(all, "hers-1");
    const olha = await joined(secretariat, { name: "Ольга", organisation: kyiv, role: "officer" }, "olha3@kyiv.example");
    provider.subject = "hers-1";
    assert.equal(await walk(olha, { path: "/v1/me/openid/kyiv/link", body: { current: password } }), "/account?problem=openid_taken");
    const petro = await joined(secretariat, { name: "Петро", organisation: town, role: "officer" }, "petro@byshiv.example");
    const refused = await petro.post("/v1/me/openid/kyiv/link", { current: password });
    assert.deepEqual([refused.status, refused.json.code], [403, "openid_not_for_you"]);
    assert.deepEqual((await petro.get("/v1/me/account")).json.providers, []);
  });

  it("a session that has ended links nothing when it comes home", async () => {
    const olha = await joined(secretariat, { name: "Ольга", organisation: kyiv, role: "officer" }, "olha4@kyiv.example");
    provider.subject = "olha-4";
    const path = await throughProvider(await begin(olha, { path: "/v1/me/openid/kyiv/link", body: { current: password } }));
    const elsewhere = new Browser(server);
    await elsewhere.signIn("olha4@kyiv.example");
    await elsewhere.post("/v1/sign-out-everywhere");
    assert.equal((await olha.comeFromElsewhere(path)).headers.get("location"), "/account?problem=openid_over");
    assert.equal(await walk(new Browser(server)), "/sign-in?problem=openid_unknown");
  });

  it("the last way in stays, until there is a password", async () => {
    const ivan = await joinedBy(all, "last-1");
    const refused = await ivan.post("/v1/me/openid/kyiv/unlink");
    assert.deepEqual([refused.status, refused.json.code], [409, "last_way_in"]);
    assert.equal((await ivan.post("/v1/me/password", { password, email: "last@kyiv.example" })).status, 204);
    assert.equal((await ivan.post("/v1/me/openid/kyiv/unlink", { current: password })).status, 204);
    assert.equal((await new Browser(server).signIn("last@kyiv.example")).status, 200);
  });

  it("who changes to another organisation, or leaves, is not let in by it any more", async () => {
    const ivan = await joinedBy(all, "moves-1");
    const moved = await secretariat.command(`person/${ivan.actor}`, "change_role", { organisation: town, role: "officer", reason: "moved" });
    assert.equal(moved.status, 200, moved.text);
    assert.equal(await walk(new Browser(server)), "/sign-in?problem=openid_not_for_you");
    const left = await secretariat.command(`person/${ivan.actor}`, "leave", { reason: "left" });
    assert.equal(left.status, 200, left.text);
    assert.equal(await walk(new Browser(server)), "/sign-in?problem=openid_unknown");
  });

  it("inviting somebody again voids the identity", async () => {
    const ivan = await joinedBy(all, "again-1");
    await inviteByTool(server.data, "--person", ivan.actor);
    assert.equal((await ivan.get("/v1/me")).status, 401);
    assert.equal(await walk(new Browser(server)), "/sign-in?problem=openid_unknown");
  });

  it("who somebody is at the provider stands nowhere in the folder, and nothing of it in the log of the server", async () => {
    await joinedBy(all, "tax-number-3012345678");
    const files = await readdir(server.data, { recursive: true, withFileTypes: true });
    for (const file of files.filter((one) => one.isFile()))
      assert.equal((await readFile(join(file.parentPath, file.name))).includes("tax-number-3012345678"), false, file.name);
    assert.doesNotMatch(server.stderr, /tax-number|248289761001|eyJ/);
  });
});

describe("a token that should not be believed", () => {
  const group = new Group();
  let all;
  before(async () => { all = await house(group, { algorithm: "ES256" }); });
  after(() => group.end());

  const page = async (subject) => {
    all.provider.subject = subject;
    return walk(new Browser(all.server));
  };

  it("lets nobody in, however it lies", async () => {
    const { provider } = all;
    await joinedBy(all, "ivan-1");
    const now = Math.floor(Date.now() / 1000);
    for (const [why, claims] of Object.entries({
      nonce_wrong: { nonce: "another" }, audience_wrong: { aud: "another" }, expired: { exp: now - 200 }, not_yet_valid: { iat: now + 200 },
      issuer_wrong: { iss: "https://evil.example" }, subject_missing: { sub: undefined }, malformed: { exp: undefined },
    })) {
      provider.claims = claims;
      assert.equal(await page("ivan-1"), "/sign-in?problem=openid_refused", why);
      assert.match(all.server.stderr, new RegExp(`not to be believed: ${why}`));
    }
    provider.claims = {};
    for (const [why, tokenOf] of [["algorithm_refused", forged.unsigned], ["algorithm_refused", forged.bySecret(provider.keys[0])],
      ["signature_wrong", forged.byAnother(provider.keys[0])], ["header_refused", forged.bringingItsKey], ["malformed", () => "no.token.at all"],
      ["key_unknown", (claims) => new SigningKey("EdDSA").token(claims)]]) {
      provider.tokenOf = tokenOf;
      assert.equal(await page("ivan-1"), "/sign-in?problem=openid_refused", why);
      assert.match(all.server.stderr, new RegExp(`not to be believed: ${why}`));
    }
    provider.tokenOf = undefined;
    assert.equal(await page("ivan-1"), "/");
  });

  it("who tries it often has to wait", async () => {
    const { provider, server } = await house(group, {});
    provider.claims = { aud: "another" };
    const pages = [];
    for (let i = 0; i < 33; ++i) pages.push(await walk(new Browser(server)));
    assert.equal(pages[0], "/sign-in?problem=openid_refused");
    assert.match(pages.at(-1), /^\/sign-in\?problem=try_later&seconds=\d+$/);
  });
});

describe("a provider", () => {
  const group = new Group();
  after(() => group.end());

  for (const algorithm of ["RS256", "ES256", "EdDSA"])
    it(`that signs by ${algorithm} is understood, also when it rotates its keys`, async () => {
      const all = await house(group, { algorithm });
      const ivan = await joinedBy(all, "ivan-1");
      assert.equal(all.provider.count("/keys"), 1);
      all.provider.rotate();
      // The keys were fetched less than a minute ago: for so long the new one is not looked for.
      assert.equal(await walk(ivan), "/sign-in?problem=openid_refused");
      assert.equal(all.provider.count("/keys"), 1);
      all.provider.keys.push(all.provider.keys.shift());
      assert.equal(await walk(ivan), "/");
    });

  it("whose keys are new when they are first asked for is understood at once", async () => {
    const all = await house(group, { algorithm: "EdDSA" });
    all.provider.rotate("RS256");
    await joinedBy(all, "ivan-1");
  });

  it("that gave us a secret gets it in the header alone, and it is in no log", async () => {
    const file = join(await folderFor(group), "kyiv.secret");
    await writeFile(file, "s3cret:/ + ü\n", { mode: 0o600 });
    const all = await house(group, { secret: "s3cret:/ + ü", more: `client_secret_file = "${file}"\n` });
    await joinedBy(all, "ivan-1");
    const { form } = all.provider.asked.find(({ path }) => path === "/token");
    assert.deepEqual([...form.keys()].sort(), ["code", "code_verifier", "grant_type", "redirect_uri"]);
    assert.doesNotMatch(all.server.stderr, /s3cret/);
  });

  it("whose secret others may read is refused at the start, and so is a table that makes no sense", async () => {
    const folder = await folderFor(group);
    const file = join(folder, "open.secret"), config = join(folder, "mosty.toml");
    await writeFile(file, "s3cret");
    await chmod(file, 0o644);
    const provider = await OpenIdProvider.start(group, {});
    const started = async (table) => {
      await writeFile(config, table);
      return run("serve", "--data", join(folder, "data"), "--listen", "127.0.0.1:0", "--config", config);
    };
    const open = await started(provider.settings({ organisations: [kyiv], more: `client_secret_file = "${file}"\n` }));
    assert.notEqual(open.code, 0);
    assert.match(open.stdout + open.stderr, /open\.secret holds a secret and others may read/);
    const wrong = await started(provider.settings({ organisations: [], more: 'client_secret = "s3cret"\n' }));
    assert.notEqual(wrong.code, 0);
    assert.match(wrong.stderr, /openid\.client_secret is not a setting: a secret has no place here/);
    assert.doesNotMatch(wrong.stderr, /s3cret"/);
  });

  it("that names itself in its answers is not believed when another does", async () => {
    const all = await house(group, { namesItself: true });
    const ivan = await joinedBy(all, "ivan-1");
    for (const other of ["https://evil.example", undefined]) {
      const path = new URL(await throughProvider(await begin(ivan)), all.server.origin);
      if (other) path.searchParams.set("iss", other);
      else path.searchParams.delete("iss");
      const redeemed = all.provider.count("/token");
      assert.equal((await ivan.comeFromElsewhere(path.pathname + path.search)).headers.get("location"), "/sign-in?problem=openid_refused");
      assert.equal(all.provider.count("/token"), redeemed);
    }
  });

  it("that is reached over TLS must be the one that its certificate names", async () => {
    const folder = await folderFor(group);
    const authority = await Authority.found(folder);
    const pemOf = async ({ certificate, key }) => ({ certificate: await readFile(certificate), key: await readFile(key) });
    const good = await pemOf(await authority.issue("localhost"));
    const all = await house(group, { tls: good, more: `authorities = "${authority.certificate}"\n`, algorithm: "ES256" });
    const location = new URL(await begin(new Browser(all.server)));
    assert.equal(location.protocol, "https:");

    const elsewhere = await pemOf(await authority.issue("elsewhere", { alternatives: "DNS:elsewhere.example" }));
    const strange = await house(group, { tls: elsewhere, more: `authorities = "${authority.certificate}"\n` });
    const unknown = await house(group, { tls: good });
    for (const { server } of [strange, unknown]) {
      const answer = await new Browser(server).post("/v1/openid/kyiv/start");
      assert.deepEqual([answer.status, answer.json.code], [503, "openid_unavailable"]);
      assert.match(server.stderr, /certificate verify failed/);
    }
  });

  it("is left for with a cookie that is bound to this very host, where there is TLS", async () => {
    const folder = await folderFor(group);
    const authority = await Authority.found(folder);
    const { certificate, key } = await authority.issue("mosty");
    const provider = await OpenIdProvider.start(group, {});
    await writeFile(join(folder, "mosty.toml"), provider.settings({ organisations: [kyiv] }));
    const server = await Server.start(group, { args: ["--config", join(folder, "mosty.toml"), "--certificate", certificate, "--key", key], ca: authority.ca });
    const { status, headers, json } = await server.fetch("/v1/openid/kyiv/start", { method: "POST", body: "{}" });
    assert.equal(status, 200);
    assert.match(headers.get("set-cookie"), /^__Host-mosty-elsewhere=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600; Secure$/);
    assert.equal(new URL(json.location).searchParams.get("redirect_uri"), `${server.origin}/v1/openid/kyiv/callback`);
  });

  it("that fails in any way leaves everybody else alone, and people are told to try later", async () => {
    const all = await house(group, { algorithm: "EdDSA" });
    const { provider, server } = all;
    const ivan = await joinedBy(all, "ivan-1");
    const big = (_request, response) => response.writeHead(200, { "content-type": "application/json" }).end(`{"id_token":"${"a".repeat(300_000)}"}`);
    const broken = (_request, response) => response.writeHead(200, { "content-type": "application/json" }).end('{"id_token":');
    const leadsAway = (_request, response) => response.writeHead(302, { location: `${provider.issuer}/elsewhere` }).end();
    const cuts = (_request, response) => response.destroy();
    const fails = (_request, response) => response.writeHead(500).end();
    for (const answer of [big, broken, leadsAway, cuts, fails]) {
      provider.answer["/token"] = answer;
      assert.equal(await walk(ivan), "/sign-in?problem=openid_unavailable", String(answer));
    }
    assert.equal(provider.count("/elsewhere"), 0);

    // One that says nothing for ten seconds, or a byte now and then: meanwhile passwords work.
    const trickles = (_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const pace = setInterval(() => response.write(" "), 500);
      response.on("close", () => clearInterval(pace));
    };
    for (const answer of [provider.hang, trickles]) {
      provider.answer["/token"] = answer;
      const began = Date.now();
      const waiting = walk(ivan);
      assert.equal((await new Browser(server).signIn("olena@cemr.eu")).status, 200);
      assert.ok(Date.now() - began < 5_000);
      assert.equal(await waiting, "/sign-in?problem=openid_unavailable");
      assert.ok(Date.now() - began < 15_000);
    }
    delete provider.answer["/token"];
    assert.equal(await walk(ivan), "/");
  });

  it("that tells nonsense of itself, or nothing, is told to nobody's harm", async () => {
    for (const answer of [
      (_request, response) => response.writeHead(200).end("no json"),
      (_request, response) => response.writeHead(404).end(),
      (_request, response, json) => json(200, { issuer: "https://evil.example" }),
      (_request, response) => response.writeHead(301, { location: "https://evil.example" }).end(),
    ]) {
      const { provider, server } = await house(group, {});
      provider.answer["/.well-known/openid-configuration"] = answer;
      const refused = await new Browser(server).post("/v1/openid/kyiv/start");
      assert.deepEqual([refused.status, refused.json.code], [503, "openid_unavailable"]);
    }
  });

  it("that hangs does not keep the server from stopping", async () => {
    const all = await house(group, {});
    const ivan = await joinedBy(all, "ivan-1");
    all.provider.answer["/token"] = all.provider.hang;
    const waiting = walk(ivan).catch(() => "cut");
    while (all.provider.count("/token") < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    const { code, seconds } = await all.server.stop();
    assert.equal(code, 0);
    assert.ok(seconds < 6, `${seconds} s`);
    await waiting;
  });
});

it("every answer about providers that is described was got", () => {
  assert.deepEqual(describedOfProviders.filter((one) => / (200|204|303)$/.test(one)).filter((one) => !seen.has(one)), []);
});
