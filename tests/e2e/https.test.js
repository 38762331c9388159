// The dashboard over TLS, as towns use it: everything else here is served plain on loopback.
import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Authority } from "../sockets/support/certificates.js";
import { Desk, openBrowser } from "./support/desk.js";
import { Server } from "./support/server.js";
import { Sheet } from "./support/texts.js";

suite("over https", () => {
  let server, browser, folder, certificate, key;
  const issued = () => ({ cert: readFileSync(certificate), key: readFileSync(key) });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "mosty-https-"));
    const authority = await Authority.found(folder);
    ({ certificate, key } = await authority.issue("mosty"));
    server = await Server.start({ args: ["--certificate", certificate, "--key", key] });
    // The browser takes this one certificate as if somebody whom it trusts had issued it, and no other.
    const publicKey = new X509Certificate(readFileSync(certificate)).publicKey.export({ type: "spki", format: "der" });
    browser = await openBrowser([`--ignore-certificate-errors-spki-list=${createHash("sha256").update(publicKey).digest("base64")}`]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("one signs in, and the cookie is of this host, for TLS and out of reach of scripts", async () => {
    const desk = await Desk.of(server.url, "Oksana Tymchuk", { browser });
    assert.equal(await desk.page.evaluate(() => isSecureContext && location.protocol), "https:");
    const cookies = await desk.context.cookies();
    assert.ok(cookies.some(({ name }) => name === "__Host-mosty"));
    for (const { name, path, secure, httpOnly, sameSite } of cookies)
      assert.deepEqual([name.slice(0, 7), path, secure, httpOnly, sameSite], ["__Host-", "/", true, true, "Strict"], name);
    assert.equal(await desk.page.evaluate(() => document.cookie), "");
    desk.isQuiet();
    await desk.close();
  });

  test("pages are live, texts are written, and the service worker is there", async () => {
    const [oksana, reka] = await Promise.all(["Oksana Tymchuk", "Réka Szendrei"].map((name) =>
      Desk.of(server.url, name, { browser, path: "/proposals/byshiv-bacsalmas_water" })));
    const title = "Needs and relevance";
    const sheet = new Sheet(oksana, title);
    await sheet.press("edit");
    await sheet.box.pressSequentially("Written over TLS. ");
    await reka.sees("Written over TLS.");

    assert.equal(await oksana.page.evaluate(async () => (await navigator.serviceWorker.ready).active.scriptURL), `${server.url}/sw.js`);
    for (const path of ["/", "/partnerships/byshiv-bacsalmas", "/feed"]) {
      await reka.goto(path);
      await reka.isLive();
      reka.isQuiet();
    }
    oksana.isQuiet();
    await Promise.all([oksana.close(), reka.close()]);
  });

  test("pages of another site, and of this one at another port, can do nothing in one's name", async () => {
    const desk = await Desk.of(server.url, "Oksana Tymchuk", { browser });
    const titleOf = () => desk.page.evaluate(async () => (await (await fetch("/v1/views/proposal/byshiv-bacsalmas_water")).json()).value.title);
    const before = await titleOf();
    const attempt = (title) => JSON.stringify({ id: `attempt-${title}`, stream: "proposal/byshiv-bacsalmas_water", name: "edit_proposal", data: { title } });
    const hostile = createServer(issued(), (_, response) => response.setHeader("content-type", "text/html").end("<h1>Elsewhere</h1>"));
    await new Promise((listening) => hostile.listen(0, "127.0.0.1", listening));

    // The browser sends the cookie along to any port of the same host, but to no other site.
    for (const host of ["127.0.0.1", "localhost"]) {
      const page = await desk.context.newPage();
      await page.goto(`https://${host}:${hostile.address().port}`);
      const outcome = await page.evaluate(async ([url, body]) => {
        const tried = (path, how) => fetch(url + path, { credentials: "include", ...how }).then(({ status }) => status, () => "blocked");
        const socket = await new Promise((resolve) => {
          const opened = new WebSocket(`${url.replace("https", "wss")}/v1/live`, "mosty.v1");
          opened.onopen = () => resolve("open");
          opened.onerror = () => resolve("refused");
        });
        const post = { method: "POST", mode: "no-cors" };
        return [socket, await tried("/v1/me", {}), await tried("/v1/commands", { ...post, body }), await tried("/v1/sign-out", post)];
      }, [server.url, attempt(`from-${host}`)]);
      assert.deepEqual(outcome, ["refused", "blocked", "blocked", "blocked"], host);
      const keptOut = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors 'none'"));
      await page.evaluate((url) => { document.body.appendChild(Object.assign(document.createElement("iframe"), { src: url })); }, server.url);
      await keptOut;
      await page.close();
    }
    hostile.close();
    assert.equal(await titleOf(), before);
    assert.equal(await desk.page.evaluate(async () => (await fetch("/v1/me")).status), 200); // still signed in
    desk.isQuiet();

    // The same from our own page is done.
    assert.equal(await desk.page.evaluate(async (body) => (await fetch("/v1/commands", { method: "POST", body })).status, attempt("from-within")), 200);
    assert.equal(await titleOf(), "from-within");
    await desk.close();
  });
});
