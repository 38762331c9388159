// Accounts as people and those who attack them use them: over real sockets, with a server that is no demo.
import assert from "node:assert/strict";
import { cp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { Browser, codeOf, described, inviteByTool, joined, password, secretariatOf, seen } from "./support/accounts.js";
import { decryptedCredentials } from "./support/credentials.js";
import { until } from "./support/deadline.js";
import { EventStream } from "./support/event_stream.js";
import { bringKeys, folderFor, Group, run, Server } from "./support/server.js";

const town = "UA32140010000049369";

// Every byte of every file below a folder.
async function allBytes(folder) {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const parts = await Promise.all(files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name))));
  return Buffer.concat(parts);
}

// The types of a person's events, in order, read from the folder.
async function eventsOf(server, actor) {
  const { stdout } = await run("events", server.data, "--stream", `person/${actor}`);
  return stdout.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

async function typesOf(server, actor) {
  return (await eventsOf(server, actor)).map((event) => event.type.replace("person.", ""));
}

describe("a server with accounts", () => {
  const group = new Group();
  let server, secretariat;
  before(async () => {
    server = await Server.start(group, { args: [] });
    secretariat = await secretariatOf(server);
  });
  after(() => group.end());

  const officer = (email, name = "Іван") => joined(secretariat, { name, organisation: town, role: "officer" }, email);

  it("nobody signs in by choosing somebody", async () => {
    const answer = await new Browser(server).post("/v1/sign-in", { actor: secretariat.actor });
    assert.equal(answer.status, 400);
    assert.equal((await server.fetch("/v1/demo/people")).status, 404);
  });

  it("whoever was invited chooses a password and is there", async () => {
    const me = await secretariat.get("/v1/me");
    assert.equal(me.status, 200);
    assert.deepEqual([me.json.name, me.json.role, me.json.organisation, me.json.demo], ["Олена", "secretariat", "cemr", false]);
    assert.deepEqual(await typesOf(server, secretariat.actor), ["registered", "invited", "joined"]);
  });

  it("a link says whom it invites, works once, and can be withdrawn", async () => {
    const invited = await secretariat.post("/v1/invitations", { name: "Марія", organisation: town, role: "mayor", language: "uk" });
    assert.equal(invited.status, 200);
    const { secret, person, invitation } = invited.json;
    const stranger = new Browser(server);
    const look = await stranger.post("/v1/join/look", { token: secret });
    assert.deepEqual([look.json.person, look.json.name, look.json.role], [person, "Марія", "mayor"]);
    const pending = await secretariat.get("/v1/invitations");
    assert.ok(pending.json.invitations.some((one) => one.invitation === invitation && one.name === "Марія"));
    assert.ok(!pending.text.includes(secret), "the list does not tell the link");

    await stranger.join(secret, "maria@town.ua");
    for (const path of ["/v1/join/look", "/v1/join"]) {
      const again = await new Browser(server).post(path, { token: secret, ...(path === "/v1/join" ? { email: "thief@town.ua", password } : {}) });
      assert.deepEqual([again.status, again.json.code], [410, "invitation_closed"]);
    }
    const next = await secretariat.post("/v1/invitations", { name: "Петро", organisation: town, role: "officer", language: "uk" });
    assert.equal((await secretariat.delete(`/v1/invitations/${next.json.invitation}`)).status, 204);
    const late = await new Browser(server).post("/v1/join", { token: next.json.secret, email: "petro@town.ua", password });
    assert.deepEqual([late.status, late.json.code], [410, "invitation_closed"]);
    assert.deepEqual(await typesOf(server, next.json.person), ["registered", "invited", "invitation_withdrawn"]);
  });

  it("one link at once by two is one account", async () => {
    const { json } = await secretariat.post("/v1/invitations", { name: "Двоє", organisation: town, role: "expert", language: "uk" });
    const answers = await Promise.all(["one", "two", "three"].map((name) =>
      new Browser(server).post("/v1/join", { token: json.secret, email: `${name}@town.ua`, password })));
    assert.deepEqual(answers.map((one) => one.status).sort(), [200, 429, 429]);
    assert.deepEqual(await typesOf(server, json.person), ["registered", "invited", "joined"]);
  });

  it("joining asks for a real address, a password that is not guessed, and an address of one's own", async () => {
    const { json } = await secretariat.post("/v1/invitations", { name: "Ще", organisation: town, role: "officer", language: "uk" });
    for (const [email, word, code] of [
      ["nobody", password, "invalid_field"],
      ["new@town.ua", "short", "weak_password"],
      ["new@town.ua", "aaaaaaaaaaaaaaaa", "weak_password"],
      ["olena@cemr.eu", password, "email_taken"],
    ]) {
      const answer = await new Browser(server).post("/v1/join", { token: json.secret, email, password: word });
      assert.equal(answer.json.code, code);
    }
    await new Browser(server).join(json.secret, "new@town.ua");
  });

  it("whoever holds a link finds out of a few addresses only whether somebody signs in with them", async () => {
    const { json } = await secretariat.post("/v1/invitations", { name: "Цікавий", organisation: town, role: "officer", language: "uk" });
    const tries = [];
    for (let i = 0; i < 7; ++i) tries.push((await new Browser(server).post("/v1/join", { token: json.secret, email: "olena@cemr.eu", password })).json.code);
    assert.deepEqual(tries, [...Array(5).fill("email_taken"), "try_later", "try_later"]);
    assert.equal((await new Browser(server).post("/v1/join/look", { token: json.secret })).status, 200, "the link stays good");
    await secretariat.delete(`/v1/invitations/${json.invitation}`);
  });

  it("a town invites its own officers, and nobody else", async () => {
    const anna = await officer("anna@town.ua");
    const invite = async (profile) => (await anna.post("/v1/invitations", { name: "Хтось", language: "uk", ...profile })).status;
    assert.equal(await invite({ organisation: town, role: "officer" }), 200);
    assert.equal(await invite({ organisation: town, role: "expert" }), 403, "experts read what every town writes");
    assert.equal(await invite({ organisation: town, role: "mayor" }), 403);
    assert.equal(await invite({ organisation: "HU_10719", role: "officer" }), 403);
    assert.equal(await invite({ organisation: "cemr", role: "secretariat" }), 403);
    const seen = (await anna.get("/v1/invitations")).json.invitations;
    assert.ok(seen.length > 0 && seen.every((one) => one.organisation === town));
    // An account that somebody has taken up is the secretariat's to give anew.
    const colleague = await officer("colleague@town.ua");
    assert.equal((await anna.post("/v1/invitations", { person: colleague.actor })).status, 403);
    assert.equal((await colleague.get("/v1/me")).status, 200);
    // What the server alone may say is refused from everybody.
    for (const [name, data] of [["set_password", {}], ["join", { invitation: "in-1" }], ["remove_second_factor", {}]]) {
      const answer = await anna.command(`person/${anna.actor}`, name, data);
      assert.deepEqual([answer.status, answer.json.code], [403, "not_allowed"]);
    }
  });

  it("a wrong password and an unknown address get the same answer", async () => {
    await officer("known@town.ua");
    const wrong = await new Browser(server).signIn("known@town.ua", "another bridge entirely");
    const unknown = await new Browser(server).signIn("unknown@town.ua");
    assert.equal(wrong.status, 401);
    assert.equal(unknown.status, 401);
    assert.equal(wrong.text, unknown.text);
    assert.equal(wrong.json.code, "sign_in_refused");
    assert.equal((await new Browser(server).signIn(" Known@Town.UA ")).status, 200);
  });

  it("guessing is slowed, the owner's own browser is not, and the right password works after the pause", async () => {
    const owner = await officer("guessed@town.ua");
    const thief = new Browser(server);
    let slowed;
    for (let i = 0; i < 12 && !slowed; ++i) {
      const answer = await thief.signIn("guessed@town.ua", `a guess, number ${i}`);
      if (answer.status === 429) slowed = answer;
      else assert.equal(answer.status, 401);
    }
    assert.equal(slowed?.json.code, "try_later");
    const pause = Number(slowed.headers.get("retry-after"));
    assert.ok(pause >= 1 && pause <= 900, `a pause of ${pause} s`);
    // Even the right password waits, from a browser that nobody knows …
    assert.equal((await new Browser(server).signIn("guessed@town.ua")).status, 429);
    // … but the session goes on, and the browser that has signed in before may do so again.
    assert.equal((await owner.get("/v1/me")).status, 200);
    await owner.post("/v1/sign-out");
    assert.equal((await owner.signIn("guessed@town.ua")).status, 200);
    let answer;
    for (let i = 0; i < 20; ++i) {
      answer = await new Browser(server).signIn("guessed@town.ua");
      if (answer.status !== 429) break;
      await new Promise((resolve) => setTimeout(resolve, Number(answer.headers.get("retry-after")) * 1000));
    }
    assert.equal(answer.status, 200);
  });

  it("a second factor is asked for, each code works once, and recovery codes too", async () => {
    const ivan = await officer("factor@town.ua");
    assert.equal((await ivan.post("/v1/me/second-factor", { current: "not the password" })).json.code, "wrong_password");
    const offer = (await ivan.post("/v1/me/second-factor", { current: password })).json;
    assert.match(offer.uri, /^otpauth:\/\/totp\/Mosty:factor%40town\.ua\?secret=[A-Z2-7]{32}&issuer=Mosty/);
    assert.equal((await ivan.post("/v1/me/second-factor/confirm", { code: "000000" })).json.code, "code_refused");
    const used = codeOf(offer.secret, -1);
    const confirmed = await ivan.post("/v1/me/second-factor/confirm", { code: used });
    assert.equal(confirmed.status, 200);
    const recovery = confirmed.json.recovery_codes;
    assert.equal(new Set(recovery).size, 10);

    const ticket = async () => {
      const browser = new Browser(server);
      const answer = await browser.signIn("factor@town.ua");
      assert.deepEqual([answer.status, answer.json.second_factor], [200, true]);
      assert.equal(browser.session, undefined);
      return { browser, ticket: answer.json.ticket };
    };
    const enter = async ({ browser, ticket: one }, code) => browser.post("/v1/sign-in/second-factor", { ticket: one, code });

    const first = await ticket();
    assert.equal((await enter(first, used)).json.code, "code_refused", "it confirmed already");
    const code = codeOf(offer.secret);
    assert.equal((await enter(first, code)).status, 200);
    assert.equal((await first.browser.get("/v1/me")).status, 200);
    const second = await ticket();
    assert.equal((await enter(second, code)).json.code, "code_refused", "it was used already");
    assert.equal((await enter(second, recovery[0].toUpperCase())).status, 200);
    const third = await ticket();
    assert.equal((await enter(third, recovery[0])).json.code, "code_refused", "it was used already");
    assert.equal((await enter(third, recovery[1])).status, 200);
    assert.equal((await enter(third, recovery[2])).status, 401, "a ticket is for one sign-in");
    assert.equal((await ivan.get("/v1/me/account")).json.recovery_codes, 8);

    // Whoever knows the password, and sits at a browser that is signed in, takes the second factor neither away nor over.
    for (const [path, wrong] of [["/v1/me/second-factor/remove", [undefined, code]], ["/v1/me/second-factor", ["000000", recovery[0]]]])
      for (const one of wrong) {
        const answer = await ivan.post(path, { current: password, code: one });
        assert.deepEqual([answer.status, answer.json.code, answer.json.field], [403, "code_refused", "code"], `${path} ${one}`);
      }
    assert.equal((await ivan.post("/v1/me/second-factor", { current: "not the password", code: recovery[2] })).json.code, "wrong_password");
    assert.equal((await ivan.get("/v1/me/account")).json.recovery_codes, 8, "a wrong password uses no code up");
    const anew = await ivan.post("/v1/me/second-factor", { current: password, code: codeOf(offer.secret, 1) });
    assert.match(anew.json.secret, /^[A-Z2-7]{32}$/);
    assert.equal((await ivan.get("/v1/me/account")).json.second_factor, true, "the one until now stands until the new one is confirmed");
    assert.equal((await ivan.post("/v1/me/second-factor/remove", { current: password, code: recovery[2] })).status, 204);
    assert.equal((await new Browser(server).signIn("factor@town.ua")).json.actor, ivan.actor);
    assert.deepEqual((await typesOf(server, ivan.actor)).slice(-2), ["second_factor_set", "second_factor_removed"]);
  });

  it("a new password needs the old one, and ends every other session", async () => {
    const ivan = await officer("password@town.ua");
    const other = new Browser(server);
    await other.signIn("password@town.ua");
    const set = (current, word) => ivan.post("/v1/me/password", { current, password: word });
    assert.equal((await set("not the password", "a new bridge, longer")).json.code, "wrong_password");
    assert.equal((await set(password, "short")).json.code, "weak_password");
    assert.equal((await set(password, "a new bridge, longer")).status, 204);
    assert.equal((await ivan.get("/v1/me")).status, 200);
    assert.equal((await other.get("/v1/me")).status, 401);
    assert.equal((await new Browser(server).signIn("password@town.ua")).status, 401);
    assert.equal((await new Browser(server).signIn("password@town.ua", "a new bridge, longer")).status, 200);
  });

  it("a sign-in that waits for its code is void with a new password, and when one signs out everywhere", async () => {
    const ivan = await officer("ticket@town.ua");
    const { secret } = (await ivan.post("/v1/me/second-factor", { current: password })).json;
    const recovery = (await ivan.post("/v1/me/second-factor/confirm", { code: codeOf(secret, -1) })).json.recovery_codes;
    let word = password;
    const waits = async () => {
      const browser = new Browser(server);
      const { ticket } = (await browser.signIn("ticket@town.ua", word)).json;
      assert.match(ticket, /^[\w-]{43}$/);
      return (code) => browser.post("/v1/sign-in/second-factor", { ticket, code });
    };
    const isVoid = async (enter) => {
      const answer = await enter(recovery[0]);
      assert.deepEqual([answer.status, answer.json.code], [401, "sign_in_refused"]);
      assert.equal((await (await waits())(recovery.shift())).status, 200, "the code is not used up, and one may begin again");
    };
    const before = await waits();
    assert.equal((await ivan.post("/v1/me/password", { current: password, password: "a new bridge, longer" })).status, 204);
    word = "a new bridge, longer";
    await isVoid(before);
    const then = await waits();
    assert.equal((await ivan.post("/v1/sign-out-everywhere")).status, 200);
    await isVoid(then);
    const last = await waits();
    assert.equal((await secretariat.post("/v1/invitations", { person: ivan.actor })).status, 200);
    assert.equal((await last(recovery[0])).status, 401);
  });

  it("one's own sessions are listed, and ended one by one", async () => {
    const ivan = await officer("sessions@town.ua");
    const phone = new Browser(server, { agent: "Phone/7 \u00e9" });
    await phone.signIn("sessions@town.ua");
    const { sessions } = (await ivan.get("/v1/me/sessions")).json;
    assert.equal(sessions.length, 2);
    assert.deepEqual(sessions.filter((one) => one.current).map((one) => one.agent), ["Test/1"]);
    const other = sessions.find((one) => !one.current);
    assert.match(other.agent, /^Phone\/7/);
    assert.equal((await phone.delete(`/v1/me/sessions/${sessions.find((one) => one.current).session}`)).status, 204);
    assert.equal((await ivan.get("/v1/me")).status, 401);
    const stranger = await officer("stranger@town.ua");
    assert.equal((await stranger.delete(`/v1/me/sessions/${other.session}`)).status, 404);
    assert.equal((await phone.get("/v1/me")).status, 200);
  });

  it("an ended session ends its live connections and event streams at once", async () => {
    const olena = new Browser(server);
    await olena.signIn("olena@cemr.eu");
    const ivan = await officer("live@town.ua");
    const first = await server.connect(ivan.cookie);
    const stays = await server.connect(olena.cookie);
    const second = new Browser(server);
    await second.signIn("live@town.ua");
    const other = await server.connect(second.cookie);
    await first.follow("directory");
    await other.follow("directory");
    const cookie = ivan.sessionCookie;
    await ivan.post("/v1/sign-out");
    assert.equal((await first.ended).code, 4001);
    assert.deepEqual(first.frames.at(-1).type === "bye" && first.frames.at(-1).reason, "signed_out");
    assert.equal((await other.settle()).type, "pong", "another session goes on");
    await assert.rejects(server.connect(cookie), ({ status, problem }) => status === 401 && problem.code === "signed_out");

    const everywhere = await second.post("/v1/sign-out-everywhere");
    assert.deepEqual([everywhere.status, everywhere.json], [200, { tokens_revoked: 0, tokens_left: 0 }]);
    assert.equal((await other.ended).code, 4001);
    const stream = await EventStream.open(server, "/v1/events", { cookie: olena.cookie });
    assert.equal(stream.status, 200);
    const { sessions } = (await secretariat.get("/v1/me/sessions")).json;
    for (const one of sessions.filter((session) => !session.current)) await secretariat.delete(`/v1/me/sessions/${one.session}`);
    await stream.ended;
    assert.equal(stream.events.at(-1).type, "end");
    assert.equal(JSON.parse(stream.events.at(-1).data).code, "signed_out");
    assert.equal((await stays.ended).code, 4001);
    assert.ok((await typesOf(server, ivan.actor)).includes("signed_out_everywhere"));
  });

  it("signing out everywhere says which tokens stay, and revokes them when that is wished", async () => {
    const ivan = await officer("tokens@town.ua");
    const until = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
    const secrets = [];
    for (const name of ["one", "two"]) secrets.push((await ivan.post("/v1/me/tokens", { current: password, name, scope: ["read"], until })).json.secret);
    const by = async (secret) => (await server.fetch("/v1/me", { origin: null, headers: { authorization: `Bearer ${secret}` } })).status;
    const unclear = await ivan.post("/v1/sign-out-everywhere", { tokens: "all" });
    assert.deepEqual([unclear.status, unclear.json.code, unclear.json.field], [422, "invalid_field", "tokens"]);

    const kept = await ivan.post("/v1/sign-out-everywhere");
    assert.deepEqual(kept.json, { tokens_revoked: 0, tokens_left: 2 });
    assert.equal((await ivan.get("/v1/me")).status, 401);
    assert.deepEqual(await Promise.all(secrets.map(by)), [200, 200]);
    await ivan.signIn("tokens@town.ua");
    const gone = await ivan.post("/v1/sign-out-everywhere", { tokens: true });
    assert.deepEqual([gone.status, gone.json], [200, { tokens_revoked: 2, tokens_left: 0 }]);
    assert.deepEqual(await Promise.all(secrets.map(by)), [401, 401]);
    assert.deepEqual((await typesOf(server, ivan.actor)).slice(-3), ["signed_out_everywhere", "token_revoked", "token_revoked"]);
  });

  it("a signed-out connection is told nothing that happened after it", async () => {
    const ivan = await officer("nothing@town.ua");
    const client = await server.connect(ivan.cookie);
    await client.follow("directory");
    await ivan.post("/v1/sign-out");
    await officer("later@town.ua", "Пізніший");
    await client.ended;
    assert.ok(!JSON.stringify(client.frames).includes("Пізніший"));
  });

  it("a token does what it was made for, shows itself once, and ends when revoked", async () => {
    const until = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
    const make = async (scope, name = "report") => secretariat.post("/v1/me/tokens", { current: password, name, scope, until });
    for (const current of [undefined, "", "not the password"]) {
      const refused = await secretariat.post("/v1/me/tokens", { current, name: "found", scope: ["read"], until });
      assert.deepEqual([refused.status, refused.json.code, refused.json.field], [403, "wrong_password", "current"], "a browser that is signed in is not enough");
    }
    const { secret, token } = (await make(["read"])).json;
    assert.match(secret, /^mosty_[\w-]{43}$/);
    const listed = await secretariat.get("/v1/me/tokens");
    assert.ok(listed.json.tokens.some((one) => one.token === token) && !listed.text.includes(secret));
    const by = (authorization, method, path, body) => server.fetch(path, {
      method, origin: null, headers: { authorization }, ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const bearer = `Bearer ${secret}`;
    assert.equal((await by(bearer, "GET", "/v1/me")).json.actor, secretariat.actor);
    assert.equal((await by(bearer, "GET", "/v1/views/programme")).status, 200);
    const wish = { id: "c-token-1", stream: `person/${secretariat.actor}`, name: "leave", data: { reason: "by a token" } };
    assert.equal((await by(bearer, "POST", "/v1/commands", wish)).json.code, "token_scope");
    assert.equal((await by(bearer, "GET", "/v1/events")).json.code, "token_scope");
    for (const [method, path] of [["POST", "/v1/me/tokens"], ["GET", "/v1/me/sessions"], ["POST", "/v1/invitations"], ["POST", "/v1/sign-out-everywhere"]])
      assert.equal((await by(bearer, method, path, method === "POST" ? {} : undefined)).json.code, "token_scope");
    assert.equal((await by(`Bearer mosty_${"x".repeat(43)}`, "GET", "/v1/me")).status, 401);

    const events = (await make(["events"], "events")).json;
    const stream = await EventStream.open(server, "/v1/events", {});
    assert.equal(stream.status, 401);
    assert.equal((await by(`Bearer ${events.secret}`, "GET", "/v1/events?limit=1")).status, 200);
    const writer = (await make(["write"], "writer")).json;
    const change = { id: "c-token-2", stream: "municipality/HU_1", name: "register_municipality",
      data: { name: "Baja", country: "HU", scheme: "gisco", code: "HU_1", source: "test" } };
    assert.equal((await by(`Bearer ${writer.secret}`, "POST", "/v1/commands", change)).status, 200);
    assert.equal((await by(`Bearer ${writer.secret}`, "GET", "/v1/views/programme")).json.code, "token_scope");
    // Nobody's account, whoever it is whose token this is.
    const anybody = await officer("anybody@town.ua");
    const before = await typesOf(server, anybody.actor);
    for (const [name, data] of [
      ["change_role", { role: "expert", reason: "by a token" }], ["leave", { reason: "by a token" }], ["erase_person", { reason: "by a token" }],
      ["appoint_deputy", { deputy: secretariat.actor, from: until, until }], ["end_deputy", { deputy: secretariat.actor }],
      ["hand_over", { to: secretariat.actor, reason: "by a token" }], ["sign_out_everywhere", {}], ["set_password", {}],
    ]) {
      const answer = await by(`Bearer ${writer.secret}`, "POST", "/v1/commands", { id: `c-token-${name}`, stream: `person/${anybody.actor}`, name, data });
      assert.deepEqual([name, answer.status, answer.json.code], [name, 403, "token_scope"]);
    }
    assert.deepEqual(await typesOf(server, anybody.actor), before);

    assert.equal((await secretariat.delete(`/v1/me/tokens/${token}`)).status, 204);
    assert.equal((await by(bearer, "GET", "/v1/me")).status, 401);
    const types = await typesOf(server, secretariat.actor);
    assert.deepEqual(types.slice(-4), ["token_made", "token_made", "token_made", "token_revoked"]);
    for (const [scope, name, day] of [[[], "n", until], [["all"], "n", until], [["read"], "", until], [["read"], "n", "2020-01-01"], [["read"], "n", "soon"]])
      assert.equal((await secretariat.post("/v1/me/tokens", { current: password, name, scope, until: day })).status, 422);
  });

  it("whoever leaves is out at once, everywhere", async () => {
    const ivan = await officer("leaves@town.ua");
    const client = await server.connect(ivan.cookie);
    const left = await secretariat.command(`person/${ivan.actor}`, "leave", { reason: "retired" });
    assert.equal(left.status, 200);
    assert.equal((await client.ended).code, 4001);
    assert.equal((await ivan.get("/v1/me")).status, 401);
    assert.equal((await new Browser(server).signIn("leaves@town.ua")).status, 401);
    assert.equal((await secretariat.post("/v1/invitations", { person: ivan.actor })).json.code, "wrong_status");
    // The address is free for somebody new.
    await officer("leaves@town.ua", "Інша");
  });

  it("a change of role ends what one may no longer follow", async () => {
    const auditor = await joined(secretariat, { name: "Аудит", organisation: "auc", role: "auditor" }, "audit@auc.ua");
    const stream = await EventStream.open(server, "/v1/events", { cookie: auditor.cookie });
    assert.equal(stream.status, 200);
    await secretariat.command(`person/${auditor.actor}`, "change_role", { role: "funder", reason: "another task" });
    await stream.ended;
    assert.equal((await auditor.get("/v1/events")).status, 403);
    assert.equal((await auditor.get("/v1/me")).json.role, "funder");
  });

  it("a deputy acts with the mayor's role on the days named", async () => {
    const mayor = await joined(secretariat, { name: "Голова", organisation: town, role: "mayor" }, "mayor@town.ua");
    const deputy = await officer("deputy@town.ua");
    const today = new Date().toISOString().slice(0, 10);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const role = async () => (await deputy.get("/v1/me")).json;
    assert.equal((await role()).role, "officer");
    const appoint = (from) => mayor.command(`person/${mayor.actor}`, "appoint_deputy", { deputy: deputy.actor, from, until: tomorrow });
    assert.equal((await appoint(tomorrow)).status, 200);
    assert.equal((await role()).role, "officer", "not before the first day");
    assert.equal((await appoint(today)).status, 200);
    assert.deepEqual([(await role()).role, (await role()).own_role], ["mayor", "officer"]);
    // What a deputy does is recorded under their own name.
    const third = await officer("third@town.ua");
    assert.equal((await deputy.command(`person/${third.actor}`, "leave", { reason: "retired" })).status, 200);
    assert.equal((await eventsOf(server, third.actor)).at(-1).actor, deputy.actor);
    assert.equal((await mayor.command(`person/${mayor.actor}`, "end_deputy", { deputy: deputy.actor })).status, 200);
    assert.equal((await role()).role, "officer");
  });

  it("somebody who cannot sign in any more is invited anew, and what there was is void", async () => {
    const ivan = await officer("lost@town.ua");
    const client = await server.connect(ivan.cookie);
    const { secret, origin } = await inviteByTool(server.data, "--person", ivan.actor);
    assert.equal(origin, server.origin);
    assert.equal((await client.ended).code, 4001);
    assert.equal((await new Browser(server).signIn("lost@town.ua")).status, 401);
    const again = await new Browser(server).join(secret, "lost@town.ua", "another bridge, anew");
    assert.equal(again.actor, ivan.actor);
    assert.equal((await new Browser(server).signIn("lost@town.ua", "another bridge, anew")).status, 200);
    assert.equal((await run("invite", server.data, "--person", "u-nobody")).code, 1);
    assert.equal((await run("invite", server.data)).code, 2);
  });

  it("what is sent to change something must come from our own pages", async () => {
    for (const [method, path] of [["POST", "/v1/sign-in"], ["POST", "/v1/me/password"], ["DELETE", "/v1/me/sessions/x"], ["POST", "/v1/join"]]) {
      const answer = await server.fetch(path, { method, cookie: secretariat.cookie, origin: "https://evil.example", ...(method === "POST" ? { body: "{}" } : {}) });
      assert.deepEqual([answer.status, answer.json.code], [403, "bad_origin"]);
    }
    assert.equal((await secretariat.ask("PUT", "/v1/me/password", {})).status, 405);
    assert.equal((await secretariat.get("/v1/sign-out")).status, 405);
    for (const [body, status] of [["", 400], ["[]", 400], ["{", 400], ["null", 400], ['"x"', 400], ['{"email":1}', 422]]) {
      const answer = await server.fetch("/v1/sign-in", { method: "POST", body });
      assert.equal(answer.status, status, body);
    }
  });

  it("no secret and no address is in any file, nor in what the server says, while it runs and when it stands still", async () => {
    const secrets = ["olena@cemr.eu", "factor@town.ua", "lost@town.ua", password, secretariat.session];
    assert.ok((await allBytes(join(server.data, "log"))).includes("person.joined"), "what stands in the clear is found");
    const isNowhere = async () => {
      const bytes = await allBytes(server.data);
      for (const secret of [...secrets, "$argon2id$", secretariat.agent]) assert.ok(!bytes.includes(secret), secret);
    };
    await isNowhere();
    assert.equal((await stat(join(server.data, "credentials"))).mode & 0o777, 0o700);
    assert.equal((await stat(join(server.data, "credentials.key"))).mode & 0o777, 0o600);
    for (const file of await readdir(join(server.data, "credentials")))
      assert.equal((await stat(join(server.data, "credentials", file))).mode & 0o077, 0, file);
    assert.equal(server.stderr, "");
    await server.stop();
    await isNowhere();
    await server.restart();
    await isNowhere();
  });

  it("people sign in as before under another master key, and where their folder was copied with its keys", async (test) => {
    const person = await officer("copied@town.ua");
    await server.stop();
    const rotated = await run("keys", "rotate", server.data);
    assert.equal(rotated.code, 0, rotated.stderr);
    await server.restart();
    assert.equal((await new Browser(server).signIn("copied@town.ua")).status, 200);
    assert.equal((await person.get("/v1/me")).status, 200);
    await server.stop();

    // The log from its backup, the rest as an operator copies it.
    const [saved, restored] = [await folderFor(test), join(await folderFor(test), "data")];
    assert.equal((await run("backup", server.data, saved)).code, 0);
    assert.ok(!(await allBytes(saved)).includes("copied@town.ua"));
    assert.equal((await run("restore", saved, restored)).code, 0);
    await bringKeys(server.data, restored);
    for (const name of ["credentials", "credentials.key"]) await cp(join(server.data, name), join(restored, name), { recursive: true });
    const again = await Server.start(test, { data: restored, args: [] });
    assert.equal((await new Browser(again).signIn("copied@town.ua")).status, 200);
    await server.restart();
  });
});

it("whoever guesses the secrets of links waits like whoever guesses passwords", async (test) => {
  const config = join(await folderFor(test), "mosty.toml");
  await writeFile(config, "[accounts]\nnetwork_attempts = 3\nattempt_pause_s = 1\n");
  const server = await Server.start(test, { args: ["--config", config] });
  const secretariat = await secretariatOf(server);
  const { secret } = (await secretariat.post("/v1/invitations", { name: "Іван", organisation: town, role: "officer", language: "uk" })).json;
  const stranger = new Browser(server);
  const look = async (token) => (await stranger.post("/v1/join/look", { token })).json.code ?? "open";
  for (let i = 0; i < 5; ++i) assert.equal(await look(secret), "open", "whoever has a link may look as often as they like");
  const codes = [await look("a guess"), await look("another"), (await stranger.post("/v1/join", { token: "a third", email: "thief@town.ua", password })).json.code, await look("a fourth")];
  assert.deepEqual(codes, ["invitation_closed", "invitation_closed", "invitation_closed", "try_later"]);
  const slowed = await stranger.post("/v1/join/look", { token: "a fifth" });
  assert.deepEqual([slowed.status, slowed.headers.get("retry-after")], [429, "1"]);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  assert.equal(await look(secret), "open");
});

it("every answer of the accounts that is described was got", () => {
  assert.deepEqual(described.filter((one) => one.endsWith(" 200") || one.endsWith(" 204")).filter((one) => !seen.has(one)), []);
  for (const status of ["400", "401", "403", "404", "409", "410", "422", "429"])
    assert.ok([...seen].some((one) => one.endsWith(` ${status}`)), status);
});

it("how many guesses, sessions, tokens and invitations there may be is a matter of the settings", async (test) => {
  const config = join(await folderFor(test), "mosty.toml");
  await writeFile(config, "[accounts]\naccount_attempts = 2\nattempt_pause_s = 1\nsessions = 1\ntokens = 1\ninvitations = 2\n");
  const server = await Server.start(test, { args: ["--config", config] });
  const secretariat = await secretariatOf(server);
  const until = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
  const token = () => secretariat.post("/v1/me/tokens", { current: password, name: "one", scope: ["read"], until });
  assert.equal((await token()).status, 200);
  const second = await token();
  assert.deepEqual([second.status, second.json.code, second.json.params], [422, "too_many", { max: "1" }]);

  const invite = () => secretariat.post("/v1/invitations", { name: "Іван", organisation: town, role: "officer", language: "uk" });
  const first = await invite();
  assert.equal((await invite()).status, 200);
  const third = await invite();
  assert.deepEqual([third.status, third.json.code, third.json.params], [422, "too_many", { max: "2" }]);
  assert.equal((await secretariat.post("/v1/invitations", { person: first.json.person })).status, 200, "a new link takes the place of the old one");
  assert.equal((await secretariat.get("/v1/invitations")).json.invitations.length, 2);

  const guess = async () => (await new Browser(server).signIn("olena@cemr.eu", "another bridge entirely")).json;
  assert.deepEqual([(await guess()).code, (await guess()).code], ["sign_in_refused", "sign_in_refused"]);
  const slowed = await guess();
  assert.deepEqual([slowed.code, slowed.params], ["try_later", { seconds: "1" }]);
  assert.equal((await secretariat.signIn("olena@cemr.eu")).status, 200, "the browser that is known");
  assert.equal((await secretariat.get("/v1/me/sessions")).json.sessions.length, 1);
});

it("accounts outlive a restart, and a server is invited to before it ever ran", async (test) => {
  const data = await folderFor(test);
  const { secret, origin } = await inviteByTool(data, "--name", "Олена", "--organisation", "cemr", "--role", "secretariat",
    "--origin", "https://mosty.example");
  assert.equal(origin, "https://mosty.example");
  const server = await Server.start(test, { data, args: [] });
  const olena = await new Browser(server).join(secret, "olena@cemr.eu");
  await server.stop();
  await server.restart();
  assert.equal((await olena.get("/v1/me")).json.name, "Олена");
  assert.equal((await new Browser(server).signIn("olena@cemr.eu")).status, 200);
  await server.stop();
  const verified = await run("verify", data);
  assert.equal(verified.code, 0, verified.stdout);
});

it("a session that makes room for a newer one is over, and nobody ended it", async (test) => {
  const server = await Server.start(test);
  const { actor } = await server.person("officer");
  const first = new Browser(server);
  await first.post("/v1/sign-in", { actor });
  const live = await server.connect(first.cookie);
  const newer = new Browser(server);
  for (let i = 0; i < 50; ++i) await newer.post("/v1/sign-in", { actor });
  assert.equal((await live.ended).code, 4001);
  assert.deepEqual(live.frames.at(-1), { type: "bye", reason: "session_over", after_ms: 0 });
  const late = await first.get("/v1/me");
  assert.deepEqual([late.status, late.json.code], [401, "session_over"]);
  await assert.rejects(server.connect(first.cookie), ({ problem }) => problem.code === "session_over");
  assert.equal((await newer.get("/v1/me/sessions")).json.sessions.length, 50);
});

it("all about oneself says where one is signed in, and nothing that would let in", async (test) => {
  const server = await Server.start(test);
  const { actor } = await server.person("officer");
  const before = Date.now();
  const agents = ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "curl/8"];
  const browsers = agents.map((agent) => new Browser(server, { agent }));
  for (const browser of browsers) await browser.post("/v1/sign-in", { actor });
  const { text, json } = await browsers[0].get("/v1/me/export");
  assert.deepEqual(json.sessions.map(({ browser }) => browser).sort(), ["Edge", "Firefox", "other"]);
  for (const { made, seen } of json.sessions) assert.ok(Date.parse(made) >= before - 1000 && Date.parse(seen) >= Date.parse(made));
  const { sessions } = (await browsers[0].get("/v1/me/sessions")).json;
  for (const { session } of sessions) assert.ok(!text.includes(session), "not even the name of a session");
});

it("all about oneself has what others recorded and that names one: deputies and what was handed over", async (test) => {
  const server = await Server.start(test, { args: [] });
  const secretariat = await secretariatOf(server);
  const [first, second, third] = await Promise.all(["first", "second", "third"].map((name) =>
    joined(secretariat, { name, organisation: town, role: "officer" }, `${name}@town.ua`)));
  const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const sent = async (name, data) => assert.equal((await first.command(`person/${first.actor}`, name, data)).status, 200);
  await sent("appoint_deputy", { deputy: second.actor, from: day(0), until: day(5) });
  await sent("appoint_deputy", { deputy: third.actor, from: day(0), until: day(7) });
  await sent("end_deputy", { deputy: second.actor });
  assert.equal((await secretariat.command(`person/${first.actor}`, "hand_over", { to: second.actor, reason: "a longer journey" })).status, 200);

  const told = async (browser) => (await browser.get("/v1/me/export")).json.events.map(({ event }) => event)
    .filter((event) => event.subject === `person/${first.actor}` || event.data.to || event.data.deputy);
  const types = (events) => events.map(({ type, actor }) => `${type.replace("person.", "")} by ${actor}`);
  const ofSecond = await told(second);
  assert.deepEqual(types(ofSecond), [`deputy_appointed by ${first.actor}`, `deputy_ended by ${first.actor}`, `handed_over by ${secretariat.actor}`]);
  assert.equal(ofSecond[2].data.reason, "a longer journey", "opened, though it is sealed under another's key");
  assert.deepEqual(types(await told(third)), [`deputy_appointed by ${first.actor}`]);
  const positions = (await first.get("/v1/me/export")).json.events.map(({ position }) => position);
  assert.deepEqual(positions, [...new Set(positions)].sort((a, b) => a - b), "in order, none twice");
});

it("who was erased stands in no file any more, not even for whoever has the keys: neither address nor browser, before and after a restart", async (test) => {
  const server = await Server.start(test, { args: [] });
  const secretariat = await secretariatOf(server);
  const marks = ["zyzzyva.perihelion@quasar.example", "zyzzyva", "Perihelion/7.1"];
  const held = async () => {
    const bytes = Buffer.concat([await allBytes(server.data), await decryptedCredentials(server.data)]);
    return marks.filter((mark) => bytes.includes(mark) || bytes.includes(Buffer.from(mark, "utf16le")));
  };
  const invited = await secretariat.post("/v1/invitations", { name: "Іван", organisation: town, role: "officer", language: "uk" });
  const browser = new Browser(server, { agent: "Mozilla/5.0 Perihelion/7.1" });
  const { status, json } = await browser.post("/v1/join", { token: invited.json.secret, email: marks[0], password });
  assert.equal(status, 200);
  assert.deepEqual(await held(), marks, "while there is an account");
  await server.stop();
  await server.restart();
  const again = new Browser(server);
  assert.equal((await again.post("/v1/sign-in", { email: marks[0], password })).status, 200, "the address leads to the account after a restart");
  assert.equal((await secretariat.command(`person/${json.actor}`, "erase_person", { reason: "asked for it" })).status, 200);
  // A file that goes while it is read is looked for again.
  await until(() => held().then((left) => left.length === 0, () => false), "the files to forget");
  await server.stop();
  await server.restart();
  assert.deepEqual(await held(), []);
});

it("a token does not get all about its person", async (test) => {
  const server = await Server.start(test, { args: [] });
  const secretariat = await secretariatOf(server);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const made = await secretariat.post("/v1/me/tokens", { current: password, name: "script", scope: ["read"], until: tomorrow });
  assert.equal(made.status, 200, made.text);
  const headers = { authorization: `Bearer ${made.json.secret}` };
  assert.equal((await server.fetch("/v1/me", { headers })).status, 200);
  const refused = await server.fetch("/v1/me/export", { headers });
  assert.deepEqual([refused.status, refused.json.code], [403, "token_scope"]);
});

it("whoever ends a session tells its browser so, by every route, for as long as it keeps the cookie", async (test) => {
  const server = await Server.start(test, { args: [] });
  const secretariat = await secretariatOf(server);
  const officer = (email) => joined(secretariat, { name: "Іван", organisation: town, role: "officer" }, email);
  const ended = async (email, end) => {
    const browser = await officer(email);
    const cookie = browser.sessionCookie;
    await end(browser);
    return [email, cookie];
  };
  const cookies = await Promise.all([
    ended("ended-here@town.ua", (browser) => browser.post("/v1/sign-out")),
    ended("ended-everywhere@town.ua", (browser) => browser.post("/v1/sign-out-everywhere")),
    ended("ended-by-leaving@town.ua", async (browser) => {
      const live = await server.connect(browser.cookie);
      await secretariat.command(`person/${browser.actor}`, "leave", { reason: "retired" });
      await live.ended;
      assert.equal(live.frames.at(-1).reason, "signed_out");
    }),
    ended("ended-by-invitation@town.ua", (browser) => secretariat.post("/v1/invitations", { person: browser.actor })),
    ended("ended-by-password@town.ua", async (browser) => {
      const other = new Browser(server);
      await other.signIn("ended-by-password@town.ua");
      await other.post("/v1/me/password", { current: password, password: "a new bridge, longer" });
      assert.equal((await other.get("/v1/me")).status, 200);
      assert.equal((await browser.get("/v1/me")).json.code, "signed_out");
    }),
    ended("ended-elsewhere@town.ua", async (browser) => {
      const other = new Browser(server);
      await other.signIn("ended-elsewhere@town.ua");
      const { sessions } = (await other.get("/v1/me/sessions")).json;
      await other.delete(`/v1/me/sessions/${sessions.find((one) => !one.current).session}`);
    }),
  ]);
  const isTold = async () => {
    for (const [how, cookie] of cookies) {
      for (const path of ["/v1/me", "/v1/me/account", "/v1/views/towns", "/v1/events", "/v1/evidence/proposal/p-1", "/tile/entries/000"]) {
        const { status, json } = await server.fetch(path, { cookie });
        assert.deepEqual([status, json.code], [401, "signed_out"], `${how} ${path}`);
      }
      const command = await server.fetch("/v1/commands", { method: "POST", cookie, body: "{}" });
      assert.equal(command.json.code, "signed_out");
      assert.equal((await server.fetch("/v1/me", { cookie, headers: { authorization: "Bearer mosty_x" } })).json.code, "not_signed_in");
      await assert.rejects(server.connect(cookie), ({ problem }) => problem.code === "signed_out");
      assert.equal((await server.fetch("/healthz", { cookie })).status, 200, "what is for anybody stays so");
    }
  };
  await isTold();
  await server.stop();
  await server.restart();
  await isTold();
  assert.equal((await server.fetch("/v1/me", { cookie: "mosty=forged" })).json.code, "not_signed_in");
});

it("a link says of which town one is, before anybody has signed in", async (test) => {
  const server = await Server.start(test);
  const secretariat = new Browser(server);
  await secretariat.post("/v1/sign-in", { actor: (await server.person("secretariat")).actor });
  const look = async (organisation, role) => {
    const { json } = await secretariat.post("/v1/invitations", { name: "Іван", organisation, role, language: "uk" });
    return (await new Browser(server).post("/v1/join/look", { token: json.secret })).json;
  };
  const { town: name } = await look(town, "officer");
  assert.equal(name.country, "UA");
  assert.ok(name.name && name.name_local, JSON.stringify(name));
  assert.equal((await look("cemr", "secretariat")).town, undefined);
});

it("in a demo one chooses a person, and may set a password as well", async (test) => {
  const server = await Server.start(test);
  const somebody = new Browser(server);
  const { actor } = await server.person("officer");
  assert.equal((await somebody.post("/v1/sign-in", { actor })).status, 200);
  assert.deepEqual((await somebody.get("/v1/me/account")).json, { password: false, second_factor: false, providers: [] });
  assert.equal((await somebody.post("/v1/me/second-factor", { current: "" })).json.code, "wrong_status");
  assert.equal((await somebody.post("/v1/me/password", { password, email: "demo@town.ua" })).status, 204);
  assert.equal((await new Browser(server).signIn("demo@town.ua")).json.actor, actor);
});
